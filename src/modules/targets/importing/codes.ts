import { sql, type Tx } from '#platform/db.ts'
import { showCode } from '../codes.ts'
import { areasNamed } from './code-areas.ts'
import { codeReader, type CodeRow } from './code-row.ts'
import type { LookupMapping } from './mapping.ts'
import { mergeCodes, type MergedCodes } from './merging-codes.ts'
import { mostListed, withWhat, type ImportReport, type Progress, type RefusalReason, type ReportRow } from './report.ts'
import { openRows } from './rows.ts'
import { Streets } from './streets.ts'
import type { TextFile } from './source.ts'
import type { Run } from './run.ts'

const rowsAtOnce = 5000

/**
 * Imports which codes lie in which areas, as of a day. A code that the file puts elsewhere than before moves on that day. A code
 * whose area nobody has told us about is reported and left out; codes that the file does not have stay as they are, unless it is
 * said to have all. Memory stays flat, whatever the size of the file.
 */
export async function importCodes(tx: Tx, mapping: LookupMapping, file: TextFile, run: Run, progress: Progress = () => {}): Promise<ImportReport> {
  await saveScheme(tx, mapping)
  await sql`set local work_mem = '64MB'`.execute(tx)
  await sql`create temporary table incoming (row_number int not null, code text not null, area int not null, share numeric) on commit drop`.execute(tx)
  const { refused, refusals, read, areas, streets, ...taken } = await takeIn(tx, mapping, file, progress)
  const known = await areasNamed(tx, mapping, areas, run)
  const merged = await mergeCodes(tx, { schemeId: mapping.scheme.id, asOf: run.asOf, whole: mapping.whole || run.newBoundaries, allKnown: known === areas.length, ...taken })
  if (mapping.columns.street) await streets.merge(tx, mapping.scheme.id, mapping.whole || run.newBoundaries)
  const show = ({ area, ...row }: MergedCodes['listed'][number]): ReportRow => ({ ...row, label: withWhat(showCode(mapping.scheme, row.label), area === undefined || area === null ? '' : areas[area]![0]) })
  const { listed, ...tally } = merged
  await progress(read, read)
  return { ...tally, rows: read, refused: tally.refused + refused, report: [...refusals, ...listed.map(show)].toSorted((one, other) => one.row - other.row) }
}

async function saveScheme(tx: Tx, { scheme }: LookupMapping): Promise<void> {
  await sql`
    insert into lookup_schemes (id, names, formats, tail, outside_prefixes, example)
    values (${scheme.id}, ${JSON.stringify(scheme.names)}, ${scheme.formats}, ${scheme.tail}, ${scheme.outsidePrefixes}, ${scheme.example})
    on conflict (id) do update set names = excluded.names, formats = excluded.formats, tail = excluded.tail, outside_prefixes = excluded.outside_prefixes, example = excluded.example
    where (lookup_schemes.names, lookup_schemes.formats, lookup_schemes.tail, lookup_schemes.outside_prefixes, lookup_schemes.example)
      is distinct from (excluded.names, excluded.formats, excluded.tail, excluded.outside_prefixes, excluded.example)`.execute(tx)
}

/** An area as the file names it: its code, its name, the code and the name of the one around it. */
export type NamedArea = [code: string, name: string, parent: string, parentName: string]

/** Reads the file into the table `incoming`, where areas are numbers. The next rows are read while the last are written. */
async function takeIn(tx: Tx, mapping: LookupMapping, file: TextFile, progress: Progress) {
  const rows = await openRows(file, mapping)
  const reader = codeReader(mapping, rows)
  const numbers = new Map<string, number>()
  const areas: NamedArea[] = []
  const streets = new Streets()
  const refusals: ReportRow[] = []
  let [read, refused, unidentified, taken] = [0, 0, 0, 0]
  let [ascending, shared, last] = [true, false, '']
  let chunk = new Chunk()
  let writing: Promise<unknown> = Promise.resolve()
  const write = async () => {
    await writing
    taken += chunk.length
    writing = chunk.write(tx)
    // Awaited before the next chunk; until then a failure is nobody's.
    writing.catch(() => {})
    chunk = new Chunk()
    await progress(read, Math.max(read, rows.total))
  }
  const refuse = (row: number, label: string, reason: RefusalReason) => {
    refused += 1
    if (refusals.length < mostListed) refusals.push({ row, outcome: 'refused', label: apart(label.slice(0, 40)), reason })
  }
  for await (const batch of rows.rows) {
    for (const row of batch) {
      read += 1
      const code = reader.read(row)
      if ('reason' in code) {
        if (!code.identified) unidentified += 1
        refuse(row.number, code.label, code.reason)
        continue
      }
      let area = numbers.get(code.areaCode)
      if (area === undefined) {
        area = areas.push(reader.area(row).map(apart) as NamedArea) - 1
        numbers.set(apart(code.areaCode), area)
      }
      const told = mapping.columns.street ? streets.add(code, area) : 'first'
      if (told === 'further') continue
      if (told === 'other-share') {
        refuse(row.number, showCode(mapping.scheme, code.code), 'duplicate-code')
        continue
      }
      if (code.code <= last) ascending = false
      if (code.share !== null) shared = true
      last = code.code
      chunk.add(row.number, code, area)
    }
    if (chunk.length >= rowsAtOnce) await write()
  }
  await write()
  await writing
  return { refused, refusals, read, taken, unidentified, areas, streets, ascending, shared }
}

/** A piece of a text keeps the whole of it in memory; this is a text of its own. */
function apart(text: string): string {
  return Buffer.from(text).toString()
}

/** Rows on their way into the database, by columns, as arrays are written there: codes are letters and digits by now, and need no quotes. */
class Chunk {
  length = 0
  readonly #columns: [number[], string[], number[], (number | 'NULL')[]] = [[], [], [], []]

  add(number: number, { code, share }: CodeRow, area: number): void {
    this.length += 1
    const [numbers, codes, areas, shares] = this.#columns
    numbers.push(number)
    codes.push(code)
    areas.push(area)
    shares.push(share ?? 'NULL')
  }

  write(tx: Tx): Promise<unknown> {
    const [numbers, codes, areas, shares] = this.#columns.map((column) => `{${column.join(',')}}`)
    return sql`
      insert into incoming (row_number, code, area, share) select * from unnest(${numbers}::int[], ${codes}::text[], ${areas}::int[], ${shares}::numeric[])`.execute(tx)
  }
}
