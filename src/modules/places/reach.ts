import { sql, type RawBuilder } from '#platform/db.ts'
import type { Subject } from './subjects.ts'

/** Short codes of the places that somebody looks after; nothing where that is everything. */
export type PlacesWithin = readonly string[] | undefined

/** Whether what is about these places and topics lies within what somebody looks after: one of them is enough. */
export function looksAfter(within: PlacesWithin, subjects: readonly Pick<Subject, 'kind' | 'code'>[]): boolean {
  return within === undefined || subjects.some(({ kind, code }) => kind === 'place' && within.includes(code))
}

/** The same in a query: `subjects` is one that gives the ids of what something is about. */
export function looksAfterAny(within: PlacesWithin, subjects: RawBuilder<unknown>): RawBuilder<boolean> {
  const codes = sql`${within ? [...within] : null}::text[]`
  return sql<boolean>`(${codes} is null or exists (select from subjects within_subject where within_subject.kind = 'place' and within_subject.code = any (${codes}) and within_subject.id in (${subjects})))`
}

/** Whether somebody may put on the page of this place or topic what they look after: on that of their own places, and of any topic, for nobody looks after a topic alone. */
export function mayPutUnder(within: PlacesWithin, subject: Pick<Subject, 'kind' | 'code'>): boolean {
  return subject.kind === 'topic' || looksAfter(within, [subject])
}

/**
 * The ids of what something is about once somebody has ticked what they wish. Others' places stay as they were. Nothing, where none of their own places would be left:
 * whoever looks after some places makes nothing that they could not find again, and gives nothing away by unticking it.
 */
export function aboutAsWished(subjects: readonly Subject[], { within, before, wanted }: { within: PlacesWithin, before: readonly string[], wanted: readonly unknown[] }): string[] | undefined {
  const about = subjects.filter((each) => (mayPutUnder(within, each) ? wanted : before).includes(each.id))
  return looksAfter(within, about) ? about.map(({ id }) => id) : undefined
}
