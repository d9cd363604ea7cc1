import { createHmac, hash, randomBytes, timingSafeEqual } from 'node:crypto'

/** What a browser is asked to do, or to wait for. `text` comes back with the form. */
export interface Challenge {
  text: string
  /** What is hashed begins with this. */
  seed: string
  bits: number
  waitSeconds: number
}

/** What came of a challenge that came back. */
export type Worked = 'solved' | 'waited' | { tooEarlyBy: number, challenge: Challenge } | 'no'

export const parts = 8
const validFor = 15 * 60_000
const mostSpent = 100_000
/** Of which others are told, if nobody asks for them in between. */
const mostNews = 10_000

/**
 * Challenges that a browser answers by work (find eight numbers whose SHA-256 with the seed begins with so many zero bits) or by
 * waiting. Each is bound to what it was asked for, holds for a quarter of an hour and is good once. Nothing is kept of those that
 * are asked: they carry their own proof, by a key that all sites share. Which ones were used each site remembers, and may be told by others.
 */
export class Works {
  readonly #key: Buffer
  #spent = new Set<string>()
  #spentBefore = new Set<string>()
  #turnedAt = 0
  /** Older ones are not taken any more: it is not known whether they were used. */
  #notBefore = 0
  #news: string[] = []

  constructor(key: Buffer) {
    this.#key = key
  }

  ask(about: string, { bits, waitSeconds }: { bits: number, waitSeconds: number }, now: number): Challenge {
    const head = `${now.toString(36)}.${bits}.${waitSeconds}.${randomBytes(9).toString('base64url')}`
    const seed = this.#proof(head, about)
    return { text: `${head}.${seed}`, seed, bits, waitSeconds }
  }

  /** Whether a challenge of ours came back in time and answered, for the first time. If so it is used up. */
  check(text: string, about: string, solution: string, now: number): Worked {
    const [, head, time, bits, wait, seed] = /^(([\da-z]{1,12})\.(\d{1,2})\.(\d{1,4})\.[\w-]{12})\.([\w-]{22})$/.exec(text) ?? []
    if (!head || !timingSafeEqual(Buffer.from(seed!), Buffer.from(this.#proof(head, about)))) return 'no'
    const asked = Number.parseInt(time!, 36)
    // A clock that went back makes ages negative; what we asked then is still ours, and what we ask from now on too.
    this.#notBefore = Math.min(this.#notBefore, now)
    const age = now - asked
    if (age > validFor || asked < this.#notBefore || this.#spent.has(seed!) || this.#spentBefore.has(seed!)) return 'no'
    const challenge = { text, seed: seed!, bits: Number(bits), waitSeconds: Number(wait) }
    if (isSolved(challenge, solution)) return this.#spend(seed!, now, 'solved')
    if (age < 0) return 'no'
    const left = challenge.waitSeconds - Math.floor(age / 1000)
    return left > 0 ? { tooEarlyBy: left, challenge } : this.#spend(seed!, now, 'waited')
  }

  /** What was used here since this was last asked, for the other sites. */
  takeSpent(): string[] {
    const news = this.#news
    this.#news = []
    return news
  }

  /** Another site says that this one was used. */
  spentElsewhere(seed: string, now: number): void {
    if (/^[\w-]{22}$/.test(seed)) this.#remember(seed, now)
  }

  #proof(head: string, about: string): string {
    return createHmac('sha256', this.#key).update(`${head}\n${about}`).digest('base64url').slice(0, 22)
  }

  #spend(seed: string, now: number, how: 'solved' | 'waited'): 'solved' | 'waited' {
    this.#remember(seed, now)
    if (this.#news.length < mostNews) this.#news.push(seed)
    return how
  }

  #remember(seed: string, now: number): void {
    const full = this.#spent.size >= mostSpent
    if (full || Math.abs(now - this.#turnedAt) > validFor) {
      // Forgotten early, they must not be good again: nobody may bring one from before.
      if (full) this.#notBefore = this.#turnedAt
      this.#spentBefore = this.#spent
      this.#spent = new Set()
      this.#turnedAt = now
    }
    this.#spent.add(seed)
  }
}

function isSolved({ seed, bits }: Challenge, solution: string): boolean {
  if (!/^[\da-f]{8}(\.[\da-f]{8}){7}$/.test(solution)) return false
  return solution.split('.').every((number, part) => hash('sha256', `${seed}.${part}${number}`, 'buffer').readUInt32BE(0) >>> (32 - bits) === 0)
}

/** Solves a challenge as a browser does, for tests. */
export function solve({ seed, bits }: Pick<Challenge, 'seed' | 'bits'>): string {
  return Array.from({ length: parts }, (_, part) => {
    for (let number = 0; ; number++) {
      const text = number.toString(16).padStart(8, '0')
      if (hash('sha256', `${seed}.${part}${text}`, 'buffer').readUInt32BE(0) >>> (32 - bits) === 0) return text
    }
  }).join('.')
}
