import { hsiphash, Sketch, spots, type Spot } from '#platform/sketch.ts'
import { addressPattern, strictAddress } from '#modules/people/index.ts'
import type { Limits } from './limits.ts'

/** A sign-up as the guard sees it, for the moment in which it looks. */
export interface SignUp {
  action: string
  email: string
  network: string
}

/** How near a sign-up is to a limit, and whether its address is one of many that were counted up, far beyond theirs. */
export interface Sight {
  nearness: 'far-off' | 'near' | 'beyond'
  countedUp: boolean
  spots: Spot[]
}

/** What one guard counted since it was last asked: places, and the day whose key chose them. */
export interface News {
  day: number
  spots: Spot[]
}

/** So much is kept for others who may never ask. */
const mostNews = 40_000

/**
 * Keeps count of where sign-ups come from, in memory, as numbers at places that a key of the day chooses: nothing that was
 * counted can be read from it. Only sign-ups that went through count, so that nobody's failed attempts are held against
 * their neighbours. Guards that are given the same keys can tell each other what they counted.
 */
export class Guard {
  readonly #sketch: Sketch
  /** Two letters for each action, the same everywhere, so that short texts are hashed. */
  readonly #actions = new Map<string, string>()
  #news: Spot[] = []
  #newsOf = Number.NaN

  constructor(keyOfDay?: (day: number) => Buffer) {
    this.#sketch = new Sketch(keyOfDay)
  }

  look({ action: id, email, network }: SignUp, limits: Limits, now: number): Sight {
    const sketch = this.#sketch
    sketch.pass(now, limits.minutes * 60_000)
    const action = this.#letterOf(id)
    const mailbox = strictAddress(email)
    const pattern = addressPattern(mailbox)
    const [from, box, domain] = [sketch.at(`n${action}${network}`), sketch.at(`m${mailbox}`), sketch.at(`d${action}${mailbox.slice(mailbox.lastIndexOf('@'))}`)]
    const perNetwork = sketch.count(domain) < limits.perDomain ? limits.perNetwork : Math.ceil(limits.perNetwork / 4)
    const spots = [from, box, domain]
    let patterns = 0
    if (pattern !== undefined) {
      const shape = sketch.at(`p${action}${pattern}`)
      spots.push(shape)
      patterns = sketch.count(shape) / limits.perPattern
    }
    const nearest = Math.max(sketch.count(from) / perNetwork, sketch.count(box) / limits.perMailbox, patterns)
    return { nearness: nearest < 1 ? 'far-off' : nearest < limits.far ? 'near' : 'beyond', countedUp: patterns >= limits.far, spots }
  }

  /** This one went through. */
  count({ spots: seen }: Sight): void {
    if (this.#newsOf !== this.#sketch.day) this.takeNews()
    for (const spot of seen) this.#sketch.add(spot)
    if (this.#news.length < mostNews) this.#news.push(...seen)
  }

  /** What was counted here since this was last asked, for the other sites of this installation. */
  takeNews(): News {
    const news = { day: this.#newsOf, spots: this.#news }
    this.#news = []
    this.#newsOf = this.#sketch.day
    return news
  }

  /** What another site counted counts here too, if it went by the same day's key. */
  hear(news: News): void {
    if (news.day !== this.#sketch.day) return
    for (const spot of news.spots) if (Number.isInteger(spot) && spot >= 0 && spot < spots) this.#sketch.add(spot)
  }

  #letterOf(action: string): string {
    let letter = this.#actions.get(action)
    if (letter === undefined) {
      const number = hsiphash(0, 0, action)
      letter = String.fromCharCode(number & 0xffff, number >>> 16)
      this.#actions.set(action, letter)
    }
    return letter
  }
}
