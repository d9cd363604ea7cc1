import { randomUUID } from 'node:crypto'
import { sql, type Db } from '#platform/db.ts'

/** How often a look-up of a scheme ended without anybody to write to, by the first half of the code that was typed. */
export interface LookupFailure {
  schemeId: string
  beginning: string
  result: 'ambiguous' | 'unknown' | 'malformed' | 'outside' | 'vacant' | 'no-address'
  times: number
}

/** Adds look-ups that found nobody to those of a day, for staff to see gaps in their data by. */
export async function noteLookupFailures(db: Db, failures: LookupFailure[], day: string): Promise<void> {
  await sql`
    insert into lookup_failures (id, happened_on, scheme_id, beginning, result, times)
    select id, ${day}::date, scheme_id, beginning, result, times from unnest(${failures.map(() => randomUUID())}::uuid[], ${failures.map((each) => each.schemeId)}::text[],
      ${failures.map((each) => each.beginning)}::text[], ${failures.map((each) => each.result)}::text[], ${failures.map((each) => each.times)}::int[]) as failure (id, scheme_id, beginning, result, times)`.execute(db)
}
