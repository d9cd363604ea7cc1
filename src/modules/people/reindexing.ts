import { sql, type Tx } from '#platform/db.ts'
import { keyedIndex, type IndexKey } from '#platform/sealing/index.ts'
import { normaliseAddress, strictAddress } from './address.ts'
import { emailIndex } from './email-index.ts'
import { movesOf } from './matching.ts'
import { carrySuppressions } from './suppressions.ts'

/** Indexes people under the newest key too, and lets what is remembered of their addresses under older keys hold under it. Safe to repeat. Returns how many were not indexed there yet. */
export async function reindexPeople(tx: Tx, keys: IndexKey[], people: { id: string, email: string }[]): Promise<number> {
  const newest = keys.at(-1)!
  const { rows } = await sql`
    insert into email_indexes (email_index, key_id, person_id)
    select known.email_index, ${newest.id}, known.person_id from unnest(${people.map(({ email }) => emailIndex(newest, email))}::bytea[], ${people.map(({ id }) => id)}::uuid[]) as known (email_index, person_id)
    join people on people.id = known.person_id order by people.id for key share of people
    on conflict do nothing returning 1`.execute(tx)
  await carrySuppressions(tx, movesOf(keys, people.map(({ email }) => email)))
  return rows.length
}

/** The stricter indexes of addresses under every older key, each with the one under the newest. */
export function strictIndexPairs(keys: IndexKey[], emails: string[]): { old: Buffer, fresh: Buffer }[] {
  const index = (key: IndexKey, email: string) => keyedIndex(key, 'strict-email', strictAddress(email))
  const distinct = [...new Set(emails.map(normaliseAddress))]
  return keys.slice(0, -1).flatMap((key) => distinct.map((email) => ({ old: index(key, email), fresh: index(keys.at(-1)!, email) })))
}

/** Forgets some of the indexes under older keys of people who are indexed under the newest. Returns how many. */
export async function dropOldIndexes(tx: Tx, newest: number, most: number): Promise<number> {
  const { rows } = await sql`
    delete from email_indexes where (email_index, key_id) in (
      select email_index, key_id from email_indexes old where key_id <> ${newest} and exists (select from email_indexes where person_id = old.person_id and key_id = ${newest}) limit ${most})
    returning 1`.execute(tx)
  return rows.length
}
