import { sql, type Db, type Tx } from '#platform/db.ts'
import { newToken, tokenHash } from '#platform/tokens.ts'

export const sessionHours = 12
const idleHours = 4

/** Lets a staff member in. Returns the token that their browser keeps. */
export async function openSession(tx: Tx, staffId: string, now: Date): Promise<string> {
  const token = newToken()
  await tx.insertInto('desk_sessions').values({
    token_hash: tokenHash(token), staff_id: staffId, created_at: now, last_seen_at: now, proved_at: now, expires_at: new Date(now.getTime() + sessionHours * 3_600_000),
  }).execute()
  return token
}

/** Whose session a token is, and when they last showed that it is them; nothing if it has ended, or nobody has used it for four hours. */
export async function findSession(db: Db, token: string, now: Date): Promise<{ staffId: string, provedAt: Date | null } | undefined> {
  const row = await db.selectFrom('desk_sessions').select(['staff_id', 'proved_at']).where('token_hash', '=', tokenHash(token)).where('expires_at', '>', now)
    .where('last_seen_at', '>', new Date(now.getTime() - idleHours * 3_600_000)).executeTakeFirst()
  return row && { staffId: row.staff_id, provedAt: row.proved_at }
}

/** Notes that whoever has this session has just shown again that it is them. */
export async function proveSession(tx: Tx, token: string, now: Date): Promise<void> {
  await tx.updateTable('desk_sessions').set({ proved_at: now }).where('token_hash', '=', tokenHash(token)).execute()
}

/** Notes that a session is in use, once a minute at most. */
export async function touchSession(db: Db, token: string, now: Date): Promise<void> {
  await sql`update desk_sessions set last_seen_at = ${now} where token_hash = ${tokenHash(token)} and last_seen_at < ${new Date(now.getTime() - 60_000)}`.execute(db)
}

export async function closeSession(tx: Tx, token: string): Promise<void> {
  await tx.deleteFrom('desk_sessions').where('token_hash', '=', tokenHash(token)).execute()
}

/** Where somebody is signed in, in use last first. `id` says nothing about the token. */
export async function sessionsOf(db: Db, staffId: string, token: string | undefined, now: Date): Promise<{ id: string, since: Date, lastSeen: Date, current: boolean }[]> {
  const rows = await db.selectFrom('desk_sessions').select(['token_hash', 'created_at', 'last_seen_at']).where('staff_id', '=', staffId).where('expires_at', '>', now)
    .where('last_seen_at', '>', new Date(now.getTime() - idleHours * 3_600_000)).orderBy('last_seen_at', 'desc').execute()
  const own = token === undefined ? undefined : tokenHash(token)
  return rows.map((row) => ({ id: row.token_hash.toString('hex'), since: row.created_at, lastSeen: row.last_seen_at, current: own?.equals(row.token_hash) ?? false }))
}

/** Ends one of somebody's sessions, or all of them. Returns how many. */
export async function endSessions(tx: Tx, staffId: string, id?: string): Promise<number> {
  const ended = await tx.deleteFrom('desk_sessions').where('staff_id', '=', staffId).$if(id !== undefined, (query) => query.where('token_hash', '=', Buffer.from(id!, 'hex'))).returning('staff_id').execute()
  return ended.length
}

export async function closeOtherSessions(tx: Tx, staffId: string, token: string): Promise<void> {
  await tx.deleteFrom('desk_sessions').where('staff_id', '=', staffId).where('token_hash', '<>', tokenHash(token)).execute()
}
