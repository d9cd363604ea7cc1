import { inTransaction, sql, type Db, type Tx } from '#platform/db.ts'
import type { Keys } from '#modules/actions/index.ts'
import { suppressAgain, type ErasedParticipation, type Erasure } from '#modules/people/index.ts'
import { erasePeople } from './erase.ts'
import { forgetNobodies } from './nobodies.ts'
import type { Register } from './register-lines.ts'
import { setApart } from './set-apart.ts'

const mostAtOnce = 200

/**
 * Makes a register hold in this database, which may be a copy from before: erases again whom it has and this database does not know to be erased, and
 * takes in who stopped our mail after the moment that the database is from. What is on its way and was handed in before they
 * asked goes when it is settled. Returns how many people went, and how many addresses were not known to be stopped.
 */
export async function applyRegister(db: Db, keys: Keys, register: Register, asOf: Date, now: Date): Promise<{ erased: number, suppressed: number }> {
  const erased = await erasePeopleAgain(db, keys, register.people, now) + await eraseNamesAgain(db, keys, register.participations, now)
  return { erased, suppressed: await inTransaction(db, (tx) => suppressAgain(tx, register.suppressions, asOf)) }
}

async function erasePeopleAgain(db: Db, keys: Keys, lines: Erasure[], now: Date): Promise<number> {
  let gone = 0
  for (let from = 0; from < lines.length; from += mostAtOnce) {
    const some = await unknownOf(db, lines.slice(from, from + mostAtOnce))
    if (some.length === 0) continue
    const { rows } = await sql<{ id: string }>`
      select distinct people.id from unnest(${some.map((line) => line.emailIndex)}::bytea[], ${some.map((line) => line.keyId)}::smallint[], ${some.map((line) => line.erasedAt)}::timestamptz[]) as line (email_index, key_id, erased_at)
      join email_indexes known using (email_index, key_id) join people on people.id = known.person_id and people.created_at <= line.erased_at
      union select id from people where sha256(uuid_send(id)) = any (${some.map((line) => line.personHash)}::bytea[])`.execute(db)
    gone += await eraseThem(db, keys, rows.map((row) => row.id), now)
    await inTransaction(db, (tx) => sql`
      insert into erasures (person_hash, email_index, key_id, erased_at)
      select * from unnest(${some.map((line) => line.personHash)}::bytea[], ${some.map((line) => line.emailIndex)}::bytea[], ${some.map((line) => line.keyId)}::smallint[], ${some.map((line) => line.erasedAt)}::timestamptz[])
      on conflict (person_hash, key_id) do update set erased_at = excluded.erased_at`.execute(tx))
  }
  return gone
}

async function unknownOf(db: Db, lines: Erasure[]): Promise<Erasure[]> {
  const { rows } = await sql<{ person_hash: Buffer, key_id: number }>`
    select person_hash, key_id from erasures where person_hash = any (${lines.map((line) => line.personHash)}::bytea[])`.execute(db)
  const known = new Set(rows.map((row) => `${row.key_id} ${row.person_hash.toString('base64')}`))
  return lines.filter((line) => !known.has(`${line.keyId} ${line.personHash.toString('base64')}`))
}

/** Names that were erased out of a mailbox which others use: theirs alone goes. A mailbox of which nothing else is here goes with it. */
async function eraseNamesAgain(db: Db, keys: Keys, lines: ErasedParticipation[], now: Date): Promise<number> {
  if (lines.length === 0) return 0
  const apart = await inTransaction(db, async (tx) => {
    const { rows } = await sql<{ participation_hash: Buffer }>`
      insert into erased_participations (participation_hash, erased_at)
      select * from unnest(${lines.map((line) => line.participationHash)}::bytea[], ${lines.map((line) => line.erasedAt)}::timestamptz[]) on conflict do nothing returning participation_hash`.execute(tx)
    return rows.length === 0 ? [] : setNamesApart(tx, keys, rows.map((row) => row.participation_hash), now)
  })
  let gone = 0
  for (let from = 0; from < apart.length; from += mostAtOnce) gone += await eraseThem(db, keys, apart.slice(from, from + mostAtOnce), now)
  return gone
}

/** Their erasure is asked for with it: whatever ends us in between, a worker carries it out. */
async function setNamesApart(tx: Tx, keys: Keys, hashes: Buffer[], now: Date): Promise<string[]> {
  const { rows } = await sql<{ person_id: string, ids: string[] }>`
    select person_id, array_agg(id) as ids from participations where sha256(uuid_send(id)) = any (${hashes}::bytea[]) group by person_id`.execute(tx)
  const apart: string[] = []
  for (const row of rows) apart.push(await setApart(tx, keys, row.person_id, row.ids, now))
  await forgetNobodies(tx, sql`(select unnest(${rows.map((row) => row.person_id)}::uuid[]))`)
  await sql`insert into erasure_requests (person_id, asked_at) select id, ${now} from unnest(${apart}::uuid[]) as person (id) on conflict do nothing`.execute(tx)
  return apart
}

async function eraseThem(db: Db, keys: Keys, ids: string[], now: Date): Promise<number> {
  return [...(await erasePeople(db, keys, ids, now)).values()].filter((outcome) => outcome === 'erased').length
}
