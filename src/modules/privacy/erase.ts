import { randomUUID } from 'node:crypto'
import { inTransaction, sql, type Db, type Tx } from '#platform/db.ts'
import { rememberCounted, type Keys } from '#modules/actions/index.ts'
import { openContact, suppress } from '#modules/people/index.ts'

/**
 * Erases a person. Identity goes: contact, indexes, what they typed, their links, what was to be sent. What was counted stays
 * counted, as a participation of nobody in an area and a country; the address is remembered only as a salted hash for each
 * action that counted it, so that it is not counted twice, and as a suppression of news.
 * Returns false if there is no such person.
 */
export async function erasePerson(db: Db, keys: Keys, personId: string, now: Date): Promise<boolean> {
  return inTransaction(db, async (tx) => {
    await suppress(tx, [personId], 'updates', 'erased', now)
    return erase(tx, keys, personId, now)
  })
}

const forgottenAfterDays = 730
const mostAtOnce = 500

/** Erases those who have taken part in nothing for two years. Nobody asked for it, so their addresses are not suppressed. Returns how many. */
export async function forgetInactive(db: Db, keys: Keys, now: Date): Promise<number> {
  const since = new Date(now.getTime() - forgottenAfterDays * 86_400_000)
  for (let forgotten = 0; ;) {
    const { rows } = await sql<{ id: string }>`
      select id from people where created_at < ${since}
        and not exists (select from participations where participations.person_id = people.id and taken_at >= ${since}) limit ${mostAtOnce}`.execute(db)
    for (const { id } of rows) await inTransaction(db, (tx) => erase(tx, keys, id, now))
    forgotten += rows.length
    if (rows.length < mostAtOnce) return forgotten
  }
}

async function erase(tx: Tx, keys: Keys, personId: string, now: Date): Promise<boolean> {
  const { rows: [person] } = await sql<{ contact: Buffer }>`select contact from people where id = ${personId} for update`.execute(tx)
  if (!person) return false
  const { email } = await openContact(keys.opener, personId, person.contact)
  await rememberCounted(tx, keys.indexKeys, await countedActions(tx, personId), email)
  await cutLoose(tx, personId, now)
  return true
}

async function countedActions(tx: Tx, personId: string): Promise<string[]> {
  const { rows } = await sql<{ action_id: string }>`select distinct action_id from participations where person_id = ${personId} and state = 'confirmed' and rehearsal_id is null`.execute(tx)
  return rows.map((row) => row.action_id)
}

/** Gives what must stay to somebody who never was, and removes the rest. */
async function cutLoose(tx: Tx, personId: string, now: Date): Promise<void> {
  for (const table of ['message_texts', 'public_names', 'consents', 'preferences', 'known_browsers', 'links'] as const) await tx.deleteFrom(table).where('person_id', '=', personId).execute()
  await sql`update messages set state = 'cancelled', ended_at = ${now} where person_id = ${personId} and state in ('queued', 'waiting')`.execute(tx)
  await sql`delete from mails where person_id = ${personId}`.execute(tx)
  await sql`delete from participations where person_id = ${personId} and state <> 'confirmed' and not counted`.execute(tx)
  const { rows } = await sql<{ id: string }>`select id from participations where person_id = ${personId}`.execute(tx)
  for (const { id } of rows) {
    const nobody = randomUUID()
    await sql`
      update participations set person_id = ${nobody}, id = ${randomUUID()}, details = null, record = null, cookie_hash = null, code_hash = null, answers = '[]', name_index = null, domain_index = null, pattern_index = null,
        form_hash = decode(replace(gen_random_uuid()::text, '-', ''), 'hex')
      where person_id = ${personId} and id = ${id}`.execute(tx)
    await sql`update messages set person_id = ${nobody}, participation_id = gen_random_uuid() where person_id = ${personId} and participation_id = ${id}`.execute(tx)
  }
  await sql`delete from messages where person_id = ${personId}`.execute(tx)
  await sql`delete from email_indexes where person_id = ${personId}`.execute(tx)
  await sql`delete from people where id = ${personId}`.execute(tx)
}
