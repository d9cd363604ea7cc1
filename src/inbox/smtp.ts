import { existsSync, rmSync } from 'node:fs'
import type { Socket } from 'node:net'
import { SMTPServer } from 'smtp-server'

/** Takes in mail on a Unix socket and hands each one on as it came. What cannot be kept is refused for now. */
export function receiveMail(socket: string, onMail: (raw: Buffer) => void): Promise<{ stop(): Promise<void> }> {
  if (existsSync(socket)) rmSync(socket)
  const server = new SMTPServer({
    authOptional: true, disabledCommands: ['STARTTLS', 'AUTH'], disableReverseLookup: true, logger: false, size: 20_000_000, banner: 'local inbox',
    onData(stream, _session, done) {
      const chunks: Buffer[] = []
      stream.on('data', (chunk: Buffer) => chunks.push(chunk))
      stream.on('end', () => {
        try {
          onMail(Buffer.concat(chunks))
          done()
        } catch {
          // The disk is full, most likely. Whoever sends keeps it and tries again.
          done(Object.assign(new Error('no room'), { responseCode: 452 }))
        }
      })
    },
  })
  // Small answers would otherwise wait for each other (Nagle's algorithm): about 100 ms a mail.
  server.server.on('connection', (connection: Socket) => connection.setNoDelay(true))
  server.on('error', () => {})
  return new Promise((resolve) => server.listen(socket, () => resolve({ stop: () => new Promise((closed) => server.close(() => closed())) })))
}
