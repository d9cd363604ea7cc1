import { dayIn } from '#platform/days.ts'
import { findDrafts, type ItemWords } from '#modules/publishing/index.ts'
import type { Desk } from '../context.ts'
import type { Faults, Typed } from '../forms.ts'
import type { Visit } from '../pages.ts'
import { readWords } from './item-form.ts'
import type { Opened } from './parts.ts'
import { chosenDraft } from './unsaved.ts'

/** What somebody typed into the form of an item's words, read as words, with what is wrong with it. */
export function wordsTyped(desk: Desk, { t, now }: Visit, { item, revisions, original, publisher }: Opened, language: string, typed: Typed): { words?: ItemWords, faults: Faults } {
  const of = (code: string) => revisions.find((each) => each.language === code)?.words
  return readWords(t, typed, item, of(language), { source: of(original), today: dayIn(publisher.zone, now), zone: publisher.zone, own: desk.siteOrigin })
}

/** The words of the draft that the address names, as far as they can be read. */
export async function wordsDrafted(desk: Desk, visit: Visit, opened: Opened, language: string): Promise<ItemWords | undefined> {
  const draft = chosenDraft(visit, await findDrafts(desk.db, { itemId: opened.item.id, language, staffId: visit.staff.id }))
  return draft && wordsTyped(desk, visit, opened, language, draft.typed).words
}
