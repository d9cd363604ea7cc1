import { sql, type Tx } from '#platform/db.ts'
import type { TextFile } from './source.ts'

/** The file is older than one that was loaded; nothing was changed. `newest` is the day of that one. */
export class OlderFile extends Error {
  readonly newest: string
  readonly sameBytes: boolean
  constructor(newest: string, sameBytes: boolean) {
    super(sameBytes
      ? `This very file was loaded before, and a newer one (${newest}) since. Nothing was changed.`
      : `This file is of a day before ${newest}, of which a newer one was loaded. Nothing was changed.`)
    this.newest = newest
    this.sameBytes = sameBytes
  }
}

/**
 * Notes that a file was loaded for these bodies or this scheme, in the transaction that loads it. Throws an OlderFile where a newer one
 * was: by its day, or because the same bytes were loaded before another file.
 */
export async function noteLoaded(tx: Tx, subjects: string[], { file, asOf, evenIfOlder }: { file: TextFile, asOf: string, evenIfOlder: boolean }): Promise<void> {
  // Two imports about the same body one after the other.
  for (const subject of subjects.toSorted()) await sql`select pg_advisory_xact_lock(hashtextextended(${`import ${subject}`}, 0))`.execute(tx)
  const { rows: [newest] } = await sql<{ as_of: string, digest: string, known: boolean }>`
    select as_of, digest, exists (select from loaded_files same where same.subject = any (${subjects}::text[]) and same.digest = ${file.digest}) as known
    from loaded_files where subject = any (${subjects}::text[]) order by as_of desc, loaded_at desc limit 1`.execute(tx)
  if (newest && asOf < newest.as_of) throw new OlderFile(newest.as_of, false)
  if (newest?.known && newest.digest !== file.digest && !evenIfOlder) throw new OlderFile(newest.as_of, true)
  await sql`
    insert into loaded_files (subject, digest, as_of, loaded_at) select subject, ${file.digest}, ${asOf}, clock_timestamp() from unnest(${subjects}::text[]) as subject
    on conflict (subject, digest) do update set as_of = excluded.as_of, loaded_at = excluded.loaded_at`.execute(tx)
}
