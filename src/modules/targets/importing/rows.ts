import { FileFault, lineOfFault, wholeText, type TextFile } from './source.ts'
import { tableOf } from './table.ts'

/** One row of a file, with its number as a person would count (the header of a table is row 1). */
export interface FileRow {
  number: number
  record: unknown
  /** Of a list within a row: whether this is the last entry. */
  last: boolean
  /** The row could not be read; what is wrong with it. */
  broken?: string
}

/** What a file has of a row at a place: a column's value, or what a path leads to. Empty where there is nothing. */
export type Getter = (record: unknown) => string

export interface Rows {
  /** How many rows there are, as far as that is known before they are read. */
  total: number
  /** The names of the columns, where it is a table. */
  columns?: string[]
  getter: (place: string) => Getter
  /** The rows, some at a time. */
  rows: AsyncIterable<FileRow[]>
}

/** Opens a file for reading row by row. Only tables are read in pieces. */
export async function openRows(file: TextFile, how: { shape: 'table' | 'list' | 'pairs', list: string, each?: string }): Promise<Rows> {
  if (how.shape === 'table') return tableOf(file)
  const content = await parseWhole(await wholeText(file))
  if (how.shape === 'pairs') return pairsOf(content)
  const records = how.list ? valueAt(content, how.list) : content
  if (!Array.isArray(records)) throw new FileFault(how.list ? `There is no list at “${how.list}” in this file.` : 'This file is not a list.')
  return { total: records.length, getter: (place) => (record) => textOfValue(valueAt(record, place)), rows: entriesOf(records, how.each ?? '') }
}

/** JSON or YAML. Throws a FileFault where it is neither. */
export async function parseWhole(text: string): Promise<unknown> {
  // Loaded when it is wanted: every process has this module, and few ever read a file.
  const { parse: parseYaml } = await import('yaml')
  try {
    return /^\s*[[{]/.test(text) ? JSON.parse(text) : parseYaml(text, { maxAliasCount: 100 })
  } catch (error) {
    throw new FileFault('This file cannot be read as YAML or JSON.', { cause: error, line: lineOfFault(text, error) })
  }
}

async function* entriesOf(records: unknown[], each: string): AsyncGenerator<FileRow[]> {
  for (const [index, record] of records.entries()) yield rowsOf(record, index + 1, each)
}

function rowsOf(record: unknown, number: number, each: string): FileRow[] {
  if (typeof record !== 'object' || record === null || Array.isArray(record)) return [{ number, record: {}, last: true, broken: 'no record' }]
  if (!each) return [{ number, record, last: true }]
  const entries = valueAt(record, each)
  if (!Array.isArray(entries) || entries.length === 0) return [{ number, record, last: true, broken: 'no entries' }]
  // An entry's own values stand before those of the row around it.
  return entries.map((entry: unknown, place) => ({ number, record: { ...record, ...entry as object }, last: place === entries.length - 1 }))
}

/** An object of keys and values, each a row: a key with a list of values is several. */
function pairsOf(content: unknown): Rows {
  if (typeof content !== 'object' || content === null || Array.isArray(content)) throw new FileFault('This file is not a list of keys and values.')
  const pairs = Object.entries(content)
  async function* rows(): AsyncGenerator<FileRow[]> {
    for (const [index, [key, value]] of pairs.entries()) {
      yield (Array.isArray(value) ? value as unknown[] : [value as unknown]).map((each) => {
        const broken = typeof each === 'string' || typeof each === 'number' ? {} : { broken: 'not a code' }
        return { number: index + 1, record: { area_code: key, code: each }, last: true, ...broken }
      })
    }
  }
  return { total: pairs.length, getter: (place) => (record) => textOfValue(valueAt(record, place)), rows: rows() }
}

/** Follows a path: names and places joined by dots, counted from the end where negative; `emails[type=work].value` is the first that fits. */
export function valueAt(record: unknown, path: string): unknown {
  let value = record
  for (const step of path.split('.')) {
    const [, name = '', key, wanted] = /^([^[]*)(?:\[([^=\]]+)=([^\]]*)\])?$/.exec(step) ?? []
    if (name) value = memberOf(value, name)
    if (key !== undefined) value = Array.isArray(value) ? value.find((each) => textOfValue(memberOf(each, key)) === wanted) : undefined
  }
  return value
}

function memberOf(value: unknown, name: string): unknown {
  if (Array.isArray(value)) return /^-?\d+$/.test(name) ? value.at(Number(name)) : undefined
  return typeof value === 'object' && value !== null && Object.hasOwn(value, name) ? (value as Record<string, unknown>)[name] : undefined
}

function textOfValue(value: unknown): string {
  if (Array.isArray(value)) return textOfValue(value[0])
  // A zero byte is nothing that a database keeps; as this sign somebody sees where it was.
  return typeof value === 'string' ? value.replaceAll('\0', '\uFFFD') : typeof value === 'number' || typeof value === 'boolean' ? String(value) : ''
}

/** What a mapping says of a column, as a function of a row: a place, a text with places in braces, or the first of several that is not empty. */
export function compileColumn({ columns, getter }: Rows, said: string): Getter {
  if (columns?.includes(said)) return getter(said)
  const choices = said.split('|').map((choice) => (choice.includes('{') ? template(choice, getter) : getter(choice)))
  return choices.length === 1 ? choices[0]! : (record) => choices.map((choice) => choice(record).trim()).find(Boolean) ?? ''
}

function template(text: string, getter: Rows['getter']): Getter {
  const parts = text.split(/(\{[^}]*\})/).map((part) => (part.startsWith('{') ? getter(part.slice(1, -1)) : part))
  return (record) => {
    let filled = ''
    for (const part of parts) {
      const value = typeof part === 'string' ? part : part(record).trim()
      // With a piece missing it would be another code, not a shorter one.
      if (value === '' && typeof part !== 'string') return ''
      filled += value
    }
    return filled
  }
}
