import { Sketch, type Spot } from '#platform/sketch.ts'
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

/**
 * Keeps count of where sign-ups come from, in memory, as numbers at places that a random key of the day chooses: nothing that was
 * counted can be read from it. Only sign-ups that went through count, so that nobody's failed attempts are held against
 * their neighbours.
 */
export class Guard {
  readonly #sketch = new Sketch()
  /** A letter for each action, so that short texts are hashed. */
  readonly #actions = new Map<string, string>()

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

  #letterOf(action: string): string {
    let letter = this.#actions.get(action)
    if (letter === undefined) {
      letter = String.fromCharCode(this.#actions.size & 0xffff)
      this.#actions.set(action, letter)
    }
    return letter
  }

  /** This one went through. */
  count({ spots }: Sight): void {
    for (const spot of spots) this.#sketch.add(spot)
  }
}
