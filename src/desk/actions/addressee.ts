import { sql } from '#platform/db.ts'
import { html, type Html } from '#platform/html/html.ts'
import type { Action, Revision } from '#modules/actions/index.ts'
import type { Desk } from '../context.ts'
import type { DeskWords } from '../words/index.ts'

/**
 * Asks whether the page still says rightly who can do it, in each language in which that was written before the targets were chosen: by whoever began the action, or for the
 * action that this one is a copy of. Saving the words of a language answers it.
 */
export async function addresseeNotice(desk: Desk, t: DeskWords, action: Action, revisions: Revision[]): Promise<Html | false> {
  if (action.kind !== 'message' || action.state === 'closed') return false
  const written = revisions.filter(({ words }) => words.addressee !== '')
  if (written.length === 0) return false
  const { rows } = await sql<{ language: string }>`
    select language from unnest(${written.map(({ language }) => language)}::text[], ${written.map(({ savedAt }) => savedAt)}::timestamptz[]) as written (language, saved_at)
    where (select max(happened_at) from audit_log where verb = 'set-targets' and ${action.id}::text = any (subject_ids))
      > greatest(saved_at, (select max(happened_at) from audit_log where verb in ('save-words', 'publish-words') and ${action.id}::text = any (subject_ids) and details ->> 'language' = written.language))`.execute(desk.db)
  const asked = written.filter(({ language }) => rows.some((row) => row.language === language))
  return asked.length > 0 && html`<div class="notice"><p>${t('action.addressee.check', { field: t('f.addressee') })}</p><ul>${asked.map(({ language, words }) => html`<li><span lang="${language}" dir="auto">${words.addressee}</span> <a href="/actions/${action.id}/words/${language}#addressee">${t('action.words', { language: t.languageName(language) })}</a></li>`)}</ul></div>`
}
