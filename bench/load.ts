import { fork } from 'node:child_process'
import { fileURLToPath } from 'node:url'

/** What a load generator is asked to do. It runs in a process of its own, on the same machine. */
export interface Load {
  port: number
  connections: number
  seconds: number
  /** Requests a second, at their own times whether or not earlier ones have been answered; without it each connection asks again as soon as it is answered. */
  rate?: number
  /** No more than this many requests. */
  most?: number
  /** A request's bytes. Each `{n_____n}` becomes the request's number, in nine digits. */
  request: string
  firstNumber?: number
  /** Numbers begin again after so many: the same people come back. */
  cycle?: number
  /** Begins when all lines stand. */
  linesFirst?: boolean
}

export interface LoadResult {
  /** Answers with the expected status. */
  answered: number
  failed: number
  /** Answers that said "busy, try again"; they are not among those that failed. */
  busy: number
  seconds: number
  perSecond: number
  /** Milliseconds; from the moment that a request was due, so that waiting for a slow server counts. */
  p50: number
  p95: number
  p99: number
  /** When each request was answered: number and milliseconds since the epoch. Only of `rate` loads. */
  answers: [number, number][]
}

export const numberMark = '{n_____n}'

/** Puts load on a server on this machine and waits for the end of it. `onAnswers` is told how many there were, about every 50 ms. */
export function runLoad(load: Load, onAnswers?: (count: number) => void): Promise<LoadResult> {
  const child = fork(fileURLToPath(new URL('./load-process.ts', import.meta.url)), [], { serialization: 'advanced', execArgv: ['--disable-warning=ExperimentalWarning'] })
  return new Promise((resolve, reject) => {
    child.on('message', (message: { answered: number } | { result: LoadResult }) => {
      if ('answered' in message) onAnswers?.(message.answered)
      else resolve(message.result)
    })
    child.on('exit', (code) => code && reject(new Error(`The load generator ended with ${code}`)))
    child.send(load)
  })
}

/** A GET as a browser sends it, without what differs between browsers. */
export function getRequest(path: string, port: number): string {
  return `GET ${path} HTTP/1.1\r\nhost: localhost:${port}\r\naccept: text/html\r\naccept-encoding: gzip, deflate, br\r\n\r\n`
}

/** A posted form. */
export function postRequest(path: string, port: number, fields: [string, string][], cookie?: string): string {
  const body = fields.map(([name, value]) => `${encodeURIComponent(name)}=${encode(value)}`).join('&')
  return `POST ${path} HTTP/1.1\r\nhost: localhost:${port}\r\norigin: http://localhost:${port}\r\nsec-fetch-site: same-origin\r\n${cookie ? `cookie: ${cookie}\r\n` : ''}` +
    `content-type: application/x-www-form-urlencoded\r\ncontent-length: ${Buffer.byteLength(body)}\r\n\r\n${body}`
}

function encode(value: string): string {
  return value.split(numberMark).map(encodeURIComponent).join(numberMark)
}
