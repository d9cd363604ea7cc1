import { generateKeyPairSync, randomBytes } from 'node:crypto'
import { closeSync, existsSync, fsyncSync, openSync, readFileSync, renameSync, writeFileSync } from 'node:fs'
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
  dkim: DkimSecret
  /** The next one, until its public half can be seen in the DNS. */
  dkimNext?: DkimSecret
  inboxKey: string
  installId: string
}

export interface DeskSecrets {
  database: DatabaseAccess
  contact: OpeningKey[]
  /** None where they are kept outside of this server. */
  record: OpeningKey[]
  /** Then their public halves are here, newest last. */
  recordOutside?: SealingKey[]
  dkim: DkimRecord
  dkimNext?: DkimRecord
  /** The one before, whose public half stays in the DNS until all mails that it signed have been delivered or given up. */
  dkimFormer?: DkimRecord & { until: string }
  installId: string
}

export interface DkimSecret {
  selector: string
  privateKey: string
}

/** What stands in the DNS. */
export interface DkimRecord {
  selector: string
  publicKey: string
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
  /** None where they are kept outside of the server. */
  record: OpeningKey[]
  recordOutside?: SealingKey[] | undefined
  indexKeys: IndexKey[]
}

const parts = ['owner', 'site', 'worker', 'desk', 'inbox'] as const

function secret(): string {
  return randomBytes(32).toString('base64url')
}

/** A new index key behind those that are there. */
export function nextIndexKey(keys: IndexKey[]): IndexKey {
  return { id: Math.max(...keys.map(({ id }) => id)) + 1, secret: secret() }
}

/** A key to sign mails with, under a name of its own in the DNS. */
export function newDkim(selector: string): { secret: DkimSecret, record: DkimRecord } {
  const { privateKey, publicKey } = generateKeyPairSync('rsa', { modulusLength: 2048, publicKeyEncoding: { type: 'spki', format: 'der' }, privateKeyEncoding: { type: 'pkcs8', format: 'pem' } })
  return { secret: { selector, privateKey }, record: { selector, publicKey: publicKey.toString('base64') } }
}

export function newDataKeys(): DataKeys {
  return { contact: [generateKey('contact')], record: [generateKey('record')], indexKeys: [{ id: 1, secret: secret() }] }
}

/** A whole new set of keys and passwords around `keys`. Every call names a new installation, so that a restored copy never sends mail by itself. */
export function newSecrets(keys: DataKeys = newDataKeys()): Secrets {
  const contact = keys.contact.at(-1)!
  const record = recordKeys(keys).at(-1)!
  const dkim = newDkim('clarion')
  const installId = randomBytes(16).toString('hex')
  const inboxKey = secret()
  return {
    owner: { password: secret() },
    site: { database: { password: secret() }, contact: publicHalf(contact), record: publicHalf(record) },
    worker: {
      database: { password: secret() }, contact: keys.contact, record: publicHalf(record), indexKeys: keys.indexKeys,
      linkKey: secret(), dkim: dkim.secret, inboxKey, installId,
    },
    desk: {
      database: { password: secret() }, contact: keys.contact, record: keys.record, ...(keys.recordOutside && { recordOutside: keys.recordOutside }),
      dkim: dkim.record, installId,
    },
    inbox: { inboxKey },
  }
}

export function dataKeysOf(secrets: Secrets): DataKeys {
  const { contact, record, recordOutside } = secrets.desk
  return { contact, record, ...(recordOutside && { recordOutside }), indexKeys: secrets.worker.indexKeys }
}

/** The record keys as they seal, newest last, wherever their private halves are. */
export function recordKeys({ record, recordOutside }: { record: SealingKey[], recordOutside?: SealingKey[] | undefined }): SealingKey[] {
  return recordOutside ?? record.map(publicHalf)
}

export function publicHalf({ purpose, publicKey }: SealingKey): SealingKey {
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

/** Whoever opens comes before whoever seals: a crash in between leaves nobody sealing for a key that nobody has. */
const writingOrder = ['owner', 'desk', 'worker', 'site', 'inbox'] as const

/** Writes one file for each process, for its owner's eyes only. Each file appears whole or not at all, and stays through a loss of power. */
export function writeSecrets(dataFolder: string, secrets: Secrets): void {
  for (const part of writingOrder) {
    const whole = file(dataFolder, part)
    const text = JSON.stringify(secrets[part], undefined, 2)
    if (existsSync(whole) && readFileSync(whole, 'utf8') === text) continue
    writeFileSync(`${whole}.new`, text, { mode: 0o600, flush: true })
    renameSync(`${whole}.new`, whole)
    syncFolder(join(dataFolder, 'secrets'))
  }
}

function syncFolder(folder: string): void {
  const handle = openSync(folder, 'r')
  fsyncSync(handle)
  closeSync(handle)
}

/** The file of one process, for whoever looks whether it has changed. */
export function secretsFile(dataFolder: string, part: keyof Secrets): string {
  return file(dataFolder, part)
}

export function readSecrets(dataFolder: string): Secrets {
  return Object.fromEntries(parts.map((part) => [part, readSecretsOf(dataFolder, part)])) as unknown as Secrets
}

/** The secrets of one process alone, for services that run apart from the supervisor. */
export function readSecretsOf<Part extends keyof Secrets>(dataFolder: string, part: Part): Secrets[Part] {
  return JSON.parse(readFileSync(file(dataFolder, part), 'utf8')) as Secrets[Part]
}
