import { sql, type Db, type RawBuilder } from '#platform/db.ts'
import { csvRow } from '#platform/csv.ts'
import type { Opener, Prepared } from '#platform/sealing/index.ts'
import { detailsPlace, messagePlace, recordPlace, type Details, type MessageText, type RecordDetails } from '#modules/actions/index.ts'
import { contactPlace, type Contact } from '#modules/people/index.ts'
import type { Export, ExportKind } from './export.ts'

/** One line of an export as it leaves the database: what is sealed, and beside it what stands in the clear, as it is written. */
export interface ReadLine {
  position: number
  person_id: string
  participation_id: string | null
  contact: Buffer
  details: Buffer | null
  record: Buffer | null
  message_contact: Buffer | null
  message_record: Buffer | null
  /** False where its person was erased in between. */
  known: boolean
  [fact: string]: string | number | boolean | Buffer | null
}

type Value = string | number | null | undefined

/** What each kind of export says, in this order; the same names in CSV and JSON. */
const columns: Record<ExportKind, string[]> = {
  people: ['name', 'email', 'language', 'country', 'area', 'known_since', 'confirmed_at'],
  participations: ['name', 'email', 'action', 'confirmed_at', 'language', 'country', 'area', 'source', 'postcode', 'phone', 'postal_address', 'comment'],
  messages: ['name', 'email', 'action', 'office', 'state', 'promised_at', 'ended_at', 'subject', 'text'],
  consents: ['name', 'email', 'controller', 'purpose', 'channel', 'wording', 'answer', 'way', 'presented_at', 'recorded_at'],
  partner: ['name', 'email', 'phone', 'postal_address', 'language', 'country', 'action', 'purpose', 'channel', 'wording', 'yes_since'],
}

/** A moment as it is written, by the database: dates that are made of text to be made text again took a tenth of the time. */
const moment = (column: string) => sql`to_char(${sql.ref(column)} at time zone 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.MS"Z"')`

const where = sql`left join actions on actions.id = line.action_id left join areas on areas.id = line.area_id`

const consentFacts = {
  said: sql`
    (select value from jsonb_each_text(controllers.names) limit 1) as controller, statement.purpose, statement.channel, wording.wording, c.answer, c.way, ${moment('c.presented_at')} as presented_at, ${moment('c.recorded_at')} as recorded_at,
    ${moment('c.recorded_at')} as yes_since, actions.slug as action, line.language, line.country`,
  from: sql`
    left join consents c on c.person_id = line.person_id and c.id = line.row_id left join consent_statements statement on statement.id = c.statement_id left join controllers on controllers.id = statement.controller_id
    left join consent_wordings wording on wording.id = c.wording_id ${where}`,
}

/** What stands in the clear about a line: what is said of it, and where that is. */
const facts: Record<ExportKind, { said: RawBuilder<unknown>, from: RawBuilder<unknown> }> = {
  people: { said: sql`line.language, line.country, areas.name as area, ${moment('line.began_at')} as known_since, ${moment('line.confirmed_at')} as confirmed_at`, from: where },
  participations: { said: sql`actions.slug as action, ${moment('line.confirmed_at')} as confirmed_at, line.language, line.country, areas.name as area, line.source`, from: where },
  messages: {
    said: sql`actions.slug as action, m.office_id, offices.label as office, m.state, ${moment('m.promised_at')} as promised_at, ${moment('m.ended_at')} as ended_at`,
    from: sql`left join messages m on m.person_id = line.person_id and m.id = line.row_id left join offices on offices.id = m.office_id ${where}`,
  },
  consents: consentFacts,
  partner: consentFacts,
}

/** Reads the lines at the next positions behind one, `atMost` of them, against a line of the audit log. Those of people who were erased since the export was listed are missing. */
export async function readLines(db: Db, it: Export, { line, after, atMost }: { line: string, after: number, atMost: number }): Promise<ReadLine[]> {
  const { said, from } = facts[it.kind]
  const { rows } = await sql<ReadLine>`
    select line.position, line.person_id, line.participation_id, line.contact, line.details, line.record, line.message_contact, line.message_record, line.known, ${said}
    from open_export(${line}, ${it.id}, ${after}, ${atMost}) line ${from} where line.position <= ${after + atMost} order by line.position`.execute(db)
  return rows
}

/** Lines, opened and written in the export's format. A line whose person was erased in between is not among them. */
export async function writeLines(opener: Opener, it: Export, lines: ReadLine[]): Promise<string> {
  const ready = await opener.prepare({
    contact: lines.flatMap((line) => [line.contact, line.details, line.message_contact]), record: lines.flatMap((line) => [line.record, line.message_record]),
  })
  const format = formats[it.format]
  const names = columns[it.kind]
  let text = ''
  for (const line of lines) {
    if (!line.known) continue
    const said = open(ready, it.kind, line)
    text += format.line(names, (name) => (name in said ? said[name] : line[name] as Value))
  }
  return text
}

/** What was sealed in a line, as far as the export's kind says it. */
function open(ready: Prepared, kind: ExportKind, line: ReadLine): Record<string, Value> {
  const contact = ready.open<Contact>(contactPlace(line.person_id), line.contact)
  const details = line.details ? ready.open<Details>(detailsPlace(line.participation_id!), line.details) : {}
  const record = line.record ? ready.open<RecordDetails>(recordPlace(line.participation_id!), line.record) : {}
  const name = details.name ?? contact.name
  switch (kind) {
    case 'people': case 'consents': return { name: contact.name, email: contact.email }
    case 'participations': return { name, email: contact.email, postcode: details.postcode, phone: record.phone, postal_address: record.postalAddress, comment: details.comment }
    case 'messages': return { name, email: contact.email, ...wordsTo(ready, line, line.office_id as string) }
    // Whoever said yes to one way of being reached did not say it to the others.
    case 'partner': return {
      name, email: line.channel === 'email' ? contact.email : undefined, phone: line.channel === 'phone' ? record.phone : undefined, postal_address: line.channel === 'post' ? record.postalAddress : undefined,
    }
  }
}

/** What a message said to one office: the first words, or those that its office got. Nothing once the text has been forgotten. */
function wordsTo(ready: Prepared, line: ReadLine, office: string): Record<string, Value> {
  const id = line.participation_id!
  const text = line.message_record ? ready.open<MessageText>(messagePlace('record', id), line.message_record)
    : line.message_contact ? ready.open<MessageText>(messagePlace('contact', id), line.message_contact) : undefined
  const words = text?.more?.find((each) => each.offices.includes(office)) ?? text
  return { subject: words?.subject, text: words?.body }
}

interface Format {
  line(names: string[], value: (name: string) => Value): string
  /** What stands before the first line and behind the last one. */
  head(names: string[]): string
  foot: string
  /** Turns lines into what the file has, knowing whether others came before. */
  joined(lines: string, first: boolean): string
}

const formats: Record<Export['format'], Format> = {
  csv: { line: (names, value) => csvRow(names.map(value)), head: (names) => csvRow(names), foot: '', joined: (lines) => lines },
  // One object a line, and all of them one array: read as a whole or line by line.
  json: {
    line: (names, value) => `,\n${JSON.stringify(Object.fromEntries(names.map((name) => [name, value(name) ?? null])))}`, head: () => '[', foot: '\n]\n', joined: (lines, first) => (first ? lines.slice(1) : lines),
  },
}

export function headOf(it: Export): string {
  return formats[it.format].head(columns[it.kind])
}

export function footOf(it: Export): string {
  return formats[it.format].foot
}

export function joined(it: Export, lines: string, first: boolean): string {
  return formats[it.format].joined(lines, first)
}
