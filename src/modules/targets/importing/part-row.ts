import { countryNamed } from '#platform/countries.ts'
import { plainDigits } from '#platform/digits.ts'
import { readAddress } from '#modules/people/index.ts'
import { slug } from '#platform/slug.ts'
import { dayWritten } from './day-written.ts'
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
      const named = value('parent_code') || value('parent_name')
      const around = named ? { code: plainDigits(named), name: value('parent_name'), kind: '' } : parent && { code: plainDigits(parent.code(row.record).trim()), name: parent.name(row.record).trim(), kind: parent.kind }
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
  const problem = around?.code && around.code === areaCode ? 'own-parent' : problemOf(part, value)
  if (problem) return refuse(problem, officeId.length > 2 * longest ? undefined : officeId)
  const areaNames = named('area_name')
  const labels = { ...Object.fromEntries(Object.entries(part.officeLabels).map(([language, text]) => [language, text.replaceAll('{area}', areaNames[language] ?? areaName)])), ...named('office') }
  const areaId = areaCode ? `${part.areaPrefix}:${areaCode}` : null
  const parentId = around?.code ? `${part.areaPrefix}:${around.code}` : null
  const [since, until] = [dayWritten(value('since'), part.dates) ?? null, dayWritten(value('until'), part.dates) ?? null]
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
      contacts: file.last ? contactsOf(part, value, name ? 'holder' : 'office') : [],
    },
  }
}

function labelOf(value: (column: string) => string): string {
  return (value('area_name') || value('office') || value('area_code') || value('holder')).slice(0, 200)
}

function problemOf(part: TargetsPart, value: (column: string) => string): RefusalReason | undefined {
  if (Object.keys(part.columns).some((column) => value(column).length > longest)) return 'too-long'
  const day = (column: string) => dayWritten(value(column), part.dates)
  if (addressesIn(value('email')).some((address) => readAddress(address) === undefined)) return 'bad-email'
  const countries = [value('embassy_of'), value('embassy_in')]
  if (countries.some(Boolean) && !countries.every((country) => countryNamed(country))) return 'bad-country'
  if (value('form_limit') && !formLimitOf(value)) return 'bad-limit'
  const [since, until] = [day('since'), day('until')]
  if (['since', 'until', 'checked_on'].some((column) => value(column) && !day(column)) || (since && until && until < since)) return 'bad-date'
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

function contactsOf(part: TargetsPart, value: (column: string) => string, of: 'office' | 'holder'): RosterContact[] {
  const said = { source: value('source') || undefined, checkedOn: dayWritten(value('checked_on'), part.dates) }
  const valuesOf = (kind: string) => (kind === 'email' ? addressesIn(value(kind)) : value(kind) && (kind !== 'url' || isWebAddress(value(kind))) ? [value(kind)] : [])
  return contactKinds.flatMap((kind) => valuesOf(kind).map((each) => ({ of, kind, value: each, ...said })))
}

/** Several addresses may stand in one cell, with commas, semicolons or spaces between them. */
function addressesIn(text: string): string[] {
  return [...new Set(text.split(/[\s,;،؛]+/).filter(Boolean))]
}

export function isWebAddress(text: string): boolean {
  return /^https?:\/\/\S+$/i.test(text)
}
