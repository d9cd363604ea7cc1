import { createPrivateKey } from 'node:crypto'
import { signed, type DkimKey } from '#platform/mail/dkim.ts'
import { compose, type Letter } from '#platform/mail/letter.ts'
import { SmtpClient, type Delivery, type MailRoute, type SmtpLimits } from '#platform/mail/smtp.ts'

/** The way out for all mail: the address it comes from, what its links lead to, and where it is handed in. */
export interface Post {
  /** True as long as nothing leaves this machine. */
  practice: boolean
  /** Where the public site is reached. */
  origin: string
  from: string
  /** Where answers go that are for the publisher. */
  replyTo: string
  /** The domain of our addresses: of return paths and message ids. */
  domain: string
  deliver(letter: Letter): Promise<Delivery>
  close(): void
}

export interface PostSettings {
  practice: boolean
  origin: string
  mailFrom: string
  replyTo: string
  route: MailRoute
  /** Without it mails go out unsigned. */
  dkim: { selector: string, privateKey: string } | undefined
  limits?: SmtpLimits
}

export function openPost(settings: PostSettings): Post {
  const client = new SmtpClient(settings.route, settings.limits)
  const domain = settings.mailFrom.slice(settings.mailFrom.lastIndexOf('@') + 1)
  const key: DkimKey | undefined = settings.dkim && { domain, selector: settings.dkim.selector, privateKey: createPrivateKey(settings.dkim.privateKey) }
  return {
    practice: settings.practice, origin: settings.origin, domain,
    from: settings.mailFrom, replyTo: settings.replyTo,
    async deliver(letter) {
      const message = await compose(letter)
      return client.deliver({ from: letter.returnPath, to: letter.to.address }, key ? await signed(message, key) : message)
    },
    close: () => client.close(),
  }
}
