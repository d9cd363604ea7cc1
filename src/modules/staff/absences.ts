import { randomUUID } from 'node:crypto'
import { sql, type Db, type Tx } from '#platform/db.ts'
import type { Staff } from './accounts.ts'

/** Who does somebody's work, from when to when. */
export interface Deputy {
  id: string
  staffId: string
  deputyId: string
  from: Date
  until: Date
}

/** Those who stand in for somebody, now or later, and those for whom they do. */
export async function deputiesAround(db: Db, staffId: string, now: Date): Promise<Deputy[]> {
  const rows = await db.selectFrom('deputies').selectAll().where((where) => where.or([where('staff_id', '=', staffId), where('deputy_id', '=', staffId)])).where('until_at', '>', now).orderBy('from_at').execute()
  return rows.map((row) => ({ id: row.id, staffId: row.staff_id, deputyId: row.deputy_id, from: row.from_at, until: row.until_at }))
}

/** From then until then the deputy may do what the other may. What somebody does as a deputy of a deputy is not among it. */
export async function nameDeputy(tx: Tx, deputy: Omit<Deputy, 'id'>, now: Date): Promise<string> {
  const id = randomUUID()
  await tx.insertInto('deputies').values({ id, staff_id: deputy.staffId, deputy_id: deputy.deputyId, from_at: deputy.from, until_at: deputy.until, created_at: now }).execute()
  return id
}

export async function endDeputy(tx: Tx, { id, staffId }: { id: string, staffId: string }): Promise<boolean> {
  return (await tx.deleteFrom('deputies').where('id', '=', id).where('staff_id', '=', staffId).returning('id').execute()).length > 0
}

/** Whether somebody may take over what another looks after: whoever looks after things already, or may. */
export function mayTakeOver({ id, roles, leftAt }: Pick<Staff, 'id' | 'roles' | 'leftAt'>, from: string): boolean {
  return id !== from && leftAt === null && roles.includes('coordinator')
}

/** What somebody looks after goes to somebody else. Returns how many places moved. */
export async function handOverPlaces(tx: Tx, from: string, to: string): Promise<number> {
  const { rows } = await sql<{ place: string }>`
    with given as (delete from staff_places where staff_id = ${from} returning place, assigned_at)
    insert into staff_places (staff_id, place, assigned_at) select ${to}, place, assigned_at from given on conflict do nothing returning place`.execute(tx)
  return rows.length
}

/** So does standing in for others. */
export async function handOverDeputies(tx: Tx, from: string, to: string): Promise<void> {
  await sql`
    with given as (delete from deputies where deputy_id = ${from} returning staff_id, from_at, until_at, created_at)
    insert into deputies (id, staff_id, deputy_id, from_at, until_at, created_at) select gen_random_uuid(), staff_id, ${to}, from_at, until_at, created_at from given where staff_id <> ${to}`.execute(tx)
}
