import { allSubjects, type Subject } from '#modules/places/index.ts'
import { digestRuns, type DigestRun } from '#modules/digests/index.ts'
import type { Desk } from '../context.ts'
import type { DeskPage } from '../look/layout.ts'
import { idOf, orNotFound, type Visit } from '../pages.ts'
import type { DeskWords } from '../words/index.ts'
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

/** What is pasted has no name of its own. */
export const pastedName = 'pasted.txt'

/** What a run is called: by its file, or by what was pasted. */
export function titleOfRun({ fileName, title }: Pick<DigestRun, 'fileName' | 'title'>): string {
  return fileName === pastedName ? title ?? fileName : fileName
}

/** The way to what belongs to a run. */
export function runCrumbs(t: DeskWords, run: DigestRun): DeskPage['crumbs'] {
  return [{ href: '/items', label: t('nav.items') }, { href: '/digests', label: t('digests.title') }, { href: `/digests/${run.id}`, label: titleOfRun(run) }]
}
