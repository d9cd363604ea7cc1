import { sql, type Db, type Tx } from '#platform/db.ts'
import { actionWords, type ActionWords } from './action.ts'
import { addRevision, changeAction, findAction, newestRevisions, publishWords } from './drafts.ts'

/** What is said of a picture in one language. */
export type Described = Pick<ActionWords, 'imageAlt' | 'imageCaption'>

interface ShownWords {
  language: string
  revisionId: string
  words: ActionWords
  askId: string | null
}

/** The languages in which readers see an action: in each of them a new picture is described before it is shown. */
export async function shownLanguages(db: Db, actionId: string, now: Date): Promise<string[]> {
  return (await shownWords(db, actionId, now)).map(({ language }) => language)
}

/**
 * Gives an action a picture. What described another one before is said of it nowhere: readers see it with what describes it now, from the same moment
 * on; words that they do not see are emptied of it. False if a language that they see it in lacks a description.
 */
export async function setPicture(tx: Tx, { actionId, imageId, described, staffId }: { actionId: string, imageId: string, described: ReadonlyMap<string, Described>, staffId: string | null }, now: Date): Promise<boolean> {
  await sql`select 1 from actions where id = ${actionId} for update`.execute(tx)
  const shown = await shownWords(tx, actionId, now)
  if (shown.some(({ language }) => !described.get(language)?.imageAlt)) return false
  await changeAction(tx, actionId, { imageId })
  for (const { id, language, words, askId, savedAt } of await newestRevisions(tx, actionId)) {
    const newest = { actionId, language, words: { ...words, ...(described.get(language) ?? { imageAlt: '', imageCaption: '' }) }, askId, staffId }
    const seen = shown.find((each) => each.language === language)
    if (!seen) {
      if (words.imageAlt || words.imageCaption) await addRevision(tx, { ...newest, after: savedAt }, now)
      continue
    }
    const revisionId = await addRevision(tx, { ...newest, words: { ...seen.words, ...described.get(language)! }, askId: seen.askId, after: savedAt }, now)
    await publishWords(tx, { actionId, language, revisionId, staffId }, now)
    // What somebody is still writing stays the newest.
    if (seen.revisionId !== id) await addRevision(tx, { ...newest, after: new Date(Math.max(savedAt.getTime() + 1, now.getTime())) }, now)
  }
  return true
}

async function shownWords(db: Db, actionId: string, now: Date): Promise<ShownWords[]> {
  if ((await findAction(db, { id: actionId }))?.state === 'draft') return []
  const { rows } = await sql<{ language: string, id: string, words: unknown, ask_id: string | null }>`
    select pointer.language, revision.id, revision.words, revision.ask_id from (
      select distinct on (language) language, revision_id from action_publications where action_id = ${actionId} and from_at <= ${now} order by language, from_at desc) pointer
    join action_revisions revision on revision.id = pointer.revision_id order by pointer.language`.execute(db)
  return rows.map((row) => ({ language: row.language, revisionId: row.id, words: actionWords.parse(row.words), askId: row.ask_id }))
}
