import { html, type Html } from '#platform/html/html.ts'
import { actionsByTitle, partners, type Export } from '#modules/exports/index.ts'
import { controllerName } from '../actions/questions.ts'
import type { Desk } from '../context.ts'
import type { DeskWords } from '../words/index.ts'

/** What an export is of: the terms of a list, for whoever asked for it and for whoever is to say yes. */
export async function exportFacts(desk: Desk, t: DeskWords, it: Export): Promise<Html> {
  const action = it.actionId && (await actionsByTitle(desk.db, t.language)).find(({ id }) => id === it.actionId)?.title
  const partner = it.controllerId && controllerName(await partners(desk.db), it.controllerId, t.language)
  return html`${action && html`<dt>${t('f.export_action')}</dt><dd><bdi>${action}</bdi></dd>`}${partner && html`<dt>${t('f.export_partner')}</dt><dd><bdi>${partner}</bdi></dd>`}
${it.language && html`<dt>${t('f.export_language')}</dt><dd>${t.languageName(it.language)}</dd>`}${it.country && html`<dt>${t('f.export_country')}</dt><dd>${t.countryName(it.country)}</dd>`}<dt>${t('f.export_format')}</dt><dd>${t(`export.format.${it.format}`)}</dd>`
}
