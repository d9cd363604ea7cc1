import type { IncomingMessage, Server, ServerResponse } from 'node:http'
import type { Socket } from 'node:net'

/** Lines to visitors that one process holds at most; each takes about 10 kB. */
const usual = 16_000
/** Files that the process needs besides: the database, the program. */
const reserve = 400

/** How many lines this process may hold, given how many files the system lets it open. */
export function mostLines(): number {
  Object.assign(process.report, { excludeNetwork: true })
  const { userLimits } = process.report.getReport() as { userLimits?: { open_files?: { soft?: number | string } } }
  const files = Number(userLimits?.open_files?.soft)
  return Math.max(100, Math.min(usual, Number.isFinite(files) ? files - reserve : usual))
}

/** Who keeps count of the lines of a server is told of every request on them. */
export interface Lines {
  /** A request that has been answered from memory. */
  passed(request: IncomingMessage): void
  /** A request that somebody is going to answer. */
  asked(request: IncomingMessage, response: ServerResponse): void
}

/**
 * Lets a server hold so many lines and no more. When another one comes, the one on which nothing has happened for longest is closed: one that sends
 * nothing, one that sends its request slower than others, one that waits for its browser's next request. Whoever asks something is served.
 */
export function holdLines(server: Server, most: number): Lines {
  const quiet = new Set<Socket>()
  let open = 0

  function isQuiet(socket: Socket): void {
    quiet.delete(socket)
    if (!socket.destroyed) quiet.add(socket)
  }

  server.on('connection', (socket: Socket) => {
    open += 1
    quiet.add(socket)
    socket.once('close', () => {
      open -= 1
      quiet.delete(socket)
    })
    if (open > most) quiet.values().next().value?.destroy()
  })
  return {
    // Nobody waits for the end of such an answer: listening for it costs a tenth of what the whole answer does.
    passed: ({ socket }) => isQuiet(socket),
    asked(request, response) {
      const { socket } = request
      if (request.method === 'GET' || request.method === 'HEAD') quiet.delete(socket)
      else {
        // It has begun to send a form. It is not waiting for us before all of it is here.
        isQuiet(socket)
        request.once('end', () => quiet.delete(socket))
      }
      response.once('close', () => isQuiet(socket))
    },
  }
}
