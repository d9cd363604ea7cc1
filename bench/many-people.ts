import { randomUUID } from 'node:crypto'
import { sql } from '#platform/db.ts'
import { sealable, sealingContext } from '#platform/sealing/index.ts'
import { detailsPlace } from '#modules/actions/index.ts'
import { sealContact } from '#modules/people/index.ts'
import type { MeasuredClarion } from './measured-clarion.ts'

/** Batches as they come: most are of one or two people on a quiet day, most people come in a crowd. */
const batchSizes = [1, 1, 1, 1, 2, 2, 3, 5, 8, 20, 60, 250]
const rowsAtOnce = 10_000

/** People who signed a petition, settled in batches of such sizes: their rows as settling and confirming leave them, counted. Some every second. */
export async function manyPeople(it: MeasuredClarion, count: number, from: Date): Promise<void> {
  const action = await it.db.selectFrom('actions').select('id').where('slug', '=', 'no-one-should-vanish').executeTakeFirstOrThrow()
  const key = it.keys.contact
  const indexKey = it.keys.indexKeys.at(-1)!
  for (let made = 0, left = 0, batch = 0, context = await sealingContext(key); made < count;) {
    const rows: { person: string, id: string, contact: Buffer, details: Buffer, at: Date }[] = []
    for (; rows.length < rowsAtOnce && made < count; made++, left--) {
      if (left === 0) {
        left = batchSizes[batch++ % batchSizes.length]!
        context = await sealingContext(key)
      }
      const [person, id] = [randomUUID(), randomUUID()]
      const name = `Amara Lind ${made}`
      rows.push({
        person, id, at: new Date(from.getTime() + batch * 1000), contact: sealContact(context, person, { email: `bench-${made}@example.org`, name }), details: context.seal(detailsPlace(id), sealable({ name, postcode: 'AR 110', comment: 'Because of my cousin.' })),
      })
    }
    const [people, ids, times] = [rows.map((row) => row.person), rows.map((row) => row.id), rows.map((row) => row.at)]
    await sql`
      insert into people (id, contact, language, country, created_at, confirmed_at) select id, contact, 'en', 'GB', at, at from unnest(${people}::uuid[], ${rows.map((row) => row.contact)}::bytea[], ${times}::timestamptz[]) as row (id, contact, at)`.execute(it.db)
    await sql`
      insert into participations (person_id, id, action_id, language, country, state, taken_at, confirmed_at, practice, form_hash, details, counted)
      select person, id, ${action.id}, 'en', 'GB', 'confirmed', at, at, true, decode(replace(id::text, '-', ''), 'hex'), details, true
      from unnest(${people}::uuid[], ${ids}::uuid[], ${times}::timestamptz[], ${rows.map((row) => row.details)}::bytea[]) as row (person, id, at, details)`.execute(it.db)
    await sql`insert into email_indexes (email_index, key_id, person_id) select sha256(uuid_send(id)), ${indexKey.id}, id from unnest(${people}::uuid[]) as row (id)`.execute(it.db)
  }
  await sql`
    insert into tallies (action_id, dimension, value, total)
    select ${action.id}, dimension, value, count(*) from participations cross join lateral (values ('all', ''), ('country', country), ('day', to_char(confirmed_at at time zone 'UTC', 'YYYY-MM-DD')), ('language', language)) as cut (dimension, value)
    where counted and value is not null group by 2, 3 on conflict (action_id, dimension, value) do update set total = excluded.total`.execute(it.db)
  await sql`vacuum analyze people`.execute(it.db)
  await sql`vacuum analyze participations`.execute(it.db)
}
