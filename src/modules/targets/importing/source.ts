import { createHash } from 'node:crypto'
import { createReadStream } from 'node:fs'
import { Readable, type Transform } from 'node:stream'
import { createGunzip } from 'node:zlib'

/** A file that cannot be read at all. The message is for whoever chose it; `line` is where reading ended, from one on, where that is known. */
export class FileFault extends Error {
  readonly line: number | undefined

  constructor(message: string, { line, ...options }: ErrorOptions & { line?: number } = {}) {
    super(line === undefined ? message : `${message} Reading it ended at line ${line}.`, options)
    this.line = line
  }
}

/** At which line a parser of YAML or JSON gave a text up, if it says so. */
export function lineOfFault(text: string, error: unknown): number | undefined {
  if (!(error instanceof Error)) return undefined
  if ('linePos' in error) return (error.linePos as [{ line: number }] | undefined)?.[0].line
  const at = /at position (\d+)/.exec(error.message)?.[1]
  return at === undefined ? undefined : text.slice(0, Number(at)).split('\n').length
}

/** Where a file's bytes come from, as often as they are asked for. */
export type FileSource = Buffer | { open(): AsyncIterable<Buffer> }

export function fileAt(path: string): FileSource {
  return { open: () => createReadStream(path) as AsyncIterable<Buffer> }
}

/** Beyond it a packed file is more likely made to fill a disk than to be read. */
const mostBytes = 4_000_000_000
/** What is read as one whole: a list, not a table. */
const mostWhole = 128_000_000

/** A file as text: unpacked if it is gzip, from UTF-16 where its first two bytes say so, from UTF-8 or else Windows-1252, without a byte-order mark. */
export interface TextFile {
  /** How many lines it has. */
  lines: number
  /** Whether it has a quotation mark, or lines that end otherwise than with a line feed. */
  quoted: boolean
  /** SHA-256 of its unpacked bytes, in hexadecimal. */
  digest: string
  /** Its text from the beginning, in pieces. */
  pieces(): AsyncGenerator<string>
}

/** Looks a file through once. Memory stays flat. Throws a FileFault where it is no text, or larger than `most` bytes once it is unpacked. */
export async function openText(source: FileSource, most = mostBytes): Promise<TextFile> {
  const strict = new TextDecoder('utf-8', { fatal: true })
  const hash = createHash('sha256')
  let utf8 = true
  let utf16: 'utf-16le' | 'utf-16be' | undefined
  let lines = 1
  let quoted = false
  let size = 0
  for await (const chunk of unpacked(source)) {
    if (size === 0) utf16 = byMark(chunk)
    // What is no text has them at its beginning; one that strayed into a row breaks that row alone.
    if (size === 0 && !utf16 && chunk.subarray(0, 64).includes(0)) throw new FileFault('This is not a text file.')
    size += chunk.length
    hash.update(chunk)
    quoted ||= chunk.includes(34)
    if (size > most) throw new FileFault(`This file has more than ${most / 1_000_000} MB once it is unpacked. Split it into several files with the same first line and load one after the other, by a mapping with "whole": false, so that what one does not have stays.`)
    for (let at = chunk.indexOf(10); at >= 0; at = chunk.indexOf(10, at + 1)) lines += 1
    if (lines === 1) quoted ||= chunk.includes(13)
    if (utf8 && !utf16) utf8 = reads(strict, chunk)
  }
  if (utf8 && !utf16) utf8 = reads(strict)
  return {
    lines, quoted, digest: hash.digest('hex'),
    async *pieces() {
      const decoder = new TextDecoder(utf16 ?? (utf8 ? 'utf-8' : 'windows-1252'))
      for await (const chunk of unpacked(source)) yield decoder.decode(chunk, { stream: true })
      yield decoder.decode()
    },
  }
}

/** Tables of some programs are UTF-16, which says so by its mark. */
function byMark(chunk: Buffer): 'utf-16le' | 'utf-16be' | undefined {
  if (chunk[0] === 0xff && chunk[1] === 0xfe) return 'utf-16le'
  return chunk[0] === 0xfe && chunk[1] === 0xff ? 'utf-16be' : undefined
}

function reads(decoder: TextDecoder, chunk?: Buffer): boolean {
  try {
    decoder.decode(chunk, { stream: chunk !== undefined })
    return true
  } catch {
    return false
  }
}

/** The whole text, for what cannot be read in pieces. */
export async function wholeText(file: TextFile): Promise<string> {
  let text = ''
  for await (const piece of file.pieces()) {
    text += piece
    if (text.length > mostWhole) throw new FileFault(`This file has more than ${mostWhole / 1_000_000} MB and is a list, which is read as a whole. Make a table of it (CSV), which is read row by row, or split it into several lists.`)
  }
  return text
}

async function* unpacked(source: FileSource): AsyncGenerator<Buffer> {
  const bytes = Buffer.isBuffer(source) ? slices(source) : source.open()
  const iterator = bytes[Symbol.asyncIterator]()
  const first = await iterator.next()
  if (first.done) return
  const all = (async function* () {
    yield first.value
    for (let next = await iterator.next(); !next.done; next = await iterator.next()) yield next.value
  })()
  if (!(first.value[0] === 0x1f && first.value[1] === 0x8b)) yield* all
  else yield* gunzipped(all)
}

async function* gunzipped(bytes: AsyncIterable<Buffer>): AsyncGenerator<Buffer> {
  const packed = Readable.from(bytes)
  const gunzip: Transform = createGunzip()
  packed.on('error', (error) => gunzip.destroy(error))
  try {
    for await (const chunk of packed.pipe(gunzip)) yield chunk as Buffer
  } catch (error) {
    throw new FileFault('This file cannot be unpacked.', { cause: error })
  }
}

async function* slices(file: Buffer): AsyncGenerator<Buffer> {
  for (let from = 0; from < file.length; from += 65_536) yield file.subarray(from, from + 65_536)
}
