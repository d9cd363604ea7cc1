import { appendFile, readFile, rename } from 'node:fs/promises'
import { join } from 'node:path'
import type { Db } from '#platform/db.ts'
import type { Log } from '#platform/log.ts'
import { chainHead, checkChain, headInWords, headsInText } from '#modules/staff/index.ts'

const dayMs = 86_400_000

/** Where a data folder keeps what the audit log ended with, hour by hour: out of reach of whoever owns the database alone. */
export const headsFile = (dataFolder: string) => join(dataFolder, 'audit-heads')

/**
 * Keeps the end of the audit log outside of the database, and holds the log against what was kept: at the start and every day. Whoever rewrites the log in
 * the database, or cuts it short, is noticed by the worker of any machine that had seen it as it was.
 */
export class AuditWatch {
  readonly #file: string
  #checkedAt = 0
  #written: string | undefined
  /** Whether the log is another than it was. */
  broken = false

  constructor(dataFolder: string) {
    this.#file = headsFile(dataFolder)
  }

  /** Writes the end down, into the file and into our own log, and checks once a day. */
  async turn(db: Db, log: Log, now: Date): Promise<void> {
    if (now.getTime() - this.#checkedAt >= dayMs) await this.#check(db, log, now)
    const head = await chainHead(db)
    // A log without a line has no end that could be cut off; one that is broken is not vouched for.
    if (head.position === 0 || this.broken) return
    log.info('audit head', { head: headInWords(head) })
    if (this.#written === headInWords(head)) return
    await appendFile(this.#file, `${now.toISOString()} ${headInWords(head)}\n`, { mode: 0o600, flush: true })
    this.#written = headInWords(head)
  }

  /** An earlier copy of the database has an earlier log: what was kept is laid aside, and it begins anew. */
  async beginAnew(now: Date): Promise<void> {
    await rename(this.#file, `${this.#file}.${now.toISOString().slice(0, 19).replaceAll(':', '-')}`).catch(() => {})
    this.#checkedAt = 0
    this.#written = undefined
  }

  async #check(db: Db, log: Log, now: Date): Promise<void> {
    const kept = headsInText(await readFile(this.#file, 'utf8').catch(() => ''))
    const check = await checkChain(db, kept)
    this.broken = !check.holds
    if (!check.holds) log.error('the audit log is not what it was: "clarion verify" names the line')
    this.#checkedAt = now.getTime()
  }
}
