import { sql, type Db, type Tx } from '#platform/db.ts'

/** What merge fields call a column: {fact_cases} for "Cases". */
export const factPrefix = 'fact_' as const

/** A column's name as it can stand in a merge field: letters of any script, digits, underscores. */
export function factName(heading: string): string {
  return heading.normalize('NFKC').toLowerCase().replace(/[^\p{L}\p{M}\p{N}]+/gu, '_').replace(/^_+|_+$/g, '').slice(0, 40)
}

/** What is known of one area, by column. */
export type AreaFactValues = Record<string, string>

export async function factColumns(db: Db, actionId: string): Promise<string[]> {
  const rows = await db.selectFrom('fact_columns').select('name').where('action_id', '=', actionId).orderBy('position').execute()
  return rows.map((row) => row.name)
}

/** Adds columns behind those that there are; one that is there already stays where it is. */
export async function addFactColumns(tx: Tx, actionId: string, names: string[]): Promise<void> {
  await sql`
    insert into fact_columns (action_id, position, name)
    select ${actionId}, coalesce((select max(position) from fact_columns where action_id = ${actionId}), 0) + place, name
    from unnest(${names}::text[]) with ordinality as new (name, place) on conflict do nothing`.execute(tx)
}

export async function removeFactColumn(tx: Tx, actionId: string, name: string): Promise<void> {
  await tx.deleteFrom('fact_columns').where('action_id', '=', actionId).where('name', '=', name).execute()
  await sql`update area_facts set facts = facts - ${name}::text where action_id = ${actionId}`.execute(tx)
}

/** Sets values of areas, by column; other columns of these areas stay as they are, and an empty value is none. */
export async function setFacts(tx: Tx, actionId: string, rows: { areaId: string, facts: AreaFactValues }[]): Promise<void> {
  if (rows.length === 0) return
  await sql`
    insert into area_facts as known (action_id, area_id, facts)
    select ${actionId}, area_id, jsonb_strip_nulls(facts) from unnest(${rows.map((row) => row.areaId)}::text[], ${rows.map(({ facts }) => JSON.stringify(emptyAsNull(facts)))}::jsonb[]) as new (area_id, facts)
    on conflict (action_id, area_id) do update set facts = jsonb_strip_nulls(known.facts || (
      select facts from unnest(${rows.map((row) => row.areaId)}::text[], ${rows.map(({ facts }) => JSON.stringify(emptyAsNull(facts)))}::jsonb[]) as again (area_id, facts) where again.area_id = known.area_id))`.execute(tx)
}

function emptyAsNull(facts: AreaFactValues): Record<string, string | null> {
  return Object.fromEntries(Object.entries(facts).map(([name, value]) => [name, value.trim().slice(0, 500) || null]))
}

/** What is known of areas, for the words of an action: of the area itself, or of the nearest one around it. In the order asked. */
export async function factsOfAreas(db: Db, asked: { actionId: string, areaId: string }[]): Promise<AreaFactValues[]> {
  if (asked.length === 0) return []
  const { rows } = await sql<{ place: string, facts: AreaFactValues }>`
    with recursive around (place, action_id, area_id, depth) as (
      select place, action_id, area_id, 0 from unnest(${asked.map((each) => each.actionId)}::uuid[], ${asked.map((each) => each.areaId)}::text[]) with ordinality as asked (action_id, area_id, place)
      union all select around.place, around.action_id, areas.parent_id, around.depth + 1 from around join areas on areas.id = around.area_id where areas.parent_id is not null and around.depth < 10)
    select around.place, known.facts from around join public_area_facts known on known.action_id = around.action_id and known.area_id = around.area_id
    order by around.place, around.depth desc`.execute(db)
  const found = asked.map((): AreaFactValues => ({}))
  for (const { place, facts } of rows) Object.assign(found[Number(place) - 1]!, facts)
  return found
}

