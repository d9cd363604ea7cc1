import { fork } from 'node:child_process'
import { readFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import type { PdfTextNews } from './pdf-text-process.ts'

/** What one file may cost: whatever it is made of, it ends. */
export interface PdfTextLimits {
  pages: number
  milliseconds: number
  megabytes: number
}

export interface PdfText {
  /** Partly: a limit was reached, and what was read until then is there. */
  state: 'read' | 'no-text' | 'partly' | 'locked' | 'unreadable'
  /** How many pages it has, as far as that is known. */
  pages: number
  texts: { page: number, text: string }[]
}

const program = fileURLToPath(new URL('pdf-text-process.ts', import.meta.url))

/**
 * The text of a PDF by its pages, read by a process of its own that is ended when it takes too long or too much memory: a file from outside can be
 * made to do both.
 */
export function readPdfText(bytes: Buffer, { pages: mostPages, milliseconds, megabytes }: PdfTextLimits): Promise<PdfText> {
  const child = fork(program, [], {
    serialization: 'advanced', stdio: ['ignore', 'ignore', 'ignore', 'ipc'], execArgv: ['--disable-warning=ExperimentalWarning', `--max-old-space-size=${Math.round(megabytes / 2)}`],
    env: { PATH: process.env.PATH, NODE_COMPILE_CACHE: process.env.NODE_COMPILE_CACHE },
  })
  const texts: PdfText['texts'] = []
  return new Promise((resolve) => {
    const end = (state: PdfText['state'], pages: number) => {
      clearTimeout(clock)
      clearInterval(scales)
      child.removeAllListeners()
      child.once('error', () => {})
      child.kill('SIGKILL')
      resolve({ state, pages, texts })
    }
    const stopped = () => end(texts.length > 0 ? 'partly' : 'unreadable', texts.at(-1)?.page ?? 0)
    const clock = setTimeout(stopped, milliseconds)
    const scales = setInterval(() => { if (residentMegabytes(child.pid) > megabytes) stopped() }, 200)
    child.on('message', (news: PdfTextNews) => {
      if ('text' in news) texts.push(news)
      else if (news.ended !== 'read') end(texts.length > 0 ? 'partly' : news.ended, news.pages)
      else end(news.pages > mostPages ? 'partly' : texts.length === 0 ? 'no-text' : 'read', news.pages)
    })
    child.once('exit', stopped)
    child.once('error', stopped)
    child.send({ bytes, mostPages })
  })
}

/** What a process has in memory, where the system says so (Linux); elsewhere its time is what limits it. */
function residentMegabytes(pid: number | undefined): number {
  try {
    return Number(readFileSync(`/proc/${pid}/statm`, 'utf8').split(' ')[1]) * 4096 / 1_000_000
  } catch {
    return 0
  }
}
