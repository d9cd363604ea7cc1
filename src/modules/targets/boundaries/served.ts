import { sql, type Db } from '#platform/db.ts'
import { boxAround, decodeRings, encodeRings, type Box } from '#platform/shapes.js'
import { shapesOf } from './atlas.ts'

interface ShapeRow {
  area_id: string
  name: string
  names: Record<string, string>
  layer: string
  shape: string
  whole: string
}

/** One fingerprint of everything that files of boundaries are made from, names included. */
const wholePrint = sql`md5('1' || string_agg(concat_ws('|', area_shapes.area_id, layer, print, areas.name, areas.names), chr(10) order by area_shapes.area_id collate "C", layer))`

/** The fingerprint of the boundaries of all areas with an office of these bodies, on a day; nothing where there are none. */
export async function boundariesPrint(db: Db, bodies: string[], on: string): Promise<string | undefined> {
  const { rows } = await sql<{ whole: string | null }>`select ${wholePrint} as whole ${shapesOf(bodies, on)}`.execute(db)
  return rows[0]!.whole ?? undefined
}

/** Files for whoever looks an area up by themselves: their names, and what is in them as JSON. */
export interface BoundaryFiles {
  print: string
  files: Map<string, string>
}

/**
 * The boundaries as a browser loads them. `index.json` has for each piece the boxes around its areas, four numbers each in 1/1000 of a
 * degree, as encoded rings; `0.json` and so on have the areas themselves: id, name, names, layer and encoded rings. A piece holds
 * neighbours, so that one or two are enough; and never so few of them that asking for it would say where somebody is.
 */
export async function boundaryFiles(db: Db, bodies: string[], on: string): Promise<BoundaryFiles | undefined> {
  const { rows } = await sql<ShapeRow>`
    select area_shapes.area_id, areas.name, areas.names, layer, shape, (select ${wholePrint} ${shapesOf(bodies, on)}) as whole ${shapesOf(bodies, on)}`.execute(db)
  if (rows.length === 0) return undefined
  const pieces = piecesOf(rows.map((row) => ({ ...row, box: boxAround(decodeRings(row.shape)) })))
  const index = pieces.map((piece) => encodeRings([Int32Array.from(piece.flatMap(({ box: [west, south, east, north] }) => [Math.floor(west / 100), Math.floor(south / 100), Math.ceil(east / 100), Math.ceil(north / 100)]))]))
  return {
    print: rows[0]!.whole,
    files: new Map([
      ['index.json', JSON.stringify(index)],
      ...pieces.map((piece, number): [string, string] => [`${number}.json`, JSON.stringify(piece.map(({ area_id, name, names, layer, shape }) => [area_id, name, names, layer, shape]))]),
    ]),
  }
}

const smallWhole = 48_000
const pieceSize = 24_000
const fewestInPiece = 16

function piecesOf<Shape extends { box: Box, shape: string }>(shapes: Shape[]): Shape[][] {
  const size = (some: Shape[]) => some.reduce((sum, { shape }) => sum + shape.length, 0)
  if (size(shapes) <= smallWhole) return [shapes]
  const pieces: Shape[][] = []
  let piece: Shape[] = []
  for (const shape of shapes.toSorted((one, other) => alongCurve(one.box) - alongCurve(other.box))) {
    piece.push(shape)
    if (piece.length < fewestInPiece || size(piece) < pieceSize) continue
    pieces.push(piece)
    piece = []
  }
  if (piece.length >= fewestInPiece || pieces.length === 0) pieces.push(piece)
  else pieces.at(-1)!.push(...piece)
  return pieces
}

/** Where the middle of a box comes on a Z-order curve (Morton 1966), on which neighbours are mostly near each other. */
function alongCurve([west, south, east, north]: Box): number {
  const x = Math.floor((west + east) / 2 / 36_000_000 * 65_536 + 32_768)
  const y = Math.floor((south + north) / 2 / 18_000_000 * 65_536 + 32_768)
  let place = 0
  for (let bit = 15; bit >= 0; bit--) place = place * 4 + ((y >> bit) & 1) * 2 + ((x >> bit) & 1)
  return place
}
