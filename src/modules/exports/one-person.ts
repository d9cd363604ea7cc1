import { Readable } from 'node:stream'
import { sql, type Db } from '#platform/db.ts'
import type { Opener } from '#platform/sealing/index.ts'
import { detailsPlace, messagePlace, recordPlace, type Details, type MessageText, type RecordDetails } from '#modules/actions/index.ts'
import { openContact } from '#modules/people/index.ts'
import { auditFirst } from '#modules/staff/index.ts'

interface SealedParticipation {
  participation_id: string
  details: Buffer | null
  record: Buffer | null
  message_contact: Buffer | null
  message_record: Buffer | null
}

type Row = Record<string, unknown> & { id: string }

/**
 * Everything that is known of one person, for answering somebody who asked by letter or phone: as JSON, encrypted to an age key. Two lines stand in the
 * log before anything is opened. Nothing where there is no such person.
 */
export async function everythingOf(db: Db, opener: Opener, personId: string, asked: { staffId: string, behalfOf: string | null, reason: string, recipient: string }): Promise<Readable | undefined> {
  const { rows: [person] } = await sql<Row>`select id, language, country, area_id, created_at, confirmed_at, paused_until from people where id = ${personId}`.execute(db)
  if (!person) return undefined
  const { rows: participations } = await sql<Row>`
    select p.id, actions.slug as action, p.state, p.taken_at, p.confirmed_at, p.ended_at, p.language, p.country, p.area_id as area, p.source from participations p join actions on actions.id = p.action_id
    where p.person_id = ${personId} order by p.taken_at`.execute(db)
  const line = { staffId: asked.staffId, behalfOf: asked.behalfOf, reason: asked.reason }
  const personLine = await auditFirst(db, { ...line, verb: 'open-person', subjectKind: 'person', subjectIds: [personId] })
  const { rows: [sealedPerson] } = await sql<{ contact: Buffer }>`select contact from open_people(${personLine})`.execute(db)
  const participationLine = await auditFirst(db, { ...line, verb: 'open-participation', subjectKind: 'participation', subjectIds: participations.map(({ id }) => id) })
  const { rows: sealed } = await sql<SealedParticipation>`select * from open_participations(${participationLine})`.execute(db)
  const opened = new Map(await Promise.all(sealed.map(async (each) => [each.participation_id, await open(opener, each)] as const)))
  const everything = {
    person: { ...person, ...await openContact(opener, personId, sealedPerson!.contact) },
    participations: participations.map((each) => ({ ...each, ...opened.get(each.id) })),
    ...await inTheClear(db, personId),
  }
  const { Encrypter } = await import('age-encryption')
  const encrypter = new Encrypter()
  encrypter.addRecipient(asked.recipient)
  return Readable.from([Buffer.from(await encrypter.encrypt(Buffer.from(`${JSON.stringify(everything, undefined, 2)}\n`)))])
}

async function open(opener: Opener, { participation_id: id, ...sealed }: SealedParticipation): Promise<object> {
  const details = sealed.details ? await opener.open<Details>(detailsPlace(id), sealed.details) : {}
  const record = sealed.record ? await opener.open<RecordDetails>(recordPlace(id), sealed.record) : {}
  const message = sealed.message_record ? await opener.open<MessageText>(messagePlace('record', id), sealed.message_record)
    : sealed.message_contact ? await opener.open<MessageText>(messagePlace('contact', id), sealed.message_contact) : undefined
  return { ...details, ...record, ...(message && { message: { subject: message.subject, body: message.body, more: message.more } }) }
}

/** What is kept about somebody without being sealed: answers word for word, how often they want mail, what was sent, what keeps them. */
async function inTheClear(db: Db, personId: string): Promise<Record<string, unknown[]>> {
  const read = async (query: ReturnType<typeof sql<Row>>) => (await query.execute(db)).rows
  return {
    consents: await read(sql<Row>`select c.id, statement.purpose, statement.channel, wording.wording, c.answer, c.way, c.presented_at, c.recorded_at
      from consents c join consent_statements statement on statement.id = c.statement_id left join consent_wordings wording on wording.id = c.wording_id where c.person_id = ${personId} order by c.recorded_at`),
    preferences: await read(sql<Row>`select statement_id as id, topic, frequency, changed_at from preferences where person_id = ${personId}`),
    messages: await read(sql<Row>`select m.id, m.participation_id, coalesce(offices.label, m.office_id) as office, m.state, m.promised_at, m.ended_at, m.reply from messages m left join offices on offices.id = m.office_id where m.person_id = ${personId} order by m.promised_at`),
    mails: await read(sql<Row>`select id, kind, state, promised_at, ended_at from mails where person_id = ${personId} order by promised_at`),
    public_names: await read(sql<Row>`select participation_id as id, shown_name, comment, state, asked_at from public_names where person_id = ${personId}`),
    legal_holds: await read(sql<Row>`select id, placed_at, lifted_at from legal_holds where person_id = ${personId}`),
  }
}
