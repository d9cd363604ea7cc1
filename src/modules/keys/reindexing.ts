import { inTransaction, sql, type Db, type Tx } from '#platform/db.ts'
import type { IndexKey, Opener } from '#platform/sealing/index.ts'
import { reindexParticipations } from '#modules/actions/index.ts'
import { renameLikenesses } from '#modules/integrity/index.ts'
import { moveUnanswered } from '#modules/mails/index.ts'
import { dropOldIndexes, openContact, reindexPeople, strictIndexPairs } from '#modules/people/index.ts'
import { droppingPart, endPass, lockRotation, noteStep, underOlderKeys } from './rotations.ts'

export interface ReindexingTools {
  db: Db
  opener: Opener
  /** Newest last. */
  indexKeys: IndexKey[]
}

const peopleAtOnce = 500
const dropsAtOnce = 5000
const noId = '00000000-0000-0000-0000-000000000000'

/** For how long people can also be found under the old key: until then every worker has been given the new one. */
export const bothMinutes = 60

/**
 * One step from an older index key to the newest, in one transaction with the note of how far it is: the next five hundred people are indexed
 * under it, with all that is remembered of their addresses; once all of them are and every worker has had time to learn the key, indexes
 * under older ones go. Returns how many rows it dealt with: none when there is nothing to do.
 */
export async function reindexStep(tools: ReindexingTools, now: Date): Promise<number> {
  const key = String(tools.indexKeys.at(-1)!.id)
  const of = { kind: 'index', process: 'worker', key } as const
  return inTransaction(tools.db, async (tx) => {
    const standing = await lockRotation(tx, of.kind, of.process, of.key)
    if (!standing) return 0
    if (standing.part < droppingPart) {
      const page = await nextPeople(tx, standing.after)
      if (page.length) {
        const done = await reindex(tx, tools, page)
        await noteStep(tx, of, { part: 0, after: [page.at(-1)!.id], ...done })
        return page.length
      }
      // Going through everybody costs: not before the hour is over.
      if (now.getTime() - standing.startedAt.getTime() < bothMinutes * 60_000) return 0
      // Whoever came in behind, by a worker that had the old key only, is found in another pass.
      if (await underOlderKeys(tx, 'index', 'worker', key) > await unreadable(tx, key)) await beginAgain(tx, key)
      else await noteStep(tx, of, { part: droppingPart, after: null })
      return 1
    }
    const dropped = await dropOldIndexes(tx, Number(key), dropsAtOnce)
    if (dropped === 0) await endPass(tx, of, now)
    return Math.max(1, dropped)
  })
}

async function unreadable(tx: Tx, key: string): Promise<number> {
  return (await tx.selectFrom('key_rotations').select('unreadable').where('kind', '=', 'index').where('key', '=', key).executeTakeFirstOrThrow()).unreadable
}

async function beginAgain(tx: Tx, key: string): Promise<void> {
  await sql`update key_rotations set after_row = null, unreadable = 0 where kind = 'index' and key = ${key}`.execute(tx)
}

interface Person {
  id: string
  contact: Buffer
}

async function nextPeople(tx: Tx, after: string[] | null): Promise<Person[]> {
  return (await sql<Person>`select id, contact from people where id > ${after?.[0] ?? noId} order by id limit ${peopleAtOnce}`.execute(tx)).rows
}

async function reindex(tx: Tx, { opener, indexKeys }: ReindexingTools, page: Person[]): Promise<{ moved: number, unreadable: number }> {
  const opened = await Promise.all(page.map(async ({ id, contact }) => ({ id, email: await openContact(opener, id, contact).then(({ email }) => email, () => undefined) })))
  const known = opened.filter((each): each is { id: string, email: string } => each.email !== undefined)
  // In the order in which settling locks its rows.
  await renameLikenesses(tx, await reindexParticipations(tx, { opener, indexKeys }, new Map(known.map(({ id, email }) => [id, email]))))
  const moved = await reindexPeople(tx, indexKeys, known)
  await moveUnanswered(tx, strictIndexPairs(indexKeys, known.map(({ email }) => email)))
  return { moved, unreadable: page.length - known.length }
}
