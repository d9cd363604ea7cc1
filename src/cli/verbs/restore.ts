import { createReadStream, existsSync } from 'node:fs'
import { Readable } from 'node:stream'
import { Decrypter } from 'age-encryption'
import pg from 'pg'
import { passphraseIdentity } from '#platform/age-passphrase.ts'
import { BackupFault, BackupReader, loadBackup } from '#platform/backup.ts'
import { clientSettings, inTransaction, openDb, openPool, sql, type Db } from '#platform/db.ts'
import { migrate, newestStep, roleNames, type RoleName } from '#platform/migrate.ts'
import { newSecrets, writeSecrets, type Secrets } from '#platform/secrets.ts'
import { keyId, Opener, sealedFor } from '#platform/sealing/index.ts'
import { linkHash } from '#modules/actions/index.ts'
import { markMailingsRestored } from '#modules/mailings/index.ts'
import { markRestored } from '#modules/messages/index.ts'
import { applyRegister, ErasureRegister, readRecoveryLines, readRegister, registerFile, SheetFault } from '#modules/privacy/index.ts'
import { backToPractice, noteRestoration, reach } from '#modules/publisher/index.ts'
import { CliFault } from '../fault.ts'
import { configOrFault, openInstallation, openSecrets, type Installation } from '../installation.ts'
import { passphrase, readFileGiven } from '../passphrase.ts'
import { readWords } from '../words.ts'
import type { CarriedSecrets } from './backup.ts'

const usage = 'clarion restore FILE [--keys SHEET.txt] [--identity FILE | --passphrase-file FILE] [--erasures FILE]'

/** Loads a backup into an empty place. What comes up stays in practice until somebody goes live there. */
export async function restoreVerb(words: string[]): Promise<void> {
  const { values, positionals: [file] } = readWords(words, { keys: { type: 'string' }, identity: { type: 'string' }, 'passphrase-file': { type: 'string' }, erasures: { type: 'string' } }, usage)
  if (!file) throw new CliFault(usage, 2)
  if (!existsSync(file)) throw new CliFault(`There is no file ${file}.`, 2)
  const sheet = values.keys ? readSheet(values.keys) : undefined
  if (values.erasures && !existsSync(values.erasures)) throw new CliFault(`There is no file ${values.erasures}.`, 2)
  const reader = new BackupReader(await decrypted(file, values.identity, values['passphrase-file']))
  const header = await reader.header().catch(faultOf)
  if (header.step > newestStep()) throw new CliFault(`The backup is newer than this program (step ${header.step}; this program knows ${newestStep()}): restore it with the program that made it, or a newer one.`, 3)
  const inside = header.secrets as CarriedSecrets | undefined
  if (!inside && !sheet) throw new CliFault('This backup has no keys in it. Type the recovery sheet into a text file and give it with --keys.', 2)

  const config = configOrFault()
  const installation = await openInstallation(config, openSecrets(config))
  try {
    if (installation.cluster?.adopted) throw new CliFault(`Clarion is running on ${config.dataFolder}: stop it first.`)
    await refuseUsed(installation, header.step)
    const restored = restoredSecrets(installation.secrets, inside, sheet)
    const register = [values.erasures, registerFile(config.dataFolder)].find((each) => each !== undefined && existsSync(each))
    const { rows, erased, suppressed } = await load(installation, reader, header.step, restored, register, new Date(header.createdAt))
    writeSecrets(config.dataFolder, restored)
    console.log(`${rows} rows are restored, as of ${header.createdAt}. Everything is in practice: nothing leaves this machine until somebody goes live.`)
    console.log(register ? `People erased again, because they were erased after the backup was made: ${erased}. Addresses not written to any more, because they said so after it: ${suppressed}.`
      : `No register of erasures was given (--erasures erasures.jsonl, from the data folder of the lost machine): whoever was erased after ${header.createdAt} is here again, and whoever stopped our mail after it gets it again.`)
  } finally {
    if (installation.cluster && !installation.cluster.adopted) await installation.cluster.stop()
  }
}

function readSheet(file: string) {
  try {
    return readRecoveryLines(readFileGiven('--keys', file))
  } catch (error) {
    throw error instanceof SheetFault ? new CliFault(error.message, 2) : error
  }
}

/** A place where an earlier try came to nothing is as good as an empty one. */
async function refuseUsed({ owner }: Installation, step: number): Promise<void> {
  const client = new pg.Client(clientSettings(owner))
  await client.connect()
  try {
    const { rows: [row] } = await client.query<{ used: boolean, step: number | null }>(`select to_regclass('publisher') is not null as used`)
    if (!row!.used) return
    const { rows } = await client.query('select 1 from publisher')
    if (rows.length) throw new CliFault('There is something in this place already. Restore into an empty one: another CLARION_DATA, or another database.')
    const { rows: [migrations] } = await client.query<{ step: number }>('select max(step) as step from migrations')
    if (migrations!.step > step) throw new CliFault('This database has newer tables than the backup. Restore into a database that has never been used.')
  } finally {
    await client.end()
  }
}

