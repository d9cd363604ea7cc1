import { sql, type Tx } from '#platform/db.ts'
import { alternatesOf, noteRefusal, officesById } from '#modules/targets/index.ts'
import { noteBounce } from './health.ts'
import { markOffices } from './tallies.ts'

/** What a mail to an office was, that something came back about. */
export interface ReturnedFrom {
  officeId: string
  actionId: string | null
  practice: boolean
  /** Whether it went to a staff member, in the place of the office. */
  rehearsal: boolean
  /** When it left for the office's other address; null where it did not. */
  leftAgainAt: Date | null
  /** The person whose representative the office is: answers belong to them. */
  ownOf: string | null
}

/** What was sent under this id, if it was. */
export async function sentToOffice(tx: Tx, about: 'message' | 'digest', id: string): Promise<ReturnedFrom | undefined> {
  const { rows } = about === 'message'
    ? await sql<ReturnedFrom>`
      select office_id as "officeId", action_id as "actionId", practice, rehearsal, case when alternate then ended_at end as "leftAgainAt", case when own and exists (select from people where people.id = messages.person_id) then person_id end as "ownOf"
      from messages where id = ${id} and state in ('accepted', 'unknown', 'failed')`.execute(tx)
    : await sql<ReturnedFrom>`select office_id as "officeId", null as "actionId", practice, false as rehearsal, case when alternate then ended_at end as "leftAgainAt", null as "ownOf" from digests where id = ${id} and state in ('accepted', 'unknown', 'failed')`.execute(tx)
  return rows[0]
}

/**
 * Their server took something and sent it back. It did not arrive: it has failed, or goes to the office's other address where the first one will
 * never take anything and its words are still there; of a mail with many messages, those whose words are. The address's own history and the health
 * of its server learn of it.
 */
export async function cameBack(tx: Tx, about: 'message' | 'digest', id: string, { forGood, status }: { forGood: boolean, status: string }, now: Date): Promise<void> {
  const problem = `bounced ${status}`.trimEnd()
  const hasWords = sql`exists (select from message_texts text where text.person_id = messages.person_id and text.participation_id = messages.participation_id and text.contact is not null)`
  const { rows: [sent] } = about === 'message'
    ? await sql<{ office_id: string, alternate: boolean, again: boolean }>`
      select office_id, alternate, not in_digest and ${hasWords} as again from messages where id = ${id} and state in ('accepted', 'unknown') and not rehearsal for update`.execute(tx)
    : await sql<{ office_id: string, alternate: boolean, again: boolean }>`
      select office_id, alternate, exists (select from messages where digest_id = digests.id and state in ('accepted', 'unknown') and ${hasWords}) as again from digests where id = ${id} and state in ('accepted', 'unknown') for update`.execute(tx)
  if (!sent) return
  const second = (await alternatesOf(tx, [sent.office_id])).get(sent.office_id)?.address
  const elsewhere = forGood && sent.again && !sent.alternate && second !== undefined
  if (about === 'digest') {
    await sql`
      update digests set state = ${elsewhere ? 'queued' : 'failed'}, problem = ${problem}, alternate = alternate or ${elsewhere}, due_at = case when ${elsewhere} then ${now} else due_at end, ended_at = case when ${elsewhere} then null else ended_at end
      where id = ${id}`.execute(tx)
  }
  const again = sql`${elsewhere} and ${hasWords}`
  await sql`
    update messages set state = case when ${again} then 'queued' else 'failed' end, problem = ${problem}, alternate = alternate or (${about === 'message'} and ${again}), due_at = case when ${again} then ${now} else due_at end, ended_at = case when ${again} then null else ended_at end,
      digest_id = case when ${again} then null else digest_id end
    where ${about === 'message' ? sql`id = ${id}` : sql`digest_id = ${id}`} and state in ('accepted', 'unknown')`.execute(tx)
  await markOffices(tx, [sent.office_id])
  const [office] = await officesById(tx, [sent.office_id], now)
  const to = sent.alternate ? second : office?.email
  if (!to) return
  if (forGood) await noteRefusal(tx, { officeId: sent.office_id, address: to, code: 550 }, now)
  await noteBounce(tx, to, status, now)
}
