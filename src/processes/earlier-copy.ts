import { existsSync, readFileSync } from 'node:fs'
import { rename, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { inTransaction, type Db } from '#platform/db.ts'
import type { Log } from '#platform/log.ts'
import { beat } from '#modules/alerts/index.ts'
import type { Keys } from '#modules/actions/index.ts'
import { markMailingsRestored } from '#modules/mailings/index.ts'
import { markRestored } from '#modules/messages/index.ts'
import { applyRegister, readRegister, registerFile } from '#modules/privacy/index.ts'
import { disarm, noteRestoration } from '#modules/publisher/index.ts'
import { audit } from '#modules/staff/index.ts'

/**
 * A worker's signs of life, counted in the database and in its data folder. Where the database has counted fewer than the folder, somebody has put
 * an earlier copy of it in its place by other means than `clarion restore`: then it is treated as that one treats it.
 */
export class SignsOfLife {
  readonly #file: string
  readonly #register: string
  #seen: number
  #begun = false

  constructor(dataFolder: string) {
    this.#file = join(dataFolder, 'signs-of-life')
    this.#register = registerFile(dataFolder)
    this.#seen = readCount(this.#file)
  }

  /**
   * One more. What the register of erasures has holds from the first one on: in a database that was put back from a copy there are people who asked to be
   * erased. In one that is found to be an earlier copy nothing is on its way any more, either.
   * Returns whether it is one.
   */
  async next(db: Db, keys: Keys, log: Log, now: Date): Promise<boolean> {
    const { beats, before } = await beat(db, now)
    const earlier = beats <= this.#seen
    if (earlier) {
      log.error('the database is an earlier copy: it sends nothing until somebody goes live again', { count: this.#seen - beats + 1 })
      await inTransaction(db, async (tx) => {
        await disarm(tx)
        await audit(tx, { staffId: null, verb: 'notice-earlier-copy', subjectKind: 'settings', subjectIds: ['live'], details: { from: before?.toISOString() ?? null } }, now)
      })
    }
    const held = earlier ? { messages: await markRestored(db, now), ...await markMailingsRestored(db, now) } : undefined
    if (earlier || !this.#begun) {
      const again = await applyRegister(db, keys, readRegister(this.#register), before ?? new Date(0), now)
      if (held) await noteRestoration(db, { noticedAt: now, copyOf: before ?? null, register: existsSync(this.#register), ...again, ...held })
    }
    this.#begun = true
    // Remembered after the database has it, so that a crash in between looks like no copy.
    await writeFile(`${this.#file}.${process.pid}`, `${beats}\n`, { mode: 0o600 })
    await rename(`${this.#file}.${process.pid}`, this.#file)
    this.#seen = beats
    return earlier
  }
}

function readCount(file: string): number {
  try {
    return Number(readFileSync(file, 'utf8')) || 0
  } catch {
    return 0
  }
}
