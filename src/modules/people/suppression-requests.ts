import { randomUUID } from 'node:crypto'
import { inTransaction, sql, type Db, type Tx } from '#platform/db.ts'
import { sealOne, type IndexKey, type Opener, type Place, type SealingKey } from '#platform/sealing/index.ts'
import { addressUnder, suppressAddress, suppressionsOf, type Suppression, type SuppressionScope } from './suppressions.ts'

/** What staff want of one address: to know what holds, to add to it, or to end it. The line in the audit log comes before, with the reason. */
export type SuppressionWish =
  | { kind: 'look' }
  | { kind: 'add', scope: Exclude<SuppressionScope, 'action'>, reason: 'phone' | 'letter' | 'staff' }
  | { kind: 'lift', ownWish: boolean }

export interface SuppressionAnswer {
  kind: SuppressionWish['kind']
  /** Nothing as long as the worker has not answered. */
  held: Suppression[] | undefined
}

function queryPlace(requestId: string): Place {
  return { purpose: 'contact', table: 'suppression_requests', column: 'query', row: requestId }
}

/** Asks the worker, which alone can recognise an address. */
export async function askAboutSuppressions(tx: Tx, key: SealingKey, email: string, wish: SuppressionWish, by: { staffId: string, auditLine: string, practice: boolean }, now: Date): Promise<string> {
  const id = randomUUID()
  const { table, column, row } = queryPlace(id)
  await tx.insertInto('suppression_requests').values({
    id, staff_id: by.staffId, audit_line: by.auditLine, practice: by.practice, kind: wish.kind, query: await sealOne(key, { table, column, row }, email), created_at: now,
    ...(wish.kind === 'add' && { scope: wish.scope, reason: wish.reason }), own_wish: wish.kind === 'lift' && wish.ownWish,
  }).execute()
  return id
}

/** The worker's side: does what is asked, once, and says what holds afterwards. */
export async function answerSuppressionRequest(db: Db, opener: Opener, keys: IndexKey[], requestId: string, now: Date): Promise<void> {
  await inTransaction(db, async (tx) => {
    const request = await tx.selectFrom('suppression_requests').selectAll().where('id', '=', requestId).where('answered_at', 'is', null).forUpdate().executeTakeFirst()
    if (!request) return
    const email = await opener.open<string>(queryPlace(requestId), request.query)
    const addresses = addressUnder(keys, email)
    if (request.kind === 'add') await suppressAddress(tx, keys, email, { scope: request.scope as SuppressionScope, reason: request.reason as 'staff', practice: request.practice }, now)
    if (request.kind === 'lift') await sql`select lift_for_staff(${requestId}, ${addresses.map((each) => each.index)}::bytea[], ${addresses.map((each) => each.keyId)}::smallint[])`.execute(tx)
    await sql`update suppression_requests set answered_at = ${now}, answer = ${JSON.stringify(await suppressionsOf(tx, addresses))} where id = ${requestId}`.execute(tx)
  })
}

/** The answer, for whoever asked. */
export async function suppressionAnswer(db: Db, requestId: string, staffId: string): Promise<SuppressionAnswer | undefined> {
  const row = await db.selectFrom('suppression_requests').select(['kind', 'answered_at', 'answer']).where('id', '=', requestId).where('staff_id', '=', staffId).executeTakeFirst()
  if (!row) return undefined
  const held = row.answered_at && (row.answer as (Omit<Suppression, 'since'> & { since: string })[]).map((each) => ({ ...each, since: new Date(each.since) }))
  return { kind: row.kind as SuppressionAnswer['kind'], held: held ?? undefined }
}
