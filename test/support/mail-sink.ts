import { connect, createServer, type Socket } from 'node:net'
import { SMTPServer } from 'smtp-server'
import PostalMime, { type Email } from 'postal-mime'

/** What a mail server of the world may do to us. */
export type SinkMood =
  | 'accepts' | 'refuses-for-now' | 'refuses-for-good' | 'refuses-recipients' | 'hangs'
  /** Takes the whole mail in, and the line breaks before it says so. */
  | 'drops-after-data'

export interface MailSink {
  url: string
  mood: SinkMood
  /** Addresses that are refused for good, whatever the mood. */
  refuses: Set<string>
  /** Every mail that was taken in whole, as bytes; also where we never learned of it. */
  received: { to: string, raw: string }[]
  /** Where what comes back about a mail goes, by its bytes. */
  returnPaths: Map<string, string>
  mails(): Promise<(Email & { envelopeTo: string, raw: string })[]>
  stop(): Promise<void>
}

/** A real mail server on loopback that behaves as badly as it is told to. */
export async function mailSink(mood: SinkMood = 'accepts'): Promise<MailSink> {
  const sockets = new Set<Socket>()
  const sink: MailSink = {
    url: '', mood, refuses: new Set(), received: [], returnPaths: new Map(),
    mails: () => Promise.all(sink.received.map(async ({ to, raw }) => Object.assign(await PostalMime.parse(raw), { envelopeTo: to, raw }))),
    async stop() {
      for (const socket of sockets) socket.destroy()
      await new Promise<void>((resolve) => server.close(() => resolve()))
      await new Promise<void>((resolve) => door.close(() => resolve()))
    },
  }
  const refusal = (code: number) => Object.assign(new Error('not now'), { responseCode: code })
  const server = new SMTPServer({
    disabledCommands: ['AUTH', 'STARTTLS'], closeTimeout: 100, size: 50_000_000, disableReverseLookup: true,
    onRcptTo: ({ address }, _session, done) => done(sink.mood === 'refuses-recipients' || sink.refuses.has(address) ? refusal(550) : null),
    onData(stream, session, done) {
      const chunks: Buffer[] = []
      stream.on('data', (chunk: Buffer) => chunks.push(chunk))
      stream.on('end', () => {
        if (sink.mood === 'hangs') return
        if (sink.mood === 'refuses-for-now') return done(refusal(451))
        if (sink.mood === 'refuses-for-good') return done(refusal(554))
        sink.returnPaths.set(Buffer.concat(chunks).toString(), session.envelope.mailFrom ? session.envelope.mailFrom.address : '')
        sink.received.push({ to: session.envelope.rcptTo[0]!.address, raw: Buffer.concat(chunks).toString() })
        if (sink.mood === 'drops-after-data') return [...sockets].find((socket) => socket.localPort === session.remotePort)?.destroy()
        done()
      })
    },
  })
  server.on('error', () => {})
  const inner = await listening(server)
  // In between stands a door of ours, so that lines can be cut.
  const door = createServer((socket) => {
    const beyond = connect(inner, '127.0.0.1')
    for (const each of [socket, beyond]) {
      sockets.add(each)
      each.on('error', () => {})
      each.on('close', () => {
        sockets.delete(each)
        socket.destroy()
        beyond.destroy()
      })
    }
    socket.pipe(beyond).pipe(socket)
  })
  await new Promise<void>((resolve) => door.listen(0, '127.0.0.1', resolve))
  sink.url = `smtp://127.0.0.1:${(door.address() as { port: number }).port}`
  return sink
}

function listening(server: SMTPServer): Promise<number> {
  return new Promise((resolve) => {
    const inner = server.listen(0, '127.0.0.1', () => resolve((inner.address() as { port: number }).port))
  })
}
