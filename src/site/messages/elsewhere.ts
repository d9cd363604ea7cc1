import { html, type Html } from '#platform/html/html.ts'
import { field } from '#platform/http/server.ts'
import { rulesNow, type PublicAction } from '#modules/actions/index.ts'
import { needsArea } from '#modules/messages/index.ts'
import type { ActionView } from '../actions/parts.ts'
import type { Typed } from '../forms/fields.ts'

/** Whether somebody whom nobody in the action's bodies represents can write to others: to named offices, or to an embassy where they live. */
export function offersElsewhere({ targets, bodies, groups }: PublicAction): boolean {
  const rules = rulesNow(targets, bodies)
  const isCopy = (group: number) => groups.some(({ number, role }) => number === group && role === 'copy')
  return needsArea(rules) && rules.some((rule) => !('body' in rule) && !isCopy(rule.group ?? 1))
}

/** Whether an action's targets depend on where this form says that somebody lives. */
export function asksArea(action: PublicAction, body: unknown): boolean {
  return needsArea(rulesNow(action.targets, action.bodies)) && !saysElsewhere(action, body)
}

/** Whether this form says that nobody in the action's bodies represents whoever sends it, where there are others to write to. */
export function saysElsewhere(action: PublicAction, body: unknown): boolean {
  return field(body, 'elsewhere') === 'yes' && offersElsewhere(action)
}

/** Nobody has to leave the page because the representatives are not theirs. */
export function elsewhereTick({ frame: { t }, action }: ActionView, typed: Typed): Html | false {
  return offersElsewhere(action) && html`<label class="opt"><input type="checkbox" name="elsewhere" value="yes"${typed.elsewhere === 'yes' && html` checked`}> <span>${t('field.elsewhere')}</span></label>`
}
