import { html, type Html } from '#platform/html/html.ts'
import { withDots, type DigestNumbers } from '#modules/messages/index.ts'
import { localLabel, type OfficeFacts } from '#modules/targets/index.ts'
import { publisherTexts } from '#modules/publisher/index.ts'
import { actionPath } from '../actions/parts.ts'
import { localPath, type Frame, type PageParts } from '../look/layout.ts'
import { titleIn } from './office-page.ts'
import { officePath } from './path.ts'

type Titles = Map<string, { slug: string, titles: Record<string, string> }>

/** What an office finds behind the link in its mail: how many confirmed people wrote, by action and day, and in which words. */
export function digestPage(frame: Frame, numbers: DigestNumbers, office: OfficeFacts | undefined, titles: Titles): PageParts {
  const { t, publisher } = frame
  const titleOf = (action: string): Html => {
    const known = titles.get(action)
    return known ? html`<bdi>${titleIn(known.titles, t.language, publisher.defaultLanguage)}</bdi>` : html`${t('digest.hidden-action')}`
  }
  const title = (action: string): Html => {
    const known = titles.get(action)
    return known ? html`<a href="${localPath(frame, actionPath(known))}">${titleOf(action)}</a>` : titleOf(action)
  }
  return {
    title: t('digest.title'), narrow: true,
    body: html`<p class="kind">${office ? html`<a href="${localPath(frame, officePath(office.id))}"><bdi>${localLabel(office, t.language)}</bdi></a>` : ''}</p><h1>${t('digest.title')}</h1>
<p class="stand">${t('digest.count', { count: numbers.messages })}</p><p>${t('digest.how', { publisher: publisherTexts(publisher, t.language).name })}</p>${numbers.ended && html`<p class="fine">${t('digest.sent', { moment: t.moment(new Date(numbers.ended), publisher.zone) })}</p>`}
<section class="card sheet"><h2>${t('digest.by-day')}</h2><div class="scroll" role="region" tabindex="0" aria-label="${t('digest.by-day')}"><table><thead><tr><th scope="col">${t('digest.day')}</th><th scope="col">${t('digest.action')}</th><th scope="col">${t('digest.people')}</th></tr></thead><tbody>${numbers.days.map((each) => html`<tr><td>${t.day(each.day)}</td><td>${title(each.action)}</td><td>${t.number(each.people)}</td></tr>`)}</tbody></table></div></section>
<section class="card"><h2>${t('digest.texts')}</h2><p>${t('digest.texts.why')}</p>${numbers.texts.map((text) => html`<p>${t('digest.unchanged', { count: text.unchanged })} ${t('digest.changed', { count: text.changed })}</p><details><summary>${t('digest.text', { language: t.languageName(text.language) })}${titles.size > 1 && html` (${titleOf(text.action)})`}</summary><div class="preview" lang="${text.language}" dir="auto">${withDots(text.subject)}

${withDots(text.body)}</div></details>`)}</section>
<section class="card"><h2>${t('digest.names')}</h2><p>${t('digest.names.why')}</p>${numbers.names.length > 0 ? html`<ul class="names">${numbers.names.map((name) => html`<li><bdi>${name}</bdi></li>`)}</ul>` : html`<p>${t('digest.names.none')}</p>`}</section>`,
  }
}
