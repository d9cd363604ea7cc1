import { z } from 'zod'
import { keyFromPrivate, type OpeningKey } from './sealing/index.ts'

/** What is in the file that record keys are kept in outside of the server, newest last. */
const contents = z.object({ clarion: z.literal('record keys'), keys: z.array(z.string().regex(/^[A-Za-z0-9_-]{43}$/)).min(1).max(100) })

export const shortestPassphrase = 12

/** 2^17 rounds of scrypt: 128 MB and two thirds of a second for each guess. */
const workFactor = 17

/** Record keys as a file that opens with a passphrase alone: age with scrypt, which the `age` program opens too. */
export async function recordFile(keys: OpeningKey[], passphrase: string): Promise<Buffer> {
  const [{ Encrypter }, { passphraseRecipient }] = await Promise.all([import('age-encryption'), import('./age-passphrase.ts')])
  const encrypter = new Encrypter()
  encrypter.addRecipient(passphraseRecipient(passphrase, workFactor))
  return Buffer.from(await encrypter.encrypt(JSON.stringify({ clarion: 'record keys', keys: keys.map(({ privateKey }) => privateKey) })))
}

/** The keys in such a file; nothing where it is another file or another passphrase. */
export async function readRecordFile(bytes: Buffer, passphrase: string): Promise<OpeningKey[] | undefined> {
  const [{ Decrypter }, { passphraseIdentity }] = await Promise.all([import('age-encryption'), import('./age-passphrase.ts')])
  const decrypter = new Decrypter()
  decrypter.addIdentity(passphraseIdentity(passphrase))
  try {
    return contents.parse(JSON.parse(await decrypter.decrypt(bytes, 'text'))).keys.map((key) => keyFromPrivate('record', key))
  } catch {
    return undefined
  }
}
