import { html, type Html } from '#platform/html/html.ts'
import { localPath, type Frame, type PageParts } from '../look/layout.ts'
import { actionPath, inItsLanguage, kindLine, type ActionView } from './parts.ts'

/** All actions. */
export function listPage(frame: Frame, views: ActionView[]): PageParts {
  const title = frame.t('nav.actions')
  return { title, path: '/actions', body: html`<h1>${title}</h1>${actionCards(frame, views)}` }
}

/** What can be done now first, what has come of the others after it. */
export function actionCards({ t }: Frame, views: ActionView[]): Html {
  const now = (view: ActionView) => view.action.standing === 'open' || view.action.standing === 'adjourned'
  const open = views.filter(now)
  const past = views.filter((view) => !now(view))
  return html`${open.length ? html`<h2>${t('list.open')}</h2><ul class="list">${open.map(card)}</ul>` : html`<p>${t('list.none')}</p>`}
${past.length > 0 && html`<h2 class="past">${t('list.past')}</h2><ul class="list">${past.map(card)}</ul>`}`
}

function card(view: ActionView): Html {
  const { frame, action, words } = view
  const picture = action.image?.files.find((file) => file.mediaType === 'image/webp')
  return html`<li class="card"><a href="${localPath(frame, actionPath(action))}">${picture && html`<img src="/files/${picture.hash}" width="${picture.width}" height="${picture.height}" alt="" loading="lazy">`}<div class="in"><p class="kind">${kindLine(view)}</p><h2${inItsLanguage(view)}>${words.words.title}</h2><p${inItsLanguage(view)}>${words.words.summary}</p></div></a></li>`
}
