import { sql } from '#platform/db.ts'
import { bulletinMoulds } from '#modules/mailings/index.ts'
import { readPublisher } from '#modules/publisher/index.ts'
import { bulletinEntries } from '#modules/publishing/bulletin/sheet.ts'
import { shownSubjects } from '#modules/publishing/index.ts'
import { languages } from './public-model.ts'
import type { Stage } from './stage.ts'

/** Every view that the public server can read: what it does not show, no page, feed or map can. The database keeps the server from everything else. */
const views = ['public_items', 'public_item_words', 'public_item_subjects', 'public_corrections', 'public_sources', 'public_records', 'public_record_subjects', 'public_subjects', 'public_subject_names', 'public_former_slugs', 'public_contacts', 'public_subject_actions', 'public_item_relations', 'public_item_chronologies', 'public_search', 'public_listings', 'public_addresses', 'public_old_addresses']

/** All words of a run that the public server can read. */
export async function publicTokens(it: Stage, run: string): Promise<string[]> {
  const all = sql.join(views.map((view) => sql`select shown::text as text from ${sql.table(view)} shown where shown::text like ${`%w${run}n%`}`), sql` union all `)
  const { rows } = await sql<{ text: string }>`${all}`.execute(it.as('site'))
  return tokensIn(run, rows.map(({ text }) => text))
}

function tokensIn(run: string, texts: string[]): string[] {
  return [...new Set(texts.flatMap((text) => [...text.matchAll(new RegExp(`w${run}n\\d+`, 'g'))].map(([token]) => token)))].toSorted()
}

const toolsOf = async (it: Stage) => ({ publisher: await readPublisher(it.db), origin: 'http://localhost:3000' })

/** All words of a run that the next bulletin by mail has, and that of what lies ready can be fetched: the bulletin on paper, and cards. */
export async function carriedTokens(it: Stage, { run, subjectId, from, language }: { run: string, subjectId: string, from: Date, language: string }): Promise<string[]> {
  const now = new Date()
  const mails = [...(await bulletinMoulds(it.as('worker'), { subjectId, from, until: now }, [language], await toolsOf(it), now)).values()].map((mould) => JSON.stringify((mould.of as () => object)()))
  const names = (await sql<{ name: string }>`select id::text as name from item_revisions where words ->> 'title' like ${`w${run}n%`}`.execute(it.db)).rows.map(({ name }) => name)
  const { rows } = await sql<{ text: string }>`
    select convert_from(pdf, 'UTF8') as text from public_bulletin_sheets where subject_id = ${subjectId}
    union all select convert_from(png, 'UTF8') from public_cards where name = any (${names}::text[])`.execute(it.as('site'))
  return tokensIn(run, [...mails, ...rows.map(({ text }) => text)])
}

/** What the worker makes ahead, as it might have been made at this moment: a card of every version, the drafts too, and the bulletin on paper, by its words instead of their picture. */
export async function layReady(it: Stage, subjectId: string): Promise<void> {
  const now = new Date()
  await sql`insert into cards (name, revision_id, language, made_of, png, made_at)
    select id::text, id, language, '', convert_to(words ->> 'title', 'UTF8'), ${now} from item_revisions where item_id in (select item_id from item_subjects where subject_id = ${subjectId}) on conflict do nothing`.execute(it.db)
  const tools = await toolsOf(it)
  const subject = (await shownSubjects(it.as('worker'))).find(({ id }) => id === subjectId)!
  for (const language of languages) {
    const entries = await bulletinEntries(it.as('worker'), { subject, language, ...tools }, now)
    await sql`insert into bulletin_sheets (subject_id, language, revisions, records, made_of, looked_at, pdf)
      values (${subjectId}, ${language}, ${entries.flatMap(({ revisions }) => revisions)}::uuid[], ${entries.flatMap(({ records }) => records)}::uuid[], '', ${now}, convert_to(${JSON.stringify(entries)}, 'UTF8'))
      on conflict (subject_id, language) do update set revisions = excluded.revisions, records = excluded.records, pdf = excluded.pdf`.execute(it.db)
  }
}
