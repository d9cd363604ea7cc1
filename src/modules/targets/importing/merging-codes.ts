import { sql, type Tx } from '#platform/db.ts'
import type { RefusalReason, ReportRow, Tally } from './report.ts'

/** Of the rows that were taken, a report lists no more than this. */
const mostTaken = 20_000

export interface MergedCodes extends Omit<Tally, 'rows'> {
  /** With codes as they are compared, not as they are shown; and with the area by its number, where nobody knows it. */
  listed: (ReportRow & { area?: number | null })[]
}

interface Merge {
  schemeId: string
  asOf: string
  /** What the file lacks has ended. */
  whole: boolean
  /** Rows of which we do not know what code they are about: with any of them, a code that is missing may be among them. */
  unidentified: number
  /** The file's codes came in order, each once. */
  ascending: boolean
  /** Some rows have a share. */
  shared: boolean
  /** Every area that the file names is one. */
  allKnown: boolean
  /** How many rows `incoming` has. */
  taken: number
}

/** Brings the codes of `incoming` and what was known together, in a dozen statements whatever their number. */
export async function mergeCodes(tx: Tx, merge: Merge): Promise<MergedCodes> {
  const listed: MergedCodes['listed'] = []
  await sql`create temporary table left_out (row_number int not null, code text not null, reason text not null, area int) on commit drop`.execute(tx)
  await leaveOut(tx, merge)
  const { rows: [counted] } = await sql<{ refused: number, is_new: boolean }>`
    select (select count(*)::int from left_out) as refused, not exists (select from lookup_codes where scheme_id = ${merge.schemeId}) as is_new`.execute(tx)
  const { refused, is_new: isNew } = counted!
  const taken = merge.taken - refused
  const { rows: outs } = await sql<{ row: number, label: string, reason: RefusalReason, area: number | null }>`select row_number as row, code as label, reason, area from left_out order by row_number limit ${mostTaken}`.execute(tx)
  listed.push(...outs.map((row) => ({ ...row, outcome: 'refused' as const })))
  if (isNew) {
    await sql`insert into lookup_codes (scheme_id, code, area_id, share) select ${merge.schemeId}, code, id, share from incoming join incoming_areas using (area) ${merge.ascending ? sql`` : sql`order by code`}`.execute(tx)
    const { rows } = await sql<{ row: number, label: string }>`select row_number as row, code as label from incoming order by row_number limit ${mostTaken}`.execute(tx)
    return { added: taken, changed: 0, unchanged: 0, refused, ended: 0, kept: 0, listed: [...listed, ...rows.map((row) => ({ ...row, outcome: 'added' as const }))] }
  }
  // What was loaded a moment ago has no statistics, and only an owner may make some: PostgreSQL 15 takes it for a handful of rows and compares each with each.
  await sql`analyze incoming, incoming_areas`.execute(tx)
  await sql`set local enable_nestloop = off`.execute(tx)
  const gone = await endCodes(tx, merge)
  const { rows: moved } = await sql<{ row: number, label: string, outcome: 'added' | 'changed' }>`
    with shared as (
      update lookup_codes set share = incoming.share from incoming join incoming_areas using (area)
      where scheme_id = ${merge.schemeId} and lookup_codes.code = incoming.code and area_id = incoming_areas.id and valid_until is null and lookup_codes.share is distinct from incoming.share
      returning row_number, incoming.code),
    fresh as (
      select row_number, incoming.code, id, incoming.share, exists (select from lookup_codes former where former.scheme_id = ${merge.schemeId} and former.code = incoming.code) as known
      from incoming join incoming_areas using (area)
      where not exists (select from lookup_codes present where present.scheme_id = ${merge.schemeId} and present.code = incoming.code and present.area_id = incoming_areas.id and present.valid_until is null)),
    begun as (
      insert into lookup_codes (scheme_id, code, area_id, share, valid_from)
      select ${merge.schemeId}, code, id, share, case when known or ${merge.whole} then ${merge.asOf}::date end from fresh returning 1)
    select row_number as row, code as label, case when known then 'changed' else 'added' end as outcome from fresh
    union all select row_number, code, 'changed' from shared`.execute(tx)
  await sql`set local enable_nestloop = on`.execute(tx)
  const changed = moved.filter((row) => row.outcome === 'changed').length
  listed.push(...gone.listed, ...moved.slice(0, mostTaken))
  return { added: moved.length - changed, changed, unchanged: taken - moved.length, refused, ended: gone.ended, kept: gone.kept, listed }
}

