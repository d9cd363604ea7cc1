
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

// Loaded when the first mail is made: the public process has this module and never makes one.
let composers: Promise<typeof import('nodemailer/lib/mail-composer')> | undefined

/** The bytes of a letter, in seven bits; every line ends by CRLF. */
export async function compose(letter: Letter): Promise<Buffer> {
  const { default: MailComposer } = await (composers ??= import('nodemailer/lib/mail-composer'))
  const composer = new MailComposer({
    from: mailbox(letter.from),
    to: mailbox(letter.to),
    replyTo: letter.replyTo && mailbox(letter.replyTo),
    messageId: `<${letter.messageId}>`,
    subject: literally(letter.subject), text: letter.text, html: letter.html, date: letter.date,
    headers: { 'Content-Language': letter.language, ...letter.headers },
    textEncoding: 'quoted-printable', newline: 'windows',
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
