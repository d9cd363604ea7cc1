import { PassThrough } from 'node:stream'

export interface Mailbox {
  name?: string
  address: string
}

/** One mail to one recipient, before it becomes bytes. */
export interface Letter {
  from: Mailbox
  to: Mailbox
  replyTo?: Mailbox
  /** Where bounces go (VERP: an address that names this mail and nobody else). */
  returnPath: string
  /** Without angle brackets; the same at every attempt. */
  messageId: string
  subject: string
  text: string
  html?: string
  language: string
  date: Date
  headers?: Record<string, string>
}

export interface DkimKey {
  domain: string
  selector: string
  privateKey: string
}

/** The bytes of a letter. */
export async function compose(letter: Letter): Promise<Buffer> {
  // Loaded when the first mail is made: the public process has this module and never makes one.
  const { default: MailComposer } = await import('nodemailer/lib/mail-composer')
  const composer = new MailComposer({
    from: mailbox(letter.from),
    to: mailbox(letter.to),
    replyTo: letter.replyTo && mailbox(letter.replyTo),
    messageId: `<${letter.messageId}>`,
    subject: literally(letter.subject), text: letter.text, html: letter.html, date: letter.date,
    headers: { 'Content-Language': letter.language, ...letter.headers },
    textEncoding: 'quoted-printable',
    disableFileAccess: true, disableUrlAccess: true,
  })
  return new Promise((resolve, reject) => {
    composer.compile().build((error, message) => (error || !message ? reject(error ?? new Error('Nothing was composed')) : resolve(message)))
  })
}

function mailbox({ name, address }: Mailbox): string | { name: string, address: string } {
  return name ? { name: literally(name), address } : address
}

/** What looks like an encoded word (RFC 2047) is not to be decoded where it is read: it may hold what was taken out of the text before. */
function literally(text: string): string {
  return text.replace(/=\?(?=[^?\s]+\?[bq]\?)/gi, '= ?')
}

// What RFC 6376 section 5.4 advises, and both headers of one-click unsubscribing, which RFC 8058 section 4 wants signed.
const signedHeaders = [
  'From', 'Reply-To', 'To', 'Subject', 'Date', 'Message-ID', 'MIME-Version', 'Content-Type', 'Content-Transfer-Encoding', 'Content-Language',
  'List-Unsubscribe', 'List-Unsubscribe-Post', 'Auto-Submitted', 'X-Campaign-Id',
].join(':')

/** The bytes of a letter behind its DKIM signature. */
export async function sign(message: Buffer, key: DkimKey): Promise<Buffer> {
  const { default: DKIM } = await import('nodemailer/lib/dkim')
  const signed = new DKIM({ domainName: key.domain, keySelector: key.selector, privateKey: key.privateKey, headerFieldNames: signedHeaders }).sign(message)
  const chunks: Buffer[] = []
  for await (const chunk of signed.pipe(new PassThrough())) chunks.push(chunk as Buffer)
  return Buffer.concat(chunks)
}
