import { sql, type Db } from '#platform/db.ts'
import { sealable, sealingContext, type Opener, type SealingKey } from '#platform/sealing/index.ts'
import { messagePlace, type MessageText } from '#modules/actions/index.ts'

const mostAtOnce = 500
/** What servers take and send back because nobody is there, they send back soon; so long a message can still go to an office's other address. */
const returnsWithinHours = 24

/**
 * Seals texts whose messages and mails have all gone, so that the worker cannot read them any more: only the desk, for the
 * record. Where an office has another address, a day later, because what comes back goes there. Returns how many there were.
 */
export async function keepForTheRecord({ db, opener, record }: { db: Db, opener: Opener, record: SealingKey }, now: Date): Promise<number> {
  const { rows } = await sql<{ person_id: string, participation_id: string, contact: Buffer }>`
    select text.person_id, text.participation_id, text.contact
    from message_texts text join participations p on p.person_id = text.person_id and p.id = text.participation_id
    where text.contact is not null and p.state in ('confirmed', 'repeated')
      and not exists (select from messages where messages.participation_id = p.id and messages.person_id = p.person_id and messages.state in ('queued', 'sending', 'waiting'))
      and not exists (select from mails where mails.participation_id = p.id and mails.person_id = p.person_id and mails.state = 'queued')
      and not exists (select from messages join office_alternates on office_alternates.office_id = messages.office_id
        where messages.participation_id = p.id and messages.person_id = p.person_id and messages.state in ('accepted', 'unknown') and not messages.alternate and not messages.rehearsal and messages.ended_at > ${new Date(now.getTime() - returnsWithinHours * 3_600_000)})
    limit ${mostAtOnce}`.execute(db)
  if (rows.length === 0) return 0
  const context = await sealingContext(record)
  const sealed = await Promise.all(rows.map(async (row) => context.seal(messagePlace('record', row.participation_id),
    sealable(await opener.open<MessageText>(messagePlace('contact', row.participation_id), row.contact)))))
  await sql`
    update message_texts text set record = sent.record, contact = null
    from unnest(${rows.map((row) => row.person_id)}::uuid[], ${rows.map((row) => row.participation_id)}::uuid[], ${sealed}::bytea[]) as sent (person_id, participation_id, record)
    where text.person_id = sent.person_id and text.participation_id = sent.participation_id and text.contact is not null`.execute(db)
  return rows.length
}