/** How many of the places that an action's table can speak of have a value in each column, their own or that of a place around them; and how many places there are. */
export async function factsFilled(db: Db, actionId: string): Promise<{ places: number, columns: Map<string, number> }> {
  const { rows: possible } = await sql<{ areaId: string }>`select areas.id as "areaId" from areas where ${ofAction(actionId)} and coalesce(areas.valid_until > now(), true)`.execute(db)
  const known = await factsOfAreas(db, possible.map(({ areaId }) => ({ actionId, areaId })))
  return { places: possible.length, columns: new Map((await factColumns(db, actionId)).map((name) => [name, known.filter((each) => each[name]).length])) }
}

/** Gives another action the same table. */
export async function copyFacts(tx: Tx, from: string, to: string): Promise<void> {
  await sql`insert into fact_columns (action_id, position, name) select ${to}, position, name from fact_columns where action_id = ${from}`.execute(tx)
  await sql`insert into area_facts (action_id, area_id, facts) select ${to}, area_id, facts from area_facts where action_id = ${from}`.execute(tx)
}

/** Areas that a table of facts can speak of: those that the action's own representatives answer for, or all where there are none. */
export async function factAreas(db: Db, actionId: string, { limit, offset, search = '' }: { limit: number, offset: number, search?: string }): Promise<{ id: string, name: string, names: Record<string, string>, facts: AreaFactValues, all: number }[]> {
  const { rows } = await sql<{ id: string, name: string, names: Record<string, string>, facts: AreaFactValues, all: number }>`
    select areas.id, areas.name, areas.names, coalesce(known.facts, '{}') as facts, count(*) over ()::int as all
    from areas left join area_facts known on known.action_id = ${actionId} and known.area_id = areas.id
    where ${ofAction(actionId)} and areas.name ilike ${`%${search.replace(/[\\%_]/g, '\\$&')}%`} order by areas.name, areas.id limit ${limit} offset ${offset}`.execute(db)
  return rows
}

function ofAction(actionId: string) {
  return sql<boolean>`(areas.id in (select offices.area_id from offices join action_targets on action_targets.body_id = offices.body_id where action_targets.action_id = ${actionId})
    or not exists (select from action_targets where action_id = ${actionId} and body_id is not null))`
}

/**
 * Finds the areas that the rows of a file speak of, each by what stands first in it: by id, by the code at the end of it, or by a name in any language. A row that
 * fits none, or more than one, is not guessed at; nor are rows that say different things of one area.
 */
export async function placeFacts(db: Db, actionId: string, table: string[][]): Promise<{ areaId?: string, fault?: 'unknown' | 'ambiguous' | 'twice' }[]> {
  const codes = table.map(([code = '']) => code)
  const { rows } = await sql<{ place: string, id: string }>`
    with possible as (select id, name, names from areas where ${ofAction(actionId)} and coalesce(areas.valid_until > now(), true)),
      called (id, name) as (
        select id, lower(id) from possible union select id, lower(split_part(id, ':', 2)) from possible union select id, lower(name) from possible
        union select id, lower(value) from possible, jsonb_each_text(names))
    select asked.place, called.id from unnest(${codes}::text[]) with ordinality as asked (code, place) join called on called.name = lower(asked.code) where asked.code <> ''`.execute(db)
  const found = Map.groupBy(rows, (row) => Number(row.place) - 1)
  const said = new Map<string, Set<string>>()
  for (const [place, areas] of found) if (areas.length === 1) said.set(areas[0]!.id, (said.get(areas[0]!.id) ?? new Set()).add(JSON.stringify(table[place]!.slice(1))))
  return codes.map((_, place) => {
    const areas = found.get(place) ?? []
    if (areas.length !== 1) return { fault: areas.length === 0 ? 'unknown' as const : 'ambiguous' as const }
    return said.get(areas[0]!.id)!.size > 1 ? { fault: 'twice' as const } : { areaId: areas[0]!.id }
  })
}
