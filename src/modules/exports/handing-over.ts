import { Readable } from 'node:stream'
import { sql, type Db } from '#platform/db.ts'
import type { Opener } from '#platform/sealing/index.ts'
import type { Export } from './export.ts'
import { footOf, headOf, joined } from './lines.ts'
import { partPlace } from './parts.ts'

/**
 * A finished export as bytes that only the holder of the recipient's age key can read; `auditLine` says in the log who downloads it. Part by part, so that memory stays flat. Where somebody in it is
 * erased meanwhile it breaks off, and what has arrived does not open. Before the first byte it is written down who is in it, so that they can be told.
 */
export async function exportBytes(db: Db, opener: Opener, it: Export, { recipient, auditLine }: { recipient: string, auditLine: string }): Promise<Readable> {
  await sql`select note_handed_over(${auditLine}, ${it.id})`.execute(db)
  const { Encrypter } = await import('age-encryption')
  const encrypter = new Encrypter()
  encrypter.addRecipient(recipient)
  const plain = Readable.toWeb(Readable.from(plainBytes(db, opener, it, auditLine))) as ReadableStream<Uint8Array>
  return Readable.fromWeb(await encrypter.encrypt(plain) as never)
}

async function* plainBytes(db: Db, opener: Opener, it: Export, auditLine: string): AsyncGenerator<Buffer> {
  yield Buffer.from(headOf(it))
  let first = true
  for (let after = -1; ;) {
    const { rows: [next] } = await sql<{ part: number, bytes: Buffer }>`select part, bytes from hand_over_export(${auditLine}, ${it.id}, ${after})`.execute(db)
    if (!next) break
    yield Buffer.from(joined(it, await opener.open<string>(partPlace(it.id, next.part), next.bytes), first))
    first = false
    after = next.part
  }
  yield Buffer.from(footOf(it))
}

/** A text, encrypted to an age key. */
export async function encryptedTo(recipient: string, text: string): Promise<Buffer> {
  const { Encrypter } = await import('age-encryption')
  const encrypter = new Encrypter()
  encrypter.addRecipient(recipient)
  return Buffer.from(await encrypter.encrypt(Buffer.from(text)))
}
