import { nativeName } from '#platform/formats.ts'
import { html, type Html } from '#platform/html/html.ts'
import { localPath, type Frame, type PageParts } from './look/layout.ts'

/** In a language that is switched off: that it is, and the same page in the others. */
export function languageOffPage(frame: Frame, path: string): PageParts {
  const { t, publisher } = frame
  return {
    title: t('switch.language.title', { language: t.languageName(t.language) }), narrow: true,
    body: html`<h1>${t('switch.language.title', { language: t.languageName(t.language) })}</h1><p>${t('switch.language.why')}</p>
<ul class="states">${publisher.languages.map((language) => html`<li><a href="${localPath(frame, path, language)}" lang="${language}" hreflang="${language}">${nativeName(language)}</a></li>`)}</ul>`,
  }
}

/** In the place of a form while nothing is taken in: that it is so, and what can be done without us. */
export function pausedForm({ t }: Frame, otherWays: { href: string, label: string }[]): Html {
  return html`<div class="notice" role="note"><p><strong>${t('switch.signing.title')}</strong></p><p>${t('switch.signing.why')}</p></div>
<ul class="other">${otherWays.map(({ href, label }) => html`<li><a href="${href}">${label}</a></li>`)}</ul>`
}
