import { sql, type Tx } from '#platform/db.ts'
import { noteReturned, recipientById } from '#modules/mailings/index.ts'
import { mailById, mailCameBack, type Returning } from '#modules/mails/index.ts'
import { cameBack, sentToOffice } from '#modules/messages/index.ts'
import { suppress, withdrawMail } from '#modules/people/index.ts'
import type { ReturnKind } from './work-off.ts'

type Noted = 'hard' | 'soft' | 'delayed' | 'complaint' | 'absence' | 'challenge'

/** A mailbox that is full or does not answer is given up once so many mails came back, on so many days within so many. */
export const patience = { mails: 4, days: 3, within: 30 } as const

/** A report, an absence or a question came back about something of ours. The same about the same counts once, however often it comes. */
export async function bounced(tx: Tx, to: Returning, kind: Noted, status: string, now: Date): Promise<ReturnKind> {
  switch (to.about) {
    case 'mail': return supporterBounced(tx, to, kind, status, now)
    case 'mailing': return recipientBounced(tx, to, kind, status, now)
    case 'message': case 'digest': return officeBounced(tx, { ...to, about: to.about }, kind, status, now)
    // What says only to whom it belongs says nothing of a mailbox.
    default: return 'unclear'
  }
}

async function supporterBounced(tx: Tx, to: Returning, kind: Noted, status: string, now: Date): Promise<ReturnKind> {
  const mail = await mailById(tx, to.id)
  if (!mail) return 'unknown'
  const fresh = await note(tx, to, kind, status, { personId: mail.rehearsal ? null : mail.personId, practice: mail.practice }, now)
  if (!fresh || (kind !== 'hard' && kind !== 'soft')) return kind
  await mailCameBack(tx, mail.personId, to.id, status)
  if (!mail.rehearsal && (kind === 'hard' || await givenUp(tx, mail.personId, now))) await suppress(tx, [mail.personId], 'everything', 'bounced', now)
  return kind
}

async function recipientBounced(tx: Tx, to: Returning, kind: Noted, status: string, now: Date): Promise<ReturnKind> {
  const recipient = await recipientById(tx, to.id)
  if (!recipient) return 'unknown'
  const fresh = await note(tx, to, kind, status, recipient, now)
  if (!fresh || (kind !== 'hard' && kind !== 'soft')) return kind
  await noteReturned(tx, to.id, 'bounced', now)
  if (kind === 'hard' || await givenUp(tx, recipient.personId, now)) await suppress(tx, [recipient.personId], 'everything', 'bounced', now)
  return kind
}

async function officeBounced(tx: Tx, to: Returning & { about: 'message' | 'digest' }, kind: Noted, status: string, now: Date): Promise<ReturnKind> {
  const sent = await sentToOffice(tx, to.about, to.id)
  if (!sent) return 'unknown'
  const fresh = await note(tx, to, kind, status, { personId: null, practice: sent.practice }, now, sent.leftAgainAt)
  if (fresh && (kind === 'hard' || kind === 'soft')) await cameBack(tx, to.about, to.id, { forGood: kind === 'hard', status }, now)
  return kind
}

/** Somebody says that a mail of ours is spam: they get no more, of whatever kind. About what went to an office staff decide. */
export async function complained(tx: Tx, named: Returning[], now: Date): Promise<ReturnKind> {
  for (const to of named) {
    const sent = await sentTo(tx, to)
    if (sent) {
      if (to.about !== 'participation') await note(tx, to, 'complaint', '', { personId: sent.rehearsal ? null : sent.personId, practice: sent.practice }, now)
      if (to.about === 'mailing') await noteReturned(tx, to.id, 'complained', now)
      if (!sent.rehearsal) {
        await withdrawMail(tx, [sent.personId], 'complaint', now)
        await suppress(tx, [sent.personId], 'everything', 'complaint', now)
      }
      return 'complaint'
    }
    if (to.about === 'message' || to.about === 'digest') return officeBounced(tx, { ...to, about: to.about }, 'complaint', '', now)
  }
  return named.length ? 'unknown' : 'forged'
}

interface SentTo {
  personId: string
  practice: boolean
  rehearsal: boolean
}

async function sentTo(tx: Tx, { about, id }: Returning): Promise<SentTo | undefined> {
  if (about === 'mail') return mailById(tx, id)
  if (about === 'participation') return participationById(tx, id)
  const recipient = about === 'mailing' ? await recipientById(tx, id) : undefined
  return recipient && { ...recipient, rehearsal: false }
}

/** A mail to the address that `List-Unsubscribe` names. */
export async function unsubscribed(tx: Tx, to: Returning, now: Date): Promise<ReturnKind> {
  const person = to.about === 'participation' ? await participationById(tx, to.id) : undefined
  if (!person) return 'unknown'
  await withdrawMail(tx, [person.personId], 'mailto', now)
  await suppress(tx, [person.personId], 'updates', 'unsubscribed', now)
  return 'unsubscribed'
}

async function participationById(tx: Tx, id: string): Promise<SentTo | undefined> {
  const { rows } = await sql<SentTo>`
    select p.person_id as "personId", p.practice, p.rehearsal_id is not null as rehearsal from participations p join people on people.id = p.person_id where p.id = ${id}
    union all select request.person_id, request.practice, false from bulletin_requests request where request.id = ${id}`.execute(tx)
  return rows[0]
}

/** Writes down that it came back; says whether that is new. What came back from one address and left again for another can come back from there too. */
async function note(tx: Tx, to: Returning, kind: Noted, status: string, { personId, practice }: { personId: string | null, practice: boolean }, now: Date, leftAgainAt: Date | null = null): Promise<boolean> {
  const { rows } = await sql`
    insert into bounces (about, id, kind, status, person_id, practice, noticed_at) values (${to.about}, ${to.id}, ${kind}, ${status.slice(0, 20)}, ${personId}, ${practice}, ${now})
    on conflict (about, id, kind) do update set status = excluded.status, noticed_at = excluded.noticed_at where bounces.noticed_at < ${leftAgainAt} returning 1`.execute(tx)
  return rows.length > 0
}

async function givenUp(tx: Tx, personId: string, now: Date): Promise<boolean> {
  const { rows: [row] } = await sql<{ mails: number, days: number }>`
    select count(*)::int as mails, count(distinct noticed_at::date)::int as days from bounces
    where person_id = ${personId} and kind = 'soft' and noticed_at > ${new Date(now.getTime() - patience.within * 86_400_000)}`.execute(tx)
  return row!.mails >= patience.mails && row!.days >= patience.days
}
