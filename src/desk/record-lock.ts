import { keyId, type OpeningKey, type SealingKey } from '#platform/sealing/index.ts'
import { recordKeys, type DeskSecrets } from '#platform/secrets.ts'

/** For how long a record key that somebody brought stays in this process, in minutes. */
export const openMinutes = 30

/**
 * Where the private record keys are: on this server; or kept outside of it, and then here only for half an hour after a staff member has brought
 * them, in the memory of this process, and of the one that makes exports for it, and nowhere else.
 */
export type RecordStanding = { state: 'here' } | { state: 'locked' } | { state: 'open', until: Date }

export class RecordLock {
  #secrets: DeskSecrets
  readonly #changed: () => void
  #brought: { keys: OpeningKey[], until: Date, timer: NodeJS.Timeout } | undefined

  constructor(secrets: DeskSecrets, changed: () => void) {
    this.#secrets = secrets
    this.#changed = changed
  }

  /** The private record keys that are here at the moment. */
  get keys(): OpeningKey[] {
    return this.#secrets.recordOutside ? this.#brought?.keys ?? [] : this.#secrets.record
  }

  standing(now: Date): RecordStanding {
    if (!this.#secrets.recordOutside) return { state: 'here' }
    return this.#brought && this.#brought.until > now ? { state: 'open', until: this.#brought.until } : { state: 'locked' }
  }

  /** Whether everything under record keys can be opened now. */
  opensAll(): boolean {
    const here = new Set(this.keys.map(keyId))
    return recordKeys(this.#secrets).every((key) => here.has(keyId(key)))
  }

  take(secrets: DeskSecrets): void {
    this.#secrets = secrets
    if (!secrets.recordOutside) this.close()
  }

  /** Holds keys that somebody brought. False if one that is in use is not among them. */
  open(keys: OpeningKey[], now: Date): boolean {
    if (!this.fits(keys)) return false
    this.close()
    const timer = setTimeout(() => this.close(), openMinutes * 60_000)
    timer.unref()
    this.#brought = { keys, until: new Date(now.getTime() + openMinutes * 60_000), timer }
    this.#changed()
    return true
  }

  /** Whether these are the private halves of all record keys that are in use. */
  fits(keys: SealingKey[]): boolean {
    const brought = new Set(keys.map(keyId))
    return recordKeys(this.#secrets).every((key) => brought.has(keyId(key)))
  }

  close(): void {
    if (!this.#brought) return
    clearTimeout(this.#brought.timer)
    this.#brought = undefined
    this.#changed()
  }
}
