import type { Db } from '#platform/db.ts'
import { Opener } from '#platform/sealing/index.ts'
import type { WorkerSecrets } from '#platform/secrets.ts'
import type { Keys } from '#modules/actions/index.ts'
import { beginRotation, keyNames, reindexStep, resealStep, withRetired } from '#modules/keys/index.ts'
import { keepIndexKeys } from '#modules/privacy/index.ts'

/** The worker's keys, which may be exchanged while it works, and its part in moving what lies under older ones. */
export class WorkerKeys {
  /** One object for the life of the process: whoever has it always has the newest keys. */
  readonly keys: Keys
  readonly #db: Db
  #secrets: WorkerSecrets
  #noted = false

  constructor(db: Db, secrets: WorkerSecrets) {
    this.#db = db
    this.#secrets = secrets
    this.keys = { opener: new Opener(secrets.contact), contact: secrets.contact.at(-1)!, record: secrets.record, indexKeys: secrets.indexKeys, linkKey: secrets.linkKey }
  }

  get dkim(): WorkerSecrets['dkim'] { return this.#secrets.dkim }
  get dkimNext(): WorkerSecrets['dkimNext'] { return this.#secrets.dkimNext }

  /** What is sealed and indexed from here on is so under the newest of these. */
  take(secrets: WorkerSecrets): void {
    this.#secrets = secrets
    this.keys.opener.use(secrets.contact)
    Object.assign(this.keys, { contact: secrets.contact.at(-1)!, record: secrets.record, indexKeys: secrets.indexKeys, linkKey: secrets.linkKey } satisfies Partial<Keys>)
    this.#noted = false
  }

  /** Begins what the keys ask for, and leaves the index keys for the recovery sheet. */
  async note(now: Date): Promise<void> {
    const { contact, indexKeys } = this.#secrets
    await this.#retire()
    await keepIndexKeys(this.#db, this.keys.contact, this.keys.indexKeys)
    await beginRotation(this.#db, { kind: 'contact', process: 'worker', names: keyNames(contact) }, now)
    await beginRotation(this.#db, { kind: 'index', process: 'worker', names: indexKeys.map(({ id }) => String(id)) }, now)
    this.#noted = true
  }

  /** One step of what is to be moved. Returns how many rows were looked at. */
  async step(now: Date): Promise<number> {
    if (!this.#noted) await this.note(now)
    const { opener, contact } = this.keys
    const resealed = await resealStep({ db: this.#db, opener, newest: contact, process: 'worker' }, now)
    const reindexed = await reindexStep({ db: this.#db, opener, indexKeys: this.keys.indexKeys }, now)
    if (reindexed && await this.#retire()) await keepIndexKeys(this.#db, contact, this.keys.indexKeys)
    return resealed + reindexed
  }

  /** Whether a key makes nothing new any more that did before. */
  async #retire(): Promise<boolean> {
    const before = this.keys.indexKeys.filter(({ retired }) => retired).length
    this.keys.indexKeys = await withRetired(this.#db, this.#secrets.indexKeys)
    return this.keys.indexKeys.filter(({ retired }) => retired).length > before
  }
}
