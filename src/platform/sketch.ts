import { randomBytes } from 'node:crypto'

const bits = 20
const slots = 2 ** bits
const most = 65_535
const day = 86_400_000

/** Where a key is counted: two places, as one number below `spots`. */
export type Spot = number
export const spots = 2 ** (2 * bits)

/**
 * Counts how often something came within a moving window, in eight megabytes whatever comes: a count-min sketch (Cormode and
 * Muthukrishnan, 2005) of two rows. Each place has two halves of time side by side, so that a look costs two accesses to memory. It never counts too little within the window, and too much only for
 * a key that shares both its places with others. Keys are not kept: only counts are, at places that depend on a key of the day (by UTC),
 * random unless `keyOfDay` says which: sketches that are to count together need the same.
 */
export class Sketch {
  /** The lower half of each number is what came since the last turn, the upper one what came between that and the turn before. */
  readonly #counts = new Uint32Array(2 * slots)
  #share = 0
  #since = Number.NEGATIVE_INFINITY
  #day = Number.NEGATIVE_INFINITY
  #key0 = 0
  #key1 = 0
  readonly #keyOfDay: (day: number) => Buffer

  constructor(keyOfDay: (day: number) => Buffer = () => randomBytes(8)) {
    this.#keyOfDay = keyOfDay
  }

  /** Which day's key counts. Places of another day mean nothing. */
  get day(): number {
    return this.#day
  }

  /** Lets time pass, to be called before anything else at a moment. A clock that goes back within the day forgets nothing, and stops nothing. */
  pass(now: number, window: number): void {
    const today = Math.floor(now / day)
    if (today !== this.#day) this.#startDay(today, now)
    const passed = now - this.#since
    if (passed >= window || passed < 0) this.#turn(now, passed, window)
    this.#share = 1 - Math.max(0, now - this.#since) / window
  }

  at(text: string): Spot {
    const hash = hsiphash(this.#key0, this.#key1, text)
    return (hash & (slots - 1)) * slots + (Math.imul(hash ^ (hash >>> 15), 0x9e3779b1) >>> (32 - bits))
  }

  count(spot: Spot): number {
    const one = Math.floor(spot / slots)
    const other = slots + (spot % slots)
    return Math.min(this.#weigh(this.#counts[one]!), this.#weigh(this.#counts[other]!))
  }

  add(spot: Spot): void {
    const one = Math.floor(spot / slots)
    const other = slots + (spot % slots)
    if ((this.#counts[one]! & most) < most) this.#counts[one]! += 1
    if ((this.#counts[other]! & most) < most) this.#counts[other]! += 1
  }

  #weigh(count: number): number {
    return (count & most) + (count >>> 16) * this.#share
  }

  #startDay(today: number, now: number): void {
    const key = this.#keyOfDay(today)
    this.#key0 = key.readInt32LE(0)
    this.#key1 = key.readInt32LE(4)
    this.#day = today
    this.#since = now
    this.#counts.fill(0)
  }

  #turn(now: number, passed: number, window: number): void {
    this.#since = passed >= 0 && passed < 2 * window ? this.#since + window : now
    if (passed < 0) return
    if (passed >= 2 * window) this.#counts.fill(0)
    else for (let place = 0; place < this.#counts.length; place++) this.#counts[place]! <<= 16
  }
}

/**
 * HalfSipHash-1-3 with 32 bits (Aumasson and Bernstein; what Linux calls hsiphash on 32-bit machines) of a text in UTF-16LE: keyed,
 * so that nobody outside can tell which texts meet, and a tenth of the time of an HMAC.
 */
export function hsiphash(key0: number, key1: number, text: string): number {
  let v0 = key0
  let v1 = key1
  let v2 = 0x6c796765 ^ key0
  let v3 = 0x74656462 ^ key1
  const pairs = text.length >> 1
  // One more for what is left over and the length, and three to finish.
  for (let place = 0; place < pairs + 4; place++) {
    const word = place < pairs ? text.charCodeAt(2 * place) | (text.charCodeAt(2 * place + 1) << 16)
      : place === pairs ? ((2 * text.length) << 24) | (text.length & 1 ? text.charCodeAt(text.length - 1) : 0) : 0
    v3 ^= word
    if (place === pairs + 1) v2 ^= 0xff
    v0 = (v0 + v1) | 0
    v1 = ((v1 << 5) | (v1 >>> 27)) ^ v0
    v0 = (v0 << 16) | (v0 >>> 16)
    v2 = (v2 + v3) | 0
    v3 = ((v3 << 8) | (v3 >>> 24)) ^ v2
    v0 = (v0 + v3) | 0
    v3 = ((v3 << 7) | (v3 >>> 25)) ^ v0
    v2 = (v2 + v1) | 0
    v1 = ((v1 << 13) | (v1 >>> 19)) ^ v2
    v2 = (v2 << 16) | (v2 >>> 16)
    v0 ^= word
  }
  return (v1 ^ v3) >>> 0
}
