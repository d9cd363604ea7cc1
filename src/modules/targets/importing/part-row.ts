import { countryNamed } from '#platform/countries.ts'
import { isDay } from '#platform/days.ts'
import { plainDigits } from '#platform/digits.ts'
import { readAddress } from '#modules/people/index.ts'
import { slug } from '#platform/slug.ts'
import type { TargetsPart } from './mapping.ts'
import type { RefusalReason } from './report.ts'
import type { RefusedRow, RosterArea, RosterContact, RosterMission, RosterRow } from './roster.ts'
import { compileColumn, type FileRow, type Getter, type Rows } from './rows.ts'

/** What one row of a table or list says: an office with perhaps a holder, the areas it needs. */
export interface ReadRow {
  row: RosterRow
  areas: RosterArea[]
  /** Something of it that could not be taken; the rest was. */
  left?: RefusedRow
}

/** How rows about one body are read. `fits` says whether a row is about it. */
export interface PartReader {
  fits(row: FileRow): boolean
  /** What a row is about, for a report. */
  label(row: FileRow): string
  read(row: FileRow): ReadRow | RefusedRow
}

const contactKinds = ['email', 'phone', 'address', 'url'] as const
/** Longer than that is no name and no address. */
const longest = 500

export function partReader(part: TargetsPart, rows: Rows): PartReader {
  const getters = new Map(Object.entries(part.columns).map(([column, said]) => [column, compileColumn(rows, said)]))
  const conditions = Object.entries(part.when).map(([place, wanted]): [Getter, string] => [compileColumn(rows, place), wanted])
  const parent = part.areaParent && { code: compileColumn(rows, part.areaParent.code), name: part.areaParent.name ? compileColumn(rows, part.areaParent.name) : () => '', kind: part.areaParent.kind }
  const valuesOf = (record: unknown) => (column: string): string => {
    const text = (getters.get(column)?.(record) ?? '').normalize('NFC').trim()
    return part.empty.includes(text) ? '' : text
  }
  return {
    fits: ({ record }) => conditions.every(([getter, wanted]) => getter(record) === wanted),
    label: ({ record }) => labelOf(valuesOf(record)),
    read: (row) => {
      const value = valuesOf(row.record)
      const around = parent && { code: plainDigits(parent.code(row.record).trim()), name: parent.name(row.record).trim(), kind: parent.kind }
      return readPart(part, row, value, around)
    },
  }
}

function readPart(part: TargetsPart, file: FileRow, value: (column: string) => string, around: { code: string, name: string, kind: string } | undefined): ReadRow | RefusedRow {
  const named = (column: string): Record<string, string> => Object.fromEntries(Object.keys(part.columns)
    .filter((key) => key.startsWith(`${column}@`)).map((key) => [key.slice(column.length + 1), value(key)]).filter(([, text]) => text))
  const refuse = (reason: RefusalReason, officeId?: string): RefusedRow => ({ row: file.number, outcome: 'refused', label: labelOf(value), reason, ...(officeId && { officeId }) })
  if (file.broken) return refuse('unreadable')
  const areaCode = plainDigits(value('area_code'))
  if (part.columns.area_code && !areaCode) return refuse('no-area-code')
  const areaName = value('area_name') || areaCode
  const officeLabel = value('office') || part.officeLabel.replaceAll('{area}', areaName)
  if (!officeLabel) return refuse('no-name')
  const officeId = `${part.body.id}:${plainDigits(value('office_code')) || areaCode || slug(officeLabel)}`
  const problem = problemOf(part, value)
  if (problem) return refuse(problem, officeId.length > 2 * longest ? undefined : officeId)
  const areaNames = named('area_name')
  const labels = { ...Object.fromEntries(Object.entries(part.officeLabels).map(([language, text]) => [language, text.replaceAll('{area}', areaNames[language] ?? areaName)])), ...named('office') }
  const areaId = areaCode ? `${part.areaPrefix}:${areaCode}` : null
  const parentId = around?.code ? `${part.areaPrefix}:${around.code}` : null
  const [since, until] = [dayOf(value('since')) ?? null, dayOf(value('until')) ?? null]
  const expected = part.current && file.last
  const name = value('holder')
  const badUrl = value('url') !== '' && !isWebAddress(value('url'))
  return {
    ...(badUrl && { left: refuse('bad-url', officeId) }),
    areas: [
      ...(parentId ? [{ id: parentId, name: around!.name || around!.code, names: {}, kind: around!.kind, parentId: null }] : []),
      ...(areaId ? [{ id: areaId, name: areaName, names: areaNames, kind: part.areaKind, parentId }] : []),
    ],
    row: {
      number: file.number, label: officeLabel, areaId, seats: part.seats,
      office: { id: officeId, bodyId: part.body.id, label: officeLabel, labels, salutations: part.salutations, mission: missionOf(value) },
      holder: name ? { id: `${part.holderPrefix ?? part.body.id}:${plainDigits(value('holder_id')) || slug(name)}`, byName: !value('holder_id'), name, names: named('holder'), otherNames: [], formalName: value('formal_name'), party: value('party') } : undefined,
      since, until: expected ? null : until, expectedUntil: expected ? until : null,
      // What a former term says of how to reach somebody was true then.
      contacts: file.last ? contactsOf(value, name ? 'holder' : 'office') : [],
    },
  }
}

function labelOf(value: (column: string) => string): string {
  return (value('area_name') || value('office') || value('area_code') || value('holder')).slice(0, 200)
}

function problemOf(part: TargetsPart, value: (column: string) => string): RefusalReason | undefined {
  if (Object.keys(part.columns).some((column) => value(column).length > longest)) return 'too-long'
  const [email, since, until] = [value('email'), value('since'), value('until')]
  if (email && readAddress(email) === undefined) return 'bad-email'
  const countries = [value('embassy_of'), value('embassy_in')]
  if (countries.some(Boolean) && !countries.every((country) => countryNamed(country))) return 'bad-country'
  if (value('form_limit') && !formLimitOf(value)) return 'bad-limit'
  if ([since, until, value('checked_on')].some((text) => text && !dayOf(text)) || (since && until && dayOf(until)! < dayOf(since)!)) return 'bad-date'
  return undefined
}

function missionOf(value: (column: string) => string): RosterMission {
  return { represents: countryNamed(value('embassy_of')) ?? null, host: countryNamed(value('embassy_in')) ?? null, formLimit: formLimitOf(value) ?? null }
}

/** How many characters a web form takes, up to a million; nothing if the file does not say a number. */
function formLimitOf(value: (column: string) => string): number | undefined {
  const text = plainDigits(value('form_limit').normalize('NFKC'))
  return /^[1-9]\d{0,5}$/.test(text) ? Number(text) : undefined
}

function contactsOf(value: (column: string) => string, of: 'office' | 'holder'): RosterContact[] {
  return contactKinds.flatMap((kind) => (value(kind) && (kind !== 'url' || isWebAddress(value(kind))) ? [{ of, kind, value: value(kind), source: value('source') || undefined, checkedOn: dayOf(value('checked_on')) }] : []))
}

export function isWebAddress(text: string): boolean {
  return /^https?:\/\/\S+$/i.test(text)
}

/** A day that a file says, in digits of any width, with or without a time behind it. */
export function dayOf(text: string): string | undefined {
  const day = plainDigits(text.normalize('NFKC')).replace(/^(\d{4}-\d{2}-\d{2})[T ].*$/, '$1')
  return isDay(day) ? day : undefined
}
