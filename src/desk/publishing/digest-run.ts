import { allSubjects, type Subject } from '#modules/places/index.ts'
import { digestRuns, type DigestRun } from '#modules/digests/index.ts'
import type { Desk } from '../context.ts'
import { idOf, orNotFound, type Visit } from '../pages.ts'
import { within } from './parts.ts'

/** The places and topics that somebody may write about. */
export async function reached(desk: Desk, { reach }: Visit): Promise<Subject[]> {
  return (await allSubjects(desk.db)).filter((subject) => within(reach, [subject]))
}

/** A run of a place within reach; one of nowhere is for those who reach everywhere. */
export async function reachedRun(desk: Desk, visit: Visit): Promise<DigestRun> {
  const [run] = await digestRuns(desk.db, idOf(visit))
  const subjects = await reached(desk, visit)
  return orNotFound(run && (visit.reach === 'everywhere' || subjects.some(({ id }) => id === run.subjectId)) ? run : undefined)
}
