import { html } from '#platform/html/html.ts'
import type { Selected } from '#modules/messages/index.ts'
import { localLabel } from '#modules/targets/index.ts'
import { actionPath, type ActionView } from '../actions/parts.ts'
import type { Typed } from '../forms/fields.ts'
import { localPath, type PageParts } from '../look/layout.ts'
import { carriedFields, nameOf } from './compose-page.ts'

/** Between the two pages, where the supporter picks who to write to: nobody is picked already. */
export function choosingPage(view: ActionView, state: { selected: Selected, carried: Typed, shown: string[], picked: string[], fault?: string }): PageParts {
  const { frame, action, words } = view
  const { t } = frame
  return {
    title: t('choose.title', { title: words.words.title }), skipTo: 'do', narrow: true,
    body: html`<p class="kind"><a href="${localPath(frame, actionPath(action))}">${words.words.title}</a></p><h1>${t('choose.heading')}</h1>
${state.fault && html`<div class="errors" role="alert" tabindex="-1" autofocus id="errors"><h2>${t('errors.title')}</h2><ul><li><a href="#group-${state.selected.toChoose[0]?.group.number}">${state.fault}</a></li></ul></div>`}
<form method="post" class="card" id="do" action="${localPath(frame, actionPath(action, '/write'))}" novalidate>
${state.selected.toChoose.map(({ group, candidates }) => html`<fieldset id="group-${group.number}"><legend>${t('choose.most', { count: Math.min(group.most, candidates.length) })}</legend>
${candidates.map(({ office }) => html`<label class="opt"><input type="${group.most === 1 && state.selected.toChoose.length === 1 ? 'radio' : 'checkbox'}" name="to" value="${office.id}"${state.picked.includes(office.id) && html` checked`}><span><bdi>${nameOf(view, office)}</bdi>${office.holders.length > 0 && html` <span class="hint"><bdi>${localLabel(office, t.language)}</bdi></span>`}</span></label>`)}</fieldset>`)}
${carriedFields({ carried: state.carried, shown: state.shown, picked: state.picked.filter((id) => !state.selected.toChoose.some(({ candidates }) => candidates.some(({ office }) => office.id === id))) })}<input type="hidden" name="picking" value="yes"><button class="go">${t('finding.go-on')}</button></form>`,
  }
}
