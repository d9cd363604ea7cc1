import { html, type Html } from '#platform/html/html.ts'
import { field } from '#platform/http/server.ts'
import { leadsElsewhere, rulesNow, withoutFallBack, type PublicAction } from '#modules/actions/index.ts'
import { factFields, needsArea } from '#modules/messages/index.ts'
import type { ActionView } from '../actions/parts.ts'
import type { Typed } from '../forms/fields.ts'

/** Whether somebody whom nobody in the action's bodies represents can write to its other targets: not where its words would have a hole in the place of where they live. */
export function offersElsewhere({ targets, bodies, groups, words, facts }: PublicAction): boolean {
  return leadsElsewhere(rulesNow(targets, bodies), groups) && Object.values(words).every((each) => withoutFallBack(each.words, ['area', 'postcode', ...factFields(facts)]).length === 0)
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
