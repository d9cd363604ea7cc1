import { randomUUID } from 'node:crypto'
import { inTransaction, sql, type Db, type Tx } from '#platform/db.ts'
import { rememberCounted, type Keys } from '#modules/actions/index.ts'
import { openContact, registerErasures, suppress, withdrawMail } from '#modules/people/index.ts'

/**
 * What became of an erasure: done; to be done when a legal hold ends, until when nothing is sent and nothing is used; or there is no such person.
 */
export type ErasureOutcome = 'erased' | 'held' | 'nobody'

/**
 * Erases a person who asked for it. Identity goes: contact, indexes, what they typed, their links, what was to be sent, exports that have
 * them. What was counted stays counted, as a participation of nobody in an area and a country; the address is remembered only as a
 * salted hash for each action that counted it, so that it is not counted twice, as a suppression of news, and in the register by which a
 * restored copy erases them again. Safe to run twice.
 */
export async function erasePerson(db: Db, keys: Keys, personId: string, now: Date): Promise<ErasureOutcome> {
  return (await erasePeople(db, keys, [personId], now)).get(personId) ?? 'nobody'
}

/** The same for many at once, up to some hundreds: one transaction. */
export async function erasePeople(db: Db, keys: Keys, personIds: string[], now: Date): Promise<Map<string, ErasureOutcome>> {
  return inTransaction(db, async (tx) => {
    const { held } = await found(tx, personIds)
    await suppress(tx, personIds, 'updates', 'erased', now)
    await wait(tx, held, now)
    await registerErasures(tx, personIds.filter((id) => !held.includes(id)), now)
    const gone = await forget(tx, keys, personIds, now)
    await sql`delete from erasure_requests where person_id = any (${personIds.filter((id) => !held.includes(id))}::uuid[])`.execute(tx)
    return new Map([...gone.map((id) => [id, 'erased'] as const), ...held.map((id) => [id, 'held'] as const)])
  })
}

/** Asks for an erasure that a worker carries out within seconds, or when no hold stands against it any more: also after a crash. */
export async function requestErasure(tx: Tx, personId: string, now: Date): Promise<void> {
  await sql`insert into erasure_requests (person_id, asked_at) values (${personId}, ${now}) on conflict do nothing`.execute(tx)
}

/** Carries out what was asked for and nothing stands against: new requests, and those whose hold has been lifted. Under a hold nothing is sent or used from then on. Returns how many were erased. */
export async function carryOutErasures(db: Db, keys: Keys, now: Date): Promise<number> {
  await inTransaction(db, async (tx) => {
    const held = (await sql<{ person_id: string }>`select person_id from erasure_requests where not waits and is_held(person_id) limit 200`.execute(tx)).rows.map((row) => row.person_id)
    await suppress(tx, held, 'updates', 'erased', now)
    await wait(tx, held, now)
  })
  const { rows } = await sql<{ person_id: string }>`select person_id from erasure_requests where not is_held(person_id) order by asked_at limit 200`.execute(db)
  if (rows.length === 0) return 0
  await erasePeople(db, keys, rows.map((row) => row.person_id), now)
  return rows.length
}

/** Notes that held people asked, and ends what we would still do with their data. */
async function wait(tx: Tx, held: string[], now: Date): Promise<void> {
  if (held.length === 0) return
  await sql`insert into erasure_requests (person_id, asked_at, waits) select id, ${now}, true from unnest(${held}::uuid[]) as person (id) on conflict (person_id) do update set waits = true`.execute(tx)
  await withdrawMail(tx, held, 'staff', now)
  await stopSending(tx, held, now)
  await endExports(tx, held, now)
  await sql`delete from public_names where person_id = any (${held}::uuid[])`.execute(tx)
}

/** Forgets those of these people who are there and not under a hold; nobody is suppressed or registered. Returns whom. */
export async function forget(tx: Tx, keys: Keys, personIds: string[], now: Date): Promise<string[]> {
  const { free } = await found(tx, personIds)
  if (free.length === 0) return []
  const ids = free.map(({ id }) => id)
  const { rows } = await sql<{ action_id: string, person_id: string }>`
    select distinct action_id, person_id from participations where person_id = any (${ids}::uuid[]) and state = 'confirmed' and rehearsal_id is null`.execute(tx)
  const counted = new Set(rows.map((row) => row.person_id))
  const emails = new Map(await Promise.all(free.filter(({ id }) => counted.has(id)).map(async ({ id, contact }) => [id, (await openContact(keys.opener, id, contact)).email] as const)))
  await rememberCounted(tx, keys.indexKeys, rows.map((row) => ({ actionId: row.action_id, email: emails.get(row.person_id)! })))
  await cutLoose(tx, ids, now)
  return ids
}

