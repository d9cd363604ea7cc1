import { randomUUID } from 'node:crypto'
import { sql, type Tx } from '#platform/db.ts'
import type { ReportRow } from './report.ts'
import { goesOn, type RefusedRow, type RosterRow } from './roster.ts'
import type { Run } from './run.ts'
import { seatId } from './seating.ts'

/** Ends the terms of those who left, on the day on which their successor begins, and begins those of the new ones; where nobody held an office before, we do not know since when. */
export async function moveTerms(tx: Tx, rows: RosterRow[], asOf: string, added: Set<string>, changed: Set<string>): Promise<void> {
  const held = rows.filter((row) => row.holder)
  const former = await writeFormer(tx, held.filter((row) => !goesOn(row, asOf)))
  const current = held.filter((row) => goesOn(row, asOf))
  const { rows: ended } = await sql<{ office_id: string }>`
    update terms set until = greatest(${asOf}::date, since, (
      select min(next.since) from unnest(${current.map((row) => row.office.id)}::text[], ${current.map((row) => row.since)}::date[]) as next (office_id, since) where next.office_id = terms.office_id))
    where coalesce(until > ${asOf}, true) and office_id = any (${rows.map((row) => row.office.id)}::text[])
      and not exists (select from unnest(${current.map((row) => row.office.id)}::text[], ${current.map((row) => row.holder!.id)}::text[]) as present (office_id, official_id)
        where present.office_id = terms.office_id and present.official_id = terms.official_id)
    returning office_id`.execute(tx)
  const { rows: begun } = await sql<{ office_id: string }>`
    with present as (
      select * from unnest(${current.map(() => randomUUID())}::uuid[], ${current.map((row) => row.office.id)}::text[], ${current.map((row) => row.holder!.id)}::text[],
        ${current.map((row) => row.since)}::date[], ${current.map((row) => row.until)}::date[], ${current.map((row) => row.expectedUntil)}::date[]) as present (id, office_id, official_id, since, until, expected_until)),
    goes_on as (
      update terms set until = present.until, expected_until = present.expected_until from present
      where terms.office_id = present.office_id and terms.official_id = present.official_id and coalesce(terms.until > ${asOf}, true)
        and (terms.until, terms.expected_until) is distinct from (present.until, present.expected_until) and (present.since is null or terms.since is not distinct from present.since or terms.until is null)
      returning terms.office_id),
    begun as (
      insert into terms (id, office_id, official_id, since, until, expected_until)
      select id, office_id, official_id, coalesce(since, case when exists (select from terms former where former.office_id = present.office_id) then ${asOf}::date end), until, expected_until from present
      where not exists (select from terms current where current.office_id = present.office_id and current.official_id = present.official_id and coalesce(current.until > ${asOf}, true)
        and (coalesce(present.since <= ${asOf}, true) or current.since = present.since))
      on conflict (office_id, official_id, since) do update set until = excluded.until, expected_until = excluded.expected_until
      returning office_id)
    select office_id from goes_on union select office_id from begun`.execute(tx)
  for (const id of [...former, ...[...ended, ...begun].map((row) => row.office_id)]) if (!added.has(id)) changed.add(id)
}

/** Terms that were over by then. One that we thought went on ended when the file says it did. */
async function writeFormer(tx: Tx, rows: RosterRow[]): Promise<string[]> {
  const { rows: written } = await sql<{ office_id: string }>`
    insert into terms as known (id, office_id, official_id, since, until)
    select * from unnest(${rows.map(() => randomUUID())}::uuid[], ${rows.map((row) => row.office.id)}::text[], ${rows.map((row) => row.holder!.id)}::text[], ${rows.map((row) => row.since)}::date[], ${rows.map((row) => row.until)}::date[])
    on conflict (office_id, official_id, since) do update set until = excluded.until, expected_until = null where known.until is distinct from excluded.until
    returning office_id`.execute(tx)
  return written.map((row) => row.office_id)
}

/**
 * Whoever held an office of these bodies that the file no longer names has left it. A row that was refused says nothing about its
 * office; where we cannot tell which office a refused row was about, nobody is ended: it may have been any of them.
 */
export async function endMissing(tx: Tx, { bodies, rows, refused }: { bodies: string[], rows: RosterRow[], refused: RefusedRow[] }, run: Run): Promise<ReportRow[]> {
  const about = refused.map((row) => row.officeId)
  const inDoubt = about.includes(undefined)
  const spared = about.filter((id) => id !== undefined)
  const missing = sql`offices.body_id = any (${bodies}::text[]) and offices.id <> all (${rows.map((row) => row.office.id)}::text[])
    and regexp_replace(offices.id, '/[0-9]{1,4}$', '') <> all (${spared}::text[]) and offices.id <> all (${spared.map((id) => seatId(id, 1))}::text[])`
  const open = sql`terms.office_id = offices.id and coalesce(terms.until > ${run.asOf}, true)`
  const { rows: ended } = inDoubt
    ? await sql<{ label: string }>`select distinct offices.label from offices join terms on ${open} where ${missing}`.execute(tx)
    : await sql<{ label: string }>`update terms set until = greatest(${run.asOf}::date, since) from offices where ${open} and ${missing} returning offices.label`.execute(tx)
  if (run.newBoundaries && !inDoubt) await endOffices(tx, missing, run.asOf)
  return ended.map(({ label }) => ({ row: 0, outcome: inDoubt ? 'kept' : 'ended', label }))
}

/** Within new boundaries, offices that the file does not have are no more, nor are their areas. */
async function endOffices(tx: Tx, missing: ReturnType<typeof sql>, asOf: string): Promise<void> {
  const { rows } = await sql<{ area_id: string | null }>`update offices set valid_until = ${asOf} where valid_until is null and ${missing} returning area_id`.execute(tx)
  await sql`
    update areas set valid_until = ${asOf} where id = any (${rows.flatMap((row) => row.area_id ?? [])}::text[]) and valid_until is null
      and not exists (select from offices where area_id = areas.id and valid_until is null)`.execute(tx)
}
