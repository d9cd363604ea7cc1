import { html, type Html } from '#platform/html/html.ts'
import type { Action, Revision } from '#modules/actions/index.ts'
import { lastDone } from '#modules/staff/index.ts'
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
  const done = await lastDone(desk.db, action.id, ['set-targets', 'save-words', 'publish-words'])
  const chosen = done.find(({ verb }) => verb === 'set-targets')?.at
  if (!chosen) return false
  const asked = written.filter(({ language, savedAt }) => savedAt < chosen && !done.some((each) => each.language === language && each.at >= chosen))
  return asked.length > 0 && html`<div class="notice"><p>${t('action.addressee.check', { field: t('f.addressee') })}</p><ul>${asked.map(({ language, words }) => html`<li><span lang="${language}" dir="auto">${words.addressee}</span> <a href="/actions/${action.id}/words/${language}#addressee">${t('action.words', { language: t.languageName(language) })}</a></li>`)}</ul></div>`
}
