import { randomUUID } from 'node:crypto'
import type { Selectable } from 'kysely'
import type { Db, Tx } from '#platform/db.ts'
import type { Schema } from '#platform/schema.ts'
import { rolesGive, type Ability, type Role } from './abilities.ts'
import { audit } from './audit.ts'

/** What needs a second person above a limit. */
export type ApprovalKind = 'mailing' | 'export'
export const approvalKinds: readonly ApprovalKind[] = ['mailing', 'export']

/** The ability that says yes to each kind. */
export const approving: Record<ApprovalKind, Ability> = { mailing: 'approve-mailings', export: 'approve-exports' }

/**
 * What a second person is asked about: one thing, as it is now. `fingerprint` is a hash over whatever the yes is to hold for
 * (words, filter, recipients): with another one nothing was asked yet. `people` is how many it reaches.
 */
export interface ApprovalSubject {
  kind: ApprovalKind
  subjectId: string
  fingerprint: string
}

export interface Approval extends ApprovalSubject {
  id: string
  people: number
  reason: string
  askedBy: string
  askedAt: Date
  /** Where nobody could be asked: from then on it stands by itself. */
  standsFrom: Date | null
  answer: 'approved' | 'refused' | null
  answeredBy: string | null
  answeredAt: Date | null
  answerReason: string
}

export interface ApprovalLimit {
  kind: ApprovalKind
  /** More people than this need a second person. */
  above: number
  delayHours: number
}

export async function approvalLimits(db: Db): Promise<ApprovalLimit[]> {
  const rows = await db.selectFrom('approval_limits').selectAll().orderBy('kind').execute()
  return rows.map((row) => ({ kind: row.kind as ApprovalKind, above: row.above, delayHours: row.delay_hours }))
}

export async function changeApprovalLimit(tx: Tx, { kind, above, delayHours }: ApprovalLimit): Promise<void> {
  await tx.updateTable('approval_limits').set({ above, delay_hours: delayHours }).where('kind', '=', kind).execute()
}

/** Whether something that reaches this many people needs a second person. */
export async function needsApproval(db: Db, kind: ApprovalKind, people: number): Promise<boolean> {
  const limit = await db.selectFrom('approval_limits').select('above').where('kind', '=', kind).executeTakeFirstOrThrow()
  return people > limit.above
}

/** Whether this may go ahead: 'unasked' and 'refused' may not, 'asked' and 'delayed' not yet. */
export async function approvalOf(db: Db, { kind, subjectId, fingerprint }: ApprovalSubject, now: Date): Promise<{ state: 'unasked' | 'asked' | 'delayed' | 'approved' | 'refused', approval?: Approval }> {
  const row = await db.selectFrom('approvals').selectAll().where('kind', '=', kind).where('subject_id', '=', subjectId).where('fingerprint', '=', fingerprint)
    .orderBy('asked_at', 'desc').executeTakeFirst()
  if (!row) return { state: 'unasked' }
  const approval = approvalFrom(row)
  const state = approval.answer ?? (approval.standsFrom === null ? 'asked' : approval.standsFrom <= now ? 'approved' : 'delayed')
  return { state, approval }
}

/**
 * Asks a second person, or where nobody else could say yes begins the delay; either is in the audit log. Asked twice about the
 * same thing it is one question, and the answer is that of the first. After a no it can be asked anew.
 */
export async function askApproval(tx: Tx, asked: ApprovalSubject & { people: number, reason: string, staffId: string }, now: Date): Promise<'asked' | 'delayed' | 'approved'> {
  const { kind, subjectId, fingerprint, people, reason, staffId } = asked
  const limit = await tx.selectFrom('approval_limits').select('delay_hours').where('kind', '=', kind).executeTakeFirstOrThrow()
  const alone = (await whoCouldApprove(tx, kind, staffId)).length === 0
  const before = await approvalOf(tx, asked, now)
  if (before.state === 'asked' || before.state === 'delayed' || before.state === 'approved') return before.state
  const { numInsertedOrUpdatedRows } = await tx.insertInto('approvals').values({
    id: randomUUID(), kind, subject_id: subjectId, fingerprint, people, reason, asked_by: staffId, asked_at: now, stands_from: alone ? new Date(now.getTime() + limit.delay_hours * 3_600_000) : null,
  }).onConflict((conflict) => conflict.columns(['kind', 'subject_id', 'fingerprint']).where('answer', 'is', null).doNothing()).executeTakeFirstOrThrow()
  if (!numInsertedOrUpdatedRows) return (await approvalOf(tx, asked, now)).state as 'asked' | 'delayed'
  await audit(tx, { staffId, verb: alone ? 'wait-alone' : 'ask-second-person', subjectKind: kind, subjectIds: [subjectId], reason, details: { people, ...(alone && { hours: limit.delay_hours }) } }, now)
  return alone ? 'delayed' : 'asked'
}

