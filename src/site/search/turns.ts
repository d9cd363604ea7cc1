/** How many may be at something at the same time, and how many may wait for it. Who comes beyond is told so at once. */
export class Turns {
  readonly #most: number
  readonly #mostWaiting: number
  readonly #waiting: (() => void)[] = []
  #busy = 0

  constructor({ most, mostWaiting }: { most: number, mostWaiting: number }) {
    this.#most = most
    this.#mostWaiting = mostWaiting
  }

  /** Does the work when there is room for it. Nothing comes of it where too many are waiting already. */
  async take<Result>(work: () => Promise<Result>): Promise<Result | 'full'> {
    if (this.#busy >= this.#most) {
      if (this.#waiting.length >= this.#mostWaiting) return 'full'
      await new Promise<void>((resolve) => { this.#waiting.push(resolve) })
    } else this.#busy += 1
    try {
      return await work()
    } finally {
      // Whoever waits takes over the place as it is.
      const next = this.#waiting.shift()
      if (next) next()
      else this.#busy -= 1
    }
  }
}
