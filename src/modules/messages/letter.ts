import { sql, type Db } from '#platform/db.ts'
import type { Letter } from '#platform/mail/letter.ts'
import type { Opener } from '#platform/sealing/index.ts'
import { actionWords, messagePlace, type MessageText } from '#modules/actions/index.ts'
import type { Post } from '#modules/mails/index.ts'
import { openContact } from '#modules/people/index.ts'
import { staffContact } from '#modules/staff/index.ts'
import type { OfficeFacts } from '#modules/targets/index.ts'
import type { DueMessage } from './courier.ts'
import { wholeMessage } from './words.ts'

interface Facts {
  contact: Buffer
  text: Buffer | null
  language: string
  area_name: string | null
  staff_id: string | null
}

/**
 * The mail that carries a supporter's words to one office, or nothing if the words are gone. From our own domain, because
 * receivers refuse mail that claims to come from somebody else's (DMARC); the answer goes to the supporter where this is
 * their own representative, and to the publisher otherwise.
 */
export async function letterTo({ db, opener, post }: { db: Db, opener: Opener, post: Post }, message: DueMessage, office: OfficeFacts, now: Date): Promise<Letter | undefined> {
  const { rows: [facts] } = await sql<Facts>`
    select people.contact, text.contact as text, p.language, coalesce(areas.names ->> p.language, areas.name) as area_name, rehearsals.staff_id
    from participations p join people on people.id = p.person_id
    left join message_texts text on text.person_id = p.person_id and text.participation_id = p.id
    left join areas on areas.id = p.area_id left join rehearsals on rehearsals.id = p.rehearsal_id
    where p.person_id = ${message.personId} and p.id = ${message.participationId}`.execute(db)
  if (!facts?.text) return undefined
  const text = await opener.open<MessageText>(messagePlace('contact', message.participationId), facts.text)
  const person = await openContact(opener, message.personId, facts.contact)
  const template = await templateOf(db, text.revision)
  const writer = { name: text.name, area: facts.area_name ?? undefined, postcode: text.postcode, postalAddress: text.postalAddress }
  const tester = facts.staff_id ? await staffContact(db, opener, facts.staff_id) : undefined
  return {
    from: { name: `${text.name} via ${post.from.name}`, address: post.from.address },
    to: tester ? { name: tester.name, address: tester.email } : { name: office.holders[0]?.formalName || office.holders[0]?.name, address: office.email! },
    replyTo: message.own ? { name: text.name, address: person.email } : post.replyTo,
    returnPath: `bounce+${message.id}@${post.domain}`,
    messageId: `${message.id}@${post.domain}`,
    subject: text.subject,
    text: wholeMessage(template, writer, text.body, office, facts.language),
    language: facts.language,
    date: now,
    headers: { 'X-Campaign-Id': message.actionId },
  }
}

async function templateOf(db: Db, revisionId: string) {
  const row = await db.selectFrom('action_revisions').select('words').where('id', '=', revisionId).executeTakeFirstOrThrow()
  return actionWords.parse(row.words)
}
