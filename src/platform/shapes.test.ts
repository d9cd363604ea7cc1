import assert from 'node:assert/strict'
import { test } from 'node:test'
import fc from '#test/support/property.ts'
import { boxAround, decodeRings, encodeRings, isInBox, isWithin, placesAround, shapesAt, type Place, type Ring } from './shapes.js'

const reach = { x: 18_000_000, y: 9_000_000 }
const anyPlace = fc.tuple(fc.integer({ min: -reach.x, max: reach.x }), fc.integer({ min: -reach.y, max: reach.y }))

/** A ring around a place that has its corners in all directions, each some way off. */
function ringAround([x, y]: Place, distances: number[]): Ring {
  return Int32Array.from(distances.flatMap((distance, at) => {
    const angle = (at / distances.length) * 2 * Math.PI
    return [Math.round(x + Math.cos(angle) * distance), Math.round(y + Math.sin(angle) * distance)]
  }))
}

const corners = (min: number, max: number) => fc.array(fc.integer({ min, max }), { minLength: 8, maxLength: 40 })
const off = ([x, y]: Place, distance: number, angle: number): Place => [Math.round(x + Math.cos(angle) * distance), Math.round(y + Math.sin(angle) * distance)]

test('a point between the outer ring and a hole lies within, one in the hole or beyond does not; whichever way the rings turn', () => {
  fc.assert(fc.property(
    fc.tuple(fc.integer({ min: -1_000_000, max: 1_000_000 }), fc.integer({ min: -1_000_000, max: 1_000_000 })), corners(60_000, 100_000), corners(10_000, 30_000), fc.double({ min: 0, max: 2 * Math.PI, noNaN: true }),
    fc.integer({ min: 0, max: 9000 }), fc.integer({ min: 30_010, max: 55_000 }), fc.integer({ min: 100_010, max: 900_000 }), fc.boolean(),
    (middle, outer, hole, angle, inHole, between, beyond, turned) => {
      const rings = [ringAround(middle, outer), ringAround(middle, hole)].map((ring) => (turned ? backwards(ring) : ring))
      assert.deepEqual([inHole, between, beyond].map((distance) => isWithin(rings, off(middle, distance, angle))), [false, true, false])
      assert.ok(isInBox(boxAround(rings), off(middle, between, angle)))
      // The hole filled by a shape of its own: each place lies in one of the two.
      assert.ok(isWithin([rings[1]!], off(middle, inHole, angle)))
    },
  ))
})

function backwards(ring: Ring): Ring {
  return Int32Array.from(Array.from({ length: ring.length / 2 }, (_, at) => [ring[ring.length - 2 - at * 2]!, ring[ring.length - 1 - at * 2]!]).flat())
}

test('of areas that share their borders exactly one has a point, be it on a border or in a corner of four', () => {
  const size = 5
  const jitter = fc.integer({ min: -3, max: 3 })
  fc.assert(fc.property(fc.array(fc.tuple(jitter, jitter), { minLength: 36, maxLength: 36 }), fc.array(jitter, { minLength: 72, maxLength: 72 }), fc.array(fc.boolean(), { minLength: 25, maxLength: 25 }), (moves, bends, turned) => {
    const inside = (at: number) => at > 0 && at < size
    const corner = (column: number, row: number): [number, number] => {
      const [dx, dy] = moves[row * 6 + column]!
      return [column * 20 + (inside(column) ? dx : 0), row * 20 + (inside(row) ? dy : 0)]
    }
    // A border between two corners is bent in the middle, the same for both sides; at the rim of it all it is straight.
    const bend = (level: boolean, column: number, row: number): [number, number] => {
      const [[x1, y1], [x2, y2]] = [corner(column, row), level ? corner(column + 1, row) : corner(column, row + 1)]
      const by = bends[(level ? 0 : 36) + row * 6 + column]!
      return [Math.round((x1 + x2) / 2) + (!level && inside(column) ? by : 0), Math.round((y1 + y2) / 2) + (level && inside(row) ? by : 0)]
    }
    const cells = Array.from({ length: size * size }, (_, n) => {
      const [column, row] = [n % size, Math.floor(n / size)]
      const ring = Int32Array.from([
        corner(column, row), bend(true, column, row), corner(column + 1, row), bend(false, column + 1, row), corner(column + 1, row + 1), bend(true, column, row + 1), corner(column, row + 1), bend(false, column, row),
      ].flat())
      return [turned[n] ? backwards(ring) : ring]
    })
    for (let y = 1; y < 100; y++) for (let x = 1; x < 100; x++) assert.equal(cells.filter((rings) => isWithin(rings, [x, y])).length, 1, `${x},${y}`)
  }), { numRuns: 25 })
})

test('rings come back from their text as they were, to the corners of the world', () => {
  fc.assert(fc.property(fc.array(fc.array(anyPlace, { minLength: 1, maxLength: 30 }), { minLength: 1, maxLength: 5 }), (places) => {
    const rings = places.map((ring) => Int32Array.from(ring.flat()))
    const text = encodeRings(rings)
    assert.deepEqual(decodeRings(text), rings)
    assert.match(text, /^[?-~ ]+$/)
  }))
})

test('where two shapes of a layer overlap the first one always wins, and other layers are answered beside it', () => {
  const square = [Int32Array.from([0, 0, 10, 0, 10, 10, 0, 10])]
  const shapes = ['b', 'a', 'c'].map((id, at) => ({ id, layer: at < 2 ? 'wards' : 'regions', box: boxAround(square) }))
  assert.deepEqual(shapesAt(shapes, [5, 5], () => square).map(({ id }) => id), ['b', 'c'])
  assert.deepEqual(shapesAt(shapes, [5, 11], () => square), [])
})

test('the places around a place are so many metres away, wherever on earth that is', () => {
  for (const latitude of [0, 45, -60, 70]) {
    for (const [x, y] of placesAround([0, latitude * 1e5], 1000)) {
      const [east, north] = [(x / 1e5) * 111_320 * Math.cos((latitude * Math.PI) / 180), (y / 1e5 - latitude) * 111_320]
      assert.ok(Math.abs(Math.hypot(east, north) - 1000) < 15)
    }
  }
})
