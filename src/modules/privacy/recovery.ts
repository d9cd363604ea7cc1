import { createHash } from 'node:crypto'
import { sql, type Db } from '#platform/db.ts'
import type { DataKeys } from '#platform/secrets.ts'
import { keyFromPrivate, keyId, sealOne, type IndexKey, type OpeningKey, type Place, type SealingKey } from '#platform/sealing/index.ts'

/** Where the worker leaves its index keys, sealed for contact keys, so that the desk can print all keys on one sheet. */
export const indexKeysPlace: Place = { purpose: 'contact', table: 'recovery_keys', column: 'index_keys', row: '1' }

/** The worker's part: leaves its index keys, sealed, for the desk's recovery sheet. */
export async function keepIndexKeys(db: Db, contact: SealingKey, indexKeys: IndexKey[]): Promise<void> {
  const { table, column, row } = indexKeysPlace
  const sealed = await sealOne(contact, { table, column, row }, indexKeys)
  await sql`insert into recovery_keys (id, index_keys) values (1, ${sealed}) on conflict (id) do update set index_keys = excluded.index_keys`.execute(db)
}

/** Four characters that tell a mistyped line from a right one. */
function checkOf(text: string): string {
  return createHash('sha256').update(text).digest('hex').slice(0, 4)
}

function grouped(base64url: string): string {
  return Buffer.from(base64url, 'base64url').toString('hex').toUpperCase().match(/.{8}/g)!.join(' ')
}

/** The keys as lines that people can read aloud: what it is, the key in hexadecimal, a check. */
export function recoveryLines({ contact, record, recordOutside = [], indexKeys }: DataKeys): string[] {
  const line = (name: string, secret: string) => `${name} ${grouped(secret)} ${checkOf(`${name} ${secret}`)}`
  const named = (keys: OpeningKey[]) => keys.map((key) => line(`${key.purpose}-${keyId(key)}`, key.privateKey))
  // Kept elsewhere: only what everything is sealed for, so that a restored copy can go on sealing for it.
  const outside = recordOutside.map((key) => line(`record-${keyId(key)}-outside`, key.publicKey))
  return [...named(contact), ...named(record), ...outside, ...indexKeys.map((key) => line(`index-${key.id}${key.retired ? '-retired' : ''}`, key.secret))]
}

/** A line that was copied wrongly; the message says which. */
export class SheetFault extends Error {}

/** Reads a sheet back, in any spacing and case. Throws a SheetFault on a line that does not check. */
export function readRecoveryLines(text: string): DataKeys {
  const keys: DataKeys = { contact: [], record: [], indexKeys: [] }
  for (const line of text.split('\n').map((each) => each.trim()).filter((each) => /^(contact|record|index)-/i.test(each))) {
    const [name, ...rest] = line.toLowerCase().split(/\s+/)
    const check = rest.pop()
    const bytes = Buffer.from(rest.join(''), 'hex')
    const secret = bytes.toString('base64url')
    if (bytes.length !== 32 || check !== checkOf(`${name} ${secret}`)) throw new SheetFault(`The line "${name}" is not as it was printed: look for a mistyped character.`)
    const [kind, id, more] = name!.split('-')
    if (kind === 'index') keys.indexKeys.push({ id: Number(id), secret, ...(more && { retired: true }) })
    else if (more === 'outside') (keys.recordOutside ??= []).push({ purpose: 'record', publicKey: secret })
    else keys[kind as 'contact' | 'record'].push(keyFromPrivate(kind as 'contact' | 'record', secret))
  }
  if (!keys.contact.length || (!keys.record.length && !keys.recordOutside) || !keys.indexKeys.length) throw new SheetFault('The sheet must have a contact, a record and an index key.')
  return keys
}
