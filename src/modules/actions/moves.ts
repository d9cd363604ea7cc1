import { randomUUID } from 'node:crypto'
import { sql, type Db, type Tx } from '#platform/db.ts'
import { canMove, type ActionState, type Outcome } from './lifecycle.ts'
import { referring, unwritten, type Unwritten } from './gaps.ts'
import { newestRevisions, publishWords, type Action, type Revision } from './drafts.ts'
import { missingInMessage, missingTargets, needsOfWords, type MissingTarget, type WordsNeed } from './rules/readiness.ts'

export type MoveOutcome =
  | { outcome: 'moved', eventId: string, from: ActionState }
  | { outcome: 'not-possible', state: ActionState }
  | { outcome: 'incomplete', missing: Missing[] }

/** What an action must have before the public can see it. */
export type Missing = 'title' | 'ask' | 'subject' | 'body' | 'image-alt' | 'scheme' | 'variant-words' | 'facts' | 'fall-backs' | 'too-long' | MissingTarget | `unwritten:${Unwritten}` | `reference:${Unwritten}`

/**
 * Moves an action to another state, with who did it and why. Stopping works at once: no message leaves that is not on its way
 * already, because every claim of the sender looks at this state. Opening first makes what is saved public, in every language
 * that is complete. An action closed with `dropsUnsent` sends nothing more, also of what is confirmed afterwards.
 */
export async function moveAction(tx: Tx, move: { id: string, to: ActionState, staffId: string | null, reason?: string, outcome?: Outcome, dropsUnsent?: boolean }, now: Date): Promise<MoveOutcome> {
  const action = await tx.selectFrom('actions').select(['state', 'kind', 'image_id', 'scheme_id']).where('id', '=', move.id).forUpdate().executeTakeFirstOrThrow()
  const from = action.state as ActionState
  if (!canMove(from, move.to)) return { outcome: 'not-possible', state: from }
  if (from === 'draft') {
    const missing = await publishWhatIsComplete(tx, { id: move.id, kind: action.kind as Action['kind'], imageId: action.image_id, schemeId: action.scheme_id }, move.staffId, now)
    if (missing.length) return { outcome: 'incomplete', missing }
  }
  await tx.updateTable('actions').set({ state: move.to, ...(move.to === 'closed' && { drops_unsent: move.dropsUnsent === true }) }).where('id', '=', move.id).execute()
  const eventId = randomUUID()
  await tx.insertInto('action_events').values({
    id: eventId, action_id: move.id, happened_at: now, staff_id: move.staffId, from_state: from, to_state: move.to, reason: move.reason ?? '', outcome: move.outcome ?? null,
  }).execute()
  return { outcome: 'moved', eventId, from }
}

async function publishWhatIsComplete(tx: Tx, action: Pick<Action, 'id' | 'kind' | 'imageId' | 'schemeId'>, staffId: string | null, now: Date): Promise<Missing[]> {
  const missing = await missingParts(tx, action, now)
  const revisions = await newestRevisions(tx, action.id)
  const needs = await needsOfWords(tx, action.id)
  const complete = revisions.filter((revision) => missingWords(action, revision, needs).length === 0)
  if (missing.length || complete.length === 0) return missing
  for (const revision of complete) await publishWords(tx, { actionId: action.id, language: revision.language, revisionId: revision.id, staffId }, now)
  return []
}

/** What is missing before an action can open: one language at least must be whole, and a message needs to know for every target what it gets. */
export async function missingParts(db: Db, action: Pick<Action, 'id' | 'kind' | 'imageId' | 'schemeId'>, now: Date): Promise<Missing[]> {
  const revisions = await newestRevisions(db, action.id)
  const needs = await needsOfWords(db, action.id)
  const perLanguage = revisions.map((revision) => missingWords(action, revision, needs))
  const words = perLanguage.some((missing) => missing.length === 0) ? [] : perLanguage.toSorted((one, other) => one.length - other.length)[0] ?? ['title' as const]
  const targets = action.kind === 'message' ? await missingTargets(db, action.id, now) : []
  return [...words, ...targets]
}

/** What is missing in one language; `needs` is what the action's rules and facts ask of its words. */
export function missingWords(action: Pick<Action, 'kind' | 'imageId'>, { words, ask }: Pick<Revision, 'words' | 'ask'>, needs: WordsNeed): Missing[] {
  return [
    ...(words.title ? [] : ['title' as const]),
    ...(action.kind === 'petition' && !ask ? ['ask' as const] : []),
    ...(action.kind === 'message' && !words.subject ? ['subject' as const] : []),
    ...(action.kind === 'message' && !words.body ? ['body' as const] : []),
    ...(action.imageId && !words.imageAlt ? ['image-alt' as const] : []),
    ...unwritten(words, ask).map((name) => (name === 'variants' ? 'variant-words' as const : `unwritten:${name}` as const)),
    ...referring(words, ask).map((name) => `reference:${name}` as const),
    ...(action.kind === 'message' ? missingInMessage(words, needs) : []),
  ]
}

/** Puts a state back within the half minute that staff have to change their mind. */
export async function undoMove(tx: Tx, eventId: string, staffId: string, now: Date): Promise<boolean> {
  const { rows } = await sql<{ action_id: string, from_state: string, to_state: string }>`
    select action_id, from_state, to_state from action_events where id = ${eventId}
      and not exists (select from action_events later where later.action_id = action_events.action_id and later.happened_at > action_events.happened_at)`.execute(tx)
  const event = rows[0]
  if (!event) return false
  const changed = await tx.updateTable('actions').set({ state: event.from_state }).where('id', '=', event.action_id).where('state', '=', event.to_state).executeTakeFirst()
  if (changed.numUpdatedRows === 0n) return false
  await tx.insertInto('action_events').values({
    id: randomUUID(), action_id: event.action_id, happened_at: now, staff_id: staffId, from_state: event.to_state, to_state: event.from_state, reason: '', outcome: null,
  }).execute()
  return true
}
