import { sql, type Tx } from '#platform/db.ts'

/** A mail to a supporter that something came back about. */
export interface ReturnedMailTo {
  personId: string
  participationId: string
  /** None where it asks about a bulletin. */
  actionId: string | null
  practice: boolean
  /** Whether it went to a staff member instead. */
  rehearsal: boolean
}

/** Who was written to by the mail with this id; nothing if it is gone, because they were erased or it is long ago. */
export async function mailById(tx: Tx, id: string): Promise<ReturnedMailTo | undefined> {
  const { rows } = await sql<ReturnedMailTo>`
    select mails.person_id as "personId", mails.participation_id as "participationId", p.action_id as "actionId", mails.practice, p.rehearsal_id is not null as rehearsal
    from mails join participations p on p.person_id = mails.person_id and p.id = mails.participation_id where mails.id = ${id}
    union all select mails.person_id, mails.participation_id, null, mails.practice, false from mails join bulletin_requests request on request.id = mails.participation_id and request.person_id = mails.person_id where mails.id = ${id}`.execute(tx)
  return rows[0]
}

/** Their server took it and sent it back: it did not arrive. */
export async function mailCameBack(tx: Tx, personId: string, id: string, status: string): Promise<void> {
  await sql`update mails set state = 'failed', problem = ${`bounced ${status}`.trimEnd()} where person_id = ${personId} and id = ${id} and state = 'accepted'`.execute(tx)
}