async function found(tx: Tx, personIds: string[]): Promise<{ free: { id: string, contact: Buffer }[], held: string[] }> {
  const { rows } = await sql<{ id: string, contact: Buffer, held: boolean }>`select id, contact, is_held(id) as held from people where id = any (${personIds}::uuid[]) order by id for update`.execute(tx)
  return { free: rows.filter((row) => !row.held), held: rows.filter((row) => row.held).map(({ id }) => id) }
}

/** What was promised to them or in their name and has not left. */
async function stopSending(tx: Tx, ids: string[], now: Date): Promise<void> {
  await sql`update messages set state = 'cancelled', ended_at = ${now} where person_id = any (${ids}::uuid[]) and state in ('queued', 'waiting')`.execute(tx)
  await sql`delete from mails where person_id = any (${ids}::uuid[]) and state = 'queued'`.execute(tx)
  await sql`delete from mailing_recipients where person_id = any (${ids}::uuid[]) and state = 'queued'`.execute(tx)
}

/** Lists for somebody to download that have them: a list cannot lose one line, so all of it goes. */
export async function endExports(tx: Tx, ids: string[], now: Date): Promise<void> {
  const { rows } = await sql<{ id: string }>`
    update exports set state = 'erased', ended_at = ${now} where id in (select export_id from export_rows where person_id = any (${ids}::uuid[])) returning id`.execute(tx)
  for (const table of ['export_parts', 'export_rows'] as const) await sql`delete from ${sql.table(table)} where export_id = any (${rows.map((row) => row.id)}::uuid[])`.execute(tx)
}

/** Gives what must stay to somebody who never was, each participation to somebody else, and removes the rest. */
async function cutLoose(tx: Tx, ids: string[], now: Date): Promise<void> {
  // What was answered to them quotes them.
  const theirs = sql`(select id from messages where person_id = any (${ids}::uuid[]) union all select id from mails where person_id = any (${ids}::uuid[]) union all select id from mailing_recipients where person_id = any (${ids}::uuid[]))`
  await sql`delete from returned_letters where person_id = any (${ids}::uuid[]) or about_id in ${theirs}`.execute(tx)
  for (const table of ['message_texts', 'public_names', 'consents', 'preferences', 'known_browsers', 'links', 'data_links', 'address_changes', 'capsules', 'supporter_requests', 'bounces', 'contact_messages', 'bulletin_requests', 'handed_over_people'] as const) await sql`delete from ${sql.table(table)} where person_id = any (${ids}::uuid[])`.execute(tx)
  await stopSending(tx, ids, now)
  await endExports(tx, ids, now)
  await sql`delete from mails where person_id = any (${ids}::uuid[])`.execute(tx)
  // That somebody got a mailing stays a number.
  await sql`update mailing_recipients set person_id = gen_random_uuid(), participation_id = null where person_id = any (${ids}::uuid[])`.execute(tx)
  await sql`update person_searches set person_id = null where person_id = any (${ids}::uuid[])`.execute(tx)
  await sql`delete from participations where person_id = any (${ids}::uuid[]) and state <> 'confirmed' and not counted`.execute(tx)
  const { rows } = await sql<{ person_id: string, id: string }>`select person_id, id from participations where person_id = any (${ids}::uuid[])`.execute(tx)
  const nobodies = sql`unnest(${rows.map((row) => row.person_id)}::uuid[], ${rows.map((row) => row.id)}::uuid[], ${rows.map(() => randomUUID())}::uuid[], ${rows.map(() => randomUUID())}::uuid[]) as loose (person_id, id, nobody, new_id)`
  await sql`
    update participations p set person_id = loose.nobody, id = loose.new_id, details = null, record = null, cookie_hash = null, code_hash = null, answers = '[]', name_index = null, domain_index = null, pattern_index = null,
      form_hash = decode(replace(gen_random_uuid()::text, '-', ''), 'hex')
    from ${nobodies} where p.person_id = loose.person_id and p.id = loose.id`.execute(tx)
  await sql`update messages set person_id = loose.nobody, participation_id = loose.new_id from ${nobodies} where messages.person_id = loose.person_id and messages.participation_id = loose.id`.execute(tx)
  for (const table of ['messages', 'email_indexes'] as const) await sql`delete from ${sql.table(table)} where person_id = any (${ids}::uuid[])`.execute(tx)
  await sql`delete from people where id = any (${ids}::uuid[])`.execute(tx)
}
