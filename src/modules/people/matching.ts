import { randomUUID } from 'node:crypto'
import { sql, type Tx } from '#platform/db.ts'
import { currentIndexKey, keyedIndex, liveIndexKeys, type IndexKey, type SealingContext } from '#platform/sealing/index.ts'
import { normaliseAddress, strictAddress } from './address.ts'
import { sealContact } from './contact.ts'
import { emailIndex } from './email-index.ts'
import { carrySuppressions, type KeyedAddress } from './suppressions.ts'

/** One address to find or add. People are added with nothing but the address and the language: the rest waits until it is confirmed. */
export interface Arrival {
  email: string
  language: string
}

/** The stricter index, which serves limits on abuse only. */
export function strictIndex(keys: IndexKey[], email: string): Buffer {
  return keyedIndex(currentIndexKey(keys), 'strict-email', strictAddress(email))
}

/** Finds the people of some addresses under every key that is still known: a map from normalised address to person id. */
export async function findPeople(tx: Tx, keys: IndexKey[], emails: string[]): Promise<Map<string, string>> {
  const wanted = new Map<string, string>()
  const indexes: Buffer[] = []
  const keyIds: number[] = []
  for (const email of new Set(emails.map(normaliseAddress))) {
    for (const key of keys) {
      const index = emailIndex(key, email)
      wanted.set(`${key.id}:${index.toString('latin1')}`, email)
      indexes.push(index)
      keyIds.push(key.id)
    }
  }
  const { rows } = await sql<{ email_index: Buffer, key_id: number, person_id: string }>`
    select known.email_index, known.key_id, known.person_id
    from unnest(${indexes}::bytea[], ${keyIds}::smallint[]) as wanted (email_index, key_id)
    join email_indexes known using (email_index, key_id)`.execute(tx)
  return new Map(rows.map((row) => [wanted.get(`${row.key_id}:${row.email_index.toString('latin1')}`)!, row.person_id]))
}

/**
 * Finds or adds the person of every arrival, in three statements whatever their number. Two workers may meet the same new
 * address at once: the index's key lets one of them through, and the other finds that one's person.
 * Returns a map from normalised address to person id.
 */
export async function findOrAddPeople(tx: Tx, keys: IndexKey[], context: SealingContext, arrivals: Arrival[], now: Date): Promise<Map<string, string>> {
  const found = await findPeople(tx, keys, arrivals.map((arrival) => arrival.email))
  const fresh = new Map<string, Arrival & { id: string }>()
  for (const arrival of arrivals) {
    const normal = normaliseAddress(arrival.email)
    if (!found.has(normal) && !fresh.has(normal)) fresh.set(normal, { ...arrival, id: randomUUID() })
  }
  if (fresh.size === 0) return found

  const candidates = [...fresh]
  const newcomers = await claimAddresses(tx, liveIndexKeys(keys), candidates)
  const won = new Set(newcomers.map(([, { id }]) => id))
  await sql`
    insert into people (id, contact, language, created_at)
    select id, contact, language, ${now} from unnest(
      ${newcomers.map(([, { id }]) => id)}::uuid[],
      ${newcomers.map(([, { id, email }]) => sealContact(context, id, { email }))}::bytea[],
      ${newcomers.map(([, { language }]) => language)}::text[]) as fresh (id, contact, language)`.execute(tx)
  await carrySuppressions(tx, movesOf(keys, newcomers.map(([normal]) => normal)))
  for (const [normal, { id }] of newcomers) found.set(normal, id)
  if (won.size < candidates.length) {
    const others = await findPeople(tx, keys, candidates.filter(([, { id }]) => !won.has(id)).map(([normal]) => normal))
    for (const [normal, id] of others) found.set(normal, id)
  }
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
async function claimAddresses(tx: Tx, live: IndexKey[], candidates: Candidate[]): Promise<Candidate[]> {
  let winning = candidates
  for (const key of live) {
    const { rows } = await sql<{ person_id: string }>`
      insert into email_indexes (email_index, key_id, person_id)
      select * from unnest(${winning.map(([normal]) => emailIndex(key, normal))}::bytea[], ${winning.map(() => key.id)}::smallint[], ${winning.map(([, { id }]) => id)}::uuid[])
      on conflict do nothing returning person_id`.execute(tx)
    const added = new Set(rows.map((row) => row.person_id))
    const lost = winning.filter(([, { id }]) => !added.has(id))
    if (lost.length && key !== live[0]) await sql`delete from email_indexes where person_id = any (${lost.map(([, { id }]) => id)}::uuid[])`.execute(tx)
    winning = winning.filter(([, { id }]) => added.has(id))
  }
  return winning
}
