import { sql, type Db } from '#platform/db.ts'
import type { Letter } from '#platform/mail/letter.ts'
import type { Opener } from '#platform/sealing/index.ts'
import { leavingToken, linkToken } from '#modules/actions/index.ts'
import type { DueMail, Post } from '#modules/mails/index.ts'
import { openContact, type BulletinFrequency } from '#modules/people/index.ts'
import { nameIn, type SubjectName } from '#modules/places/index.ts'
import { publisherTexts, type Publisher } from '#modules/publisher/index.ts'
import { footer, unsubscribing, wholeMail } from '../letters.ts'
import { mailWords } from '../words/index.ts'

/** What the mail is written from that asks whether somebody wants a bulletin. */
export interface Asking {
  personId: string
  contact: Buffer
  language: string
  frequency: BulletinFrequency
  wording: string
  slug: string
  names: SubjectName[]
  /** They have answered, want no mail at all, or their address is dead. */
  unwanted: boolean
}

/** The facts of some mails that ask, by the mail's id; those whose person or request is gone are missing. */
export async function askings(db: Db, mails: DueMail[]): Promise<Map<string, Asking>> {
  if (mails.length === 0) return new Map()
  const { rows } = await sql<{ id: string, person_id: string, contact: Buffer, language: string, frequency: BulletinFrequency, wording: string, slug: string, names: SubjectName[], unwanted: boolean }>`
    select wanted.id, people.id as person_id, people.contact, request.language, request.frequency, wording.wording, subjects.slug, request.state <> 'waiting' or suppressed(people.id, 'confirm') as unwanted,
      coalesce((select jsonb_agg(jsonb_build_object('language', language, 'name', name, 'shown', shown)) from subject_names where subject_id = request.subject_id), '[]') as names
    from unnest(${mails.map(({ id }) => id)}::uuid[], ${mails.map(({ personId }) => personId)}::uuid[], ${mails.map(({ participationId }) => participationId)}::uuid[]) as wanted (id, person_id, request_id)
    join people on people.id = wanted.person_id join bulletin_requests request on request.person_id = people.id and request.id = wanted.request_id
    join subjects on subjects.id = request.subject_id join consent_wordings wording on wording.id = request.wording_id`.execute(db)
  return new Map(rows.map((row) => [row.id, { personId: row.person_id, contact: row.contact, language: row.language, frequency: row.frequency, wording: row.wording, slug: row.slug, names: row.names, unwanted: row.unwanted }]))
}

/** The mail that asks whether it was them: which bulletin, how often, the question that they said yes to, and one button. */
export async function askingLetter(mail: DueMail, facts: Asking, { opener, linkKey, publisher, post }: { opener: Opener, linkKey: string, publisher: Publisher, post: Post }, now: Date): Promise<Letter> {
  const t = mailWords(facts.language)
  const url = (path: string) => `${post.origin}${facts.language === publisher.defaultLanguage ? '' : `/${facts.language}`}${path}`
  const link = url(`/bulletin/${linkToken(linkKey, mail.participationId)}`)
  const leaving = url(`/unsubscribe/${leavingToken(linkKey, mail.participationId)}`)
  const place = nameIn(facts, facts.language, publisher.defaultLanguage)
  const subject = t('bulletin.ask.subject', { place })
  const blocks = [
    { words: t(`bulletin.ask.${facts.frequency}`, { place }) }, { words: t('bulletin.ask.question', { wording: facts.wording }) }, { label: t('bulletin.ask.how'), href: link, button: t('bulletin.ask.button') },
    { words: t('bulletin.ask.not-me') },
  ]
  const under = footer(t, url, [{ label: t('footer.unsubscribe'), href: leaving }], publisher, post)
  const { name } = publisherTexts(publisher, t.language)
  return {
    from: { name, address: post.from }, to: { address: (await openContact(opener, facts.personId, facts.contact)).email }, replyTo: { name, address: post.replyTo },
    returnPath: post.back('bounce', 'mail', mail.id), messageId: `${mail.id}@${post.domain}`,
    subject, ...wholeMail(t, { subject, blocks }, under), language: t.language, date: now, headers: { 'Auto-Submitted': 'auto-generated', 'List-Unsubscribe': unsubscribing(leaving, post, mail.participationId), 'List-Unsubscribe-Post': 'List-Unsubscribe=One-Click' },
  }
}
