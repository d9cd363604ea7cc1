import { html, type Html } from '#platform/html/html.ts'
import { rulesNow } from '#modules/actions/index.ts'
import { needsArea } from '#modules/messages/index.ts'
import { actionPath, type ActionView } from '../actions/parts.ts'
import { hidden, selectField, type Faults, type Typed } from '../forms/fields.ts'
import { localPath } from '../look/layout.ts'
import { pointScriptPath } from '../point-script.ts'

export interface AreaChoice {
  id: string
  name: string
}

/** A list that is longer makes the first page too heavy and is no help to anybody: then areas are chosen step by step. */
const mostInList = 60

/** All areas in one list or, where they are many, a button that leads to choosing them step by step. */
export function areaChoice(view: ActionView, typed: Typed, faults: Faults, lists: AreaChoice[], { required = false, next }: { required?: boolean, next?: '/by-yourself' | '/write' } = {}): Html {
  const { frame, action } = view
  const { t } = frame
  if (lists.length <= mostInList) return selectField({ name: 'area', label: t('field.area'), typed, faults, required, options: lists.map(({ id, name }) => ({ value: id, label: name })), empty: t('field.area.empty') })
  const chosen = lists.find(({ id }) => id === typed.area)
  return html`<div class="field">${chosen && html`<p class="fine">${t.html('where.chosen', { area: chosen.name })}</p>`}
<input type="hidden" id="area" name="area" value="${chosen?.id}"><input type="hidden" name="area_for" value="${chosen && typed.postcode}">
<button class="plain" formaction="${localPath(frame, actionPath(action, '/where'))}" formnovalidate>${t('where.steps')}</button>${faults.area && html`<p class="wrong" id="area-wrong">${faults.area}</p>`}</div>${next === '/by-yourself' && hidden({ next: 'by-yourself' })}`
}

/** Whether a page of this action with a form on it offers to find the area by the visitor's position. */
export function offersPoint({ action }: ActionView): boolean {
  return action.boundaries !== undefined && action.standing === 'open' && needsArea(rulesNow(action.targets, action.bodies))
}

/** A button that appears where there are scripts and a position to be had; nothing is asked for before it is pressed. */
export function pointButton(view: ActionView): Html | false {
  const { frame, action } = view
  const { t } = frame
  return offersPoint(view) && html`<div class="field" hidden data-point="${pointScriptPath(t.language)}" data-boundaries="${frame.rehearsal ?? ''}${actionPath(action, `/boundaries/${action.boundaries}/`)}" data-failed="${t('point.failed')}"><button class="plain" type="button">${t('point.button')}</button><p class="fine" role="status">${t('point.stays')}</p></div>`
}