/** New passwords and a new installation around the old keys. */
function restoredSecrets(present: Secrets, inside: CarriedSecrets | undefined, sheet: ReturnType<typeof readSheet> | undefined): Secrets {
  const fresh = newSecrets(sheet ?? inside!.data)
  return {
    ...fresh, owner: present.owner,
    site: { ...fresh.site, database: present.site.database },
    worker: { ...fresh.worker, database: present.worker.database, ...(inside && { linkKey: inside.linkKey, dkim: inside.dkim.worker }) },
    desk: { ...fresh.desk, database: present.desk.database, ...(inside && { dkim: inside.dkim.desk }) },
  }
}

async function load(installation: Installation, reader: BackupReader, step: number, secrets: Secrets, register: string | undefined, asOf: Date): Promise<{ rows: number, erased: number, suppressed: number }> {
  const passwords = Object.fromEntries(roleNames.map((role) => [role, installation.secrets[role].database.password])) as Record<RoleName, string>
  await migrate(installation.owner, passwords, { upTo: step })
  const client = new pg.Client(clientSettings(installation.owner))
  await client.connect()
  const rows = await loadBackup(client, reader, () => refuseWrongKeys(client, secrets)).catch(faultOf).finally(() => client.end())
  await migrate(installation.owner, passwords)
  const pool = openPool(installation.owner, { name: 'restore', size: 2 })
  try {
    const db = openDb(pool)
    await inTransaction(db, (tx) => backToPractice(tx))
    const held = { messages: await markRestored(db, new Date()), ...await markMailingsRestored(db, new Date()) }
    await relink(db, secrets.worker.linkKey)
    const again = await eraseAsRegistered(db, installation, secrets, register, asOf)
    await noteRestoration(db, { noticedAt: new Date(), copyOf: asOf, register: register !== undefined, ...again, ...held })
    return { rows, ...again }
  } finally {
    await pool.end()
  }
}

/** Erases whom the register has, and begins the register of this place with all that is known; where there is none, the desk says so. */
async function eraseAsRegistered(db: Db, { config }: Installation, { worker }: Secrets, register: string | undefined, asOf: Date): Promise<{ erased: number, suppressed: number }> {
  const keys = { opener: new Opener(worker.contact), contact: worker.contact.at(-1)!, record: worker.record, indexKeys: worker.indexKeys, linkKey: worker.linkKey }
  const again = register ? await applyRegister(db, keys, readRegister(register), asOf, new Date()) : { erased: 0, suppressed: 0 }
  if (!register) await reach(db, 'restored-blind', null, new Date())
  await new ErasureRegister(registerFile(config.dataFolder)).write(db)
  return again
}

/** Keys that do not open what was restored are the wrong ones: better said now than found out later. */
async function refuseWrongKeys(client: pg.Client, { worker }: Secrets): Promise<void> {
  const { rows } = await client.query<{ sealed: Buffer }>('(select index_keys as sealed from recovery_keys) union all (select contact from people limit 1)')
  if (rows.some(({ sealed }) => !worker.contact.some((key) => keyId(key) === sealedFor(sealed)))) throw new CliFault('These keys do not open this backup: the sheet belongs to another installation.')
}

/** Links in mails that are still to be written are made with this installation's link key. */
async function relink(db: Db, linkKey: string): Promise<void> {
  for (let after = '00000000-0000-0000-0000-000000000000'; ;) {
    const { rows } = await sql<{ person_id: string, id: string }>`select person_id, id from participations where id > ${after} and state <> 'refused' order by id limit 5000`.execute(db)
    if (rows.length === 0) return
    await sql`
      insert into links (token_hash, person_id, participation_id, created_at)
      select token_hash, person_id, participation_id, now() from unnest(${rows.map((row) => linkHash(linkKey, row.id))}::bytea[], ${rows.map((row) => row.person_id)}::uuid[], ${rows.map((row) => row.id)}::uuid[]) as link (token_hash, person_id, participation_id)
      on conflict do nothing`.execute(db)
    after = rows.at(-1)!.id
  }
}

async function decrypted(file: string, identityFile: string | undefined, passphraseFile: string | undefined): Promise<AsyncIterable<Buffer>> {
  const decrypter = new Decrypter()
  if (identityFile) addIdentity(decrypter, identityFile)
  else decrypter.addIdentity(passphraseIdentity(await passphrase(passphraseFile, false)))
  try {
    return whole(Readable.fromWeb(await decrypter.decrypt(Readable.toWeb(createReadStream(file)) as ReadableStream<Uint8Array>) as never))
  } catch {
    throw new CliFault('This file cannot be opened with that: it is another passphrase or key, or the file is damaged.')
  }
}

function addIdentity(decrypter: Decrypter, file: string): void {
  const identity = /^AGE-SECRET-KEY-\S+/m.exec(readFileGiven('--identity', file))?.[0]
  try {
    decrypter.addIdentity(identity ?? '')
  } catch {
    throw new CliFault(`--identity: there is no age key in ${file}.`, 2)
  }
}

/** The bytes as they were encrypted. Where they were changed or cut, the cipher finds out on the way. */
async function* whole(source: AsyncIterable<Buffer>): AsyncGenerator<Buffer> {
  try {
    yield* source
  } catch {
    throw new BackupFault('The backup is damaged or cut short.')
  }
}

function faultOf(error: unknown): never {
  throw error instanceof BackupFault ? new CliFault(error.message) : error
}
