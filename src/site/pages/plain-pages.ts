import { html } from '#platform/html/html.ts'
import { renderMarkdown } from '#platform/html/markdown.ts'
import { privacyPolicy, publisherTexts } from '#modules/publisher/index.ts'
import { localPath } from '../look/layout.ts'
import type { Pages } from './page.ts'

/** The pages that every publisher has: privacy, what happens to your data, how to reach us. */
export function plainPages(pages: Pages): void {
  pages.getCached('/privacy', async ({ t, publisher }) => {
    return { title: t('nav.privacy'), path: '/privacy', narrow: true, body: html`<h1>${t('nav.privacy')}</h1><div class="text" dir="auto">${renderMarkdown(privacyPolicy(publisher, t.language))}</div>` }
  })

  pages.getCached('/your-data', async (frame) => {
    const { t } = frame
    return {
      title: t('nav.your-data'), path: '/your-data', narrow: true,
      body: html`<h1>${t('your-data.title')}</h1><div class="text">${(['locked', 'minimum', 'no-tracking', 'confirm', 'cookies', 'limits'] as const).map((part) => html`<h2>${t(`your-data.${part}`)}</h2><p>${t(`your-data.${part}.how`)}</p>`)}</div><div class="row"><a class="go" href="${localPath(frame, '/my-data')}">${t('my.request.title')}</a></div>`,
    }
  })

  pages.getCached('/contact', async ({ t, publisher }) => {
    const texts = publisherTexts(publisher, t.language)
    return {
      title: t('nav.contact'), path: '/contact', narrow: true,
      body: html`<h1>${t('nav.contact')}</h1><dl class="who"><div><dt>${t('contact.responsible')}</dt><dd><bdi>${texts.responsible || texts.name}</bdi></dd></div>
${publisher.email && html`<div><dt>${t('contact.email')}</dt><dd><a href="mailto:${publisher.email}" dir="ltr">${publisher.email}</a></dd></div>`}
${publisher.phone && html`<div><dt>${t('contact.phone')}</dt><dd><a href="tel:${publisher.phone.replace(/[^+\d]/g, '')}" dir="ltr">${publisher.phone}</a></dd></div>`}
${publisher.postalAddress && html`<div><dt>${t('contact.post')}</dt><dd><bdi>${publisher.postalAddress}</bdi></dd></div>`}</dl><p>${t('contact.rights')}</p>`,
    }
  })
}
