import { sql, type Db } from '#platform/db.ts'
import type { Letter } from '#platform/mail/letter.ts'
import type { Opener } from '#platform/sealing/index.ts'
import { countryNameIn } from '#platform/words.ts'
import { actionWords, messagePlace, type MessageText } from '#modules/actions/index.ts'
import type { Post } from '#modules/mails/index.ts'
import { openContact } from '#modules/people/index.ts'
import { publisherTexts, type Publisher } from '#modules/publisher/index.ts'
import { staffContact } from '#modules/staff/index.ts'
import { localName, type OfficeFacts } from '#modules/targets/index.ts'
import type { DueMessage } from './courier.ts'
import { addresseeName, senderName, wholeMessage, type MessageTemplate } from './wording.ts'

interface Facts {
  contact: Buffer
  text: Buffer | null
  country: string | null
  area: { name: string, names: Record<string, string> } | null
  staff_id: string | null
}

/**
 * The mail that carries a supporter's words to one office, or nothing if the words are gone. From our own domain, because
 * receivers refuse mail that claims to come from somebody else's (DMARC); the answer goes to the supporter where this is
 * their own representative, and to the publisher otherwise.
 */
export async function letterTo({ db, opener, post, publisher }: { db: Db, opener: Opener, post: Post, publisher: Publisher }, message: DueMessage, office: OfficeFacts, now: Date): Promise<Letter | undefined> {
  const { rows: [facts] } = await sql<Facts>`
    select people.contact, text.contact as text, p.country, case when areas.id is not null then json_build_object('name', areas.name, 'names', areas.names) end as area, rehearsals.staff_id
    from participations p join people on people.id = p.person_id
    left join message_texts text on text.person_id = p.person_id and text.participation_id = p.id
    left join areas on areas.id = p.area_id left join rehearsals on rehearsals.id = p.rehearsal_id
    where p.person_id = ${message.personId} and p.id = ${message.participationId}`.execute(db)
  if (!facts?.text) return undefined
  const text = await opener.open<MessageText>(messagePlace('contact', message.participationId), facts.text)
  const person = await openContact(opener, message.personId, facts.contact)
  const { template, language } = await templateOf(db, text.revision)
  const writer = {
    name: text.name, area: facts.area ? localName(facts.area, language) : undefined, country: facts.country ? countryNameIn(language, facts.country) : undefined, postcode: text.postcode, postalAddress: text.postalAddress,
  }
  const tester = facts.staff_id ? await staffContact(db, opener, facts.staff_id) : undefined
  return {
    from: { name: senderName(language, text.name, publisherTexts(publisher, language).name), address: post.from },
    to: tester ? { name: tester.name, address: tester.email } : { name: addresseeName(office, language), address: office.email! },
    replyTo: message.own ? { name: text.name, address: person.email } : { name: publisherTexts(publisher, language).name, address: post.replyTo },
    returnPath: `bounce+${message.id}@${post.domain}`,
    messageId: `${message.id}@${post.domain}`,
    subject: text.subject,
    text: wholeMessage(template, writer, text.body, office, language),
    language,
    date: now,
    headers: { 'X-Campaign-Id': message.actionId },
  }
}

/** The publisher's words around the supporter's, in the language that they were written in: that of the page, or the only one there was. */
async function templateOf(db: Db, revisionId: string): Promise<{ template: MessageTemplate, language: string }> {
  const row = await db.selectFrom('action_revisions').select(['words', 'language']).where('id', '=', revisionId).executeTakeFirstOrThrow()
  return { template: actionWords.parse(row.words), language: row.language }
}
