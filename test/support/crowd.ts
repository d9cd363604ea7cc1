import assert from 'node:assert/strict'
import { setTimeout as wait } from 'node:timers/promises'
import { newToken } from '#platform/tokens.ts'
import { until } from './clarion.ts'
import { formOn, post } from './http.ts'

/** People who sign one after the other, some at a time, and keep track of what they were told. */
export class Crowd implements AsyncDisposable {
  readonly site: string
  /** Addresses whose signature was acknowledged. */
  readonly acknowledged: string[] = []
  /** Those who were told to try again, or whose line broke. */
  turnedAway = 0
  readonly #fields: [string, string][]
  #last = 0
  #stopped = false
  #running: Promise<unknown> = Promise.resolve()

  readonly #name: string

  private constructor(site: string, fields: [string, string][], name: string) {
    this.site = site
    this.#name = name
    this.#fields = fields
  }

  /** `name` tells the people of one crowd from those of another. */
  static async at(site: string, name = 'crowd'): Promise<Crowd> {
    return new Crowd(site, formOn(await (await fetch(`${site}/actions/no-one-should-vanish`)).text(), '/sign').fields, name)
  }

  start(atOnce: number): void {
    this.#running = Promise.all(Array.from({ length: atOnce }, async () => {
      while (!this.#stopped) await this.#sign()
    }))
  }

  async #sign(): Promise<void> {
    const email = `${this.#name}-${this.#last++}@example.org`
    const fields = this.#fields.map(([name, value]): [string, string] => (name === 'key' ? [name, newToken()] : name === 'name' ? [name, 'Amara'] : name === 'email' ? [name, email] : [name, value]))
    const status = await post(this.site, '/actions/no-one-should-vanish/sign', fields).then((answer) => answer.status, () => 0)
    assert.ok([303, 503, 0].includes(status), `a visitor was answered ${status}`)
    if (status === 303) this.acknowledged.push(email)
    else this.turnedAway += 1
    // A hundred a second are enough to be in the middle of something at every moment, and every one of them is settled and gets a mail.
    await wait(status === 303 ? 30 : 50)
  }

  /** Waits for more of them to be acknowledged. */
  more(count: number): Promise<unknown> {
    const goal = this.acknowledged.length + count
    return until(() => this.acknowledged.length >= goal, 'more signatures', 60_000)
  }

  async stop(): Promise<void> {
    this.#stopped = true
    await this.#running
  }

  /** At the end of a block, also where a test has failed: nobody goes on signing. */
  async [Symbol.asyncDispose](): Promise<void> {
    await this.stop().catch(() => {})
  }
}
