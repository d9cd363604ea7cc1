import { randomUUID } from 'node:crypto'
import { dayIn } from '#platform/days.ts'
import type { Tx } from '#platform/db.ts'
import { publishItem, type Published } from './publications.ts'
import { saveItem, type Saved, type Saving } from './revisions.ts'

export interface Correcting extends Saving {
  /** What was wrong, and what is right, in the language of the words. */
  wrong: string
  correct: string
  zone: string
}

export type Corrected = { outcome: 'corrected', correctionId: string } | Exclude<Published, { outcome: 'published' | 'scheduled' }> | Extract<Saved, { outcome: 'changed-meanwhile' }>

/**
 * Saves corrected words, makes them public at once and says what was wrong: on the page, in feeds, and as "correction pending" in the other
 * languages until their words follow. Where they cannot become public, they are kept as saved words and nothing is said.
 */
export async function correctItem(tx: Tx, { wrong, correct, zone, ...saving }: Correcting, now: Date): Promise<Corrected> {
  const saved = await saveItem(tx, saving, now)
  if (saved.outcome === 'changed-meanwhile') return saved
  const published = await publishItem(tx, { revisionId: saved.revisionId, staffId: saving.staffId, zone, correctedOn: dayIn(zone, now) }, now)
  if (published.outcome !== 'published') return published as Exclude<Published, { outcome: 'published' | 'scheduled' }>
  const correctionId = randomUUID()
  await tx.insertInto('item_corrections').values({ id: correctionId, item_id: saving.itemId, language: saving.language, revision_id: saved.revisionId, corrected_at: now, staff_id: saving.staffId }).execute()
  await tx.insertInto('item_correction_words').values({ correction_id: correctionId, language: saving.language, wrong, correct }).execute()
  return { outcome: 'corrected', correctionId }
}

/** Says a correction in another language. What is said already stays. */
export async function translateCorrection(tx: Tx, said: { correctionId: string, language: string, wrong: string, correct: string }): Promise<void> {
  await tx.insertInto('item_correction_words').values({ correction_id: said.correctionId, language: said.language, wrong: said.wrong, correct: said.correct }).onConflict((conflict) => conflict.doNothing()).execute()
}
