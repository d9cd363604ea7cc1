// @ts-check
/**
 * Shapes on the earth, and whether a point lies in one. Plain JavaScript, because browsers run this very file: a phone and the
 * server give the same answer. Places are whole steps of 1/100,000 of a degree (about a metre), longitude first, so that all
 * sums below are exact.
 */

/** @typedef {readonly [x: number, y: number]} Place in steps of the grid */
/** @typedef {readonly [west: number, south: number, east: number, north: number]} Box in steps of the grid, edges included */
/** @typedef {Int32Array} Ring x and y by turns; the last place is joined to the first one */

const stepsInADegree = 1e5

/**
 * The step of the grid next to a place in degrees.
 * @param {number} longitude
 * @param {number} latitude
 * @returns {Place}
 */
export function placeAt(longitude, latitude) {
  return [Math.round(longitude * stepsInADegree), Math.round(latitude * stepsInADegree)]
}

/**
 * Rings as text: those of Google's "encoded polyline algorithm format", one after the other with a space between.
 * @param {Iterable<Ring>} rings
 * @returns {string}
 */
export function encodeRings(rings) {
  return Array.from(rings, (ring) => {
    let text = ''
    for (let at = 0; at < ring.length; at += 2) text += encodeNumber(step(ring, at + 1)) + encodeNumber(step(ring, at))
    return text
  }).join(' ')
}

/**
 * @param {Ring} ring
 * @param {number} at
 */
function step(ring, at) {
  return /** @type {number} */ (ring[at]) - (at < 2 ? 0 : /** @type {number} */ (ring[at - 2]))
}

/** @param {number} value */
function encodeNumber(value) {
  let text = ''
  let rest = value < 0 ? ~(value << 1) : value << 1
  for (; rest >= 32; rest >>>= 5) text += String.fromCharCode((32 | (rest & 31)) + 63)
  return text + String.fromCharCode(rest + 63)
}

/**
 * The rings that `encodeRings` made text of.
 * @param {string} text
 * @returns {Ring[]}
 */
export function decodeRings(text) {
  return text.split(' ').map((part) => {
    const numbers = []
    for (let at = 0, value = 0, shift = 0; at < part.length; at++) {
      const digit = part.charCodeAt(at) - 63
      value |= (digit & 31) << shift
      shift += 5
      if (digit >= 32) continue
      numbers.push(value & 1 ? ~(value >>> 1) : value >>> 1)
      value = shift = 0
    }
    const ring = new Int32Array(numbers.length)
    for (let at = 0; at < numbers.length; at += 2) {
      ring[at] = /** @type {number} */ (numbers[at + 1]) + (at ? /** @type {number} */ (ring[at - 2]) : 0)
      ring[at + 1] = /** @type {number} */ (numbers[at]) + (at ? /** @type {number} */ (ring[at - 1]) : 0)
    }
    return ring
  })
}

/**
 * The smallest box around rings.
 * @param {Iterable<Ring>} rings
 * @returns {Box}
 */
export function boxAround(rings) {
  let west = Infinity, south = Infinity, east = -Infinity, north = -Infinity
  for (const ring of rings) {
    for (let at = 0; at < ring.length; at += 2) {
      const x = /** @type {number} */ (ring[at]), y = /** @type {number} */ (ring[at + 1])
      if (x < west) west = x
      if (x > east) east = x
      if (y < south) south = y
      if (y > north) north = y
    }
  }
  return [west, south, east, north]
}

/**
 * @param {Box} box
 * @param {Place} place
 */
export function isInBox([west, south, east, north], [x, y]) {
  return x >= west && x <= east && y >= south && y <= north
}

/**
 * Whether a place lies within rings: an odd number of their edges lies to its east. Holes are rings like all others. Of two
 * shapes that share an edge, a place on that edge lies in exactly one: the one to the east, or to the north of a level edge.
 * @param {Iterable<Ring>} rings
 * @param {Place} place
 */
export function isWithin(rings, [x, y]) {
  let inside = false
  for (const ring of rings) {
    const length = ring.length
    let fromX = /** @type {number} */ (ring[length - 2]), fromY = /** @type {number} */ (ring[length - 1])
    for (let at = 0; at < length; at += 2) {
      const toX = /** @type {number} */ (ring[at]), toY = /** @type {number} */ (ring[at + 1])
      if (fromY > y !== toY > y) {
        // Whole numbers below 2^53: exact. Always from the lower end up, so that both neighbours reckon alike.
        const side = fromY < toY ? (toX - fromX) * (y - fromY) - (x - fromX) * (toY - fromY) : (fromX - toX) * (y - toY) - (x - toX) * (fromY - toY)
        if (side > 0) inside = !inside
      }
      fromX = toX
      fromY = toY
    }
  }
  return inside
}

/**
 * Eight places around a place, so many metres away: where a position that is only so exact may be as well.
 * @param {Place} place
 * @param {number} metres
 * @returns {Place[]}
 */
export function placesAround([x, y], metres) {
  const steps = metres / 1.11
  const wider = 1 / Math.max(0.01, Math.cos((y / stepsInADegree) * (Math.PI / 180)))
  return Array.from({ length: 8 }, (_, turn) => [Math.round(x + Math.cos((turn * Math.PI) / 4) * steps * wider), Math.round(y + Math.sin((turn * Math.PI) / 4) * steps)])
}

/**
 * The shapes that a place lies in, among those whose boxes it lies in; at most one of each layer, the first by its order here.
 * @template {{ layer: string, box: Box }} Shape
 * @param {readonly Shape[]} shapes
 * @param {Place} place
 * @param {(shape: Shape) => Iterable<Ring>} ringsOf
 * @returns {Shape[]}
 */
export function shapesAt(shapes, place, ringsOf) {
  /** @type {Shape[]} */
  const found = []
  for (const shape of shapes) {
    if (isInBox(shape.box, place) && !found.some((each) => each.layer === shape.layer) && isWithin(ringsOf(shape), place)) found.push(shape)
  }
  return found
}
