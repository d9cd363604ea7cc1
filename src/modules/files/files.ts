import { createHash } from 'node:crypto'
import type { Db, Tx } from '#platform/db.ts'

/** Keeps bytes and returns their name, which is their SHA-256. */
export async function storeFile(tx: Tx, bytes: Buffer, mediaType: string): Promise<Buffer> {
  const hash = createHash('sha256').update(bytes).digest()
  await tx.insertInto('files').values({ hash, media_type: mediaType, bytes }).onConflict((conflict) => conflict.doNothing()).execute()
  return hash
}

/** A file that something public shows, by the hexadecimal form of its name. */
export async function findPublicFile(db: Db, name: string): Promise<{ mediaType: string, bytes: Buffer } | undefined> {
  if (!/^[0-9a-f]{64}$/.test(name)) return undefined
  const row = await db.selectFrom('public_files').select(['media_type', 'bytes']).where('hash', '=', Buffer.from(name, 'hex')).executeTakeFirst()
  return row && { mediaType: row.media_type, bytes: row.bytes }
}
