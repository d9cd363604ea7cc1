import { sql, type Db } from '#platform/db.ts'
import type { Letter } from '#platform/mail/letter.ts'
import type { Opener } from '#platform/sealing/index.ts'
import { countryNameIn } from '#platform/formats.ts'
import { actionWords, messagePlace, type ActionWords, type MessageText } from '#modules/actions/index.ts'
import type { Post } from '#modules/mails/index.ts'
import { openContact } from '#modules/people/index.ts'
import { publisherTexts, type Publisher } from '#modules/publisher/index.ts'
import { staffContact } from '#modules/staff/index.ts'
import { localName, officesById, type OfficeFacts } from '#modules/targets/index.ts'
import type { DueMessage } from './courier.ts'
import { addresseeName, copyOf, copySubject, senderName, templateFor, wholeMessage, type Writer } from './wording.ts'

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
  const { words, language } = await wordsOf(db, text.revision)
  const writer = {
    name: text.name, area: facts.area ? localName(facts.area, language) : undefined, country: facts.country ? countryNameIn(language, facts.country) : undefined, postcode: text.postcode, postalAddress: text.postalAddress, facts: text.facts,
  }
  const written = message.copy ? await theCopy(db, text, words, writer, language, now) : theirs(text, words, writer, office, language)
  if (!written) return undefined
  const tester = facts.staff_id ? await staffContact(db, opener, facts.staff_id) : undefined
  return {
    from: { name: senderName(language, text.name, publisherTexts(publisher, language).name), address: post.from },
    to: tester ? { name: tester.name, address: tester.email } : { name: addresseeName(office, language), address: office.email! },
    replyTo: message.own ? { name: text.name, address: person.email } : { name: publisherTexts(publisher, language).name, address: post.readsReturns ? post.back('reply', 'message', message.id) : post.replyTo },
    returnPath: post.back('bounce', 'message', message.id),
    messageId: `${message.id}@${post.domain}`,
    ...written,
    language,
    date: now,
    headers: { 'X-Campaign-Id': message.actionId },
  }
}

interface Words {
  subject: string
  body: string
  variant?: string
}

/** Those of a supporter's words that are for an office; nothing if it is none of those that they wrote to. */
export function letterFor(text: MessageText, officeId: string): Words | undefined {
  return lettersIn(text).find((each) => each.offices.includes(officeId))
}

function lettersIn(text: MessageText): (Words & { offices: string[] })[] {
  return [text, ...text.more ?? []]
}

function theirs(text: MessageText, words: ActionWords, writer: Writer, office: OfficeFacts, language: string): { subject: string, text: string } | undefined {
  const letter = letterFor(text, office.id)
  return letter && { subject: letter.subject, text: wholeMessage(templateFor(words, letter.variant), writer, letter.body, office, language) }
}

/** What the others got, for one that is only to know of it: once for each text, as the first of its targets got it. */
async function theCopy(db: Db, text: MessageText, words: ActionWords, writer: Writer, language: string, now: Date): Promise<{ subject: string, text: string } | undefined> {
  const letters = lettersIn(text)
  const offices = await officesById(db, letters.flatMap((each) => each.offices), now)
  const wholes = letters.flatMap((each) => {
    const first = offices.find((office) => each.offices.includes(office.id))
    return first ? [wholeMessage(templateFor(words, each.variant), writer, each.body, first, language)] : []
  })
  return wholes.length ? { subject: copySubject(language, text.subject), text: copyOf(language, wholes, offices) } : undefined
}

/** The publisher's words around the supporter's, in the language that they were written in: that of the page, or the only one there was. */
async function wordsOf(db: Db, revisionId: string): Promise<{ words: ActionWords, language: string }> {
  const row = await db.selectFrom('action_revisions').select(['words', 'language']).where('id', '=', revisionId).executeTakeFirstOrThrow()
  return { words: actionWords.parse(row.words), language: row.language }
}
