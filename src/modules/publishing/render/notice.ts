import { html, type Html } from '#platform/html/html.ts'
import { withNumbers } from '#platform/html/markdown.ts'
import { directionOf } from '#platform/words.ts'
import { saysIn, type Notice } from '../record.ts'
import type { PublishingWords } from '../words/index.ts'
import type { Around } from './kinds.ts'

/**
 * What readers may want to know before they read on, and who helps, by country. Open at first; whoever closes it has it closed from then on, on this device only, where a script can remember that: what it warns
 * of can still be read. It is in the language of the page, also where the text that it warns of is not translated.
 */
export function renderNotice({ t, ours }: Pick<Around, 't' | 'ours'>, handle: string, { about, says, strong, help }: Notice, fallback: string): Html | undefined {
  const { language } = t
  const found = saysIn(says, language, fallback)
  if (!found && about.length === 0) return undefined
  const lang = found && found.language !== language && html` lang="${found.language}" dir="${directionOf(found.language)}"`
  return html`<aside class="notice${strong && ' strong'}" role="note"${ours}><details open data-notice="${handle}"><summary><b>${t('notice.title')}</b>${about.length > 0 && html` <span>${t('notice.about', { what: t.list(about.map((each) => t(`notice.${each}`))) })}</span>`}</summary>${found?.said.text && html`<p${lang}>${withNumbers(found.said.text)}</p>`}
${found?.said.help && html`<p${lang}><b${lang && html` lang="${language}" dir="${directionOf(language)}"`}>${t('notice.help')}:</b> ${withNumbers(found.said.help)}</p>`}${help.length > 0 && html`<p><b>${t('notice.help-by-country')}</b></p><ul>${help.toSorted((a, b) => place(t, a.country).localeCompare(place(t, b.country), t.language)).map((each) => html`<li>${place(t, each.country)}: <bdi>${each.name}</bdi>${each.phone && html` <a href="tel:${each.phone.replace(/[^+\d]/g, '')}" dir="ltr">${each.phone}</a>`}${each.url && html` <a href="${each.url}" rel="noreferrer"><bdi>${new URL(each.url).hostname}</bdi></a>`}</li>`)}</ul>`}</details></aside>`
}

function place(t: PublishingWords, country: string): string {
  return country === '' ? t('notice.anywhere') : t.countryName(country)
}
