import type { Page } from './block.ts'

/** A file of what is imported: its name within the folder, and its bytes. */
export interface DigestFile {
  name: string
  content: Buffer
}

const pictures = /\.(?:jpe?g|png|gif|webp|avif|svg|tiff?|heic)$/i
const readable = /\.(?:txt|text|md|markdown|html?|xhtml|xml|rss|atom|rdf|wxr|csv|tsv)$/i

/** Whether a name is that of a picture. */
export function isPicture(name: string): boolean {
  return pictures.test(name)
}

/** Whether a name is that of a file that can be read, of a picture that goes with one, or of a folder with both, packed. */
export function isDigestFile(name: string): boolean {
  const plain = name.replace(/\.gz$/i, '')
  return readable.test(plain) || isPicture(plain) || /\.zip$/i.test(plain)
}

/** Reads files as pages (`files.ts`). Its readers are heavy, and loaded when somebody brings a page. Throws a DigestFault. */
export async function readDigestFiles(files: DigestFile[]): Promise<Page[]> {
  const { readFiles } = await import('./files.ts')
  return readFiles(files)
}
