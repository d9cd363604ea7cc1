import { hash } from 'node:crypto'
import { sql, type Tx } from '#platform/db.ts'
import type { IndexedAddresses, KeyedAddress } from './email-index.ts'

/** SHA-256 of a random id, 32 bytes: leads to somebody only in a copy of the database that still has them. */
function idHash(id: string): Buffer {
  return hash('sha256', Buffer.from(id.replaceAll('-', ''), 'hex'), 'buffer')
}

/** One line of the register of erasures: the address's index under one key. */
export interface Erasure {
  personHash: Buffer
  emailIndex: Buffer
  keyId: number
  erasedAt: Date
}

/** One line about a name that was erased out of a mailbox which others use: a participation of theirs. */
export interface ErasedParticipation {
  participationHash: Buffer
  erasedAt: Date
}

/** Enters people, who are still there, in the register of those who asked to be erased; of whom no address leads to, their participations. */
export async function registerErasures(tx: Tx, personIds: string[], now: Date): Promise<void> {
  await sql`
    insert into erasures (person_hash, email_index, key_id, erased_at)
    select person.hash, known.email_index, known.key_id, ${now}
    from unnest(${personIds}::uuid[], ${personIds.map(idHash)}::bytea[]) as person (id, hash) join email_indexes known on known.person_id = person.id
    on conflict do nothing`.execute(tx)
  await sql`
    insert into erased_participations (participation_hash, erased_at)
    select sha256(uuid_send(p.id)), ${now} from participations p where p.person_id = any (${personIds}::uuid[]) and not exists (select from email_indexes known where known.person_id = p.person_id)
    on conflict do nothing`.execute(tx)
}

/** Which of these participations were erased by themselves, out of a mailbox that others use. */
export async function erasedAmong(tx: Tx, participationIds: string[]): Promise<Set<string>> {
  const hashes = participationIds.map(idHash)
  const { rows } = await sql<{ hash: Buffer }>`select participation_hash as hash from erased_participations where participation_hash = any (${hashes}::bytea[])`.execute(tx)
  if (rows.length === 0) return new Set()
  const erased = new Set(rows.map(({ hash }) => hash.toString('hex')))
  return new Set(participationIds.filter((_, place) => erased.has(hashes[place]!.toString('hex'))))
}

/** When each of these addresses was last erased on request, by its normalised form. */
export async function erasedAt(tx: Tx, addresses: IndexedAddresses): Promise<Map<string, Date>> {
  const { rows } = await sql<KeyedAddress & { at: Date }>`
    select email_index as index, key_id as "keyId", max(erased_at) as at
    from unnest(${addresses.indexes}::bytea[], ${addresses.keyIds}::smallint[]) as wanted (email_index, key_id)
    join erasures using (email_index, key_id) group by 1, 2 order by 3`.execute(tx)
  // Of an address that was erased under several keys the latest stands last, and counts.
  return new Map(rows.map((row) => [addresses.found(row), row.at]))
}
