import { sql, type Tx } from '#platform/db.ts'
import { moveContacts } from './contacts.ts'
import type { TargetsMapping } from './mapping.ts'
import { partRoster } from './part-roster.ts'
import { popoloRoster } from './popolo.ts'
import { summarise, type ImportReport, type Progress, type ReportRow } from './report.ts'
import { goesOn, type Roster, type RosterRow } from './roster.ts'
import type { Run } from './run.ts'
import { seated, seatId, type FormerSeats } from './seating.ts'
import type { TextFile } from './source.ts'
import { endMissing, moveTerms } from './terms.ts'
import { upsertAreas, upsertOffices, upsertOfficials } from './upserting.ts'

/** What a file says about offices and holders, as of a day. */
export function readRoster(mapping: TargetsMapping, file: TextFile, asOf: string): Promise<Roster> {
  return mapping.shape === 'popolo' ? popoloRoster(mapping, file, asOf) : partRoster(mapping, file)
}

/**
 * Imports offices and their holders as of a day. The same file again changes nothing. Where the holder of an office is another
 * one, or there is none, the former term ends on that day; so do the terms in offices of these bodies that the file no longer has.
 */
export async function importTargets(tx: Tx, mapping: TargetsMapping, roster: Roster, run: Run, progress: Progress = () => {}): Promise<ImportReport> {
  await progress(0, roster.read)
  const bodies = roster.bodies.map((body) => body.id)
  const { rows, refused } = seated(roster.rows, await formerSeats(tx, bodies), run.asOf)
  const allRefused = [...roster.refused, ...refused]
  const changed = new Set<string>()
  for (const body of roster.bodies) await sql`insert into bodies (id, name, names, source) values (${body.id}, ${body.name}, ${JSON.stringify(body.names)}, ${run.source}) on conflict do nothing`.execute(tx)
  await upsertAreas(tx, roster.areas, run)
  const added = await upsertOffices(tx, rows, run, changed)
  await upsertOfficials(tx, rows, run.source, changed)
  await moveTerms(tx, rows, run.asOf, added, changed)
  await moveContacts(tx, rows, { ...run, mapping: mapping.name }, changed)
  const missing = await endMissing(tx, { bodies, rows, refused: allRefused }, run)
  await progress(roster.read, roster.read)
  const report = reported(rows, run.asOf).map((row): ReportRow => ({ row: row.number, outcome: added.has(row.office.id) ? 'added' : changed.has(row.office.id) ? 'changed' : 'unchanged', label: row.label }))
  return summarise([...report, ...allRefused.map(({ officeId: _officeId, ...row }) => row), ...missing], roster.read)
}

/** One line for each row of the file, and for each office that no row is about: where a row says several things, about whom it says something today. */
function reported(rows: RosterRow[], asOf: string): RosterRow[] {
  return [...Map.groupBy(rows, (row) => row.number || row.office.id).values()].map((its) => its.find((row) => goesOn(row, asOf)) ?? its.at(-1)!)
}

async function formerSeats(tx: Tx, bodies: string[]): Promise<FormerSeats> {
  const { rows } = await sql<{ office_id: string, official_id: string }>`
    select office_id, official_id from terms join offices on offices.id = office_id where body_id = any (${bodies}::text[]) order by until desc nulls last, since`.execute(tx)
  const seats: FormerSeats = new Map()
  for (const { office_id: id, official_id: holder } of rows) {
    const [, base = id, number = '1'] = /^(.*?)(?:\/(\d{1,4}))?$/s.exec(id) ?? []
    for (const [office, seat] of [[base, Number(number)], [id, 1]] as const) {
      if (seatId(office, seat) === id) seats.set(office, (seats.get(office) ?? new Map<string, number>()).set(holder, seat))
    }
  }
  return seats
}
