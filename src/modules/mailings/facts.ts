import { sql, type Db, type RawBuilder } from '#platform/db.ts'
import type { Opener } from '#platform/sealing/index.ts'
import { detailsPlace, messagePlace, type ActionKind, type Details, type MessageText } from '#modules/actions/index.ts'
import type { DueMail } from '#modules/mails/index.ts'
import { openContact } from '#modules/people/index.ts'
import { staffContact } from '#modules/staff/index.ts'
import { zoneOf } from '#modules/targets/index.ts'

/** All that a mail to a supporter is written from, as it is at that moment. */
export interface MailFacts {
  mail: DueMail
  to: { name?: string, address: string }
  language: string
  state: string
  action: { kind: ActionKind, slug: string, title: string, zone: string }
  /** Until when messages of the action do not leave yet. */
  keptUntil: Date | undefined
  /** Those of the offices whose body does not sit: what is for them waits until it does. */
  heldFor: string[]
  /** The day on which the bodies of all these sit again, where it is one and has been announced. */
  heldUntil: string | undefined
  /** None of the messages is sent: the action was closed with what had not left. */
  dropped: boolean
  /** Messages leave in the working hours of those they are for. */
  inHours: boolean
  /** What the supporter wrote, for a copy that they asked for; only once it is confirmed. */
  copy: { subject: string, body: string } | undefined
  offices: string[]
  /** Their address is suppressed for this kind of mail. */
  unwanted: boolean
  /** Whether staff are trying an action out: the mail goes to one of them. */
  rehearsal: boolean
}

interface Row {
  id: string
  person_id: string
  contact: Buffer
  details: Buffer | null
  language: string
  state: string
  kind: ActionKind
  slug: string
  title: string | null
  zone: string
  deliver_at: Date | null
  held_for: { office: string, until: string | null }[] | null
  dropped: boolean | null
  in_hours: boolean
  text: Buffer | null
  offices: string[] | null
  staff_id: string | null
  unwanted: boolean
}

/** Gathers the facts of some mails, with three statements for any number of them. Mails whose participation is gone are missing from the answer. */
export async function mailFacts(db: Db, opener: Opener, mails: DueMail[], now: Date): Promise<Map<string, MailFacts>> {
  const { rows } = await sql<Row>`
    select wanted.id, p.person_id, people.contact, case when wanted.kind = 'receipt' then p.details end as details, p.language, p.state, actions.kind, actions.slug, actions.zone, rehearsals.staff_id,
      case when wanted.kind = 'receipt' and actions.deliver_at > ${now} then actions.deliver_at end as deliver_at,
      case when wanted.kind = 'receipt' then ${heldFor(now)} end as held_for, case when wanted.kind = 'receipt' then ${allDropped} end as dropped, coalesce((actions.options ->> 'officeHours')::boolean, false) as in_hours,
      (select revision.words ->> 'title' from action_revisions revision
        where revision.action_id = p.action_id
        order by revision.language = p.language desc, revision.id = (
          select revision_id from action_publications pointer where pointer.action_id = p.action_id and pointer.language = revision.language and from_at <= now() order by from_at desc limit 1) desc nulls last,
          revision.created_at desc limit 1) as title,
      case when wanted.kind = 'receipt' then text.contact end as text,
      case when wanted.kind in ('receipt', 'did-they-reply') and actions.kind = 'message' then (
        select array_agg(coalesce(offices.labels ->> p.language, offices.label) order by messages.own desc, offices.label)
        from messages join offices on offices.id = messages.office_id where messages.participation_id = p.id and messages.person_id = p.person_id and (wanted.kind = 'receipt' or (messages.asked_at is not null and messages.state = 'accepted'))) end as offices,
      rehearsals.id is null and suppressed(p.person_id, case wanted.kind when 'confirm' then 'confirm' when 'did-they-reply' then 'action' else 'part' end, p.action_id) as unwanted
    from unnest(${mails.map((mail) => mail.personId)}::uuid[], ${mails.map((mail) => mail.participationId)}::uuid[], ${mails.map((mail) => mail.id)}::uuid[], ${mails.map((mail) => mail.kind)}::text[])
      as wanted (person_id, participation_id, id, kind)
    join participations p on p.person_id = wanted.person_id and p.id = wanted.participation_id
    join people on people.id = p.person_id join actions on actions.id = p.action_id
    left join message_texts text on text.person_id = p.person_id and text.participation_id = p.id
    left join rehearsals on rehearsals.id = p.rehearsal_id`.execute(db)
  const byId = new Map(mails.map((mail) => [mail.id, mail]))
  const facts = await Promise.all(rows.map((row) => read(db, opener, row, byId.get(row.id)!)))
  return new Map(facts.map((each) => [each.mail.id, each]))
}

async function read(db: Db, opener: Opener, row: Row, mail: DueMail): Promise<MailFacts> {
  const contact = await openContact(opener, row.person_id, row.contact)
  const tester = row.staff_id ? await staffContact(db, opener, row.staff_id) : undefined
  const details = row.details ? await opener.open<Details>(detailsPlace(mail.participationId), row.details) : undefined
  const text = row.text ? await opener.open<MessageText>(messagePlace('contact', mail.participationId), row.text) : undefined
  return {
    mail, language: row.language, state: row.state,
    to: tester ? { name: tester.name, address: tester.email } : { name: details?.name ?? contact.name, address: contact.email },
    action: { kind: row.kind, slug: row.slug, title: row.title ?? row.slug, zone: row.zone },
    keptUntil: row.deliver_at ?? undefined, heldFor: (row.held_for ?? []).map(({ office }) => office), heldUntil: oneDay(row.held_for ?? []), dropped: row.dropped === true, inHours: row.in_hours,
    // Whoever wrote several texts gets them all, each later one under its subject.
    copy: text?.copy ? { subject: text.subject, body: [text.body, ...(text.more ?? []).map((each) => `${each.subject}\n\n${each.body}`)].join('\n\n* * *\n\n') } : undefined,
    offices: row.offices ?? [], unwanted: row.unwanted, rehearsal: row.staff_id !== null,
  }
}

/** The day on which all of these bodies sit again, where it is one and has been announced. */
function oneDay(held: { until: string | null }[]): string | undefined {
  const days = new Set(held.map(({ until }) => until))
  return days.size === 1 ? held[0]!.until ?? undefined : undefined
}

/** The offices of the participation's messages that wait for their body to sit, by its own calendar, as the action says, and until which day. */
function heldFor(now: Date): RawBuilder<Row['held_for']> {
  const today = sql`(${now}::timestamptz at time zone ${zoneOf('bodies')})::date`
  return sql<Row['held_for']>`(
    select jsonb_agg(jsonb_build_object('office', coalesce(offices.labels ->> p.language, offices.label), 'until', period.until) order by messages.own desc, offices.label)
    from messages join offices on offices.id = messages.office_id join bodies on bodies.id = offices.body_id join body_states period on period.body_id = offices.body_id
    where messages.participation_id = p.id and messages.person_id = p.person_id and period.since <= ${today} and coalesce(period.until > ${today}, true)
      and case period.state when 'dissolved' then coalesce(actions.options ->> 'whenDissolved', 'hold') else coalesce(actions.options ->> 'whenRecess', 'go-on') end <> 'go-on')`
}

/** Whether the action was closed with all of the participation's messages; nothing where it has none. */
const allDropped = sql<boolean | null>`(
    select bool_and(messages.state = 'cancelled' and messages.problem = 'action-closed') from messages where messages.participation_id = p.id and messages.person_id = p.person_id)`
