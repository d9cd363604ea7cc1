import { html, type Html } from '#platform/html/html.ts'
import type { PublicAction } from '#modules/actions/index.ts'
import type { Block } from '#modules/publishing/index.ts'
import { kindLine, stopNotice, viewOf, type ActionView } from '../actions/parts.ts'
import { localPath, type Frame } from '../look/layout.ts'
import { shownAction } from '../switchboard.ts'
import { dayMark, inLanguage, itemPath, type Readable } from './readable.ts'

const isOpen = ({ action }: ActionView) => action.standing === 'open' || action.standing === 'adjourned'

/** The blocks of a campaign's page in their order. What they refer to is shown as it stands now: an action that takes nothing says so, and offers what can be done instead. */
export function campaignBlocks(frame: Frame, { shown, rendered }: Readable, actions: PublicAction[], related: Readable[]): Html {
  const { blocks } = shown.words
  const all = actions.map((action) => viewOf(frame, shownAction(action, frame.off)))
  const asked = blocks.flatMap((each) => (each.kind === 'asks' ? each.actions : []))
  // First what this campaign asks, then whatever else is open.
  const next = [...all.filter(({ action }) => asked.includes(action.slug)), ...all].find(isOpen)
  return html`${blocks.map((block) => {
    const body = bodyOf(frame, block, { written: rendered.blocks.get(block.id), language: shown.language }, all, next, related)
    return body && html`<section class="block" id="block-${block.id}">${block.title && html`<h2${inLanguage(frame, shown.language)}>${block.title}</h2>`}${body}</section>`
  })}`
}

function bodyOf(frame: Frame, block: Block, { written, language }: { written: Html | undefined, language: string }, all: ActionView[], next: ActionView | undefined, related: Readable[]): Html | false | undefined {
  switch (block.kind) {
    case 'asks': {
      const views = block.actions.flatMap((slug) => all.find(({ action }) => action.slug === slug) ?? [])
      // What is held elsewhere and is over is not public, so not among what is written.
      return (views.length > 0 || Boolean(written?.text)) && html`${views.length > 0 && html`<ul class="calls">${views.map((view) => html`<li>${ask(frame, view, next)}</li>`)}</ul>`}${written && html`<div${inLanguage(frame, language)}>${written}</div>`}`
    }
    case 'items': {
      const items = block.items.flatMap((slug) => related.find(({ item }) => item.slug === slug) ?? [])
      return items.length > 0 && html`<ul class="bare">${items.map((each) => html`<li><p class="kind">${each.kindLine} · ${dayMark(frame, each.item.date)}</p><a href="${localPath(frame, itemPath(each.item))}"${inLanguage(frame, each.shown.language)}>${each.shown.words.title}</a>${each.shown.words.summary && html`<p${inLanguage(frame, each.shown.language)}>${each.shown.words.summary}</p>`}</li>`)}</ul>`
    }
    default: return written && (language === frame.t.language ? written : html`<div${inLanguage(frame, language)}>${written}</div>`)
  }
}

/** An action with its button, or what has become of it and where to go instead. */
function ask(frame: Frame, view: ActionView, next: ActionView | undefined): Html {
  const path = (of: ActionView) => localPath(frame, `/actions/${of.action.slug}`)
  const title = html`<span${inLanguage(frame, view.words.language)}>${view.words.words.title}</span>`
  if (isOpen(view)) return html`<p class="kind">${kindLine(view)}</p><a class="go" href="${path(view)}">${title}</a>`
  return html`<p class="kind">${kindLine(view)}</p><p><a href="${path(view)}">${title}</a></p>${stopNotice(view)}
${next && next !== view && html`<p>${frame.t('campaign.next')} <a class="plain" href="${path(next)}"${inLanguage(frame, next.words.language)}>${next.words.words.title}</a></p>`}`
}
