import { sql, type Db } from '#platform/db.ts'
import { readCode, showCode, type Scheme } from './codes.ts'
import { officesOfAreas, type OfficeFacts } from './offices.ts'

export interface AreaFacts {
  id: string
  name: string
  names: Record<string, string>
  /** How much of the code lies in this area, where that is known. */
  share?: number
}

export type LookupResult = 'found' | 'ambiguous' | 'unknown' | 'malformed' | 'outside'

export interface LookupAnswer {
  result: LookupResult
  /** The code as people write it, where there is one way to read what was typed. */
  code?: string
  areas: AreaFacts[]
  /** The offices that answer for these areas and for the areas around them. A vacant one has no holder. */
  offices: OfficeFacts[]
}

export async function schemeById(db: Db, id: string): Promise<Scheme | undefined> {
  return (await allSchemes(db)).find((scheme) => scheme.id === id)
}

export async function allSchemes(db: Db): Promise<Scheme[]> {
  const rows = await db.selectFrom('lookup_schemes').selectAll().orderBy('id').execute()
  return rows.map((row) => ({
    id: row.id, names: row.names as Record<string, string>, formats: row.formats, tail: row.tail, outsidePrefixes: row.outside_prefixes, example: row.example,
  }))
}

/** Looks codes up, as of a day (YYYY-MM-DD), in order; in two statements for any number of codes. */
export async function lookup(db: Db, scheme: Scheme, typed: string[], on: string): Promise<LookupAnswer[]> {
  const read = typed.map((each) => readCode(scheme, each))
  const areas = await areasOfCodes(db, scheme.id, read.flatMap((each) => (each.read === 'codes' ? each.codes : [])), on)
  const found = read.map((each) => (each.read === 'codes' ? distinctAreas(each.codes.flatMap((code) => areas.get(code) ?? [])) : []))
  const offices = await officesOfAreas(db, found.flat().map((area) => area.id), on)
  return read.map((each, place): LookupAnswer => {
    if (each.read !== 'codes') return { result: each.read, areas: [], offices: [] }
    const its = found[place]!
    const result = its.length === 0 ? 'unknown' : its.length === 1 ? 'found' : 'ambiguous'
    const known = each.codes.filter((code) => areas.has(code))
    return { result, ...(known.length === 1 && { code: showCode(scheme, known[0]!) }), areas: its, offices: its.flatMap((area) => offices.get(area.id) ?? []) }
  })
}

/** The answer for an area that somebody chose. */
export async function lookupArea(db: Db, areaId: string, on: string): Promise<LookupAnswer | undefined> {
  const area = await db.selectFrom('areas').select(['id', 'name', 'names']).where('id', '=', areaId).executeTakeFirst()
  if (!area) return undefined
  const offices = await officesOfAreas(db, [area.id], on)
  return { result: 'found', areas: [{ id: area.id, name: area.name, names: area.names as Record<string, string> }], offices: offices.get(area.id) ?? [] }
}

/** For each code the one area that it lies in today, or nothing where there is none or more than one. */
export async function findAreas(db: Db, asked: { scheme: string, code: string }[], now: Date): Promise<(string | undefined)[]> {
  const found: (string | undefined)[] = Array.from({ length: asked.length })
  const on = now.toISOString().slice(0, 10)
  for (const id of new Set(asked.map((each) => each.scheme))) {
    const scheme = await schemeById(db, id)
    if (!scheme) continue
    const read = asked.map((each) => (each.scheme === id ? readCode(scheme, each.code) : undefined))
    const areas = await areasOfCodes(db, id, read.flatMap((each) => (each?.read === 'codes' ? each.codes : [])), on)
    read.forEach((each, place) => {
      const its = each?.read === 'codes' ? distinctAreas(each.codes.flatMap((code) => areas.get(code) ?? [])) : []
      if (its.length === 1) found[place] = its[0]!.id
    })
  }
  return found
}

async function areasOfCodes(db: Db, schemeId: string, codes: string[], on: string): Promise<Map<string, AreaFacts[]>> {
  if (codes.length === 0) return new Map()
  const { rows } = await sql<{ code: string, share: string | null, id: string, name: string, names: Record<string, string> }>`
    select lookup_codes.code, lookup_codes.share, areas.id, areas.name, areas.names
    from lookup_codes join areas on areas.id = lookup_codes.area_id
    where scheme_id = ${schemeId} and code = any (${[...new Set(codes)]}::text[])
      and coalesce(lookup_codes.valid_from <= ${on}, true) and coalesce(lookup_codes.valid_until > ${on}, true)
      and coalesce(areas.valid_from <= ${on}, true) and coalesce(areas.valid_until > ${on}, true)
    order by lookup_codes.code, lookup_codes.share desc nulls last, areas.name`.execute(db)
  const areas = new Map<string, AreaFacts[]>()
  for (const { code, share, ...area } of rows) {
    const facts = share === null ? area : { ...area, share: Number(share) }
    areas.set(code, [...areas.get(code) ?? [], facts])
  }
  return areas
}

function distinctAreas(areas: AreaFacts[]): AreaFacts[] {
  return [...new Map(areas.map((area) => [area.id, area])).values()]
}
