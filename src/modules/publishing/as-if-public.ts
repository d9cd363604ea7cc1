import { dayIn } from '#platform/days.ts'
import type { Db } from '#platform/db.ts'
import { allSubjects, keptContacts } from '#modules/places/index.ts'
import type { ItemFacts, ItemWords } from './item.ts'
import type { ShownItem } from './public-items.ts'
import type { ShownSubject } from './public-subjects.ts'

/** An item as if these words of it, in this language, were published now and for the first time: for showing what would come of it, never for the public. */
export function asIfPublic({ item, words, language, zone }: { item: ItemFacts, words: ItemWords, language: string, zone: string }, now: Date): ShownItem {
  const dated = dayIn(zone, now)
  return {
    ...item, dated, date: words.publishedRoughly || (item.thread ? dated : words.publishedOn || dated), publishedAt: now, updatedAt: now,
    words: { [language]: { language, revisionId: '', words, from: now, dated, sourceId: null } }, corrections: [], number: null,
  }
}

/** A place or topic as if it had a page, with this item for its text: for showing what would come of it, never for the public. Nothing where there is none. */
export async function subjectAsIfPublic(db: Db, id: string, itemId: string): Promise<ShownSubject | undefined> {
  const [subject] = await allSubjects(db, { id })
  if (!subject) return undefined
  const actions = await db.selectFrom('subject_actions').innerJoin('public_actions', 'public_actions.id', 'subject_actions.action_id').select('public_actions.id').where('subject_id', '=', id).execute()
  return { ...subject, itemId, actions: actions.flatMap((action) => action.id ?? []), contacts: (await keptContacts(db, id)).map(({ staffId: _staffId, ...contact }) => contact) }
}
