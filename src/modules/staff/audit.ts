import { randomUUID } from 'node:crypto'
import { inTransaction, sql, type Db, type RawBuilder, type Tx } from '#platform/db.ts'

/** What a line can be about. */
export const auditSubjects = ['action', 'participation', 'person', 'staff', 'settings', 'targets', 'import', 'statement', 'backup', 'session', 'mailing', 'export', 'item', 'subject', 'record', 'contact-message'] as const

/** A line of the log of who did what. It names people by id only. */
export interface AuditLine {
  staffId: string | null
  /** Whose deputy did it, where it took what only they may do. */
  behalfOf?: string | null
  verb: string
  subjectKind: (typeof auditSubjects)[number]
  subjectIds: string[]
  reason?: string
  details?: Record<string, string | number | boolean | null>
}

/** Writes a line in the transaction of what it is about. */
export async function audit(tx: Tx, line: AuditLine, now: Date): Promise<string> {
  const id = randomUUID()
  await tx.insertInto('audit_log').values({
    id, happened_at: now, staff_id: line.staffId, verb: line.verb, subject_kind: line.subjectKind, subject_ids: line.subjectIds, reason: line.reason ?? '', details: JSON.stringify({ ...line.details, ...(line.behalfOf && { behalfOf: line.behalfOf }) }),
  }).execute()
  return id
}

/**
 * Writes a line and commits it, before what it speaks of happens: opening sealed data needs that. The database's clock dates
 * the line, because the database itself checks that it is fresh.
 */
export async function auditFirst(db: Db, line: AuditLine): Promise<string> {
  return inTransaction(db, async (tx) => {
    const { rows: [clock] } = await sql<{ now: Date }>`select now()`.execute(tx)
    return audit(tx, line, clock!.now)
  })
}

/** Keeps what something is called in the log that is about to go, and of which day it is. */
export async function nameInLog(tx: Tx, gone: { id: string, name: string, day: string }): Promise<void> {
  await tx.insertInto('audit_names').values({ subject_id: gone.id, name: gone.name.slice(0, 200), day: gone.day }).onConflict((already) => already.doNothing()).execute()
}

/** What some of what is gone is called, by id. */
export async function namesInLog(db: Db, ids: string[]): Promise<{ id: string, name: string, day: string }[]> {
  const { rows } = await sql<{ id: string, name: string, day: string }>`select subject_id as id, name, day::text as day from audit_names where subject_id::text = any (${ids}::text[])`.execute(db)
  return rows
}

export interface AuditEntry {
  id: string
  happenedAt: Date
  staffId: string | null
  behalfOf: string | null
  verb: string
  subjectKind: string
  subjectIds: string[]
  reason: string
  details: Record<string, string | number | boolean | null>
  /** Its place in the chain and its seal; nothing for some seconds after it was written. */
  position: number | null
  hash: string | null
}

/** Which lines somebody wants to see: all conditions that are given must hold. */
export interface AuditFilter {
  verb?: string
  staffId?: string
  subjectKind?: string
  /** The id of an action, a person, a staff member: whatever a line can be about. */
  subjectId?: string
  from?: Date
  until?: Date
}

/** A page of the log, newest first, with how many lines there are in all. */
export async function auditPage(db: Db, filter: AuditFilter, page: { after: number, size: number }): Promise<{ entries: AuditEntry[], count: number }> {
  const { rows: [all] } = await sql<{ count: number }>`select count(*)::int as count from audit_log line where ${fitting(filter)}`.execute(db)
  return { entries: await entriesOf(db, sql`${fitting(filter)} order by line.happened_at desc, line.id limit ${page.size} offset ${page.after}`), count: all!.count }
}

/** All lines that fit, oldest first, a page at a time, so that memory stays flat. */
export async function* auditLines(db: Db, filter: AuditFilter): AsyncGenerator<AuditEntry[]> {
  let last: AuditEntry | undefined
  do {
    const beyond = last === undefined ? sql`true` : sql`(line.happened_at, line.id) > ((select happened_at from audit_log where id = ${last.id}), ${last.id}::uuid)`
    const entries = await entriesOf(db, sql`${fitting(filter)} and ${beyond} order by line.happened_at, line.id limit 1000`)
    last = entries.at(-1)
    if (entries.length > 0) yield entries
  } while (last)
}

/** When each of these was last done to somebody or something, by the verb and by the language that its lines name, if they do. */
export async function lastDone(db: Db, subjectId: string, verbs: string[]): Promise<{ verb: string, language: string | null, at: Date }[]> {
  const { rows } = await sql<{ verb: string, language: string | null, at: Date }>`
    select line.verb, line.details ->> 'language' as language, max(line.happened_at) as at from audit_log line
    where ${fitting({ subjectId })} and line.verb = any (${verbs}) group by 1, 2`.execute(db)
  return rows
}

/** What has been done at all, for choosing from. */
export async function auditVerbs(db: Db): Promise<string[]> {
  return (await db.selectFrom('audit_log').select('verb').distinct().orderBy('verb').execute()).map(({ verb }) => verb)
}

function fitting({ verb, staffId, subjectKind, subjectId, from, until }: AuditFilter): RawBuilder<boolean> {
  const conditions = [
    verb !== undefined && sql`line.verb = ${verb}`, staffId !== undefined && sql`line.staff_id = ${staffId}`, subjectKind !== undefined && sql`line.subject_kind = ${subjectKind}`,
    subjectId !== undefined && sql`line.subject_ids @> array[${subjectId}]`, from && sql`line.happened_at >= ${from}`, until && sql`line.happened_at < ${until}`,
  ].filter((each) => each !== false && each !== undefined)
  return sql`(${sql.join([sql`true`, ...conditions], sql` and `)})`
}

async function entriesOf(db: Db, which: RawBuilder<unknown>): Promise<AuditEntry[]> {
  const { rows } = await sql<{ id: string, happened_at: Date, staff_id: string | null, verb: string, subject_kind: string, subject_ids: string[], reason: string, details: AuditEntry['details'], position: string | null, hash: Buffer | null }>`
    select line.*, chain.position, chain.hash from audit_log line left join audit_chain chain on chain.audit_id = line.id where ${which}`.execute(db)
  return rows.map(({ details: { behalfOf, ...details }, ...row }) => ({
    id: row.id, happenedAt: row.happened_at, staffId: row.staff_id, behalfOf: typeof behalfOf === 'string' ? behalfOf : null, verb: row.verb, subjectKind: row.subject_kind, subjectIds: row.subject_ids, reason: row.reason, details,
    position: row.position === null ? null : Number(row.position), hash: row.hash?.toString('hex') ?? null,
  }))
}
