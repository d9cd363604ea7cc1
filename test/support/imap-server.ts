import { createServer, type Socket } from 'node:net'

/** A mailbox of a test's own, behind as much of IMAP (RFC 3501, UIDPLUS) as reading and deleting mail takes. */
export interface TestMailbox {
  url: string
  /** What lies in it, by UID. */
  mails: Map<number, { raw: Buffer, flags: Set<string> }>
  /** What was fetched of each mail at most, in bytes. */
  fetched: number
  stop(): Promise<void>
}

/** Opens one with these mails in it. It takes one user with one password. */
export async function imapServer(raws: Buffer[]): Promise<TestMailbox> {
  const lines = new Set<Socket>()
  const box: TestMailbox = {
    url: '', fetched: 0, mails: new Map(raws.map((raw, place) => [place + 1, { raw, flags: new Set<string>() }])),
    async stop() {
      for (const line of lines) line.destroy()
      await new Promise<void>((resolve) => server.close(() => resolve()))
    },
  }
  const server = createServer((socket) => {
    lines.add(socket)
    socket.on('error', () => {})
    socket.write('* OK [CAPABILITY IMAP4rev1 UIDPLUS] ready\r\n')
    let read = ''
    socket.on('data', (chunk: Buffer) => {
      read += chunk.toString('latin1')
      for (let end = read.indexOf('\r\n'); end >= 0; end = read.indexOf('\r\n')) {
        const line = read.slice(0, end)
        read = read.slice(end + 2)
        answer(box, socket, line)
      }
    })
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  box.url = `imap://returns:secret@127.0.0.1:${(server.address() as { port: number }).port}`
  return box
}

function answer(box: TestMailbox, socket: Socket, line: string): void {
  const [tag, ...words] = line.split(' ')
  const rest = words.join(' ')
  const say = (text: string) => void socket.write(`${text}\r\n`, 'latin1')
  const done = (text = 'OK done') => say(`${tag} ${text}`)
  const uids = (set: string) => set.split(',').flatMap((part) => {
    const [from, to] = part.split(':').map(Number) as [number, number?]
    return [...box.mails.keys()].filter((uid) => uid >= from && uid <= (to ?? from))
  })
  if (/^CAPABILITY/i.test(rest)) say('* CAPABILITY IMAP4rev1 UIDPLUS')
  else if (/^LOGIN/i.test(rest)) return done(/returns"? "?secret/.test(rest) ? 'OK in' : 'NO who')
  else if (/^(LIST|LSUB)/i.test(rest)) say('* LIST (\\HasNoChildren) "/" INBOX')
  else if (/^(SELECT|EXAMINE)/i.test(rest)) {
    say('* FLAGS (\\Seen \\Deleted $ClarionLeft)')
    say('* OK [PERMANENTFLAGS (\\Seen \\Deleted \\*)] yes')
    say(`* ${box.mails.size} EXISTS`)
    say('* OK [UIDVALIDITY 1] yes')
    return done('OK [READ-WRITE] open')
  } else if (/^UID SEARCH/i.test(rest)) say(`* SEARCH ${[...box.mails].filter(([, { flags }]) => !flags.has('$ClarionLeft')).map(([uid]) => uid).join(' ')}`)
  else if (/^UID FETCH/i.test(rest)) {
    const [, set, , most] = /^UID FETCH (\S+) .*?(<\d+\.(\d+)>)/i.exec(rest)!
    for (const uid of uids(set!)) {
      const { raw } = box.mails.get(uid)!
      const part = raw.subarray(0, Number(most))
      box.fetched = Math.max(box.fetched, part.length)
      say(`* ${[...box.mails.keys()].indexOf(uid) + 1} FETCH (UID ${uid} RFC822.SIZE ${raw.length} BODY[]<0> {${part.length}}\r\n${part.toString('latin1')})`)
    }
  } else if (/^UID STORE/i.test(rest)) {
    const [, set, flags] = /^UID STORE (\S+) \+FLAGS\S* \(?([^)]*)\)?/i.exec(rest)!
    for (const uid of uids(set!)) for (const flag of flags!.split(' ')) box.mails.get(uid)!.flags.add(flag)
  } else if (/^(UID )?EXPUNGE/i.test(rest)) {
    for (const [uid, { flags }] of box.mails) if (flags.has('\\Deleted')) box.mails.delete(uid)
  } else if (/^LOGOUT/i.test(rest)) say('* BYE')
  else if (!/^(NOOP|ID|NAMESPACE|ENABLE|CLOSE)/i.test(rest)) return done('BAD what')
  done()
}
