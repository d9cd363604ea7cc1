import { notFound } from '#platform/http/server.ts'
import { findAction, type Action } from '#modules/actions/index.ts'
import type { Desk } from '../context.ts'
import { idOf, orNotFound, type Visit } from '../pages.ts'

/** The message that a page is about, or "there is no such page": petitions have no targets. */
export async function messageAction(desk: Desk, visit: Visit): Promise<Action> {
  const action = orNotFound(await findAction(desk.db, { id: idOf(visit) }))
  return action.kind === 'message' ? action : notFound()
}
