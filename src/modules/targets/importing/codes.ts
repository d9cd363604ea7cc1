import { sql, type Tx } from '#platform/db.ts'
import { readCode, showCode, type Scheme } from '../codes.ts'
import type { LookupMapping } from './mapping.ts'
import { pairRows, tableRows, type FileRow } from './reading.ts'
import { summarise, type ImportReport, type Progress, type RefusalReason, type ReportRow } from './report.ts'

const rowsAtOnce = 5000
/** A report lists every row that was not plainly taken, and no more than this many of the others. */
const mostListed = 20_000

interface CodeRow {
  number: number
  code: string
  areaId: string
  share: number | null
}

/**
 * Imports which codes lie in which areas, as of a day. A code that the file puts elsewhere than before moves on that day. A code
 * whose area nobody has told us about is reported and left out; codes that the file does not have stay as they are.
 */
export async function importCodes(tx: Tx, mapping: LookupMapping, text: string, asOf: string, progress: Progress = () => {}): Promise<ImportReport> {
  const { scheme } = mapping
  await sql`
    insert into lookup_schemes (id, names, formats, tail, outside_prefixes, example)
    values (${scheme.id}, ${JSON.stringify(scheme.names)}, ${scheme.formats}, ${scheme.tail}, ${scheme.outsidePrefixes}, ${scheme.example})
    on conflict (id) do update set names = excluded.names, formats = excluded.formats, tail = excluded.tail, outside_prefixes = excluded.outside_prefixes, example = excluded.example
    where (lookup_schemes.names, lookup_schemes.formats, lookup_schemes.tail, lookup_schemes.outside_prefixes, lookup_schemes.example)
      is distinct from (excluded.names, excluded.formats, excluded.tail, excluded.outside_prefixes, excluded.example)`.execute(tx)
  const report: ReportRow[] = []
  const tally = { added: 0, changed: 0, unchanged: 0, refused: 0 }
  const seen = new Map<string, Set<string>>()
  let read = 0
  let chunk: CodeRow[] = []
  const note = (row: ReportRow & { outcome: keyof typeof tally }) => {
    tally[row.outcome] += 1
    if (row.outcome === 'refused' || report.length < mostListed) report.push(row)
  }
  const write = async () => {
    for (const row of await writeCodes(tx, scheme, chunk, seen, asOf)) note(row)
    chunk = []
    await progress(read)
  }
  for await (const row of rowsOf(mapping, text)) {
    read += 1
    const code = readCodeRow(mapping, row)
    if ('reason' in code) note({ row: row.number, outcome: 'refused', label: code.label.slice(0, 40), reason: code.reason })
    else chunk.push(code)
    if (chunk.length === rowsAtOnce) await write()
  }
  await write()
  await endMoved(tx, scheme.id, seen, asOf)
  return { ...summarise(report.toSorted((one, other) => one.row - other.row), read), ...tally }
}

async function* rowsOf(mapping: LookupMapping, text: string): AsyncGenerator<FileRow> {
  if (mapping.shape === 'pairs') yield* pairRows(text, 'area_code', 'code')
  else yield* tableRows(text)
}

function readCodeRow(mapping: LookupMapping, row: FileRow): CodeRow | { label: string, reason: RefusalReason } {
  const value = (column: string) => (row.values[mapping.shape === 'pairs' ? column : mapping.columns[column] ?? ''] ?? '').trim()
  const label = value('code') || value('area_code')
  if (row.broken) return { label, reason: 'unreadable' }
  if (!value('code')) return { label, reason: 'no-code' }
  if (!value('area_code')) return { label, reason: 'no-area-code' }
  const code = readCode(mapping.scheme, value('code'))
  if (code.read === 'outside') return { label, reason: 'outside-code' }
  if (code.read === 'malformed' || code.codes.length !== 1) return { label, reason: 'malformed-code' }
  const share = value('share') === '' ? null : Number(value('share'))
  if (share !== null && !(share > 0 && share <= 1)) return { label, reason: 'bad-share' }
  return { number: row.number, code: code.codes[0]!, areaId: `${mapping.areaPrefix}:${value('area_code')}`, share }
}

async function writeCodes(tx: Tx, scheme: Scheme, rows: CodeRow[], seen: Map<string, Set<string>>, asOf: string): Promise<(ReportRow & { outcome: 'added' | 'changed' | 'unchanged' | 'refused' })[]> {
  if (rows.length === 0) return []
  const { rows: known } = await sql<{ id: string }>`select id from areas where id = any (${[...new Set(rows.map((row) => row.areaId))]}::text[])`.execute(tx)
  const areas = new Set(known.map((row) => row.id))
  const fresh = new Map<string, CodeRow>()
  for (const row of rows) {
    if (!areas.has(row.areaId)) continue
    fresh.set(`${row.code} ${row.areaId}`, row)
    seen.set(row.code, (seen.get(row.code) ?? new Set()).add(row.areaId))
  }
  const all = [...fresh.values()]
  const { rows: written } = await sql<{ code: string, area_id: string, added: boolean }>`
    insert into lookup_codes (scheme_id, code, area_id, share, valid_from)
    select ${scheme.id}, code, area_id, share, case when exists (select from lookup_codes former where former.scheme_id = ${scheme.id} and former.code = present.code) then ${asOf}::date end
    from unnest(${all.map((row) => row.code)}::text[], ${all.map((row) => row.areaId)}::text[], ${all.map((row) => row.share)}::numeric[]) as present (code, area_id, share)
    on conflict (scheme_id, code, area_id) do update set share = excluded.share, valid_until = null
    where (lookup_codes.share, lookup_codes.valid_until) is distinct from (excluded.share, null)
    returning code, area_id, xmax = 0 and valid_from is null as added`.execute(tx)
  const outcomes = new Map(written.map((row) => [`${row.code} ${row.area_id}`, row.added ? 'added' as const : 'changed' as const]))
  return rows.map((row) => {
    const label = showCode(scheme, row.code)
    if (!areas.has(row.areaId)) return { row: row.number, outcome: 'refused', label, reason: 'unknown-area' }
    return { row: row.number, outcome: outcomes.get(`${row.code} ${row.areaId}`) ?? 'unchanged', label }
  })
}

/** A code that the file has in other areas than we had no longer lies in those. */
async function endMoved(tx: Tx, schemeId: string, seen: Map<string, Set<string>>, asOf: string): Promise<void> {
  const all = [...seen]
  for (let from = 0; from < all.length; from += 20_000) {
    const some = all.slice(from, from + 20_000)
    const pairs = some.flatMap(([code, areas]) => [...areas].map((area) => [code, area] as const))
    await sql`
      update lookup_codes set valid_until = ${asOf}
      where scheme_id = ${schemeId} and valid_until is null and code = any (${some.map(([code]) => code)}::text[])
        and not exists (select from unnest(${pairs.map(([code]) => code)}::text[], ${pairs.map(([, area]) => area)}::text[]) as present (code, area_id)
          where present.code = lookup_codes.code and present.area_id = lookup_codes.area_id)`.execute(tx)
  }
}
