import { sql, type Db, type RawBuilder, type Tx } from '#platform/db.ts'
import { slug } from '#platform/slug.ts'

/** An area as somebody sees it who keeps it right. */
export interface AreaRecord {
  id: string
  name: string
  names: Record<string, string>
  /** The one around it. */
  parent: { id: string, name: string } | null
  /** The offices that answer for it, without those for an area around it. */
  offices: { id: string, label: string, labels: Record<string, string> }[]
}

export async function findAreaRecord(db: Db, id: string): Promise<AreaRecord | undefined> {
  const area = await db.selectFrom('areas').select(['id', 'name', 'names', 'parent_id']).where('id', '=', id).executeTakeFirst()
  if (!area) return undefined
  const parent = area.parent_id === null ? undefined : await db.selectFrom('areas').select(['id', 'name']).where('id', '=', area.parent_id).executeTakeFirst()
  const offices = await db.selectFrom('offices').select(['id', 'label', 'labels']).where('area_id', '=', id).where('valid_until', 'is', null).orderBy('label').limit(200).execute()
  return { id, name: area.name, names: area.names as Record<string, string>, parent: parent ?? null, offices: offices.map((office) => ({ ...office, labels: office.labels as Record<string, string> })) }
}

/** The area that an office answers for. */
export async function areaOfOffice(db: Db, officeId: string): Promise<{ id: string, name: string } | undefined> {
  return db.selectFrom('offices').innerJoin('areas', 'areas.id', 'offices.area_id').select(['areas.id', 'areas.name']).where('offices.id', '=', officeId).executeTakeFirst()
}

/** Names to be offered while somebody types, so many at most. */
export async function areaNames(db: Db, most = 2000): Promise<string[]> {
  return (await db.selectFrom('areas').select('name').distinct().where('valid_until', 'is', null).orderBy('name').limit(most).execute()).map(({ name }) => name)
}

/** Ids of the areas that somebody may mean: by id, or by name in any language. An id is that one alone. */
export async function areasMeant(db: Db, typed: string): Promise<string[]> {
  const { rows } = await sql<{ id: string }>`
    select id from areas where valid_until is null and (id = ${typed} or lower(name) = lower(${typed}) or exists (select from jsonb_each_text(names) where lower(value) = lower(${typed})))
    order by id limit 20`.execute(db)
  const ids = rows.map(({ id }) => id)
  return ids.includes(typed) ? [typed] : ids
}

/** An area that there is, or none where its id is null; or a new one of this name. */
export type AreaChosen = { id: string | null } | { called: string }

/** The area that somebody chose, made first where it is a new one. */
export async function chosenArea(tx: Tx, chosen: AreaChosen): Promise<string | null> {
  if ('id' in chosen) return chosen.id
  const wanted = `by-hand:${slug(chosen.called)}`
  const { rows: [free] } = await sql<{ id: string }>`
    select id from (select ${wanted} as id, 1 as place union all select ${wanted} || '-' || n, n from generate_series(2, 1000) n) candidates
    where not exists (select from areas where areas.id = candidates.id) order by place limit 1`.execute(tx)
  await tx.insertInto('areas').values({ id: free!.id, name: chosen.called, source: 'by hand' }).execute()
  return free!.id
}

/** Two who change areas at once would make one twice, or a circle together. */
export async function holdAreas(tx: Tx): Promise<void> {
  await sql`select pg_advisory_xact_lock(hashtext('clarion areas'))`.execute(tx)
}

/** Says for which area an office answers. Where it is one of that name already, a second click makes no other. */
export async function setOfficeArea(tx: Tx, officeId: string, chosen: AreaChosen): Promise<void> {
  await holdAreas(tx)
  if ('called' in chosen && (await areaOfOffice(tx, officeId))?.name === chosen.called) return
  await tx.updateTable('offices').set({ area_id: await chosenArea(tx, chosen) }).where('id', '=', officeId).execute()
}

/** Changes what an area is called and in which one it lies. A name that is empty goes; those in other languages stay. `in-itself`: that would go round in a circle, and nothing was changed. */
export async function changeArea(tx: Tx, id: string, { name, names, parentId }: { name: string, names: Record<string, string>, parentId: string | null }): Promise<'changed' | 'in-itself'> {
  await holdAreas(tx)
  const { rows } = await sql`
    with recursive around (id) as (select ${parentId}::text union select areas.parent_id from around join areas on areas.id = around.id where areas.parent_id is not null)
    select from around where id = ${id}`.execute(tx)
  if (rows.length > 0) return 'in-itself'
  await sql`update areas set name = ${name}, parent_id = ${parentId}, names = ${withNames('names', names)} where id = ${id}`.execute(tx)
  return 'changed'
}

/** A column of names by language, with these: one that is empty goes, and those in languages that are not among them stay. */
export function withNames(column: string, names: Record<string, string>): RawBuilder<unknown> {
  return sql`(select coalesce(jsonb_object_agg(key, value), '{}') from jsonb_each_text(${sql.ref(column)} || ${JSON.stringify(names)}::jsonb) where value <> '')`
}
