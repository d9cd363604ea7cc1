import { sql, type Tx } from '#platform/db.ts'
import type { NamedArea } from './codes.ts'
import type { LookupMapping } from './mapping.ts'
import type { Run } from './run.ts'

/**
 * Says which areas of a file of codes there are, in the table `incoming_areas` by their numbers. Where the mapping says so those
 * that nobody has told us about are made, with the office that answers for them: nobody holds it, as far as we know. Returns how many there are.
 */
export async function areasNamed(tx: Tx, mapping: LookupMapping, named: NamedArea[], { asOf, source }: Run): Promise<number> {
  const idOf = (code: string) => `${mapping.areaPrefix}:${code}`
  if (mapping.areas) await makeAreas(tx, mapping, mapping.areas, named, source)
  await sql`create temporary table incoming_areas (area int primary key, id text not null) on commit drop`.execute(tx)
  // An area that has ended by then is none for a code to lie in.
  const { numAffectedRows } = await sql`
    insert into incoming_areas select area, areas.id from unnest(${named.map((_, place) => place)}::int[], ${named.map(([code]) => idOf(code))}::text[]) as named (area, id)
    join areas using (id) where coalesce(areas.valid_until > ${asOf}, true)`.execute(tx)
  return Number(numAffectedRows)
}

async function makeAreas(tx: Tx, mapping: LookupMapping, how: NonNullable<LookupMapping['areas']>, named: NamedArea[], source: string): Promise<void> {
  const idOf = (code: string) => `${mapping.areaPrefix}:${code}`
  const parents = [...new Map(named.filter(([, , parent]) => parent).map(([, , parent, name]) => [parent, name || parent]))]
  const areas = named.map(([code, name, parent]) => ({ id: idOf(code), name: name || how.name.replaceAll('{area_code}', code), parent: parent ? idOf(parent) : null }))
  await sql`
    insert into areas (id, name, kind, parent_id, source)
    select distinct on (id) id, name, kind, parent_id, ${source} from unnest(
      ${[...parents.map(([code]) => idOf(code)), ...areas.map((area) => area.id)]}::text[], ${[...parents.map(([, name]) => name), ...areas.map((area) => area.name)]}::text[],
      ${[...parents.map(() => how.parent?.kind ?? ''), ...areas.map(() => how.kind)]}::text[], ${[...parents.map(() => null), ...areas.map((area) => area.parent)]}::text[]) as area (id, name, kind, parent_id)
    on conflict (id) do update set parent_id = coalesce(areas.parent_id, excluded.parent_id), valid_until = null
    where areas.valid_until is not null or (areas.parent_id is null and excluded.parent_id is not null)`.execute(tx)
  if (!how.office) return
  const { body, label, labels, salutations } = how.office
  const inArea = (text: string, name: string) => text.replaceAll('{area}', name)
  await sql`insert into bodies (id, name, names, source) values (${body.id}, ${body.name}, ${JSON.stringify(body.names)}, ${source}) on conflict do nothing`.execute(tx)
  await sql`
    insert into offices (id, body_id, label, labels, area_id, salutations, source)
    select ${body.id} || ':' || code, ${body.id}, label, labels::jsonb, area_id, ${JSON.stringify(salutations)}::jsonb, ${source}
    from unnest(${named.map(([code]) => code)}::text[], ${areas.map((area) => area.id)}::text[], ${areas.map((area) => inArea(label, area.name))}::text[],
      ${areas.map((area) => JSON.stringify(Object.fromEntries(Object.entries(labels).map(([language, text]) => [language, inArea(text, area.name)]))))}::text[]) as office (code, area_id, label, labels)
    where not exists (select from offices known where known.body_id = ${body.id} and known.area_id = office.area_id)
    on conflict do nothing`.execute(tx)
  await sql`update offices set valid_until = null where body_id = ${body.id} and area_id = any (${areas.map((area) => area.id)}::text[]) and valid_until is not null`.execute(tx)
}
