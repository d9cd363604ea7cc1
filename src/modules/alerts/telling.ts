import { sql, type Db } from '#platform/db.ts'
import { html } from '#platform/html/html.ts'
import { mailFrame } from '#platform/mail/frame.ts'
import type { Letter } from '#platform/mail/letter.ts'
import type { Opener } from '#platform/sealing/index.ts'
import { titleIn } from '#modules/actions/index.ts'
import type { SurgeKind } from '#modules/integrity/index.ts'
import { retryAt, type Post } from '#modules/mails/index.ts'
import { publisherTexts, type Publisher } from '#modules/publisher/index.ts'
import { staffContact } from '#modules/staff/index.ts'
import type { IncidentKind } from './incidents.ts'
import { aboutSurges } from './surges.ts'
import { alertWords, type AlertWords } from './words/index.ts'

/** The way out that alerts need: the worker's post, or the desk's where there is no worker. */
export type AlertPost = Pick<Post, 'from' | 'domain' | 'replyTo' | 'deliver'>

/** A promised mail about an incident or a surge. */
interface Due {
  incident_id: string | null
  surge_id: string | null
  action_id: string | null
  staff_id: string
  part: 'began' | 'ended'
  attempts: number
  kind: IncidentKind | SurgeKind
  began_at: Date
  ended_at: Date | null
  language: string
  title: string
  recent: number
  usual: number
}

/** What `tellStaff` needs: which incidents it tells of, and whether it tells of surges too. */
export interface Telling {
  db: Db
  opener: Opener
  post: AlertPost
  publisher: Publisher
  kinds: readonly IncidentKind[]
  surges?: boolean
  deskOrigin: string
}

/** Sends the mails about incidents of these kinds, and about surges, that are due, one at a time: there are few. What is not as usual about one action at once is one mail. Returns how many of them were tried. */
export async function tellStaff({ db, opener, post, publisher, kinds, surges = false, deskOrigin }: Telling, now: Date): Promise<number> {
  // Taken before it is sent, so that no second process sends it too; if nothing comes of it, it is due again soon.
  const { rows } = await sql<Due>`
    with due as (
      update incident_mails mail set due_at = ${new Date(now.getTime() + 120_000)}, attempts = mail.attempts + 1 from staff
      where staff.id = mail.staff_id and staff.left_at is null and mail.sent_at is null and mail.due_at <= ${now}
        and (exists (select from incidents where incidents.id = mail.incident_id and incidents.kind = any (${kinds}::text[])) or (${surges} and mail.surge_id is not null))
      returning mail.incident_id, mail.surge_id, mail.staff_id, mail.part, mail.attempts - 1 as attempts, staff.language)
    select due.*, coalesce(incidents.kind, surges.kind) as kind, coalesce(incidents.began_at, surges.noticed_at) as began_at, incidents.ended_at, surges.action_id, ${titleIn(sql`due.language`)} as title, recent, usual
    from due left join incidents on incidents.id = incident_id left join surges on surges.id = surge_id left join actions on actions.id = surges.action_id order by began_at limit 200`.execute(db)
  for (const together of inOneMail(rows)) {
    const [due] = together
    const contact = await staffContact(db, opener, due.staff_id)
    if (!contact) continue
    const delivery = await post.deliver(letterFor(together, contact, { post, publisher, deskOrigin }, now))
    const again = retryAt(due.attempts, now) ?? new Date(now.getTime() + 86_400_000)
    const where = sql`coalesce(incident_id, surge_id) = any (${together.map(aboutOf)}::uuid[]) and staff_id = ${due.staff_id} and part = ${due.part}`
    if (delivery.outcome === 'accepted') await sql`update incident_mails set sent_at = ${now} where ${where}`.execute(db)
    else await sql`update incident_mails set due_at = ${again} where ${where}`.execute(db)
  }
  return rows.length
}

/** What somebody is told in the same mail: several things about one action that are not as usual. */
function inOneMail(rows: Due[]): [Due, ...Due[]][] {
  const mails = new Map<string, [Due, ...Due[]]>()
  for (const due of rows) {
    const key = `${due.staff_id} ${due.part} ${due.action_id ?? aboutOf(due)}`
    const begun = mails.get(key)
    if (begun) begun.push(due)
    else mails.set(key, [due])
  }
  return [...mails.values()]
}

function aboutOf(due: Due): string {
  return (due.incident_id ?? due.surge_id)!
}

function letterFor(together: [Due, ...Due[]], to: { name: string, email: string }, { post, publisher, deskOrigin }: Pick<Telling, 'post' | 'publisher' | 'deskOrigin'>, now: Date): Letter {
  const [due] = together
  const t = alertWords(due.language)
  const says = due.surge_id ? aboutSurges(t, due.title, together.map((each) => ({ ...each, kind: each.kind as SurgeKind })), deskOrigin) : aboutIncident(t, { ...due, kind: due.kind as IncidentKind }, publisher, deskOrigin)
  const about = aboutOf(due)
  return staffLetter(to, { t, publisher, post, id: `${about}.${due.part}.${due.staff_id}`, bounce: about, ...says }, now)
}

function aboutIncident(t: AlertWords, { kind, part, began_at: beganAt, ended_at: endedAt }: Due & { kind: IncidentKind }, publisher: Publisher, deskOrigin: string): Pick<StaffLetter, 'subject' | 'lines' | 'place' | 'look' | 'why'> {
  const { name } = publisherTexts(publisher, t.language)
  const moment = (date: Date) => t.moment(date, publisher.zone)
  return {
    subject: t(`subject.${part}`, { what: t(`what.${kind}`), name }), place: `${deskOrigin}/health`, look: t('look'), why: t('why'),
    lines: [
      t(`alert.${part}.${kind}`), endedAt ? t('from-until', { began: moment(beganAt), ended: moment(endedAt) }) : t('since', { began: moment(beganAt) }),
      ...(part === 'began' ? [t(`do.${kind}`), t('once')] : [t('nothing-to-do')]),
    ],
  }
}

/** What a letter to staff is made of. */
export interface StaffLetter {
  t: AlertWords
  publisher: Publisher
  post: Pick<AlertPost, 'from' | 'domain' | 'replyTo'>
  /** Makes its message id. */
  id: string
  /** What comes back to its return path is known by. */
  bounce: string
  subject: string
  lines: string[]
  /** Where to look. */
  place: string
  look: string
  why: string
}

/** A plain letter to a staff member: a few lines, and the way to the page of the desk. */
export function staffLetter(to: { name: string, email: string }, { t, publisher, post, id, bounce, subject, lines, place, look, why }: StaffLetter, now: Date): Letter {
  const { name } = publisherTexts(publisher, t.language)
  const page = mailFrame(t, subject, html`${lines.map((line) => html`<p>${line}</p>`)}<p><a href="${place}" style="color:#2b3a8f">${look}</a></p><p style="font-size:14px;color:#5b5850">${why}</p>`)
  return {
    from: { name, address: post.from }, to: { name: to.name, address: to.email }, replyTo: { name, address: post.replyTo }, returnPath: `bounce+${bounce}@${post.domain}`, messageId: `${id}@${post.domain}`,
    subject, text: `${[...lines, `${look}\n${place}`, why].join('\n\n')}\n`, html: page.text, language: t.language, date: now,
    headers: { 'Auto-Submitted': 'auto-generated' },
  }
}
