import { actionWithin } from '#modules/actions/index.ts'
import type { Desk } from '../context.ts'
import type { Visit } from '../pages.ts'

/** Those of actions that somebody can have for some of them only. */
const limited = ['campaign', 'translate', 'see-people'] as const

/** What somebody may do with one action: an ability that is limited to their own counts only if it is one of them. */
export async function mayWith({ db }: Desk, { may, reachOf }: Pick<Visit, 'may' | 'reachOf'>, actionId: string): Promise<Visit['may']> {
  const outside = new Set<string>()
  for (const each of limited) if (may(each) && reachOf(each) !== 'everywhere' && !await actionWithin(db, reachOf(each), actionId)) outside.add(each)
  return (ability) => may(ability) && !outside.has(ability)
}
