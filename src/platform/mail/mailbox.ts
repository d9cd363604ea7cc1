import { ImapFlow, type FetchMessageObject } from 'imapflow'

/** What the reader of a mailbox did with a mail: what is taken is deleted there, what is left is left as it is. */
export type Read = 'taken' | 'left'

export interface MailboxOptions {
  /** `imaps://user:password@host/Folder`; `imap:` needs STARTTLS, except on this machine. INBOX where no folder is named. */
  url: string
  /** Bytes of a mail that are fetched: its size has no part in what it costs. */
  kept: number
  /** How long any one step may take, in milliseconds. */
  patience?: number
  onMail: (mail: { raw: Buffer, cut: boolean }) => Promise<Read>
}

const mostAtOnce = 200
/** Marks what is none of ours, so that it is not fetched again. Whether somebody has read it stays as it is. */
const leftKeyword = '$ClarionLeft'

/** Reads what has come to a mailbox since the last time, the oldest first, 200 at most. Returns how many were taken. Throws if the mailbox cannot be reached. */
export async function readMailbox({ url, kept, patience = 30_000, onMail }: MailboxOptions): Promise<number> {
  const client = open(url, patience)
  // Also told by what is awaited below.
  client.on('error', () => {})
  await client.connect()
  try {
    await client.mailboxOpen(decodeURIComponent(new URL(url).pathname.slice(1)) || 'INBOX')
    const waiting = (await client.search({ unKeyword: leftKeyword }, { uid: true }) || []).slice(0, mostAtOnce)
    const taken: number[] = []
    const left: number[] = []
    for (const uid of waiting) {
      const mail: FetchMessageObject | false = await client.fetchOne(String(uid), { size: true, source: { start: 0, maxLength: kept } }, { uid: true })
      if (!mail || !mail.source) continue
      (await onMail({ raw: mail.source, cut: (mail.size ?? 0) > mail.source.length }) === 'taken' ? taken : left).push(uid)
    }
    // Deleted only when all of it is on our disk; a crash before this means that it is read again, and known.
    if (taken.length) await client.messageDelete(taken.join(','), { uid: true })
    if (left.length) await client.messageFlagsAdd(left.join(','), [leftKeyword], { uid: true })
    return taken.length
  } finally {
    await client.logout().catch(() => client.close())
  }
}

function open(address: string, patience: number): ImapFlow {
  const url = new URL(address)
  const host = url.hostname.replace(/^\[|\]$/g, '')
  const secure = url.protocol === 'imaps:'
  const here = ['localhost', '127.0.0.1', '::1'].includes(host)
  return new ImapFlow({
    host, port: Number(url.port) || (secure ? 993 : 143), secure, ...(!secure && !here && { doSTARTTLS: true }),
    auth: { user: decodeURIComponent(url.username), pass: decodeURIComponent(url.password) }, logger: false,
    connectionTimeout: patience, greetingTimeout: patience, socketTimeout: patience * 2, disableAutoIdle: true,
  })
}
