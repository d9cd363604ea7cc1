import type { Tx } from '#platform/db.ts'
import { changeTargeting } from '#modules/actions/index.ts'
import type { DeskPages, Visit } from '../pages.ts'

/** Changes whom an action writes to, or with which words, with a line in the log. Returns why not, in words, where a public action would lack what it cannot open without. */
export async function retarget(pages: DeskPages, visit: Visit, line: Parameters<DeskPages['change']>[1] & { subjectIds: [string] }, work: (tx: Tx) => Promise<void>): Promise<string | undefined> {
  const changed = await pages.change(visit, line, (tx) => changeTargeting(tx, line.subjectIds[0], () => work(tx), visit.now), ({ outcome }) => outcome === 'changed')
  return changed.outcome === 'refused' ? visit.t(`fault.public-action.${changed.lacks}`, { count: changed.targets }) : undefined
}
