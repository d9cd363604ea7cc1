import { boxAround, isWithin, placeAt, type Box, type Ring } from '#platform/shapes.js'

type Position = [longitude: number, latitude: number]
/** Polygons, each with its outer ring first and then its holes, in degrees, as RFC 7946 has them. */
type Polygons = Position[][][]

export type ShapeFault = 'no-shape' | 'empty-ring' | 'open-ring' | 'outside-world' | 'across-date-line' | 'crosses-itself'

/** The rings of a GeoJSON geometry on the grid, or why it is no boundary that anybody could rely on. Nothing is put right. */
export function readShape(geometry: unknown): { rings: Ring[] } | { fault: ShapeFault } {
  const polygons = polygonsOf(geometry)
  if (!polygons) return { fault: 'no-shape' }
  const all = polygons.flat()
  if (polygons.length === 0 || polygons.some((rings) => rings.length === 0)) return { fault: 'empty-ring' }
  for (const ring of all) {
    const fault = faultOfRing(ring)
    if (fault) return { fault }
  }
  const grid = polygons.map((rings) => rings.map(onGrid))
  if (crosses(all)) return { fault: 'crosses-itself' }
  if (grid.flat().every((ring) => doubleArea(ring) === 0)) return { fault: 'empty-ring' }
  if (overlaps(grid)) return { fault: 'crosses-itself' }
  return { rings: grid.flat() }
}

function polygonsOf(geometry: unknown): Polygons | undefined {
  if (typeof geometry !== 'object' || geometry === null) return undefined
  const { type, coordinates } = geometry as { type?: unknown, coordinates?: unknown }
  const polygons: unknown = type === 'Polygon' ? [coordinates] : type === 'MultiPolygon' ? coordinates : undefined
  const isList = (value: unknown): value is unknown[] => Array.isArray(value)
  const isPosition = (value: unknown) => isList(value) && value.length >= 2 && typeof value[0] === 'number' && typeof value[1] === 'number'
  const whole = isList(polygons) && polygons.every((rings) => isList(rings) && rings.every((ring) => isList(ring) && ring.every(isPosition)))
  return whole ? polygons as Polygons : undefined
}

function faultOfRing(ring: Position[]): ShapeFault | undefined {
  const first = ring[0]
  const last = ring.at(-1)
  if (!first || !last) return 'empty-ring'
  if (!ring.every(([longitude, latitude]) => Math.abs(longitude) <= 180 && Math.abs(latitude) <= 90)) return 'outside-world'
  if (first[0] !== last[0] || first[1] !== last[1]) return 'open-ring'
  if (ring.length < 4) return 'empty-ring'
  // RFC 7946 section 3.1.9: what crosses the date line is cut in two there. What is not would go around the world.
  return ring.some((position, at) => at > 0 && Math.abs(position[0] - ring[at - 1]![0]) > 180) ? 'across-date-line' : undefined
}

/** A ring on the grid, without places that fall together and without the last one, which is the first. */
function onGrid(ring: Position[]): Ring {
  const places = ring.map(([longitude, latitude]) => placeAt(longitude, latitude))
  const distinct = places.filter(([x, y], at) => {
    const before = places.at(at - 1)!
    return at > 0 && (x !== before[0] || y !== before[1])
  })
  return Int32Array.from((distinct.length ? distinct : [places[0]!]).flat())
}

function doubleArea(ring: Ring): number {
  let sum = 0
  for (let at = 0; at < ring.length; at += 2) {
    const next = (at + 2) % ring.length
    sum += ring[at]! * ring[next + 1]! - ring[next]! * ring[at + 1]!
  }
  return sum
}

interface Edge {
  west: number
  east: number
  from: Position
  to: Position
}

/** Degrees. Where edges come closer to each other than that, they touch. */
const touching = 1e-9

/** Whether any two edges cross, looking from west to east at those that lie beside each other. */
function crosses(rings: Position[][]): boolean {
  const edges = rings.flatMap((ring) => ring.slice(1).map((to, at): Edge => ({ from: ring[at]!, to, west: Math.min(to[0], ring[at]![0]), east: Math.max(to[0], ring[at]![0]) })))
    .toSorted((one, other) => one.west - other.west)
  return edges.some((edge, place) => {
    for (let at = place + 1; at < edges.length && edges[at]!.west <= edge.east; at++) if (edgesCross(edge, edges[at]!)) return true
    return false
  })
}

function edgesCross(one: Edge, other: Edge): boolean {
  if (Math.max(one.from[1], one.to[1]) < Math.min(other.from[1], other.to[1]) || Math.max(other.from[1], other.to[1]) < Math.min(one.from[1], one.to[1])) return false
  return sideOf(one, other.from) * sideOf(one, other.to) < 0 && sideOf(other, one.from) * sideOf(other, one.to) < 0
}

/** On which side of an edge a position lies: -1, 1, or 0 where it touches its line. */
function sideOf({ from, to }: Edge, position: Position): number {
  const across = (to[0] - from[0]) * (position[1] - from[1]) - (to[1] - from[1]) * (position[0] - from[0])
  return Math.abs(across) <= touching * Math.hypot(to[0] - from[0], to[1] - from[1]) ? 0 : Math.sign(across)
}

/** Whether a hole lies outside its ring, or a part on another part: rings that do not cross and still cover a place twice. */
function overlaps(polygons: Ring[][]): boolean {
  const parts = polygons.map((rings) => ({ rings, box: boxAround(rings) }))
  return parts.some(({ rings: [outer, ...holes], box }, place) => holes.some((hole) => !cornersOf(hole).some((corner) => isWithin([outer!], corner)))
    || parts.some((other, at) => at !== place && isBoxInBox(box, other.box) && cornersOf(outer!).every((corner) => isWithin(other.rings, corner))))
}

function isBoxInBox(inner: Box, outer: Box): boolean {
  return inner[0] >= outer[0] && inner[1] >= outer[1] && inner[2] <= outer[2] && inner[3] <= outer[3]
}

function cornersOf(ring: Ring): [number, number][] {
  return Array.from({ length: ring.length / 2 }, (_, at) => [ring[at * 2]!, ring[at * 2 + 1]!])
}