/** What somebody's asking would come to: nothing, where so few people need no second person; a question; or, where nobody else could say yes, so many hours of waiting. */
export async function whatAsking(db: Db, { kind, people, staffId }: { kind: ApprovalKind, people: number, staffId: string }): Promise<undefined | 'question' | { hours: number }> {
  const limit = await db.selectFrom('approval_limits').select(['above', 'delay_hours']).where('kind', '=', kind).executeTakeFirstOrThrow()
  if (people <= limit.above) return undefined
  return (await whoCouldApprove(db, kind, staffId)).length > 0 ? 'question' : { hours: limit.delay_hours }
}

/** Everybody who could say yes to what this staff member asks: never they themselves. */
export async function whoCouldApprove(db: Db, kind: ApprovalKind, askedBy: string): Promise<string[]> {
  const rows = await db.selectFrom('staff').select(['id', 'roles']).where('left_at', 'is', null).where('id', '<>', askedBy).orderBy('created_at').execute()
  return rows.filter((row) => rolesGive(row.roles as Role[], approving[kind])).map(({ id }) => id)
}

/**
 * A second person's yes or no. It takes back a delay, too. 'own': nobody answers what they asked. 'gone': somebody answered before,
 * or the delay is over.
 */
export async function answerApproval(tx: Tx, { id, staffId, behalfOf, answer, reason = '' }: { id: string, staffId: string, behalfOf?: string | null, answer: 'approved' | 'refused', reason?: string }, now: Date): Promise<'answered' | 'own' | 'gone'> {
  const row = await tx.selectFrom('approvals').selectAll().where('id', '=', id).forUpdate().executeTakeFirst()
  if (row?.asked_by === staffId) return 'own'
  if (!row || row.answer !== null || (row.stands_from !== null && row.stands_from <= now)) return 'gone'
  await tx.updateTable('approvals').set({ answer, answered_by: staffId, answered_at: now, answer_reason: reason }).where('id', '=', id).execute()
  await audit(tx, { staffId, behalfOf, verb: answer, subjectKind: row.kind as ApprovalKind, subjectIds: [row.subject_id], reason, details: { people: row.people } }, now)
  return 'answered'
}

/** What waits for an answer or for its delay, and what was answered lately; newest first. */
export async function listApprovals(db: Db, kinds: readonly ApprovalKind[], now: Date): Promise<Approval[]> {
  if (kinds.length === 0) return []
  const rows = await db.selectFrom('approvals').selectAll().where('kind', 'in', kinds)
    .where((is) => is.or([is('answer', 'is', null), is('answered_at', '>', new Date(now.getTime() - 30 * 86_400_000))])).where('asked_at', '>', new Date(now.getTime() - 90 * 86_400_000))
    .orderBy('asked_at', 'desc').limit(200).execute()
  return rows.map(approvalFrom)
}

/** What was last asked about one thing, whatever has become of the thing since, and of the question. */
export async function lastAsked(db: Db, kind: ApprovalKind, subjectId: string): Promise<Approval | undefined> {
  const row = await db.selectFrom('approvals').selectAll().where('kind', '=', kind).where('subject_id', '=', subjectId).orderBy('asked_at', 'desc').executeTakeFirst()
  return row && approvalFrom(row)
}

function approvalFrom(row: Selectable<Schema['approvals']>): Approval {
  return {
    id: row.id, kind: row.kind as ApprovalKind, subjectId: row.subject_id, fingerprint: row.fingerprint, people: row.people, reason: row.reason, askedBy: row.asked_by, askedAt: row.asked_at,
    standsFrom: row.stands_from, answer: row.answer as Approval['answer'], answeredBy: row.answered_by, answeredAt: row.answered_at, answerReason: row.answer_reason,
  }
}
