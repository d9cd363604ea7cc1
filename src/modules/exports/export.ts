import { createHash, randomUUID } from 'node:crypto'
import { sql, type Db, type Tx } from '#platform/db.ts'
import { askApproval, needsApproval } from '#modules/staff/index.ts'

/** What an export is a list of. A partner's has those who said yes to it, with what they said yes to. */
export const exportKinds = ['people', 'participations', 'messages', 'consents', 'partner'] as const
export type ExportKind = (typeof exportKinds)[number]
export const exportFormats = ['csv', 'json'] as const
export type ExportFormat = (typeof exportFormats)[number]

/** For how long an export can be downloaded once it is made, and a plan can be started. */
export const keptHours = 72

/** What is asked for. */
export interface ExportPlan {
  kind: ExportKind
  format: ExportFormat
  actionId: string | null
  controllerId: string | null
  language: string | null
  country: string | null
}

export interface Export extends ExportPlan {
  id: string
  reason: string
  askedBy: string
  askedAt: Date
  /** How many different people are in it, how many lines it has, and how many of them are made. */
  people: number
  rows: number
  done: number
  /** `waiting`: for a second person, or for the delay of whoever is alone. `erased`: somebody in it was erased, and it with them. */
  state: 'planned' | 'waiting' | 'running' | 'done' | 'cancelled' | 'erased' | 'ended'
  problem: 'no-key' | 'failed' | null
  endedAt: Date | null
}

/** How many people and lines an export would have. */
export async function countExport(db: Db, plan: ExportPlan, now: Date): Promise<{ people: number, rows: number }> {
  const { rows: [count] } = await sql<{ people: number, rows: number }>`
    select count(distinct person_id)::int as people, count(*)::int as rows from export_members(${plan.kind}, ${plan.actionId}, ${plan.controllerId}, ${plan.language}, ${plan.country}, ${now})`.execute(db)
  return count!
}

/** Writes down what is asked for, by whom and why, and how many that is. Nothing is opened yet. */
export async function planExport(tx: Tx, plan: ExportPlan, { staffId, reason }: { staffId: string, reason: string }, now: Date): Promise<Export> {
  const id = randomUUID()
  const { people, rows } = await countExport(tx, plan, now)
  await tx.insertInto('exports').values({
    id, kind: plan.kind, format: plan.format, action_id: plan.actionId, controller_id: plan.controllerId, language: plan.language, country: plan.country, reason, asked_by: staffId, asked_at: now, people, rows,
  }).execute()
  return (await exportById(tx, id))!
}

/** Whether a second person must agree before a list of so many people is made. */
export async function exportNeedsSecondPerson(db: Db, it: Export): Promise<boolean> {
  return needsApproval(db, 'export', it.people)
}

/** Whoever planned it wants it made: it starts, or a second person is asked first; one that failed goes on where it was. */
export async function beginExport(tx: Tx, it: Export, now: Date): Promise<void> {
  if (it.state === 'running') return goOn(tx, it.id)
  const asked = await exportNeedsSecondPerson(tx, it)
    ? await askApproval(tx, { kind: 'export', subjectId: it.id, fingerprint: exportFingerprint(it), people: it.people, reason: it.reason, staffId: it.askedBy }, now) : 'approved'
  await startExport(tx, it.id, asked === 'approved' ? 'running' : 'waiting')
}

/** Starts one that was planned, or lets it wait for a second person: it starts by itself once somebody agrees. False if it was started before. */
export async function startExport(tx: Tx, id: string, as: 'running' | 'waiting'): Promise<boolean> {
  const { rows } = await sql`update exports set state = ${as} where id = ${id} and state in ('planned', 'waiting') returning 1`.execute(tx)
  return rows.length > 0
}

async function goOn(tx: Tx, id: string): Promise<void> {
  await tx.updateTable('exports').set({ problem: null }).where('id', '=', id).where('state', '=', 'running').execute()
}

/** Ends one for good, with all that is made of it. False where there is nothing left to end. */
export async function cancelExport(tx: Tx, id: string, now: Date): Promise<boolean> {
  const { rows } = await sql`update exports set state = 'cancelled', ended_at = ${now} where id = ${id} and state in ('planned', 'waiting', 'running', 'done') returning 1`.execute(tx)
  if (rows.length > 0) await dropExports(tx, [id])
  return rows.length > 0
}

/** Removes what exports are made of; that they were there stays. */
export async function dropExports(tx: Tx, ids: string[]): Promise<void> {
  for (const table of ['export_parts', 'export_rows'] as const) await sql`delete from ${sql.table(table)} where export_id = any (${ids}::uuid[])`.execute(tx)
}

/** What a second person's yes holds for: this list of so many, to this key. */
export function exportFingerprint(it: Export): string {
  return createHash('sha256').update(JSON.stringify([it.kind, it.format, it.actionId, it.controllerId, it.language, it.country, it.askedAt.toISOString(), it.people])).digest('hex')
}

export async function exportById(db: Db, id: string): Promise<Export | undefined> {
  const row = await db.selectFrom('exports').selectAll().where('id', '=', id).executeTakeFirst()
  return row && exportFrom(row)
}

/** The newest exports, everybody's. */
export async function newestExports(db: Db): Promise<Export[]> {
  return (await db.selectFrom('exports').selectAll().orderBy('asked_at', 'desc').limit(100).execute()).map(exportFrom)
}

interface ExportRow {
  id: string, kind: string, format: string, action_id: string | null, controller_id: string | null, language: string | null, country: string | null, reason: string, asked_by: string, asked_at: Date
  people: number, rows: number, done: number, state: string, problem: string | null, ended_at: Date | null
}

export function exportFrom(row: ExportRow): Export {
  return {
    id: row.id, kind: row.kind as ExportKind, format: row.format as ExportFormat, actionId: row.action_id, controllerId: row.controller_id, language: row.language, country: row.country, reason: row.reason,
    askedBy: row.asked_by, askedAt: row.asked_at, people: row.people, rows: row.rows, done: row.done, state: row.state as Export['state'], problem: row.problem as Export['problem'], endedAt: row.ended_at,
  }
}
