import { createWriteStream, existsSync, renameSync, rmSync } from 'node:fs'
import { Readable } from 'node:stream'
import { pipeline } from 'node:stream/promises'
import { Encrypter } from 'age-encryption'
import pg from 'pg'
import { passphraseRecipient } from '#platform/age-passphrase.ts'
import { backupBytes } from '#platform/backup.ts'
import { clientSettings, inTransaction, type Db } from '#platform/db.ts'
import { dataKeysOf, type Secrets } from '#platform/secrets.ts'
import { reach } from '#modules/publisher/index.ts'
import { audit, chainHead, headInWords } from '#modules/staff/index.ts'
import { CliFault } from '../fault.ts'
import { withInstallation } from '../content.ts'
import { passphrase } from '../passphrase.ts'
import { readWords } from '../words.ts'

const usage = 'clarion backup [FILE] [--with-keys] [--recipient age1… | --passphrase-file FILE]'

/** What a backup with keys carries besides the keys of the data: so that links in old mails and the DNS record of the signature stay good. */
export interface CarriedSecrets {
  data: ReturnType<typeof dataKeysOf>
  linkKey: string
  dkim: { worker: Secrets['worker']['dkim'], desk: Secrets['desk']['dkim'] }
}

const unwritable: Record<string, string> = { ENOENT: 'there is no such folder', EACCES: 'we may not write there', EROFS: 'nothing can be written there', ENOSPC: 'the disk is full', EDQUOT: 'the disk is full' }

/** Copies everything into one encrypted file, while Clarion runs. */
export async function backupVerb(words: string[]): Promise<void> {
  const { values, positionals } = readWords(words, { 'with-keys': { type: 'boolean' }, recipient: { type: 'string' }, 'passphrase-file': { type: 'string' } }, usage)
  const file = positionals[0] ?? `clarion-${new Date().toISOString().slice(0, 16).replace(/[:T]/g, '-')}.backup`
  if (existsSync(file)) throw new CliFault(`${file} is there already.`, 2)
  const encrypter = new Encrypter()
  if (values.recipient) addRecipient(encrypter, values.recipient)
  else encrypter.addRecipient(passphraseRecipient(await passphrase(values['passphrase-file'], true)))
  let head = ''
  let outside = false
  await withInstallation(async (db, installation) => {
    outside = installation.secrets.desk.recordOutside !== undefined
    const client = new pg.Client(clientSettings(installation.owner))
    await client.connect()
    try {
      const secrets = values['with-keys'] ? carried(installation.secrets) : undefined
      const plain = Readable.toWeb(Readable.from(backupBytes(client, { createdAt: new Date().toISOString(), secrets }))) as ReadableStream<Uint8Array>
      await pipeline(Readable.fromWeb(await encrypter.encrypt(plain) as never), createWriteStream(`${file}.part`, { mode: 0o600, flush: true })).catch((error: unknown) => {
        const why = unwritable[(error as { code?: string }).code ?? '']
        throw why ? new CliFault(`${file} cannot be written: ${why}.`) : error
      })
      renameSync(`${file}.part`, file)
    } finally {
      rmSync(`${file}.part`, { force: true })
      await client.end()
    }
    await noteBackup(db)
    head = headInWords(await chainHead(db))
  })
  console.log(`${file} is written${values['with-keys'] ? ', with the keys: whoever opens it can read everything' : ', without the keys: to restore it you need the recovery sheet'}. Keep it on another machine.${outside ? ' The record key is in neither: it is kept in a file of its own.' : ''}`)
  console.log(`The audit log ends with ${head}: written down beside the backup, it lets "clarion verify --head" see a log that was cut short.`)
}

function addRecipient(encrypter: Encrypter, recipient: string): void {
  try {
    encrypter.addRecipient(recipient)
  } catch {
    throw new CliFault('--recipient: this is not the public half of an age key. One begins with age1.', 2)
  }
}

async function noteBackup(db: Db): Promise<void> {
  await inTransaction(db, async (tx) => {
    await reach(tx, 'backup', null, new Date())
    await audit(tx, { staffId: null, verb: 'backup', subjectKind: 'backup', subjectIds: [] }, new Date())
  })
}

function carried(secrets: Secrets): CarriedSecrets {
  return { data: dataKeysOf(secrets), linkKey: secrets.worker.linkKey, dkim: { worker: secrets.worker.dkim, desk: secrets.desk.dkim } }
}
