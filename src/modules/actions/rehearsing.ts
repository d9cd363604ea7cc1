import { randomUUID } from 'node:crypto'
import type { Tx } from '#platform/db.ts'
import { newToken, tokenHash } from '#platform/tokens.ts'

const rehearsalDays = 7

/** Opens an action as it stands for whoever has the link, for a week; all that is sent goes to one staff member. Returns the token that the link ends with. */
export async function startRehearsal(tx: Tx, rehearsal: { actionId: string, staffId: string }, now: Date): Promise<{ token: string, until: Date }> {
  const token = newToken()
  const until = new Date(now.getTime() + rehearsalDays * 86_400_000)
  await tx.insertInto('rehearsals').values({ id: randomUUID(), action_id: rehearsal.actionId, staff_id: rehearsal.staffId, token_hash: tokenHash(token), expires_at: until }).execute()
  return { token, until }
}
