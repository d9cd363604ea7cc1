import type { RawBuilder } from 'kysely'
import { sql } from '#platform/db.ts'

/** What the action of a statement's `actions` row is called in a language: its newest words, in the publisher's first language or any other where it has none in this one. */
export function titleIn(language: string | RawBuilder<string>): RawBuilder<string> {
  return sql<string>`coalesce((select nullif(words ->> 'title', '') from action_revisions where action_id = actions.id order by language = ${language} desc, language = (select default_language from publisher) desc, created_at desc limit 1), actions.slug)`
}
