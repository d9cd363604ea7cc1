import { existsSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { generateKey, keyId, type OpeningKey, type SealingKey } from './sealing/index.ts'
import { newDkim, nextIndexKey, publicHalf, readSecrets, recordKeys, writeSecrets, type Secrets } from './secrets.ts'

/** What can be done about the keys of an installation. Asked for by the desk or by a command; done by whoever has all the files. */
export type KeyChange =
  | { do: 'rotate', kind: 'contact' | 'record' | 'index' | 'dkim' }
  /** The record keys go out of this server, or another one takes their place out there: these are their public halves, newest last. */
  | { do: 'keep-outside', record: SealingKey[] }
  | { do: 'bring-back', record: OpeningKey[] }
  | { do: 'destroy', kind: 'contact' | 'record', key: string }
  | { do: 'switch-dkim' }
  | { do: 'forget-dkim' }

/** Said to a person: a change that does not fit what is there. */
export class KeyFault extends Error {}

/** For how long the public half of an old signing key stays in the DNS: mail servers try for five days, and some look again later. */
const formerDays = 10

/** The secrets with one change made. Throws a KeyFault if it cannot be. */
export function changed(secrets: Secrets, change: KeyChange, now: Date): Secrets {
  switch (change.do) {
    case 'rotate': return rotated(secrets, change.kind, now)
    case 'keep-outside': return withRecord(secrets, [], change.record)
    case 'bring-back': return withRecord(secrets, change.record, undefined)
    case 'destroy': return withoutKey(secrets, change.kind, change.key)
    case 'switch-dkim': return switched(secrets, now)
    case 'forget-dkim': {
      const { dkimFormer: _, ...desk } = secrets.desk
      return { ...secrets, desk }
    }
  }
}

function rotated(secrets: Secrets, kind: 'contact' | 'record' | 'index' | 'dkim', now: Date): Secrets {
  switch (kind) {
    case 'contact': return withContact(secrets, [...secrets.desk.contact, generateKey('contact')])
    case 'record':
      if (secrets.desk.recordOutside) throw new KeyFault('The record key is kept outside of this server: make a new file for it in the desk, under Keys, and it is rotated with that.')
      return withRecord(secrets, [...secrets.desk.record, generateKey('record')], undefined)
    case 'index': {
      const keys = secrets.worker.indexKeys
      return { ...secrets, worker: { ...secrets.worker, indexKeys: [...keys, nextIndexKey(keys)] } }
    }
    case 'dkim': {
      if (secrets.desk.dkimNext) throw new KeyFault('There is a new signing key already: it waits for its record in the DNS.')
      const { secret, record } = newDkim(nextSelector(secrets, now))
      return { ...secrets, worker: { ...secrets.worker, dkimNext: secret }, desk: { ...secrets.desk, dkimNext: record } }
    }
  }
}

/** Says when it was made, so that the records of a domain can be told apart. */
function nextSelector({ desk }: Secrets, now: Date): string {
  const name = `clarion${now.toISOString().slice(0, 10).replaceAll('-', '')}`
  const taken = [desk.dkim, desk.dkimFormer, desk.dkimNext].map((each) => each?.selector)
  for (let number = 1; ; number += 1) {
    const tried = number === 1 ? name : `${name}-${number}`
    if (!taken.includes(tried)) return tried
  }
}

function withContact(secrets: Secrets, contact: OpeningKey[]): Secrets {
  return {
    ...secrets, site: { ...secrets.site, contact: publicHalf(contact.at(-1)!) },
    worker: { ...secrets.worker, contact }, desk: { ...secrets.desk, contact },
  }
}

function withRecord(secrets: Secrets, record: OpeningKey[], outside: SealingKey[] | undefined): Secrets {
  const newest = (outside ?? record).at(-1)
  if (!newest) throw new KeyFault('There must be a record key.')
  const known = new Set(recordKeys(secrets.desk).map(keyId))
  const kept = new Set((outside ?? record).map(keyId))
  if (![...known].every((each) => kept.has(each))) throw new KeyFault('This file lacks a record key that is still in use.')
  const { recordOutside: _, ...desk } = secrets.desk
  return {
    ...secrets, site: { ...secrets.site, record: publicHalf(newest) }, worker: { ...secrets.worker, record: publicHalf(newest) },
    desk: { ...desk, record, ...(outside && { recordOutside: outside.map(publicHalf) }) },
  }
}

function withoutKey(secrets: Secrets, kind: 'contact' | 'record', key: string): Secrets {
  const without = <Key extends SealingKey>(keys: Key[]) => keys.filter((each, place) => keyId(each) !== key || place === keys.length - 1)
  if (kind === 'contact') return withContact(secrets, without(secrets.desk.contact))
  const { desk } = secrets
  return { ...secrets, desk: { ...desk, record: without(desk.record), ...(desk.recordOutside && { recordOutside: without(desk.recordOutside) }) } }
}

function switched(secrets: Secrets, now: Date): Secrets {
  const { dkimNext: secret, ...worker } = secrets.worker
  const { dkimNext: record, ...desk } = secrets.desk
  if (!secret || !record) throw new KeyFault('There is no new signing key to switch to.')
  return {
    ...secrets, worker: { ...worker, dkim: secret },
    desk: { ...desk, dkim: record, dkimFormer: { ...desk.dkim, until: new Date(now.getTime() + formerDays * 86_400_000).toISOString() } },
  }
}

/**
 * The secrets of a folder as they belong together, after a crash between two of the files: the longer of two rings is the newer one, because
 * those who open are written first.
 */
export function mended(secrets: Secrets): Secrets {
  const { desk, worker, site } = secrets
  const contact = worker.contact.length > desk.contact.length ? worker.contact : desk.contact
  // An end that somebody cut off stays off: the desk's file is the first to be written then, too.
  const shorter = keyId(worker.contact.at(-1)!) === keyId(desk.contact.at(-1)!) ? desk.contact : contact
  const record = publicHalf(recordKeys(desk).at(-1)!)
  const dkimAhead = desk.dkimNext === undefined && worker.dkimNext?.selector === desk.dkim.selector
  const { dkimNext, ...older } = worker
  // One that nobody could sign with is made again.
  const { dkimNext: shown, ...rest } = desk
  const whole = shown && dkimNext?.selector !== shown.selector ? rest : desk
  return {
    ...secrets, site: { ...site, contact: publicHalf(shorter.at(-1)!), record },
    worker: { ...(dkimAhead ? { ...older, dkim: dkimNext! } : worker), contact: shorter, record }, desk: { ...whole, contact: shorter },
  }
}

/** Makes a change in the files of a data folder, one at a time. Throws a KeyFault if it does not fit, or if somebody else is at it. */
export function changeSecrets(dataFolder: string, change: KeyChange, now: Date): Secrets {
  const lock = join(dataFolder, 'secrets', 'changing')
  if (existsSync(lock) && isRunning(Number(readFileSync(lock, 'utf8')))) throw new KeyFault('Somebody else is changing the keys at this moment: try again.')
  rmSync(lock, { force: true })
  try {
    writeFileSync(lock, String(process.pid), { flag: 'wx', mode: 0o600 })
  } catch {
    throw new KeyFault('Somebody else is changing the keys at this moment: try again.')
  }
  try {
    const fresh = changed(mended(readSecrets(dataFolder)), change, now)
    writeSecrets(dataFolder, fresh)
    return fresh
  } finally {
    rmSync(lock, { force: true })
  }
}

function isRunning(processId: number): boolean {
  if (processId === process.pid) return false
  try {
    process.kill(processId, 0)
    return true
  } catch (error) {
    return (error as { code?: string }).code === 'EPERM'
  }
}
