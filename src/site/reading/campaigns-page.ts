import { html } from '#platform/html/html.ts'
import { linkIn, type LinkedItem } from '#modules/publishing/index.ts'
import { localPath, type Frame, type PageParts } from '../look/layout.ts'
import { folders } from './subjects.ts'
import { inLanguage, itemPath } from './readable.ts'

/** All campaigns, from A to Z as the page's language sorts them. */
export function campaignsPage(frame: Frame, campaigns: LinkedItem[]): PageParts {
  const { t, publisher } = frame
  const order = new Intl.Collator(t.language)
  const named = campaigns.map((item) => ({ item, ...linkIn(item, t.language, publisher.defaultLanguage, localPath(frame, itemPath(item))) })).toSorted((a, b) => order.compare(a.title, b.title))
  return {
    title: t('nav.campaigns'), path: '/campaigns', narrow: true, reading: true,
    body: html`<h1>${t('nav.campaigns')}</h1>${named.length === 0 ? html`<p>${t('reading.none')}</p>` : html`<ul class="bare">${named.map(({ item, title, language, path }) => html`<li><h2${inLanguage(frame, language)}><a href="${path}">${title}</a></h2>${item.says[language]!.summary && html`<p${inLanguage(frame, language)}>${item.says[language]!.summary}</p>`}</li>`)}</ul>`}
<p><a class="plain" href="${localPath(frame, '/actions')}">${t('nav.actions')}</a>${frame.places && html` <a class="plain" href="${localPath(frame, folders.place)}">${t('nav.places')}</a>`}</p>`,
  }
}
