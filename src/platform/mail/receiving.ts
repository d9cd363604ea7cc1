import { existsSync, rmSync } from 'node:fs'
import type { Socket } from 'node:net'
import { SMTPServer, type SMTPServerSession } from 'smtp-server'

/** A mail as it was handed in: its bytes, or as many of its first as are kept. */
export interface ReceivedMail {
  to: string[]
  raw: Buffer
  /** Whether there was more. */
  cut: boolean
  /** Its return path; empty where it came from nobody, as reports do (RFC 5321). */
  from: string
}

export interface ReceivingOptions {
  /** A Unix socket, or an address and a port. */
  at: { socket: string } | { host: string, port: number }
  /** What the server calls itself. */
  banner: string
  /** Bytes of a mail that is taken in: a larger one is refused, before it is sent where its sender says how large it is. */
  most: number
  /** Bytes of it that are kept. The rest is read and thrown away, so that memory does not depend on who writes. */
  kept: number
  /** Mails in a minute from everybody together; the others are asked to come again. */
  perMinute?: number
  /** Whether mail for this address is taken at all. */
  takes?: (address: string) => boolean
  onMail: (mail: ReceivedMail) => void | Promise<void>
}

export interface Receiving {
  /** The port that it listens on; none on a socket. */
  port: number | undefined
  stop(): Promise<void>
}

const mostLines = 20
const mostRecipients = 20

/** Takes in mail by SMTP and hands each one on. What cannot be kept is refused for now: whoever sends keeps it and comes again. */
export async function receiveMail({ at, banner, most, kept, perMinute = Infinity, takes = () => true, onMail }: ReceivingOptions): Promise<Receiving> {
  if ('socket' in at && existsSync(at.socket)) rmSync(at.socket)
  const minute = { began: 0, mails: 0 }
  const server = new SMTPServer({
    authOptional: true, disabledCommands: ['STARTTLS', 'AUTH'], disableReverseLookup: true, logger: false, size: most, banner, closeTimeout: 500,
    ...('port' in at && { maxClients: mostLines, socketTimeout: 60_000 }),
    onMailFrom(_address, _session, done) {
      if (Date.now() - minute.began > 60_000) Object.assign(minute, { began: Date.now(), mails: 0 })
      done(++minute.mails > perMinute ? answer('4.7.0 come again later', 451) : null)
    },
    onRcptTo({ address }, session, done) {
      if (!takes(address)) return done(answer('5.1.1 no such address', 550))
      done(session.envelope.rcptTo.length >= mostRecipients ? answer('4.5.3 too many recipients', 452) : null)
    },
    onData(stream, session, done) {
      const chunks: Buffer[] = []
      let held = 0
      stream.on('data', (chunk: Buffer) => {
        if (held < kept) chunks.push(held + chunk.length > kept ? chunk.subarray(0, kept - held) : chunk)
        held += chunk.length
      })
      stream.on('end', async () => {
        const problem = stream.sizeExceeded ? answer('5.3.4 too large', 552) : await handOn(session, { raw: Buffer.concat(chunks), cut: held > kept }).then(() => null, () => answer('no room', 452))
        done(problem)
      })
    },
  })
  async function handOn({ envelope }: SMTPServerSession, mail: Omit<ReceivedMail, 'to' | 'from'>): Promise<void> {
    await onMail({ ...mail, to: envelope.rcptTo.map(({ address }) => address), from: envelope.mailFrom ? envelope.mailFrom.address : '' })
  }
  // Small answers would otherwise wait for each other (Nagle's algorithm): about 100 ms a mail.
  server.server.on('connection', (connection: Socket) => connection.setNoDelay(true))
  await new Promise<void>((resolve, reject) => {
    server.once('error', reject)
    if ('socket' in at) server.listen(at.socket, resolve)
    else server.listen(at.port, at.host, resolve)
  })
  // A line that breaks is its sender's business.
  server.on('error', () => {})
  const bound = server.server.address()
  return { port: typeof bound === 'object' ? bound?.port : undefined, stop: () => new Promise((closed) => server.close(() => closed())) }
}

function answer(text: string, responseCode: number): Error {
  return Object.assign(new Error(text), { responseCode })
}
