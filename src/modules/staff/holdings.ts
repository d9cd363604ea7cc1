import { sql, type Db, type Tx } from '#platform/db.ts'
import type { Holding, Role } from './abilities.ts'

/** What somebody holds at a moment: their own roles and places first, then those of the people whose deputy they are. */
export async function holdingsOf(db: Db, staffId: string, now: Date): Promise<Holding[]> {
  const { rows } = await sql<{ id: string, roles: Role[], places: string[] }>`
    select staff.id, staff.roles, coalesce((select array_agg(place order by place) from staff_places where staff_places.staff_id = staff.id), '{}') as places
    from staff
    where staff.left_at is null and (staff.id = ${staffId}
      or staff.id in (select staff_id from deputies where deputy_id = ${staffId} and from_at <= ${now} and until_at > ${now}))
    order by staff.id <> ${staffId}, staff.created_at`.execute(db)
  return rows.map((row) => ({ staffId: row.id, roles: row.roles, places: row.places }))
}

export async function placesOf(db: Db, staffId: string): Promise<string[]> {
  return (await db.selectFrom('staff_places').select('place').where('staff_id', '=', staffId).orderBy('place').execute()).map(({ place }) => place)
}

/** Assigns exactly these places to somebody. */
export async function assignPlaces(tx: Tx, staffId: string, places: readonly string[], now: Date): Promise<void> {
  await tx.deleteFrom('staff_places').where('staff_id', '=', staffId).execute()
  if (places.length > 0) await tx.insertInto('staff_places').values([...new Set(places)].map((place) => ({ staff_id: staffId, place, assigned_at: now }))).execute()
}

/** Whoever looks after a place still does when it is called something else, and after nothing that is called so later. */
export async function renamePlace(tx: Tx, from: string, to: string): Promise<void> {
  const rows = await tx.deleteFrom('staff_places').where('place', '=', from).returning(['staff_id', 'assigned_at']).execute()
  if (rows.length > 0) await tx.insertInto('staff_places').values(rows.map((row) => ({ ...row, place: to }))).onConflict((conflict) => conflict.doNothing()).execute()
}
