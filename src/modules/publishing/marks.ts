import { sql, type Db, type Tx } from '#platform/db.ts'
import { itemWords, type ItemKind, type ItemWords } from './item.ts'

/** What in a published version goes stale by itself. */
export type Mark = 'new' | 'age' | 'hearing' | 'no-source'

/** The rule of wording that finds each: whoever ignores the one at an item hears no more of the other. */
export const markRules: Record<Mark, string> = { new: 'L37', age: 'L38', hearing: 'L40', 'no-source': 'L23' }

/** Kinds of texts that stand for a long time without a day of their own: what is new in one is new for ever. */
export const standingKinds: readonly ItemKind[] = ['about', 'page', 'campaign', 'explainer', 'questions-and-answers', 'course', 'education']

/** For so many days what was published is looked at, whatever its kind. An archive is no chore. */
const recentDays = 90

/** A published version that nobody has looked at. */
export interface Unmarked {
  revisionId: string
  language: string
  kind: ItemKind
  /** Whether it stands for a long time: of such a kind, or pinned. */
  standing: boolean
  words: ItemWords
  from: Date
}

/** Some of the published versions that have not been looked at. */
export async function unmarked(db: Db, most: number, now: Date): Promise<Unmarked[]> {
  const { rows } = await sql<{ revision_id: string, language: string, kind: ItemKind, standing: boolean, words: unknown, from_at: Date }>`
    select shown.revision_id, shown.language, items.kind, items.kind = any (${[...standingKinds]}) or items.pinned as standing, shown.words, shown.from_at
    from public_item_words shown join items on items.id = shown.item_id
    where shown.item_id in (
      select item_id from public_listings where subject_id = '00000000-0000-0000-0000-000000000000' and (kind = any (${[...standingKinds]}) or pinned)
      union select item_id from item_publications where from_at between ${new Date(now.getTime() - recentDays * 86_400_000)} and ${now})
    and not exists (select from revision_marks where revision_marks.revision_id = shown.revision_id) order by shown.from_at desc limit ${most}`.execute(db)
  return rows.map((row) => ({ revisionId: row.revision_id, language: row.language, kind: row.kind, standing: row.standing, words: itemWords.parse(row.words), from: row.from_at }))
}

/** Notes what goes stale in a version, and from which day on; and that it was looked at. */
export async function keepMarks(tx: Tx, revisionId: string, marks: Partial<Record<Mark, string>>): Promise<void> {
  const rows = [{ mark: '', due_on: null as string | null }, ...Object.entries(marks).map(([mark, dueOn]) => ({ mark, due_on: dueOn }))]
  await tx.insertInto('revision_marks').values(rows.map((row) => ({ revision_id: revisionId, ...row }))).onConflict((conflict) => conflict.doNothing()).execute()
}
