import { html } from '#platform/html/html.ts'
import type { PageParts } from '../look/layout.ts'
import { messagePage, type Choices } from '../messages/message-page.ts'
import { offersPoint } from '../messages/where.ts'
import { petitionPage, type FormState } from '../petitions/petition-page.ts'
import type { Site } from '../context.ts'
import { answersSection, type Answers } from '../offices/replies.ts'
import { actionPath, card, type ActionView } from './parts.ts'

export type { FormState }

/** The page of an action, of whichever kind. */
export function actionPage(site: Site, view: ActionView, state: FormState & Choices & { answers?: Answers }): PageParts {
  const { action, words } = view
  return {
    title: words.words.title, path: actionPath(action), description: words.words.summary, card: card(site.origin, view), skipTo: 'do', asksPosition: action.kind === 'message' && offersPoint(view),
    body: html`${action.kind === 'petition' ? petitionPage(view, state) : messagePage(view, state)}${state.answers && answersSection(view.frame, state.answers)}`,
  }
}
