import { gunzipSync } from 'node:zlib'
import type { Page } from './block.ts'
import { readExport } from './export.ts'
import { DigestFault } from './fault.ts'
import { readFeed } from './feeds.ts'
import { isPicture, type DigestFile } from './file-kinds.ts'
import { readHtml } from './html.ts'
import { readTable } from './table.ts'
import { readText } from './text.ts'
import { isZip, unzipped } from './zip.ts'

const mostBytes = 64 * 1024 * 1024

/** Reads all files as pages, each by what it is, with the pictures that were given beside them. A folder may come packed as .zip. Throws a DigestFault. */
export function readFiles(files: DigestFile[]): Page[] {
  const given = files.flatMap((file) => {
    const plain = { name: file.name.replace(/\.gz$/i, ''), content: unpacked(file) }
    return isZip(plain.content) || /\.zip$/i.test(plain.name) ? unzipped(plain) : [plain]
  })
  const pictures = new Map(given.filter(({ name }) => isPicture(name)).map(({ name, content }) => [name, content]))
  const names = new Set(pictures.keys())
  const pages = given.filter(({ name }) => !isPicture(name)).flatMap(({ name, content }) => pagesOf(name, decoded(content), names))
  if (pages.length === 0) throw new DigestFault('no-pages', files[0]?.name ?? '')
  for (const page of pages) for (const picture of page.pictures) if (picture.given) picture.bytes = pictures.get(picture.source)
  return pages
}

function pagesOf(file: string, content: string, pictures: ReadonlySet<string>): Page[] {
  const start = content.slice(0, 2000)
  if (/\.(?:csv|tsv)$/i.test(file)) return readTable(file, content)
  if (/<(?:rss|feed|rdf:RDF)\b/i.test(start)) return /xmlns:wp=/i.test(start) ? readExport(file, content, pictures) : readFeed(file, content, pictures)
  if (/^\s*\{\s*"version"\s*:\s*"https:\/\/jsonfeed/.test(start)) return readFeed(file, content, pictures)
  return looksLikeHtml(file, content) ? [readHtml(content, { file, pictures })] : [readText(file, content)]
}

function looksLikeHtml(file: string, content: string): boolean {
  if (/\.x?html?$/i.test(file)) return true
  const start = content.slice(0, 100_000)
  return /^\s*<(?:!doctype html|html|head|body|meta|div|p|h[1-6]|table|article|section)\b/i.test(start) || (start.match(/<\/(?:p|div|li|h[1-6]|a|td)>|<br\s*\/?>/gi)?.length ?? 0) >= 4
}

function unpacked({ name, content }: DigestFile): Buffer {
  const zipped = content[0] === 0x1f && content[1] === 0x8b
  if (!zipped && /\.gz$/i.test(name)) throw new DigestFault('not-gzip', name)
  if (content.length > mostBytes) throw new DigestFault('too-large', name)
  if (!zipped) return content
  try {
    return gunzipSync(content, { maxOutputLength: mostBytes })
  } catch (error) {
    throw new DigestFault((error as NodeJS.ErrnoException).code === 'ERR_BUFFER_TOO_LARGE' ? 'too-large' : 'not-gzip', name)
  }
}

/** The text of a file, in the encoding that it begins with or names; UTF-8 otherwise, and what Western web pages once had where it is none. */
export function decoded(bytes: Buffer): string {
  if (bytes[0] === 0xff && bytes[1] === 0xfe) return new TextDecoder('utf-16le').decode(bytes)
  if (bytes[0] === 0xfe && bytes[1] === 0xff) return new TextDecoder('utf-16be').decode(bytes)
  const named = /<meta[^>]{0,200}charset\s*=\s*["']?([\w-]{3,20})|<\?xml[^>]{0,100}encoding\s*=\s*["']([\w-]{3,20})/i.exec(bytes.subarray(0, 4000).toString('latin1'))
  try {
    return new TextDecoder('utf-8', { fatal: true }).decode(bytes)
  } catch {
    const label = (named?.[1] ?? named?.[2] ?? 'windows-1252').toLowerCase()
    return decoderOf(/^utf-?8$/.test(label) ? 'windows-1252' : label).decode(bytes)
  }
}

function decoderOf(label: string): TextDecoder {
  try {
    return new TextDecoder(label)
  } catch {
    return new TextDecoder('windows-1252')
  }
}
