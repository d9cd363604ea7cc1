import { createCipheriv, createDecipheriv, randomBytes } from 'node:crypto'
import { mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'

const mostKept = 2000

/** Mails that came in, newest first. On disk they are encrypted, because what is in them is nobody's business but the mailbox owner's. */
export class InboxStore {
  readonly #folder: string
  readonly #key: Buffer
  #names: string[]

  constructor(folder: string, key: string) {
    mkdirSync(folder, { recursive: true, mode: 0o700 })
    this.#folder = folder
    this.#key = Buffer.from(key, 'base64url')
    this.#names = readdirSync(folder).filter((name) => name.endsWith('.mail')).toSorted().toReversed()
  }

  add(raw: Buffer): void {
    const name = `${Date.now().toString().padStart(14, '0')}-${randomBytes(4).toString('hex')}.mail`
    const nonce = randomBytes(12)
    const cipher = createCipheriv('aes-256-gcm', this.#key, nonce)
    const sealed = Buffer.concat([nonce, cipher.update(raw), cipher.final()])
    writeFileSync(join(this.#folder, name), Buffer.concat([sealed, cipher.getAuthTag()]), { mode: 0o600 })
    this.#names.unshift(name)
    for (const old of this.#names.splice(mostKept)) rmSync(join(this.#folder, old), { force: true })
  }

  /** The names of all mails; a name tells nothing but when it came. */
  names(): string[] {
    return this.#names
  }

  read(name: string): Buffer | undefined {
    if (!this.#names.includes(name)) return undefined
    const sealed = readFileSync(join(this.#folder, name))
    const decipher = createDecipheriv('aes-256-gcm', this.#key, sealed.subarray(0, 12))
    decipher.setAuthTag(sealed.subarray(-16))
    return Buffer.concat([decipher.update(sealed.subarray(12, -16)), decipher.final()])
  }

  clear(): void {
    for (const name of this.#names.splice(0)) rmSync(join(this.#folder, name), { force: true })
  }
}
