import { unzipSync } from 'fflate'
import { DigestFault } from './fault.ts'
import { isDigestFile, type DigestFile } from './file-kinds.ts'

const mostFiles = 5000
const mostBytes = 256 * 1024 * 1024

/** Whether bytes are those of a folder packed as .zip. */
export function isZip(content: Buffer): boolean {
  return content.length > 3 && content[0] === 0x50 && content[1] === 0x4b && (content[2] === 3 || content[2] === 5)
}

/** The pages and pictures of a folder packed as .zip, by their names within it. What else is in it is passed over. Throws a DigestFault for one that is damaged, or that was made to fill a machine. */
export function unzipped({ name, content }: DigestFile): DigestFile[] {
  let [files, bytes] = [0, 0]
  try {
    const found = unzipSync(content, {
      filter(entry) {
        // What word processors save is packed too, and is none of a page's files.
        if (entry.name === '[Content_Types].xml' || entry.name === 'mimetype') throw new DigestFault('no-pages', name)
        if (!isDigestFile(entry.name) || /\.zip$/i.test(entry.name) || /(?:^|\/)(?:__MACOSX\/|\._)/.test(entry.name)) return false
        files += 1
        // Room is made for the size that an entry gives as its own, and it cannot write past it.
        bytes += entry.originalSize
        if (files > mostFiles || bytes > mostBytes) throw new DigestFault('too-large', name)
        return true
      },
    })
    return Object.entries(found).map(([each, its]) => ({ name: each, content: Buffer.from(its.buffer, its.byteOffset, its.byteLength) })).toSorted((one, other) => (one.name < other.name ? -1 : 1))
  } catch (error) {
    if (error instanceof DigestFault) throw error
    throw new DigestFault('not-zip', name)
  }
}
