import { openRows, parseWhole, valueAt } from './rows.ts'
import { FileFault, openText, wholeText, type FileSource } from './source.ts'

/** A file's first rows, to say what its columns are before an import. */
export interface Preview {
  shape: 'table' | 'list' | 'pairs' | 'popolo'
  /** Names of columns, or the places of a list's rows. */
  places: string[]
  rows: Record<string, string>[]
  /** Where in the file lists are, and within rows; the first of each is what `list` and `each` were if nothing else was asked for. */
  lists: string[]
  inner: string[]
  list: string
  each: string
}

const shown = 5
const mostPlaces = 80

/** Looks at a file. Throws a FileFault where nothing can be read, or nothing is there. */
export async function previewFile(source: FileSource, asked: { list?: string, each?: string } = {}): Promise<Preview> {
  const file = await openText(source)
  let start = ''
  for await (const piece of file.pieces()) {
    start += piece
    if (start.length > 1000) break
  }
  if (/^\ufeff?\s*[[{]|^\ufeff?(#.*\n|---.*\n|\s*\n)*(- |[\w'"-]+:(\s|$))/.test(start)) return previewWhole(await parseWhole(await wholeText(file)), asked)
  const rows = await openRows(file, { shape: 'table', list: '' })
  const first: Record<string, string>[] = []
  for await (const batch of rows.rows) {
    const whole = batch.filter((row) => !row.broken).map((row) => Object.fromEntries(rows.columns!.map((column) => [column, rows.getter(column)(row.record)])))
    first.push(...whole.slice(0, shown - first.length))
    if (first.length === shown) break
  }
  if (rows.columns!.length === 0 || first.length === 0) throw new FileFault('This file has no rows.')
  return { shape: 'table', places: rows.columns!, rows: first, lists: [], inner: [], list: '', each: '' }
}

function previewWhole(content: unknown, asked: { list?: string, each?: string }): Preview {
  const nothing = { places: [], rows: [], lists: [], inner: [], list: '', each: '' }
  if (isThing(content) && ['memberships', 'posts'].some((name) => Array.isArray(content[name])) && ['persons', 'organizations'].some((name) => Array.isArray(content[name]))) return { shape: 'popolo', ...nothing }
  const lists = Array.isArray(content) ? [''] : listsIn(content, '', 3)
  if (lists.length === 0 && isThing(content) && Object.values(content).every((value) => typeof value === 'string' || typeof value === 'number')) {
    return { shape: 'pairs', ...nothing, places: ['area_code', 'code'], rows: Object.entries(content).slice(0, shown).map(([area, code]) => ({ area_code: area, code: String(code) })) }
  }
  const list = asked.list !== undefined && lists.includes(asked.list) ? asked.list : lists[0]
  const records = list === undefined ? [] : (list ? valueAt(content, list) : content) as unknown[]
  const first = records.filter(isThing).slice(0, shown)
  if (list === undefined || first.length === 0) throw new FileFault('This file has no list of rows.')
  const inner = [...new Set(first.flatMap((record) => listsIn(record, '', 2)))]
  const each = asked.each !== undefined && inner.includes(asked.each) ? asked.each : ''
  const rows = first.map((record) => ({ ...record, ...(each && (valueAt(record, each) as unknown[]).at(-1) as object) }))
  const places = [...new Set(rows.flatMap((row) => placesIn(row, '', 3)))].filter((place) => !each || !place.startsWith(`${each}.`)).slice(0, mostPlaces)
  return { shape: 'list', places, rows: rows.map((row) => Object.fromEntries(places.map((place) => [place, textAt(row, place)]))), lists, inner, list, each }
}

function textAt(row: unknown, place: string): string {
  const value = valueAt(row, place)
  return typeof value === 'string' || typeof value === 'number' || typeof value === 'boolean' ? String(value) : ''
}

/** Where lists of records are, the longest first. */
function listsIn(value: unknown, path: string, depth: number): string[] {
  if (!isThing(value) || depth === 0) return []
  const found = Object.entries(value).flatMap(([name, each]) => {
    if (/[.[\]{}|]/.test(name)) return []
    const here = path ? `${path}.${name}` : name
    return Array.isArray(each) ? (each.some(isThing) ? [{ here, length: each.length }] : []) : listsIn(each, here, depth - 1).map((inner) => ({ here: inner, length: 0 }))
  })
  return found.toSorted((one, other) => other.length - one.length).map((each) => each.here)
}

function placesIn(value: unknown, path: string, depth: number): string[] {
  if (Array.isArray(value)) {
    const typed = value.filter(isThing).flatMap((each) => (typeof each.type === 'string' && 'value' in each ? [`${path}[type=${each.type}].value`] : []))
    return typed.length ? typed : depth > 0 ? placesIn(value[0], `${path}.0`, depth - 1) : []
  }
  if (!isThing(value)) return value === null || value === undefined || !path ? [] : [path]
  if (depth === 0) return []
  return Object.entries(value).flatMap(([name, each]) => (/[.[\]{}|]/.test(name) ? [] : placesIn(each, path ? `${path}.${name}` : name, depth - 1)))
}

function isThing(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}
