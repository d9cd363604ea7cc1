import { beforeEach } from 'node:test'
import { sql } from '#platform/db.ts'
import { acting, type Acting } from './acting.ts'
import { stage, type Stage } from './stage.ts'

/** A stage on which nobody has taken part before each test, and where to look for whoever should be forgotten. */
export async function forgettingStage(): Promise<{ it: Stage, play: Acting, personId: () => Promise<string>, rowsThatName: (id: string) => Promise<string[]> }> {
  const it = await stage()
  const play = await acting(it)
  beforeEach(async () => {
    await sql`truncate participations, people, email_indexes, mails, messages, message_texts, links, known_browsers, unanswered_mails, consents, paces, tallies, count_entries, count_arrivals, erased_duplicates, duplicate_salts, suppressions, erasures, erasure_requests, legal_holds, forgetting_runs`.execute(it.db)
  })
  return {
    it, play,
    async personId() {
      return (await it.db.selectFrom('people').select('id').executeTakeFirstOrThrow()).id
    },
    /** The tables in which somebody is named. */
    async rowsThatName(id) {
      const { rows } = await sql<{ table: string }>`
        select table_name as table from information_schema.columns where table_schema = 'public' and column_name = 'person_id' and table_name not like 'public_shown%'`.execute(it.db)
      const found: string[] = []
      for (const { table } of rows) {
        const hits = await sql`select 1 from ${sql.table(table)} where person_id = ${id}`.execute(it.db)
        if (hits.rows.length) found.push(table)
      }
      return found
    },
  }
}
