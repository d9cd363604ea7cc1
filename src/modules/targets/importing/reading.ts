import { Readable } from 'node:stream'
import { gunzipSync } from 'node:zlib'
import { parse as parseCsv, type CsvError } from 'csv-parse'
import { parse as parseSync } from 'csv-parse/sync'
import { parse as parseYaml } from 'yaml'

/** One row of a file, with its number as a person would count (the header of a table is row 1). */
export interface FileRow {
  number: number
  values: Record<string, string>
  /** The row could not be read; what is wrong with it. */
  broken?: string
}

/** A file that cannot be read at all. The message is for whoever chose it. */
export class FileFault extends Error {}

const mostBytes = 512_000_000

/** A file's text: unpacked if it is gzip, from UTF-8 or else Windows-1252, without a byte-order mark. */
export function textOf(file: Buffer): string {
  const bytes = file[0] === 0x1f && file[1] === 0x8b ? gunzipSync(file, { maxOutputLength: mostBytes }) : file
  if (bytes.subarray(0, 8000).includes(0)) throw new FileFault('This is not a text file.')
  try {
    return new TextDecoder('utf-8', { fatal: true }).decode(bytes)
  } catch {
    return new TextDecoder('windows-1252').decode(bytes)
  }
}

/** Reads a table with a header: commas, semicolons or tabs, whichever the header has most of. Broken rows come out as such. */
export async function* tableRows(text: string): AsyncGenerator<FileRow> {
  const delimiter = delimiterOf(text)
  const broken: FileRow[] = []
  const parser = Readable.from(chunks(text)).pipe(parseCsv({
    columns: (names: string[]) => names.map((name) => name.trim()), delimiter, bom: true, info: true, relax_quotes: true,
    skip_empty_lines: true, skip_records_with_error: true, max_record_size: 1_000_000,
  }))
  parser.on('skip', (error: CsvError) => broken.push({ number: (error.lines as number | undefined) ?? 0, values: {}, broken: error.code }))
  try {
    for await (const { record, info } of parser as AsyncIterable<{ record: Record<string, string>, info: { lines: number } }>) {
      yield* broken.splice(0)
      yield { number: info.lines, values: record }
    }
  } catch (error) {
    throw new FileFault('This file cannot be read as a table.', { cause: error })
  }
  yield* broken
}

/** A whole table with its columns in the file's order, up to a number of rows: for tables that are small. A short row has empty cells. */
export function readTable(text: string, most: number): { columns: string[], rows: { number: number, values: string[] }[] } {
  try {
    const [header, ...rows] = parseSync(text, { delimiter: delimiterOf(text), bom: true, info: true, relax_quotes: true, relax_column_count: true, skip_empty_lines: true, trim: true, to: most + 1 }) as unknown as { record: string[], info: { lines: number } }[]
    return { columns: header?.record ?? [], rows: rows.map(({ record, info }) => ({ number: info.lines, values: record })) }
  } catch (error) {
    throw new FileFault('This file cannot be read as a table.', { cause: error })
  }
}

function delimiterOf(text: string): string {
  const header = text.slice(0, text.indexOf('\n') < 0 ? undefined : text.indexOf('\n'))
  return [',', ';', '\t'].toSorted((one, other) => header.split(other).length - header.split(one).length)[0]!
}

function* chunks(text: string): Generator<string> {
  for (let from = 0; from < text.length; from += 65_536) yield text.slice(from, from + 65_536)
}

/** Reads an object of keys and values, as YAML or JSON. */
export function* pairRows(text: string, keyName: string, valueName: string): Generator<FileRow> {
  let pairs: unknown
  try {
    pairs = parseYaml(text, { maxAliasCount: 100 })
  } catch (error) {
    throw new FileFault('This file cannot be read as YAML or JSON.', { cause: error })
  }
  if (typeof pairs !== 'object' || pairs === null || Array.isArray(pairs)) throw new FileFault('This file is not a list of keys and values.')
  let number = 0
  for (const [key, value] of Object.entries(pairs)) {
    number += 1
    for (const each of Array.isArray(value) ? value : [value]) {
      yield typeof each === 'string' || typeof each === 'number' ? { number, values: { [keyName]: key, [valueName]: String(each) } } : { number, values: {}, broken: 'not a code' }
    }
  }
}

/** The names of a table's columns and its first rows, to choose from before an import. */
export async function previewTable(text: string, rows = 5): Promise<{ columns: string[], rows: Record<string, string>[] }> {
  const first: Record<string, string>[] = []
  for await (const row of tableRows(text)) {
    if (!row.broken) first.push(row.values)
    if (first.length === rows) break
  }
  return { columns: Object.keys(first[0] ?? {}), rows: first }
}
