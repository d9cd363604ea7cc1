import { sql, type Tx } from '#platform/db.ts'
import { summarise, type ImportReport, type Progress, type ReportRow } from '../importing/report.ts'
import type { BoundariesMapping } from './mapping.ts'
import { featuresOf, readBoundary, type BoundaryRow, type RefusedRow } from './reading.ts'

const rowsAtOnce = 50

/**
 * Imports the boundaries of areas as of a day: a generation. Where a boundary is another one than before, the former one ends on
 * that day; so do those of areas that the file no longer has, and those areas with them. The same file again changes nothing, and
 * one that is older than what we know is left out. A boundary that cannot be relied on is reported, and says nothing about its area.
 */
export async function importBoundaries(tx: Tx, mapping: BoundariesMapping, text: string, asOf: string, source: string, progress: Progress = () => {}): Promise<ImportReport> {
  const { rows, refused } = await readRows(mapping, text, progress)
  const read = rows.length + refused.length
  const newest = await newestDay(tx, mapping.layer)
  if (newest !== null && asOf < newest) return summarise([...rows.map((row): ReportRow => ({ row: row.number, outcome: 'refused', label: row.label, reason: 'older-file' })), ...refused.map(reported)].toSorted(byRow), read)
  const former = await currentPrints(tx, mapping.layer)
  await upsertAreas(tx, mapping, rows, former.size > 0 ? asOf : null, source)
  const changed = rows.filter((row) => former.get(row.area.id) !== row.print)
  await writeShapes(tx, mapping.layer, changed, former, asOf, source)
  await sql`update area_shapes set checked_on = ${asOf} where layer = ${mapping.layer} and valid_until is null and checked_on < ${asOf} and area_id = any (${rows.map((row) => row.area.id)}::text[])`.execute(tx)
  // A feature without a code may be any area's: then none is said to be missing.
  const complete = mapping.whole && !refused.some((row) => row.reason === 'no-area-code' || row.reason === 'unreadable')
  const ended = complete ? await endMissing(tx, mapping.layer, [...rows.map((row) => row.area.id), ...refused.flatMap((row) => row.areaId ?? [])], asOf) : []
  await progress(read, read)
  const report = rows.map((row): ReportRow => ({ row: row.number, outcome: former.get(row.area.id) === row.print ? 'unchanged' : former.has(row.area.id) ? 'changed' : 'added', label: row.label }))
  return summarise([...report, ...refused.map(reported), ...ended].toSorted(byRow), read)
}

function reported({ areaId: _areaId, ...row }: RefusedRow): ReportRow {
  return row
}

function byRow(one: ReportRow, other: ReportRow): number {
  return one.row - other.row
}

async function readRows(mapping: BoundariesMapping, text: string, progress: Progress): Promise<{ rows: BoundaryRow[], refused: RefusedRow[] }> {
  const features = featuresOf(text)
  const byArea = new Map<string, BoundaryRow[]>()
  const refused: RefusedRow[] = []
  for (const [place, feature] of features.entries()) {
    if (place % rowsAtOnce === 0) await progress(place, features.length)
    const row = readBoundary(mapping, feature, place + 1)
    if ('outcome' in row) {
      refused.push(row)
    } else byArea.set(row.area.id, [...byArea.get(row.area.id) ?? [], row])
  }
  // Two boundaries for one area: one of them is wrong and we do not know which.
  for (const [id, its] of byArea) {
    if (its.length === 1) continue
    byArea.delete(id)
    refused.push(...its.map((row) => ({ row: row.number, outcome: 'refused' as const, label: row.label, reason: 'duplicate-area' as const, areaId: id })))
  }
  return { rows: [...byArea.values()].flat(), refused }
}

/** As of which day the newest file of a layer was. */
async function newestDay(tx: Tx, layer: string): Promise<string | null> {
  const { rows } = await sql<{ day: string | null }>`select max(checked_on) as day from area_shapes where layer = ${layer}`.execute(tx)
  return rows[0]!.day
}

async function currentPrints(tx: Tx, layer: string): Promise<Map<string, string>> {
  const { rows } = await sql<{ area_id: string, print: string }>`select area_id, print from area_shapes where layer = ${layer} and valid_until is null`.execute(tx)
  return new Map(rows.map((row) => [row.area_id, row.print]))
}

/** Areas that nobody has told us about begin with their first boundary; those that are known keep the name that they have. */
async function upsertAreas(tx: Tx, mapping: BoundariesMapping, rows: BoundaryRow[], since: string | null, source: string): Promise<void> {
  const parents = [...new Map(rows.flatMap((row) => (row.parent ? [[row.parent.id, row.parent] as const] : []))).values()]
  await sql`
    insert into areas (id, name, kind, source) select id, name, ${mapping.parentKind}, ${source}
    from unnest(${parents.map((each) => each.id)}::text[], ${parents.map((each) => each.name)}::text[]) as parent (id, name) on conflict do nothing`.execute(tx)
  await sql`
    insert into areas (id, name, names, kind, parent_id, valid_from, source)
    select id, name, names::jsonb, ${mapping.areaKind}, parent_id, ${since}::date, ${source}
    from unnest(${rows.map((row) => row.area.id)}::text[], ${rows.map((row) => row.area.name)}::text[], ${rows.map((row) => JSON.stringify(row.area.names))}::text[], ${rows.map((row) => row.parent?.id ?? null)}::text[])
      as area (id, name, names, parent_id)
    on conflict (id) do update set names = excluded.names || areas.names, parent_id = coalesce(excluded.parent_id, areas.parent_id), valid_until = null
    where (areas.names, areas.parent_id, areas.valid_until) is distinct from (excluded.names || areas.names, coalesce(excluded.parent_id, areas.parent_id), null)`.execute(tx)
}

async function writeShapes(tx: Tx, layer: string, rows: BoundaryRow[], former: Map<string, string>, asOf: string, source: string): Promise<void> {
  const ids = rows.map((row) => row.area.id)
  await sql`update area_shapes set valid_until = ${asOf} where layer = ${layer} and area_id = any (${ids}::text[]) and valid_until is null and valid_from is distinct from ${asOf}::date`.execute(tx)
  await sql`
    insert into area_shapes (area_id, layer, valid_from, shape, print, checked_on, source)
    select area_id, ${layer}, ${former.size > 0 ? asOf : null}::date, shape, print, ${asOf}, ${source}
    from unnest(${ids}::text[], ${rows.map((row) => row.shape)}::text[], ${rows.map((row) => row.print)}::text[]) as present (area_id, shape, print)
    on conflict (area_id, layer, valid_from) do update set shape = excluded.shape, print = excluded.print, checked_on = excluded.checked_on, source = excluded.source, valid_until = null`.execute(tx)
}

/** An area that the newest boundaries no longer have has come to its end with its boundary. */
async function endMissing(tx: Tx, layer: string, present: string[], asOf: string): Promise<ReportRow[]> {
  const { rows } = await sql<{ name: string }>`
    with ended as (
      update area_shapes set valid_until = greatest(${asOf}::date, valid_from) where layer = ${layer} and valid_until is null and area_id <> all (${present}::text[]) returning area_id)
    update areas set valid_until = ${asOf} from ended where areas.id = ended.area_id returning areas.name`.execute(tx)
  return rows.map(({ name }) => ({ row: 0, outcome: 'ended', label: name }))
}
