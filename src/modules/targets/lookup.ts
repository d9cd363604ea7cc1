import { anyNumber, sql, type Db } from '#platform/db.ts'
import { dayHere } from './body-states.ts'
import { readCode, showCode, type ReadCode, type Scheme } from './codes.ts'
import { officesOfAreas, type OfficeFacts } from './offices.ts'

export interface AreaFacts {
  id: string
  name: string
  names: Record<string, string>
  /** How much of the code lies in this area, where that is known. */
  share?: number
  /** Addresses of the code that lie in this area, where they are known. */
  streets?: string[]
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

/** Those of these bodies to none of whose offices any code of a scheme leads: in the area that it answers for, or around the one that a code lies in. */
export async function bodiesWithoutCodes(db: Db, schemeId: string, bodyIds: string[]): Promise<string[]> {
  const { rows } = await sql<{ id: string }>`
    select body.id from unnest(${bodyIds}::text[]) as body (id)
    where not exists (
      with recursive within (id, depth) as (
        select area_id, 0 from offices where body_id = body.id and area_id is not null
        union select areas.id, within.depth + 1 from within join areas on areas.parent_id = within.id where within.depth < 10)
      select from lookup_codes where scheme_id = ${schemeId} and area_id in (select id from within))`.execute(db)
  return rows.map(({ id }) => id)
}

/** What codes lead to: areas, without the offices there. */
export type CodeAnswer = Omit<LookupAnswer, 'offices'>

/** Looks codes up, as of a day (YYYY-MM-DD), in order; in two statements for any number of codes. */
export async function lookup(db: Db, scheme: Scheme, typed: string[], on: string): Promise<LookupAnswer[]> {
  const answers = await areasOfTyped(db, typed.map((code) => ({ scheme, code })), on)
  const offices = await officesOfAreas(db, answers.flatMap((answer) => answer.areas.map((area) => area.id)), on)
  // Of two areas in one state, the offices of the state are the same.
  return answers.map((answer) => ({ ...answer, offices: [...new Map(answer.areas.flatMap((area) => offices.get(area.id) ?? []).map((office) => [office.id, office])).values()] }))
}

/** The areas that typed codes lie in, as of a day, in order; in one statement for any number of codes and schemes. */
export async function areasOfTyped(db: Db, asked: { scheme: Scheme, code: string }[], on: string): Promise<CodeAnswer[]> {
  const read = asked.map(({ scheme, code }) => readCode(scheme, code))
  const areas = await areasOfCodes(db, asked.flatMap(({ scheme }, place) => codesOf(read[place]!).map((code) => ({ scheme: scheme.id, code }))), on)
  return asked.map(({ scheme }, place): CodeAnswer => {
    const each = read[place]!
    if (each.read !== 'codes') return { result: each.read, areas: [] }
    const known = each.codes.filter((code) => areas.has(`${scheme.id} ${code}`))
    const its = distinctAreas(known.flatMap((code) => areas.get(`${scheme.id} ${code}`)!))
    const result = its.length === 0 ? 'unknown' : its.length === 1 ? 'found' : 'ambiguous'
    return { result, ...(known.length === 1 && { code: showCode(scheme, known[0]!) }), areas: its }
  })
}

function codesOf(read: ReadCode): string[] {
  return read.read === 'codes' ? read.codes : []
}

/** Which of these names, in any language, or ids an area has. */
export async function areasNamed(db: Db, names: string[]): Promise<Set<string>> {
  const { rows } = await sql<{ name: string }>`
    select asked.name from unnest(${names}::text[]) as asked (name)
    where exists (select from areas where areas.id = asked.name or lower(areas.name) = lower(asked.name) or exists (select from jsonb_each_text(areas.names) where lower(value) = lower(asked.name)))`.execute(db)
  return new Set(rows.map((row) => row.name))
}

/** Areas by their ids; those that do not exist are not there, nor are those that do not exist on the day, if one is given. */
export async function areasById(db: Db, ids: string[], on?: string): Promise<Map<string, AreaFacts>> {
  if (ids.length === 0) return new Map()
  const { rows } = await sql<{ id: string, name: string, names: Record<string, string> }>`select id, name, names from areas where id = any (${[...new Set(ids)]}::text[])
    and coalesce(valid_from <= ${on ?? null}, true) and coalesce(valid_until > ${on ?? null}, true)`.execute(db)
  return new Map(rows.map((row) => [row.id, row]))
}

/** For each code the one area that it lies in today, or nothing where there is none or more than one. */
export async function findAreas(db: Db, asked: { scheme: string, code: string }[], now: Date): Promise<(string | undefined)[]> {
  if (asked.length === 0) return []
  const schemes = new Map((await allSchemes(db)).map((scheme) => [scheme.id, scheme]))
  const known = asked.flatMap(({ scheme, code }, place) => (schemes.has(scheme) ? [{ scheme: schemes.get(scheme)!, code, place }] : []))
  const answers = known.length ? await areasOfTyped(db, known, await dayHere(db, now)) : []
  const found: (string | undefined)[] = Array.from({ length: asked.length })
  known.forEach(({ place }, index) => {
    const answer = answers[index]!
    if (answer.result === 'found') found[place] = answer.areas[0]!.id
  })
  return found
}

/** By scheme and code: "postcode AB12CD". */
async function areasOfCodes(db: Db, asked: { scheme: string, code: string }[], on: string): Promise<Map<string, AreaFacts[]>> {
  if (asked.length === 0) return new Map()
  const distinct = [...new Map(asked.map((each) => [`${each.scheme} ${each.code}`, each])).values()]
  const { rows } = await sql<{ scheme: string, code: string, share: string | null, streets: string[] | null, id: string, name: string, names: Record<string, string> }>`
    select asked.scheme, asked.code, lookup_codes.share, areas.id, areas.name, areas.names,
      (select array_agg(street) from lookup_streets known where known.scheme_id = asked.scheme and known.code = asked.code and known.area_id = areas.id) as streets
    from unnest(${anyNumber(distinct.map((each) => each.scheme))}, ${anyNumber(distinct.map((each) => each.code))}) as asked (scheme, code)
    join lookup_codes on lookup_codes.scheme_id = asked.scheme and lookup_codes.code = asked.code join areas on areas.id = lookup_codes.area_id
    where coalesce(lookup_codes.valid_from <= ${on}, true) and coalesce(lookup_codes.valid_until > ${on}, true)
      and coalesce(areas.valid_from <= ${on}, true) and coalesce(areas.valid_until > ${on}, true)
    order by asked.code, lookup_codes.share desc nulls last, areas.name`.execute(db)
  const areas = new Map<string, AreaFacts[]>()
  for (const { scheme, code, share, streets, ...area } of rows) {
    const facts: AreaFacts = { ...area, ...(share !== null && { share: Number(share) }), ...(streets && { streets: streets.toSorted((one, other) => one.localeCompare(other, undefined, { numeric: true })) }) }
    areas.set(`${scheme} ${code}`, [...areas.get(`${scheme} ${code}`) ?? [], facts])
  }
  return areas
}

function distinctAreas(areas: AreaFacts[]): AreaFacts[] {
  return [...new Map(areas.map((area) => [area.id, area])).values()]
}
