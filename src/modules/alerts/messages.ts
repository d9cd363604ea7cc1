import { randomUUID } from 'node:crypto'
import { sql, type Db } from '#platform/db.ts'
import type { Opener } from '#platform/sealing/index.ts'
import { publisherTexts, type Publisher } from '#modules/publisher/index.ts'
import { staffContact } from '#modules/staff/index.ts'
import { staffLetter, type AlertPost } from './telling.ts'
import { alertWords } from './words/index.ts'

/** Nobody gets more than one such mail in so long, however much is written. */
const quietHours = 12

/** Whom it concerns: who is a contact of the place or topic; where nobody is, who was assigned the place; where nobody is, who wants to hear of troubles. */
const inCharge = sql`(
  select subject_id, staff_id from contacts where staff_id is not null
  union select subjects.id, staff_places.staff_id from subjects join staff_places on subjects.kind = 'place' and staff_places.place = 'place:' || subjects.code
    where not exists (select from contacts where contacts.subject_id = subjects.id and contacts.staff_id is not null)
  union select subjects.id, alert_requests.staff_id from subjects cross join alert_requests
    where about = 'machine' and not exists (select from contacts where contacts.subject_id = subjects.id and contacts.staff_id is not null)
      and not (subjects.kind = 'place' and exists (select from staff_places where staff_places.place = 'place:' || subjects.code)))`

/**
 * Tells those in charge that somebody has written by the form of a place or topic: that there is something, and no word of what, by whom or about
 * where. Returns how many were written to.
 */
export async function tellOfMessages({ db, opener, post, publisher, deskOrigin }: { db: Db, opener: Opener, post: AlertPost, publisher: Publisher, deskOrigin: string }, now: Date): Promise<number> {
  await sql`
    insert into contact_notices as notice (staff_id, due_at)
    select distinct charge.staff_id, ${now}::timestamptz from contact_messages message join ${inCharge} charge using (subject_id) join staff on staff.id = charge.staff_id and staff.left_at is null
    left join contact_notices known on known.staff_id = charge.staff_id
    where message.state = 'unread' and known.due_at is null and (known.told_at is null or message.received_at > known.told_at)
    on conflict (staff_id) do update set due_at = greatest(excluded.due_at, notice.told_at + make_interval(hours => ${quietHours})), attempts = 0 where notice.due_at is null`.execute(db)
  // Taken before it is sent, so that no second process sends it too; if nothing comes of it, it is due again soon.
  const { rows } = await sql<{ staff_id: string, language: string }>`
    update contact_notices notice set due_at = ${new Date(now.getTime() + 600_000)}, attempts = notice.attempts + 1 from staff
    where staff.id = notice.staff_id and staff.left_at is null and notice.due_at <= ${now} returning notice.staff_id, staff.language`.execute(db)
  let told = 0
  for (const { staff_id: staffId, language } of rows) {
    const contact = await staffContact(db, opener, staffId)
    if (!contact) continue
    const t = alertWords(language)
    const id = randomUUID()
    const letter = staffLetter(contact, {
      t, publisher, post, id, bounce: id, subject: t('message.subject', { name: publisherTexts(publisher, t.language).name }), lines: [t('message.wrote'), t('message.locked')], place: `${deskOrigin}/contact-messages`, look: t('message.look'), why: t('message.why', { hours: quietHours }),
    }, now)
    if ((await post.deliver(letter)).outcome !== 'accepted') continue
    await sql`update contact_notices set told_at = ${now}, due_at = null, attempts = 0 where staff_id = ${staffId}`.execute(db)
    told += 1
  }
  return told
}
