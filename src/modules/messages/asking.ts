import { inTransaction, sql, type Db, type Tx } from '#platform/db.ts'
import type { LinkUse, ParticipationRef } from '#modules/actions/index.ts'
import { promiseMails } from '#modules/mails/index.ts'
import { suppressed } from '#modules/people/index.ts'
import { switchedOff } from '#modules/switches/index.ts'
import { markOffices } from './tallies.ts'

const afterDays = 14
/** Who could not be asked for so long, because the action was stopped or no worker ran, is not asked any more. */
const atTheLatestDays = 45
const mostAtOnce = 2000

/**
 * Promises the one mail that asks whether an office answered, to those whose message was accepted two weeks ago and who were told
 * so before they sent it. Never to those who took it back, or want no more mail; not while the action is stopped or reminders are switched off. Returns how many.
 */
export async function askForReplies(db: Db, now: Date): Promise<number> {
  const days = (count: number) => new Date(now.getTime() - count * 86_400_000)
  return inTransaction(db, async (tx) => {
    if (await switchedOff(tx, 'reminders')) return 0
    const { rows } = await sql<{ person_id: string, participation_id: string, willing: boolean, first: boolean }>`
      with due as (
        select distinct person_id, participation_id from (
          select person_id, participation_id from messages
          where state = 'accepted' and will_ask and asked_at is null and ended_at between ${days(atTheLatestDays)} and ${days(afterDays)}
            and not exists (select from actions where actions.id = messages.action_id and actions.state = 'suspended')
          order by ended_at limit ${mostAtOnce}) oldest)
      select due.person_id, due.participation_id,
        exists (select from participations p where p.person_id = due.person_id and p.id = due.participation_id and p.state in ('confirmed', 'repeated'))
          and not ${suppressed(sql`due.person_id`, 'action')} as willing,
        not exists (select from messages asked where asked.person_id = due.person_id and asked.participation_id = due.participation_id and asked.asked_at is not null) as first
      from due`.execute(tx)
    if (rows.length === 0) return 0
    await sql`
      update messages set asked_at = case when due.willing then ${now}::timestamptz end, will_ask = due.willing
      from unnest(${rows.map((row) => row.person_id)}::uuid[], ${rows.map((row) => row.participation_id)}::uuid[], ${rows.map((row) => row.willing)}::boolean[]) as due (person_id, participation_id, willing)
      where messages.person_id = due.person_id and messages.participation_id = due.participation_id and messages.state = 'accepted' and messages.will_ask and messages.asked_at is null`.execute(tx)
    const promised = rows.filter((row) => row.willing && row.first)
    await promiseMails(tx, promised.map((row) => ({ personId: row.person_id, participationId: row.participation_id, kind: 'did-they-reply' })), now)
    return promised.length
  })
}

/** Notes what supporters say came back. They may change their mind; only what they were asked about counts. */
export async function noteReplies(tx: Tx, answered: (ParticipationRef & { answers: NonNullable<LinkUse['answers']> })[], now: Date): Promise<void> {
  const all = answered.flatMap(({ personId, id, answers }) => answers.map((each) => ({ personId, id, ...each })))
  if (all.length === 0) return
  const { rows } = await sql<{ office_id: string }>`
    update messages set reply = given.answer, replied_at = ${now}
    from (select distinct on (person_id, participation_id, office_id) * from unnest(
      ${all.map((each) => each.personId)}::uuid[], ${all.map((each) => each.id)}::uuid[], ${all.map((each) => each.office)}::text[], ${all.map((each) => each.answer)}::text[])
      with ordinality as given (person_id, participation_id, office_id, answer, place) order by person_id, participation_id, office_id, place desc) given
    where messages.person_id = given.person_id and messages.participation_id = given.participation_id and messages.office_id = given.office_id
      and messages.asked_at is not null and messages.state = 'accepted'
    returning messages.office_id`.execute(tx)
  await markOffices(tx, rows.map((row) => row.office_id))
}
