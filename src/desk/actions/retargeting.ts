import type { Db, Tx } from '#platform/db.ts'
import { changeTargeting, findAction, groupsOf, targetRules } from '#modules/actions/index.ts'
import type { DeskPages, Visit } from '../pages.ts'

/** Changes whom an action writes to, or with which words, with a line in the log; without one where its targets were saved as they were. Returns why not, in words, where a public action would lack what it cannot open without. */
export async function retarget(pages: DeskPages, visit: Visit, line: { verb: string, subjectKind: 'action', subjectIds: [string] }, work: (tx: Tx) => Promise<void>): Promise<string | undefined> {
  const id = line.subjectIds[0]
  const changed = await pages.change(visit, line, (tx) => changeTargeting(tx, id, async () => {
    const before = await aim(tx, id)
    await work(tx)
    return { different: before !== await aim(tx, id) }
  }, visit.now), (done) => done.outcome === 'changed' && (line.verb !== 'set-targets' || done.result.different))
  return changed.outcome === 'refused' ? visit.t(`fault.public-action.${changed.lacks}`, { count: changed.targets }) : undefined
}

/** Who an action writes to, how they are chosen and how supporters find theirs, to be compared. */
async function aim(db: Db, id: string): Promise<string> {
  return JSON.stringify([await targetRules(db, id), (await groupsOf(db, [id])).get(id), (await findAction(db, { id }))?.schemeId])
}
