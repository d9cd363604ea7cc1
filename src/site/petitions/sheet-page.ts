import { html } from '#platform/html/html.ts'
import { qrSvg } from '#platform/qr.ts'
import { petitionWords, sheetRows } from '#modules/petitions/index.ts'
import { publisherTexts } from '#modules/publisher/index.ts'
import { actionPath, inItsLanguage, type ActionView } from '../actions/parts.ts'
import type { Site } from '../context.ts'
import { localPath, ownPath, type PageParts } from '../look/layout.ts'

/** A sheet to print, sign by hand and send in: the exact ask, who is responsible, the same questions as on the page. */
export function sheetPage(site: Site, view: ActionView): PageParts {
  const { frame, action, words } = view
  const { t, publisher } = frame
  const w = petitionWords(t.language)
  const texts = publisherTexts(publisher, t.language)
  const pdf = action.sheets[words.language]
  return {
    title: t('sheet.title', { title: words.words.title }), path: actionPath(action, '/sheet'),
    body: html`<div class="sheet"><div class="row noprint"><a class="plain" href="${localPath(frame, actionPath(action))}">${t('action.back')}</a>${pdf && html`<a class="plain" href="/files/${pdf}">${t('sheet.pdf')}</a>`}</div>
<p class="kind">${w('sheet.kind', { name: texts.name })}</p>
<h1${inItsLanguage(view)}>${words.words.title}</h1>
<div class="ask" dir="auto">${words.ask}</div>
<div class="scroll" role="region" tabindex="0" aria-label="${w('sheet.kind', { name: texts.name })}"><table><thead><tr><th scope="col">${w('sheet.name')}</th><th scope="col">${w('sheet.postcode')}</th><th scope="col">${w('sheet.email')}</th><th scope="col">${w('sheet.updates')}</th><th scope="col">${w('sheet.signature')}</th></tr></thead>
<tbody>${Array.from({ length: sheetRows }, () => html`<tr><td></td><td></td><td></td><td>☐</td><td></td></tr>`)}</tbody></table></div>
<p class="fine">${w('sheet.updates.why')}</p>
<p class="fine">${w('sheet.privacy', { responsible: texts.responsible || texts.name })}</p>
${publisher.postalAddress && html`<p><strong>${w('sheet.return')}</strong> <bdi>${publisher.postalAddress}</bdi></p>`}
<div class="qr">${qrSvg(`${site.sharedOrigin}${ownPath(frame, actionPath(action))}`, t('qr.label'))}</div><p class="fine" dir="ltr">${site.sharedOrigin}${ownPath(frame, actionPath(action))}</p></div>`,
  }
}
