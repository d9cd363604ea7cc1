import { html, type Html } from '#platform/html/html.ts'
import { publisherTexts } from '#modules/publisher/index.ts'
import { localPath, type Frame, type PageParts } from '../look/layout.ts'
import type { ShownSubject } from '#modules/publishing/index.ts'
import { folders, subjectName, subjectPath } from '../reading/subjects.ts'
import { actionPath, inItsLanguage, kindLine, type ActionView } from './parts.ts'

/** How many places, or topics, the home page names. */
const mostSubjects = 12

/** All actions: what can be done now first, what has come of the others after it. The home page has the way to places and topics besides. */
export function listPage(frame: Frame, views: ActionView[], subjects?: ShownSubject[]): PageParts {
  const { t, publisher } = frame
  const home = subjects !== undefined
  const texts = publisherTexts(publisher, t.language)
  const now = (view: ActionView) => view.action.standing === 'open' || view.action.standing === 'adjourned'
  const open = views.filter(now)
  const past = views.filter((view) => !now(view))
  return {
    title: home ? texts.name : t('nav.actions'), path: home ? '' : '/actions', description: texts.about,
    body: html`${home ? html`<h1>${texts.name}</h1>${texts.about && html`<p class="stand">${texts.about}</p>`}` : html`<h1>${t('nav.actions')}</h1>`}
${open.length ? html`<h2>${t('list.open')}</h2><ul class="list">${open.map((view) => card(view))}</ul>` : html`<p>${t('list.none')}</p>`}
${past.length > 0 && html`<h2 class="past">${t('list.past')}</h2><ul class="list">${past.map((view) => card(view))}</ul>`}${home && subjects.length > 0 && placesPart(frame, subjects)}`,
  }
}

function placesPart(frame: Frame, subjects: ShownSubject[]): Html {
  const { t } = frame
  return html`<section class="answers">${(['place', 'topic'] as const).map((kind) => {
    const its = subjects.filter((each) => each.kind === kind)
    return its.length > 0 && html`<h2>${t(kind === 'place' ? 'nav.places' : 'nav.topics')}</h2><ul class="other">${its.slice(0, mostSubjects).map((subject) => html`<li><a href="${localPath(frame, subjectPath(subject))}">${subjectName(frame, subject).name}</a></li>`)}${its.length > mostSubjects && html`<li><a href="${localPath(frame, folders[kind])}">${t('reading.all', { count: its.length })}</a></li>`}</ul>`
  })}</section>`
}

function card(view: ActionView): Html {
  const { frame, action, words } = view
  const picture = action.image?.files.find((file) => file.mediaType === 'image/webp')
  return html`<li class="card"><a href="${localPath(frame, actionPath(action))}">${picture && html`<img src="/files/${picture.hash}" width="${picture.width}" height="${picture.height}" alt="" loading="lazy">`}<div class="in"><p class="kind">${kindLine(view)}</p><h2${inItsLanguage(view)}>${words.words.title}</h2><p${inItsLanguage(view)}>${words.words.summary}</p></div></a></li>`
}
