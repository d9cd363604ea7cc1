import { randomUUID } from 'node:crypto'
import { dayIn } from '#platform/days.ts'
import type { Tx } from '#platform/db.ts'
import { straysInRecord } from './render/references.ts'
import { publishItem, type Published } from './publications.ts'

export interface Correcting {
  /** The corrected words, saved before. */
  revisionId: string
  /** What was wrong, and what is right, in the language of the words. */
  wrong: string
  correct: string
  zone: string
  staffId: string | null
}

export type Corrected = { outcome: 'corrected', correctionId: string } | Exclude<Published, { outcome: 'published' | 'scheduled' }>

/**
 * Makes corrected words public at once and says what was wrong: on the page, in feeds, and as "correction pending" in the other languages
 * until their words follow. Where they cannot become public, nothing is said.
 */
export async function correctItem(tx: Tx, { revisionId, wrong, correct, zone, staffId }: Correcting, now: Date): Promise<Corrected> {
  // What a correction says stands on the page as it is written.
  const strays = straysInRecord({ wrong, correct })
  if (strays.length > 0) return { outcome: 'misplaced', strays }
  const published = await publishItem(tx, { revisionId, staffId, zone, correctedOn: dayIn(zone, now) }, now)
  if (published.outcome !== 'published') return published as Exclude<Published, { outcome: 'published' | 'scheduled' }>
  const { item_id, language } = await tx.selectFrom('item_revisions').select(['item_id', 'language']).where('id', '=', revisionId).executeTakeFirstOrThrow()
  const correctionId = randomUUID()
  await tx.insertInto('item_corrections').values({ id: correctionId, item_id, language, revision_id: revisionId, corrected_at: now, staff_id: staffId }).execute()
  await tx.insertInto('item_correction_words').values({ correction_id: correctionId, language, wrong, correct }).execute()
  return { outcome: 'corrected', correctionId }
}

/** Says a correction in another language. What is said already stays. */
export async function translateCorrection(tx: Tx, said: { correctionId: string, language: string, wrong: string, correct: string }): Promise<void> {
  await tx.insertInto('item_correction_words').values({ correction_id: said.correctionId, language: said.language, wrong: said.wrong, correct: said.correct }).onConflict((conflict) => conflict.doNothing()).execute()
}
