import { fork } from 'node:child_process'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { fileURLToPath } from 'node:url'

/** What the plain server answers: these bytes to whatever is asked, after reading the body of a POST. */
export interface PlainAnswer {
  status: number
  headers: Record<string, string>
  body: Buffer
}

export interface PlainServer extends Disposable {
  port: number
}

/** The least that a Node server can do for an answer, in a process of its own: what everything is measured beside. */
export function plainServer(answer: PlainAnswer): Promise<PlainServer> {
  const child = fork(fileURLToPath(import.meta.url), [], { serialization: 'advanced', execArgv: ['--disable-warning=ExperimentalWarning'] })
  return new Promise((resolve) => {
    child.once('message', (port: number) => resolve({ port, [Symbol.dispose]: () => void child.kill() }))
    child.send(answer)
  })
}

function serve({ status, headers, body }: PlainAnswer): void {
  const server = createServer((request, response) => {
    const reply = () => {
      response.writeHead(status, headers)
      response.end(body)
    }
    if (request.method !== 'POST') return reply()
    const chunks: Buffer[] = []
    request.on('data', (chunk: Buffer) => chunks.push(chunk))
    request.on('end', () => {
      Buffer.concat(chunks)
      reply()
    })
  })
  server.listen(0, '127.0.0.1', () => process.send!((server.address() as AddressInfo).port))
}

if (process.argv[1] === fileURLToPath(import.meta.url)) process.once('message', serve)
