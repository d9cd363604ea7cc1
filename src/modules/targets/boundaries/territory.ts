import { sql, type Db } from '#platform/db.ts'

/** An area on the way from a country to where an office answers. */
export interface Territory {
  id: string
  name: string
  names: Record<string, string>
  parentId: string | null
  /** Whether an office of the bodies answers for it, so that it can be chosen. */
  answers: boolean
}

/** All areas with an office of these bodies on a day, and all areas around those. */
export async function territoryOf(db: Db, bodies: string[], on: string): Promise<Territory[]> {
  const { rows } = await sql<{ id: string, name: string, names: Record<string, string>, parent_id: string | null, answers: boolean }>`
    with recursive within (id, parent_id, answers, depth) as (
      select areas.id, parent_id, true, 0 from areas
      where exists (select from offices where offices.area_id = areas.id and offices.body_id = any (${bodies}::text[]) and coalesce(offices.valid_until > ${on}, true))
        and coalesce(areas.valid_from <= ${on}, true) and coalesce(areas.valid_until > ${on}, true)
      union select areas.id, areas.parent_id, false, within.depth + 1 from within join areas on areas.id = within.parent_id where within.depth < 10)
    select areas.id, areas.name, areas.names, areas.parent_id, bool_or(within.answers) as answers
    from within join areas using (id) group by areas.id order by areas.name`.execute(db)
  return rows.map(({ parent_id, ...row }) => ({ ...row, parentId: parent_id }))
}

/** One step of the way: where one is, what to choose from there, and where one came from. */
export interface TerritoryStep {
  here: Territory | undefined
  inner: Territory[]
  /** The areas that can be chosen here, the one that one is in first if it has an office of its own. */
  areas: Territory[]
  /** Where a step back leads; nothing where there is none. "" is the beginning. */
  back: string | undefined
}

/** The step at an area, or at the beginning. A step with nothing to choose is left out: its only way on is taken. */
export function territoryStep(all: Territory[], within: string): TerritoryStep {
  const ids = new Set(all.map((area) => area.id))
  const parents = new Set(all.map((area) => area.parentId))
  const childrenOf = (id: string | undefined) => all.filter((area) => (area.parentId !== null && ids.has(area.parentId) ? area.parentId === id : id === undefined))
  const skips = (area: Territory | undefined, children: Territory[]) => children.length === 1 && !area?.answers && parents.has(children[0]!.id)
  let here = all.find((area) => area.id === within)
  let children = childrenOf(here?.id)
  for (let steps = 0; skips(here, children) && steps < 10; steps++) {
    here = children[0]!
    children = childrenOf(here.id)
  }
  let above = here && all.find((area) => area.id === here.parentId)
  while (above && skips(above, childrenOf(above.id))) above = all.find((area) => area.id === above!.parentId)
  const isBeginning = here === undefined || (above === undefined && skips(undefined, childrenOf(undefined)))
  return {
    here, inner: children.filter((area) => parents.has(area.id)), areas: [...(here?.answers ? [here] : []), ...children.filter((area) => !parents.has(area.id))],
    back: isBeginning ? undefined : above?.id ?? '',
  }
}
