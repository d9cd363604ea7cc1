import { inTransaction, sql, type Db, type Tx } from '#platform/db.ts'
import { keyId, sealingContext, type Opener, type SealingKey } from '#platform/sealing/index.ts'
import { auditFirst } from '#modules/staff/index.ts'
import { endPass, lockRotation, noteStep, type Mover } from './rotations.ts'
import { keyOfValue, placeOf, sealedColumns, type SealedColumn } from './sealed-columns.ts'

export interface ResealingTools {
  db: Db
  opener: Opener
  /** The key to move to. */
  newest: SealingKey
  process: Mover
}

const mostAtOnce = 1000

/** A row of a sealed column: its key, and its value if that lies under an older key. */
interface Found {
  key: string[]
  sealed: Buffer | null
}

/** How rows of one column are read and written. */
interface Shelf {
  page(after: string[] | null): Promise<Found[]>
  put(rows: { key: string[], sealed: Buffer, fresh: Buffer }[]): Promise<number>
}

/**
 * One step on the way from older keys to the newest: the next thousand rows of a column are looked at, and what lies under an older key is
 * opened, sealed at its place again and written where nobody has written anything else meanwhile, all in one transaction with the note of
 * how far it is. Whoever is interrupted goes on from there. Returns how many rows were looked at: none when there is nothing to do.
 */
export async function resealStep(tools: ResealingTools, now: Date): Promise<number> {
  const { purpose } = tools.newest
  const of = { kind: purpose, process: tools.process, key: keyId(tools.newest) }
  const line = purpose === 'record' ? await resealingLine(tools, now) : undefined
  return inTransaction(tools.db, async (tx) => {
    const standing = await lockRotation(tx, of.kind, of.process, of.key)
    if (!standing) return 0
    const column = sealedColumns.filter((each) => each.purpose === purpose && each.moves === tools.process)[standing.part]
    if (!column) {
      await endPass(tx, of, now)
      return 1
    }
    const shelf = purpose === 'record' ? recordShelf(tx, line!, column, of.key) : tableShelf(tx, column, of.key)
    const page = await shelf.page(standing.after)
    const { fresh, unreadable } = await sealAnew(tools, column, page)
    const moved = fresh.length ? await shelf.put(fresh) : 0
    const over = page.length < mostAtOnce
    await noteStep(tx, of, { part: standing.part + (over ? 1 : 0), after: over ? null : page.at(-1)!.key, moved, unreadable })
    return Math.max(1, page.length)
  })
}

async function sealAnew({ opener, newest }: ResealingTools, column: SealedColumn, page: Found[]) {
  const old = page.flatMap(({ key, sealed }) => (sealed ? [{ key, sealed }] : []))
  if (old.length === 0) return { fresh: [], unreadable: 0 }
  const context = await sealingContext(newest)
  const opened = await Promise.all(old.map(({ key, sealed }) => opener.openBytes(placeOf(column, key), sealed).catch(() => undefined)))
  const fresh = old.flatMap(({ key, sealed }, place) => {
    const value = opened[place]
    return value ? [{ key, sealed, fresh: context.seal(placeOf(column, key), value) }] : []
  })
  return { fresh, unreadable: old.length - fresh.length }
}

/** A column that the process may read and write itself. */
function tableShelf(tx: Tx, { table, column, key }: SealedColumn, newest: string): Shelf {
  const names = key.map(([name]) => sql.ref(name))
  return {
    async page(after) {
      const beyond = after ? sql`and (${sql.join(names)}) > (${sql.join(key.map(([, type], place) => sql`${after[place]}::${sql.raw(type)}`))})` : sql``
      const { rows } = await sql<Found>`
        select array[${sql.join(names.map((name) => sql`${name}::text`))}] as key, case when ${keyOfValue(column)} <> ${newest} then ${sql.ref(column)} end as sealed
        from ${sql.table(table)} where ${sql.ref(column)} is not null ${beyond} order by ${sql.join(names)} limit ${mostAtOnce}`.execute(tx)
      return rows
    },
    async put(rows) {
      const arrays = key.map(([, type], place) => sql`${rows.map((row) => row.key[place])}::${sql.raw(type)}[]`)
      const { numAffectedRows } = await sql`
        update ${sql.table(table)} as t set ${sql.ref(column)} = moved.fresh
        from unnest(${sql.join(arrays)}, ${rows.map((row) => row.sealed)}::bytea[], ${rows.map((row) => row.fresh)}::bytea[]) as moved (${sql.join([...names, sql.ref('sealed'), sql.ref('fresh')])})
        where ${sql.join(key.map(([name]) => sql`t.${sql.ref(name)} = moved.${sql.ref(name)}`), sql` and `)} and t.${sql.ref(column)} = moved.sealed`.execute(tx)
      return Number(numAffectedRows)
    },
  }
}

const noId = '00000000-0000-0000-0000-000000000000'

/** What the record key covers goes through the database's own two functions, against a line in the audit log. */
function recordShelf(tx: Tx, line: string, { table }: SealedColumn, newest: string): Shelf {
  return {
    async page(after) {
      const { rows } = await sql<{ person_id: string, id: string, record: Buffer | null }>`
        select * from records_to_reseal(${line}, ${newest}, ${table}, ${after?.[0] ?? noId}, ${after?.[1] ?? noId}, ${mostAtOnce})`.execute(tx)
      return rows.map((row) => ({ key: [row.person_id, row.id], sealed: row.record }))
    },
    async put(rows) {
      const { rows: [put] } = await sql<{ moved: number }>`
        select reseal_records(${line}, ${table}, ${rows.map((row) => row.key[0])}::uuid[], ${rows.map((row) => row.key[1])}::uuid[], ${rows.map((row) => row.sealed)}::bytea[], ${rows.map((row) => row.fresh)}::bytea[]) as moved`.execute(tx)
      return put!.moved
    },
  }
}

/** Lines of the audit log under which this process reseals, by database: each is good for an hour. */
const lines = new WeakMap<Db, { id: string, key: string, at: number }>()
const lineMinutes = 50

async function resealingLine({ db, newest }: ResealingTools, now: Date): Promise<string | undefined> {
  const key = keyId(newest)
  const waiting = await db.selectFrom('key_rotations').select('key').where('kind', '=', 'record').where('key', '=', key).where('ended_at', 'is', null).executeTakeFirst()
  if (!waiting) return undefined
  const known = lines.get(db)
  if (known?.key === key && now.getTime() - known.at < lineMinutes * 60_000) return known.id
  const id = await auditFirst(db, { staffId: null, verb: 'reseal-records', subjectKind: 'settings', subjectIds: [key] })
  lines.set(db, { id, key, at: now.getTime() })
  return id
}
