import { fork, type ChildProcess } from 'node:child_process'
import { once } from 'node:events'
import { fileURLToPath } from 'node:url'
import type { PdfOrder, PdfOutcome } from './pdf-process.ts'

/** Latin, Arabic and Hebrew letters; typst takes from the next what one lacks. */
export const pdfFonts = ['Noto Sans', 'Noto Sans Arabic', 'Noto Sans Hebrew']

const program = fileURLToPath(new URL('pdf-process.ts', import.meta.url))
const goesAfter = 3000

let child: ChildProcess | undefined
let line: Promise<unknown> = Promise.resolve()
let leaving: NodeJS.Timeout | undefined

/**
 * A PDF (PDF/UA-1, tagged) from a typst template and data. The data travels as JSON, so nothing in it is taken for code, and the
 * compiler has no folder to read from. It runs in a process of its own that ends when there is nothing more to make: typst takes 100 MB and
 * never gives them back. `words` is what it says, as text that goes along in the file: what is drawn cannot be read back letter by letter in scripts whose
 * letters join. Whoever has the file can read them.
 */
export function renderPdf(template: string, data: object, words?: string): Promise<Buffer> {
  return renderPages(template, data, words).then(({ bytes }) => bytes)
}

/** The same, and how many pages it has. */
export function renderPages(template: string, data: object, words?: string): Promise<{ bytes: Buffer, pages: number }> {
  return inLine({ template, data: JSON.stringify(data), words, as: 'pdf' })
}

/** The only page of a template as PNG, a pixel for each point. */
export function renderPng(template: string, data: object): Promise<Buffer> {
  return inLine({ template, data: JSON.stringify(data), as: 'png' }).then(({ bytes }) => bytes)
}

function inLine(order: PdfOrder): Promise<{ bytes: Buffer, pages: number }> {
  const made = line.then(() => renderNext(order))
  line = made.catch(() => {})
  return made
}

async function renderNext(order: PdfOrder): Promise<{ bytes: Buffer, pages: number }> {
  clearTimeout(leaving)
  child ??= start()
  child.ref()
  child.channel?.ref()
  child.send(order)
  const over = new AbortController()
  const { signal } = over
  const [outcome] = await Promise.race([once(child, 'message', { signal }) as Promise<[PdfOutcome]>, once(child, 'exit', { signal }).then((): [PdfOutcome] => [{ fault: 'the process ended' }])])
  // What was waited for in vain is listened for no more.
  over.abort()
  // Whoever waits for nothing but this must be able to end.
  child?.unref()
  child?.channel?.unref()
  leaving = setTimeout(() => child?.disconnect(), goesAfter)
  leaving.unref()
  if ('fault' in outcome) throw new Error(`The template does not compile: ${outcome.fault}`)
  return { bytes: Buffer.from(outcome.bytes), pages: outcome.pages }
}

function start(): ChildProcess {
  const started = fork(program, [], { serialization: 'advanced', stdio: ['ignore', 'inherit', 'inherit', 'ipc'], execArgv: ['--disable-warning=ExperimentalWarning'], env: { PATH: process.env.PATH, NODE_COMPILE_CACHE: process.env.NODE_COMPILE_CACHE } })
  started.once('exit', () => { if (child === started) child = undefined })
  started.once('disconnect', () => { if (child === started) child = undefined })
  return started
}
