import { randomUUID } from 'node:crypto'
import { sql, type Tx } from '#platform/db.ts'
import { currentIndexKey, keyedIndex, liveIndexKeys, type IndexKey, type SealingContext } from '#platform/sealing/index.ts'
import { normaliseAddress, strictAddress } from './address.ts'
import { sealContact } from './contact.ts'
import { emailIndex, type IndexedAddresses, type KeyedAddress } from './email-index.ts'
import { carrySuppressions } from './suppressions.ts'

/** One address to find or add. People are added with nothing but the address and the language: the rest waits until it is confirmed. */
export interface Arrival {
  email: string
  language: string
}

/** The stricter index, which serves limits on abuse only. */
export function strictIndex(keys: IndexKey[], email: string): Buffer {
  return keyedIndex(currentIndexKey(keys), 'strict-email', strictAddress(email))
}

/** Finds the people of some addresses: a map from normalised address to person id. */
export async function findPeople(tx: Tx, addresses: IndexedAddresses): Promise<Map<string, string>> {
  const { rows } = await sql<KeyedAddress & { person: string }>`
    select known.email_index as index, known.key_id as "keyId", known.person_id as person
    from unnest(${addresses.indexes}::bytea[], ${addresses.keyIds}::smallint[]) as wanted (email_index, key_id)
    join email_indexes known using (email_index, key_id)`.execute(tx)
  return new Map(rows.map((row) => [addresses.found(row), row.person]))
}

/**
 * Finds or adds the person of every arrival, whose addresses are among those given, in three statements whatever their number. Two workers
 * may meet the same new address at once: the index's key lets one of them through, and the other finds that one's person.
 * Returns a map from normalised address to person id.
 */
export async function findOrAddPeople(tx: Tx, addresses: IndexedAddresses, context: SealingContext, arrivals: Arrival[], now: Date): Promise<Map<string, string>> {
  const found = await findPeople(tx, addresses)
  const fresh = new Map<string, Arrival & { id: string }>()
  for (const arrival of arrivals) {
    const normal = normaliseAddress(arrival.email)
    if (!found.has(normal) && !fresh.has(normal)) fresh.set(normal, { ...arrival, id: randomUUID() })
  }
  if (fresh.size === 0) return found

  const candidates = [...fresh]
  const newcomers = await claimAddresses(tx, addresses, candidates)
  const won = new Set(newcomers.map(([, { id }]) => id))
  await sql`
    insert into people (id, contact, language, created_at)
    select id, contact, language, ${now} from unnest(
      ${newcomers.map(([, { id }]) => id)}::uuid[],
      ${newcomers.map(([, { id, email }]) => sealContact(context, id, { email }))}::bytea[],
      ${newcomers.map(([, { language }]) => language)}::text[]) as fresh (id, contact, language)`.execute(tx)
  await carrySuppressions(tx, movesOf(addresses.keys, newcomers.map(([normal]) => normal)))
  for (const [normal, { id }] of newcomers) found.set(normal, id)
  // Somebody else has added the others meanwhile.
  if (won.size < candidates.length) for (const [normal, id] of await findPeople(tx, addresses)) found.set(normal, id)
  return found
}

/** From each older key to the newest, for these addresses. */
export function movesOf(keys: IndexKey[], emails: string[]): { from: KeyedAddress, to: KeyedAddress }[] {
  const newest = keys.at(-1)!
  return keys.slice(0, -1).flatMap((key) => emails.map((email) => ({ from: { index: emailIndex(key, email), keyId: key.id }, to: { index: emailIndex(newest, email), keyId: newest.id } })))
}

type Candidate = [normal: string, arrival: Arrival & { id: string }]

/**
 * Indexes those whom nobody else has added meanwhile, under every key in use and beginning with the oldest, which all workers have. Whoever loses
 * one of them to somebody gives up the others. Returns those that won.
 */
async function claimAddresses(tx: Tx, addresses: IndexedAddresses, candidates: Candidate[]): Promise<Candidate[]> {
  const live = liveIndexKeys(addresses.keys)
  let winning = candidates
  for (const key of live) {
    const { rows } = await sql<{ person_id: string }>`
      insert into email_indexes (email_index, key_id, person_id)
      select * from unnest(${winning.map(([normal]) => addresses.of(normal, key.id))}::bytea[], ${winning.map(() => key.id)}::smallint[], ${winning.map(([, { id }]) => id)}::uuid[])
      on conflict do nothing returning person_id`.execute(tx)
    const added = new Set(rows.map((row) => row.person_id))
    const lost = winning.filter(([, { id }]) => !added.has(id))
    if (lost.length && key !== live[0]) await sql`delete from email_indexes where person_id = any (${lost.map(([, { id }]) => id)}::uuid[])`.execute(tx)
    winning = winning.filter(([, { id }]) => added.has(id))
  }
  return winning
}
