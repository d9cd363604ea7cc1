import { html } from '#platform/html/html.ts'
import { renderMarkdown } from '#platform/html/markdown.ts'
import type { Site } from '../context.ts'
import { localPath, type PageParts } from '../look/layout.ts'
import { keptForNow, sendingNotices } from '../messages/when-sent.ts'
import type { SiteWord } from '../words/index.ts'
import { actionPath, inItsLanguage, type ActionView } from './parts.ts'
import { shareBox } from './share.ts'

/** After confirming: thanks, how to share it, and the next thing to do. Where messages go to nobody any more, nothing of what an answer would do, and nobody else is asked to write. */
export function thanksPage(site: Site, view: ActionView, next: ActionView | undefined): PageParts {
  const { frame, action, words } = view
  const { t } = frame
  const [heading, how] = whatBecomes(view)
  return {
    title: t('thanks.title'), path: actionPath(action, '/thanks'), narrow: true,
    body: html`<p class="kind"><a href="${localPath(frame, actionPath(action))}">${words.words.title}</a></p>
<h1>${t(heading)}</h1>
${action.kind === 'message' && sendingNotices(view, true)}
${words.words.thanks && !action.nothingLeaves && html`<div class="text"${inItsLanguage(view)}>${renderMarkdown(words.words.thanks)}</div>`}
<p class="fine">${t(how)}</p>
${!action.nothingLeaves && shareBox(site, view)}
${next && html`<section class="card"><h2>${t('thanks.next')}</h2><p><strong${inItsLanguage(next)}>${next.words.words.title}</strong></p><p${inItsLanguage(next)}>${next.words.words.summary}</p><a class="go" href="${localPath(frame, actionPath(next.action))}">${next.words.words.button || t('thanks.next.button')}</a></section>`}`,
  }
}

/** What is said of what was confirmed, and of what follows. */
function whatBecomes(view: ActionView): [heading: SiteWord, how: SiteWord] {
  if (view.action.kind === 'petition') return ['thanks.petition', 'thanks.petition.how']
  if (view.action.nothingLeaves) return ['thanks.message.dropped', 'thanks.message.dropped.how']
  return [keptForNow(view) ? 'thanks.message.kept' : 'thanks.message', 'thanks.message.how']
}
