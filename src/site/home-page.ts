import { html, type Html } from '#platform/html/html.ts'
import { linkIn, sayKind, shownWordsIn, type LinkedItem, type ShownItem, type ShownSubject } from '#modules/publishing/index.ts'
import { publisherTexts } from '#modules/publisher/index.ts'
import { actionCards } from './actions/list-page.ts'
import { viewOf } from './actions/parts.ts'
import type { Site } from './context.ts'
import { localPath, type Frame, type PageParts } from './look/layout.ts'
import { headOf } from './reading/head.ts'
import { dayMark, inLanguage, itemPath, wordsFor } from './reading/readable.ts'
import { allSubjects, folders, fromAToZ, subjectName, subjectPath } from './reading/subjects.ts'
import { shownAction } from './switchboard.ts'

/** How many campaigns, places and topics the first page names. */
const mostNamed = 12

/** The first page: who this is, what can be done now, what is new, and the way to everything else. */
export async function homePage(site: Site, frame: Frame): Promise<PageParts> {
  const { publisher, t } = frame
  const { name, about } = publisherTexts(publisher, t.language)
  const views = (await site.list.get('')).map((action) => viewOf(frame, shownAction(action, frame.off)))
  const items = await site.news.get('')
  const subjects = await allSubjects(site)
  const beside = [newsPart(frame, items, subjects), campaignsPart(frame, await site.campaigns.get('')), ...(['place', 'topic'] as const).map((kind) => subjectsPart(frame, kind, subjects))]
  return {
    title: name, path: '', description: about, reading: true,
    head: headOf(site, frame, { path: '', title: name, description: about, language: t.language, feeds: items.length > 0 ? '' : undefined, type: 'CollectionPage' }),
    body: html`<div class="cols home"><div class="lede"><h1>${name}</h1>${about && html`<p class="stand">${about}</p>`}</div>
<div class="acts">${actionCards(frame, views)}</div>
${beside.some(Boolean) && html`<aside class="further">${beside}</aside>`}</div>`,
  }
}

function newsPart(frame: Frame, items: ShownItem[], subjects: ShownSubject[]): Html | false {
  const { t, publisher } = frame
  return items.length > 0 && html`<section aria-labelledby="latest"><h2 id="latest">${t('reading.latest')}</h2><ul class="bare">${items.map((item) => {
    const { words, language } = shownWordsIn(item, t.language, publisher.defaultLanguage)
    const about = subjects.filter(({ kind, id }) => kind === 'place' && item.subjects.includes(id)).map((subject) => subjectName(frame, subject).name)
    return html`<li><p class="kind">${about.length > 0 && html`${t.list(about)} · `}${sayKind(wordsFor(frame), item.kind, words.labels)} · ${dayMark(frame, item.date)}</p><a href="${localPath(frame, itemPath(item))}"${inLanguage(frame, language)}>${words.title}</a></li>`
  })}</ul></section>`
}

function campaignsPart(frame: Frame, campaigns: LinkedItem[]): Html | false {
  const { t, publisher } = frame
  const named = campaigns.map((item) => linkIn(item, t.language, publisher.defaultLanguage, localPath(frame, itemPath(item))))
  return namedPart(frame, 'nav.campaigns', '/campaigns', named.map(({ title, language, path }) => html`<a href="${path}"${inLanguage(frame, language)}>${title}</a>`))
}

function subjectsPart(frame: Frame, kind: keyof typeof folders, subjects: ShownSubject[]): Html | false {
  const its = fromAToZ(frame, subjects.filter((each) => each.kind === kind))
  return namedPart(frame, kind === 'place' ? 'nav.places' : 'nav.topics', folders[kind], its.map(({ subject, name, language }) => html`<a href="${localPath(frame, subjectPath(subject))}"${inLanguage(frame, language)}>${name}</a>`))
}

/** A few of many, and the way to all of them. */
function namedPart(frame: Frame, heading: 'nav.campaigns' | 'nav.places' | 'nav.topics', path: string, links: Html[]): Html | false {
  const { t } = frame
  return links.length > 0 && html`<section><h2>${t(heading)}</h2><ul class="bare">${links.slice(0, mostNamed).map((link) => html`<li>${link}</li>`)}${links.length > mostNamed && html`<li><a href="${localPath(frame, path)}">${t('reading.all', { count: links.length })}</a></li>`}</ul></section>`
}
