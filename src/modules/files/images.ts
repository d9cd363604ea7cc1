import { randomUUID } from 'node:crypto'
import type { Tx } from '#platform/db.ts'
import type { EncodedImage } from '#platform/images.ts'
import { storeFile } from './files.ts'

export interface StoredImage {
  id: string
  /** By the place of each file in what was given: the hexadecimal form of its name. */
  hashes: string[]
}

/** Keeps a picture in all its sizes. Without a credit it cannot be kept. */
export async function storeImage(tx: Tx, image: { credit: string, files: EncodedImage[], demo?: boolean }): Promise<StoredImage> {
  const id = randomUUID()
  await tx.insertInto('images').values({ id, credit: image.credit, demo: image.demo ?? false }).execute()
  const hashes: string[] = []
  for (const file of image.files) {
    const hash = await storeFile(tx, file.bytes, file.mediaType)
    await tx.insertInto('image_files').values({ image_id: id, width: file.width, height: file.height, media_type: file.mediaType, hash }).onConflict((conflict) => conflict.doNothing()).execute()
    hashes.push(hash.toString('hex'))
  }
  return { id, hashes }
}
