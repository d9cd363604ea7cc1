import { sql, type Db, type Tx } from '#platform/db.ts'
import { newToken, tokenHash } from '#platform/tokens.ts'

const minutes = 15

/** A link that signs somebody in once, within 15 minutes; without a staff member it makes the first administrator. Returns its token. */
export async function makeSigninLink(tx: Tx, staffId: string | null, now: Date): Promise<string> {
  const token = newToken()
  await tx.insertInto('signin_links').values({ token_hash: tokenHash(token), staff_id: staffId, created_at: now, expires_at: new Date(now.getTime() + minutes * 60_000) }).execute()
  return token
}

export type SigninLink = { staffId: string | null }

/** What a link is good for now, without using it up; nothing if it was used, is too old, or if there is an administrator by now. */
export async function findSigninLink(db: Db, token: string, now: Date): Promise<SigninLink | undefined> {
  const { rows: [row] } = await sql<{ staff_id: string | null }>`
    select staff_id from signin_links where token_hash = ${tokenHash(token)} and used_at is null and expires_at > ${now}
      and (staff_id is not null or not exists (select from staff where left_at is null))`.execute(db)
  return row && { staffId: row.staff_id }
}

/** Uses a link up. False if somebody else was faster. */
export async function useSigninLink(tx: Tx, token: string, now: Date): Promise<boolean> {
  const { rows } = await sql`
    update signin_links set used_at = ${now} where token_hash = ${tokenHash(token)} and used_at is null and expires_at > ${now} returning 1`.execute(tx)
  return rows.length > 0
}
