import { randomUUID } from 'node:crypto'
import { inTransaction, sql, type Db, type Tx } from '#platform/db.ts'
import { sealOne, type Place, type SealingKey } from '#platform/sealing/index.ts'
import type { DataChange, KindHooks, Keys } from '#modules/actions/index.ts'
import { changeOwnData } from './changes.ts'
import { scopeOf } from './scope.ts'
import { sendLinkTo } from './settle.ts'

export const requestWays = ['phone', 'letter', 'in-person', 'email'] as const
export const askedBy = ['themselves', 'somebody-for-them'] as const

/** What staff took down: a change, or that a link to their own data is to be sent to the mailbox. */
export type TakenDown = DataChange | { what: 'link', language: string }

export interface SupporterRequest {
  personId: string
  staffId: string
  way: (typeof requestWays)[number]
  askedBy: (typeof askedBy)[number]
  change: TakenDown
}

function changePlace(id: string): Place {
  return { purpose: 'contact', table: 'supporter_requests', column: 'change', row: id }
}

/** Takes down what somebody asked for by phone, letter or in person; the worker carries it out. Names and addresses in it are sealed. */
export async function takeDown(tx: Tx, key: SealingKey, request: SupporterRequest, now: Date): Promise<string> {
  const id = randomUUID()
  const { table, column, row } = changePlace(id)
  await tx.insertInto('supporter_requests').values({
    id, person_id: request.personId, staff_id: request.staffId, way: request.way, asked_by: request.askedBy, what: request.change.what, change: await sealOne(key, { table, column, row }, request.change), recorded_at: now,
  }).execute()
  return id
}

/** The worker's side: does what was taken down, once. It holds for the whole mailbox: staff cannot know who of those who share it called. */
export async function carryOutRequest(db: Db, { keys, hooks, practice }: { keys: Keys, hooks: KindHooks, practice: (tx: Tx) => Promise<boolean> }, requestId: string, now: Date): Promise<void> {
  await inTransaction(db, async (tx) => {
    const { rows: [request] } = await sql<{ person_id: string, change: Buffer }>`
      update supporter_requests set done_at = ${now} where id = ${requestId} and done_at is null returning person_id, change`.execute(tx)
    if (!request) return
    const change = await keys.opener.open<TakenDown>(changePlace(requestId), request.change)
    const practising = await practice(tx)
    if (change.what === 'link') return sendLinkTo(tx, keys, request.person_id, change.language, practising, now)
    await changeOwnData(tx, { keys, hooks, way: 'staff', practice: practising }, await scopeOf(tx, request.person_id), change, now)
  })
}

/** What was taken down for somebody, newest first. */
export async function requestsOf(db: Db, personId: string): Promise<{ what: string, way: string, askedBy: string, recordedAt: Date, done: boolean }[]> {
  const { rows } = await sql<{ what: string, way: string, asked_by: string, recorded_at: Date, done_at: Date | null }>`
    select what, way, asked_by, recorded_at, done_at from supporter_requests where person_id = ${personId} order by recorded_at desc limit 100`.execute(db)
  return rows.map((row) => ({ what: row.what, way: row.way, askedBy: row.asked_by, recordedAt: row.recorded_at, done: row.done_at !== null }))
}
