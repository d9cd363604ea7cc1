import { randomUUID } from 'node:crypto'
import { inTransaction, sql, type Db, type Tx } from '#platform/db.ts'
import { sealOne, type IndexKey, type Opener, type Place, type SealingKey } from '#platform/sealing/index.ts'
import { normaliseAddress } from './address.ts'
import { IndexedAddresses } from './email-index.ts'
import { findPeople } from './matching.ts'

/** Only the worker can turn an address into a person, so the desk asks it, with the address sealed. */
function queryPlace(searchId: string): Place {
  return { purpose: 'contact', table: 'person_searches', column: 'query', row: searchId }
}

export async function askForPerson(tx: Tx, key: SealingKey, email: string, staffId: string, now: Date): Promise<string> {
  const id = randomUUID()
  const { table, column, row } = queryPlace(id)
  await tx.insertInto('person_searches').values({ id, staff_id: staffId, query: await sealOne(key, { table, column, row }, email), created_at: now }).execute()
  return id
}

/** The worker's side. */
export async function answerSearch(db: Db, opener: Opener, keys: IndexKey[], searchId: string, now: Date): Promise<void> {
  await inTransaction(db, async (tx) => {
    const search = await tx.selectFrom('person_searches').select('query').where('id', '=', searchId).executeTakeFirst()
    if (!search) return
    const email = await opener.open<string>(queryPlace(searchId), search.query)
    const found = await findPeople(tx, new IndexedAddresses(keys, [email]))
    await sql`update person_searches set answered_at = ${now}, person_id = ${found.get(normaliseAddress(email)) ?? null} where id = ${searchId}`.execute(tx)
  })
}

export type SearchAnswer = { state: 'asked' } | { state: 'answered', personId: string | undefined }

export async function searchAnswer(db: Db, searchId: string, staffId: string): Promise<SearchAnswer | undefined> {
  const row = await db.selectFrom('person_searches').select(['answered_at', 'person_id']).where('id', '=', searchId).where('staff_id', '=', staffId).executeTakeFirst()
  return row && (row.answered_at ? { state: 'answered', personId: row.person_id ?? undefined } : { state: 'asked' })
}
