import { setImmediate } from 'node:timers/promises'
import { sql, type Db } from '#platform/db.ts'
import { csvRow } from '#platform/csv.ts'
import type { Opener } from '#platform/sealing/index.ts'
import { detailsPlace, messagePlace, recordPlace, type Details, type MessageText, type RecordDetails } from '#modules/actions/index.ts'
import { contactPlace, type Contact } from '#modules/people/index.ts'
import type { Export, ExportKind } from './export.ts'

/** One line of an export as it leaves the database. */
export interface SealedLine {
  position: number
  person_id: string
  row_id: string
  participation_id: string | null
  contact: Buffer
  details: Buffer | null
  record: Buffer | null
  message_contact: Buffer | null
  message_record: Buffer | null
}

/** A few hundred at a time: what is opened then is gone before the collector has to move it, and the opener remembers that many secrets. */
const preparedAtOnce = 250

type Value = string | number | null | undefined
type Fact = Record<string, string | Date | null>

/** What each kind of export says, in this order; the same names in CSV and JSON. */
const columns: Record<ExportKind, string[]> = {
  people: ['name', 'email', 'language', 'country', 'area', 'known_since', 'confirmed_at'],
  participations: ['name', 'email', 'action', 'confirmed_at', 'language', 'country', 'area', 'source', 'postcode', 'phone', 'postal_address', 'comment'],
  messages: ['name', 'email', 'action', 'office', 'state', 'promised_at', 'ended_at', 'subject', 'text'],
  consents: ['name', 'email', 'controller', 'purpose', 'channel', 'wording', 'answer', 'way', 'presented_at', 'recorded_at'],
  partner: ['name', 'email', 'phone', 'postal_address', 'language', 'country', 'action', 'purpose', 'channel', 'wording', 'yes_since'],
}

/** What stands in the clear about the lines of a page, by row id. */
const facts: Record<ExportKind, (db: Db, ids: { person: string[], row: string[] }) => Promise<(Fact & { id: string })[]>> = {
  people: async (db, { person }) => (await sql<Fact & { id: string }>`
    select p.id, p.language, p.country, areas.name as area, p.created_at as known_since, p.confirmed_at from people p left join areas on areas.id = p.area_id where p.id = any (${person}::uuid[])`.execute(db)).rows,
  participations: async (db, { person, row }) => (await sql<Fact & { id: string }>`
    select p.id, actions.slug as action, p.confirmed_at, p.language, p.country, areas.name as area, p.source
    from unnest(${person}::uuid[], ${row}::uuid[]) as wanted (person_id, id) join participations p using (person_id, id) join actions on actions.id = p.action_id left join areas on areas.id = p.area_id`.execute(db)).rows,
  messages: async (db, { person, row }) => (await sql<Fact & { id: string }>`
    select m.id, actions.slug as action, m.office_id, offices.label as office, m.state, m.promised_at, m.ended_at
    from unnest(${person}::uuid[], ${row}::uuid[]) as wanted (person_id, id) join messages m using (person_id, id) join actions on actions.id = m.action_id left join offices on offices.id = m.office_id`.execute(db)).rows,
  consents: consentFacts,
  partner: consentFacts,
}

async function consentFacts(db: Db, { person, row }: { person: string[], row: string[] }): Promise<(Fact & { id: string })[]> {
  const { rows } = await sql<Fact & { id: string }>`
    select c.id, (select value from jsonb_each_text(controllers.names) limit 1) as controller, statement.purpose, statement.channel, wording.wording, c.answer, c.way, c.presented_at, c.recorded_at, c.recorded_at as yes_since,
      actions.slug as action, people.language, people.country
    from unnest(${person}::uuid[], ${row}::uuid[]) as wanted (person_id, id) join consents c using (person_id, id) join people on people.id = c.person_id
    join consent_statements statement on statement.id = c.statement_id join controllers on controllers.id = statement.controller_id
    left join consent_wordings wording on wording.id = c.wording_id
    left join participations p on p.person_id = c.person_id and p.id = c.participation_id left join actions on actions.id = coalesce(c.action_id, p.action_id)`.execute(db)
  return rows
}

/** One page of an export as the database gave it: what is sealed, and what stands beside it in the clear, by row id. */
export interface ReadLines {
  sealed: SealedLine[]
  known: Map<string, Fact>
}

/** Reads the lines behind a position, against a line of the audit log. */
export async function readLines(db: Db, it: Export, { line, after, atMost }: { line: string, after: number, atMost: number }): Promise<ReadLines> {
  const { rows: sealed } = await sql<SealedLine>`select * from open_export(${line}, ${it.id}, ${after}, ${atMost})`.execute(db)
  const found = await facts[it.kind](db, { person: sealed.map(({ person_id }) => person_id), row: sealed.map(({ row_id }) => row_id) })
  return { sealed, known: new Map(found.map((fact) => [fact.id, fact])) }
}

/** The lines of one page, opened and written in the export's format. A line whose person was erased in between is not among them. */
export async function writeLines(opener: Opener, it: Export, { sealed, known }: ReadLines): Promise<string> {
  const format = formats[it.format]
  const names = columns[it.kind]
  let text = ''
  for (let from = 0; from < sealed.length; from += preparedAtOnce) {
    const lines = sealed.slice(from, from + preparedAtOnce)
    await opener.prepare('contact', lines.flatMap((line) => [line.contact, line.details, line.message_contact]))
    await opener.prepare('record', lines.flatMap((line) => [line.record, line.message_record]))
    for (const line of lines) {
      const fact = known.get(line.row_id)
      if (!fact) continue
      const said = open(opener, it.kind, line, fact)
      text += format.line(names, (name) => (name in said ? said[name] : clear(fact[name])))
    }
    // Whoever waits for a page of the desk gets it in between.
    await setImmediate()
  }
  return text
}

function clear(value: string | Date | null | undefined): Value {
  return value instanceof Date ? value.toISOString() : value
}

/** What was sealed in a line, as far as the export's kind says it. */
function open(opener: Opener, kind: ExportKind, line: SealedLine, fact: Fact): Record<string, Value> {
  const contact = opener.openNow<Contact>(contactPlace(line.person_id), line.contact)
  const details = line.details ? opener.openNow<Details>(detailsPlace(line.participation_id!), line.details) : {}
  const record = line.record ? opener.openNow<RecordDetails>(recordPlace(line.participation_id!), line.record) : {}
  const name = details.name ?? contact.name
  switch (kind) {
    case 'people': case 'consents': return { name: contact.name, email: contact.email }
    case 'participations': return { name, email: contact.email, postcode: details.postcode, phone: record.phone, postal_address: record.postalAddress, comment: details.comment }
    case 'messages': return { name, email: contact.email, ...wordsTo(opener, line, fact.office_id as string) }
    // Whoever said yes to one way of being reached did not say it to the others.
    case 'partner': return {
      name, email: fact.channel === 'email' ? contact.email : undefined, phone: fact.channel === 'phone' ? record.phone : undefined, postal_address: fact.channel === 'post' ? record.postalAddress : undefined,
    }
  }
}

/** What a message said to one office: the first words, or those that its office got. Nothing once the text has been forgotten. */
function wordsTo(opener: Opener, line: SealedLine, office: string): Record<string, Value> {
  const id = line.participation_id!
  const text = line.message_record ? opener.openNow<MessageText>(messagePlace('record', id), line.message_record)
    : line.message_contact ? opener.openNow<MessageText>(messagePlace('contact', id), line.message_contact) : undefined
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