/** Takes out what cannot be placed: an unknown area, the same code and area again, shares that are more than the whole. */
async function leaveOut(tx: Tx, { ascending, shared, allKnown }: Merge): Promise<void> {
  const out = (reason: RefusalReason, which: ReturnType<typeof sql>) => sql`
    with gone as (delete from incoming where ${which} returning row_number, code, area)
    insert into left_out select row_number, code, ${reason}, case when ${reason} = 'unknown-area' then area end from gone`.execute(tx)
  if (!allKnown) await out('unknown-area', sql`area in (select area from (select distinct area from incoming) named where not exists (select from incoming_areas known where known.area = named.area))`)
  if (!ascending) {
    // The same twice is said twice; with two shares we do not know which is right.
    await out('duplicate-code', sql`(code, area) in (select code, area from incoming group by code, area having count(*) > 1 and count(distinct coalesce(share, -1)) > 1)`)
    await out('duplicate-code', sql`ctid in (select ctid from (select ctid, row_number() over (partition by code, area order by incoming.row_number) as time from incoming
      where (code, area) in (select code, area from incoming group by code, area having count(*) > 1)) again where time > 1)`)
  }
  if (shared) await out('bad-share', sql`code in (select code from incoming where share is not null group by code having sum(share) > 1.005)`)
}

/** Ends the codes that lie elsewhere now and, of a file that has all, those that it lacks. A row that was left out says nothing about its code. */
async function endCodes(tx: Tx, { schemeId, asOf, whole, unidentified }: Merge): Promise<{ ended: number, kept: number, listed: ReportRow[] }> {
  const here = sql`exists (select from incoming where incoming.code = lookup_codes.code)`
  const leftOut = sql`exists (select from left_out where left_out.code = lookup_codes.code)`
  await sql`
    with elsewhere as materialized (
      select ctid from lookup_codes where scheme_id = ${schemeId} and valid_until is null and not ${leftOut} and ${here}
        and not exists (select from incoming join incoming_areas using (area) where incoming.code = lookup_codes.code and incoming_areas.id = lookup_codes.area_id))
    update lookup_codes set valid_until = ${asOf} from elsewhere where lookup_codes.ctid = elsewhere.ctid`.execute(tx)
  const missing = sql`scheme_id = ${schemeId} and valid_until is null and not ${leftOut} and not ${here}`
  let [ended, kept] = [0, 0]
  const listed: ReportRow[] = []
  if (whole) {
    const { rows } = unidentified > 0
      ? await sql<{ label: string }>`select distinct code as label from lookup_codes where ${missing}`.execute(tx)
      : await sql<{ label: string }>`with gone as (update lookup_codes set valid_until = ${asOf} where ${missing} returning code) select distinct code as label from gone`.execute(tx)
    if (unidentified > 0) kept = rows.length
    else ended = rows.length
    listed.push(...rows.slice(0, mostTaken).map(({ label }) => ({ row: 0, outcome: unidentified > 0 ? 'kept' as const : 'ended' as const, label })))
  }
  // What began on that very day was a mistake of that day.
  await sql`delete from lookup_codes where scheme_id = ${schemeId} and valid_until = ${asOf} and valid_from = ${asOf}`.execute(tx)
  return { ended, kept, listed }
}
