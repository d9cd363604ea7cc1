import { sql, type Db } from '#platform/db.ts'
import { boxAround, decodeRings, placeAt, shapesAt, type Box, type Place, type Ring } from '#platform/shapes.js'
import { areasById, type LookupAnswer } from '../lookup.ts'
import { officesOfAreas } from '../offices.ts'

export interface AreaShape {
  areaId: string
  layer: string
  box: Box
  rings: Ring[]
}

/** The boundaries that hold on a day, in memory: about 8 bytes for each corner. */
export class Atlas {
  readonly shapes: AreaShape[]

  /** Shapes come in the order of their areas' ids, so that where two of a layer overlap the same one is always found. */
  constructor(shapes: AreaShape[]) {
    this.shapes = shapes
  }

  /** The ids of the areas that a place lies in, one of each layer at most; an area that two layers have is one. */
  at(place: Place): string[] {
    return [...new Set(shapesAt(this.shapes, place, (shape) => shape.rings).map((shape) => shape.areaId))]
  }
}

/** Whether anybody has loaded boundaries, so that points can be looked up. */
export async function hasBoundaries(db: Db): Promise<boolean> {
  return (await db.selectFrom('area_shapes').select('area_id').limit(1).execute()).length > 0
}

/** Whose boundaries: of all areas, or of those with an office of these bodies. */
export function shapesOf(bodies: string[] | undefined, on: string): ReturnType<typeof sql> {
  return sql`from area_shapes join areas on areas.id = area_shapes.area_id
    where coalesce(area_shapes.valid_from <= ${on}, true) and coalesce(area_shapes.valid_until > ${on}, true)
      and coalesce(areas.valid_from <= ${on}, true) and coalesce(areas.valid_until > ${on}, true)
      and (${bodies ?? null}::text[] is null or exists (
        select from offices where offices.area_id = areas.id and offices.body_id = any (${bodies ?? null}::text[]) and coalesce(offices.valid_until > ${on}, true)))`
}

/** The boundaries that hold on a day (YYYY-MM-DD). */
export async function loadAtlas(db: Db, on: string, bodies?: string[]): Promise<Atlas> {
  const { rows } = await sql<{ area_id: string, layer: string, shape: string }>`select area_shapes.area_id, layer, shape ${shapesOf(bodies, on)} order by area_shapes.area_id collate "C", layer`.execute(db)
  return new Atlas(rows.map(({ area_id, layer, shape }) => {
    const rings = decodeRings(shape)
    return { areaId: area_id, layer, rings, box: boxAround(rings) }
  }))
}

/** The areas at a point, as of a day: those of all boundaries, or of those that have an office of these bodies. */
export async function areaAtPoint(db: Db, point: { latitude: number, longitude: number }, on: string, bodies?: string[]): Promise<string[]> {
  return (await loadAtlas(db, on, bodies)).at(placeAt(point.longitude, point.latitude))
}

/** "51.5, -0.12": latitude first, as maps and phones write it. Nothing if that is no point on the earth. */
export function readPoint(typed: string): { latitude: number, longitude: number } | undefined {
  const read = typed.length <= 100 && /^\s*([+-]?\d{1,3}(?:\.\d+)?)\s*[,;\s]\s*([+-]?\d{1,3}(?:\.\d+)?)\s*$/.exec(typed.normalize('NFKC').replaceAll('\u2212', '-'))
  if (!read) return undefined
  const [latitude, longitude] = [Number(read[1]), Number(read[2])]
  return Math.abs(latitude) <= 90 && Math.abs(longitude) <= 180 ? { latitude, longitude } : undefined
}

/** Looks typed points up, as of a day, in order; answers as a look-up by code does. "Outside" lies in no area that we know. */
export async function lookupPoints(db: Db, atlas: Atlas, typed: string[], on: string): Promise<LookupAnswer[]> {
  const points = typed.map(readPoint)
  const ids = points.map((point) => (point ? atlas.at(placeAt(point.longitude, point.latitude)) : []))
  const [areas, offices] = [await areasById(db, ids.flat()), await officesOfAreas(db, ids.flat(), on)]
  return points.map((point, place) => {
    const its = ids[place]!
    return {
      result: !point ? 'malformed' : its.length === 0 ? 'outside' : its.length === 1 ? 'found' : 'ambiguous',
      areas: its.map((id) => areas.get(id)!), offices: its.flatMap((id) => offices.get(id) ?? []),
    }
  })
}
