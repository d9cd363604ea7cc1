import { html, type Html } from '#platform/html/html.ts'
import type { TargetBody } from '#modules/actions/index.ts'
import { localName, type BodyState } from '#modules/targets/index.ts'
import type { ActionView } from '../actions/parts.ts'
import type { Frame } from '../look/layout.ts'

/** Everything that keeps messages of an action from leaving at once, said before anybody writes one, and once more to whoever has written. */
export function sendingNotices(view: ActionView, written = false): Html | false {
  const lines = [...view.action.bodies.flatMap((body) => bodyLine(view, body, written) ?? []), ...view.action.standing === 'open' ? timeLines(view) : []]
  return lines.length > 0 && html`<div class="notice" role="note">${lines.map((line) => html`<p>${line}</p>`)}</div>`
}

function bodyLine({ frame: { t }, action }: ActionView, body: TargetBody, written: boolean): string | undefined {
  if (body.state === 'sitting' || (action.standing !== 'open' && action.standing !== 'adjourned')) return undefined
  const stands = howItStands(t, body, { state: body.state, until: body.until })
  const day = body.until ? t.day(body.until) : undefined
  switch (body.conduct) {
    case 'go-on': return stands
    case 'hold': return `${stands} ${day ? t(written ? 'body.kept-until' : 'body.held-until', { day }) : t(written ? 'body.kept' : 'body.held')}`
    case 'candidates': return `${stands} ${t('body.candidates')}`
    case 'petition': case 'pause': return `${stands} ${t('body.paused')}`
  }
}

/** That a body does not sit, and until when if somebody has said. */
export function howItStands(t: Frame['t'], body: { name: string, names: Record<string, string> }, { state, until }: { state: Exclude<BodyState, 'sitting'>, until: string | null }): string {
  const name = localName(body, t.language)
  return until ? t(`body.${state}-until`, { body: name, day: t.day(until) }) : t(`body.${state}`, { body: name })
}

function timeLines({ frame: { t }, action }: ActionView): string[] {
  return [
    ...(action.deliverAt ? [t('sending.from', { moment: t.moment(action.deliverAt, action.zone) })] : []),
    ...(action.options.officeHours ? [t('sending.office-hours')] : []),
  ]
}

/** Whether something keeps every message of this action here for now. */
export function keptForNow({ action }: ActionView): boolean {
  return action.deliverAt !== null || (action.bodies.length > 0 && action.bodies.every(({ conduct }) => conduct === 'hold'))
}
