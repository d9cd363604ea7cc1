import { generateKeyPairSync, randomBytes } from 'node:crypto'
import { existsSync, readFileSync, renameSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { generateKey, type IndexKey, type OpeningKey, type SealingKey } from './sealing/index.ts'

/** The processes that have keys of their own. */
export type ProcessName = 'site' | 'worker' | 'desk' | 'inbox'

/** The role a process signs in to the database with, and its password. */
export interface DatabaseAccess {
  password: string
}

export interface SiteSecrets {
  database: DatabaseAccess
  /** Public halves only. */
  contact: SealingKey
  record: SealingKey
}

export interface WorkerSecrets {
  database: DatabaseAccess
  /** Newest last. */
  contact: OpeningKey[]
  record: SealingKey
  indexKeys: IndexKey[]
  /** Makes the tokens of links in mails, base64url. */
  linkKey: string
  dkim: { selector: string, privateKey: string }
  inboxKey: string
  installId: string
}

export interface DeskSecrets {
  database: DatabaseAccess
  contact: OpeningKey[]
  record: OpeningKey[]
  dkim: { selector: string, publicKey: string }
  installId: string
}

export interface InboxSecrets {
  inboxKey: string
}

export interface Secrets {
  /** The owner of the embedded database; stays with the supervisor. */
  owner: { password: string }
  site: SiteSecrets
  worker: WorkerSecrets
  desk: DeskSecrets
  inbox: InboxSecrets
}

/** The keys of supporters' data: what a recovery sheet carries and what no backup of the database contains by itself. */
export interface DataKeys {
  contact: OpeningKey[]
  record: OpeningKey[]
  indexKeys: IndexKey[]
}

const parts = ['owner', 'site', 'worker', 'desk', 'inbox'] as const

function secret(): string {
  return randomBytes(32).toString('base64url')
}

export function newDataKeys(): DataKeys {
  return { contact: [generateKey('contact')], record: [generateKey('record')], indexKeys: [{ id: 1, secret: secret() }] }
}

/** A whole new set of keys and passwords around `keys`. Every call names a new installation, so that a restored copy never sends mail by itself. */
export function newSecrets(keys: DataKeys = newDataKeys()): Secrets {
  const contact = keys.contact.at(-1)!
  const record = keys.record.at(-1)!
  const dkim = generateKeyPairSync('rsa', { modulusLength: 2048, publicKeyEncoding: { type: 'spki', format: 'der' }, privateKeyEncoding: { type: 'pkcs8', format: 'pem' } })
  const installId = randomBytes(16).toString('hex')
  const inboxKey = secret()
  const selector = 'clarion'
  return {
    owner: { password: secret() },
    site: { database: { password: secret() }, contact: publicHalf(contact), record: publicHalf(record) },
    worker: {
      database: { password: secret() }, contact: keys.contact, record: publicHalf(record), indexKeys: keys.indexKeys,
      linkKey: secret(), dkim: { selector, privateKey: dkim.privateKey }, inboxKey, installId,
    },
    desk: {
      database: { password: secret() }, contact: keys.contact, record: keys.record,
      dkim: { selector, publicKey: dkim.publicKey.toString('base64') }, installId,
    },
    inbox: { inboxKey },
  }
}

export function dataKeysOf(secrets: Secrets): DataKeys {
  return { contact: secrets.desk.contact, record: secrets.desk.record, indexKeys: secrets.worker.indexKeys }
}

function publicHalf({ purpose, publicKey }: SealingKey): SealingKey {
  return { purpose, publicKey }
}

function file(dataFolder: string, part: string): string {
  return join(dataFolder, 'secrets', `${part}.json`)
}

/** Which key files of a data folder are not there; all of them in a new one. */
export function missingSecrets(dataFolder: string): { missing: string[], isNew: boolean } {
  const missing = parts.filter((part) => !existsSync(file(dataFolder, part)))
  return { missing: missing.map((part) => `${part}.json`), isNew: missing.length === parts.length }
}

/** Writes one file for each process, for its owner's eyes only. Each file appears whole or not at all. */
export function writeSecrets(dataFolder: string, secrets: Secrets): void {
  for (const part of parts) {
    const whole = file(dataFolder, part)
    writeFileSync(`${whole}.new`, JSON.stringify(secrets[part], undefined, 2), { mode: 0o600, flush: true })
    renameSync(`${whole}.new`, whole)
  }
}

export function readSecrets(dataFolder: string): Secrets {
  return Object.fromEntries(parts.map((part) => [part, readSecretsOf(dataFolder, part)])) as unknown as Secrets
}

/** The secrets of one process alone, for services that run apart from the supervisor. */
export function readSecretsOf<Part extends keyof Secrets>(dataFolder: string, part: Part): Secrets[Part] {
  return JSON.parse(readFileSync(file(dataFolder, part), 'utf8')) as Secrets[Part]
}
