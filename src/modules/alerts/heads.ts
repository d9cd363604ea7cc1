import { randomUUID } from 'node:crypto'
import { sql, type Db } from '#platform/db.ts'
import type { Opener } from '#platform/sealing/index.ts'
import { publisherTexts, type Publisher } from '#modules/publisher/index.ts'
import { chainHead, headInWords, staffContact } from '#modules/staff/index.ts'
import { staffLetter, type AlertPost } from './telling.ts'
import { alertWords } from './words/index.ts'

const weekMs = 7 * 86_400_000
const hourMs = 3_600_000

/**
 * Once a week mails the end of the audit log to whoever asked to be told of troubles: in their mailboxes it is out of reach of whoever could rewrite
 * the log. Returns how many got it; if nobody did, it is tried again in an hour.
 */
export async function tellOfHead({ db, opener, post, publisher, deskOrigin }: { db: Db, opener: Opener, post: AlertPost, publisher: Publisher, deskOrigin: string }, now: Date): Promise<number> {
  const head = await chainHead(db)
  const { rows: asked } = await sql<{ id: string, language: string }>`select staff.id, staff.language from alert_requests join staff on staff.id = staff_id where about = 'machine' and left_at is null`.execute(db)
  if (head.position === 0 || asked.length === 0) return 0
  // Taken before it is sent, so that no second process sends it too.
  const { rows: taken } = await sql`
    insert into milestones as known (name, reached_at) values ('audit-head', ${now}) on conflict (name) do update set reached_at = excluded.reached_at where known.reached_at <= ${new Date(now.getTime() - weekMs)} returning 1`.execute(db)
  if (taken.length === 0) return 0
  let told = 0
  for (const { id: staffId, language } of asked) {
    const contact = await staffContact(db, opener, staffId)
    if (!contact) continue
    const t = alertWords(language)
    const id = randomUUID()
    const letter = staffLetter(contact, {
      t, publisher, post, id, bounce: id, subject: t('head.subject', { name: publisherTexts(publisher, t.language).name }),
      lines: [t('head.ends', { lines: head.position, moment: t.moment(now, publisher.zone) }), headInWords(head), t('head.keep')], place: `${deskOrigin}/audit`, look: t('head.look'), why: t('head.why'),
    }, now)
    if ((await post.deliver(letter)).outcome === 'accepted') told += 1
  }
  if (told === 0) await sql`update milestones set reached_at = ${new Date(now.getTime() - weekMs + hourMs)} where name = 'audit-head'`.execute(db)
  return told
}
