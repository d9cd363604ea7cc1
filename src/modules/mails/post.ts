import { createPrivateKey } from 'node:crypto'
import { signed, type DkimKey } from '#platform/mail/dkim.ts'
import { compose, type Letter } from '#platform/mail/letter.ts'
import { SmtpClient, type Delivery, type MailRoute, type SmtpLimits } from '#platform/mail/smtp.ts'
import { returnAddress, type ReturnAbout, type ReturnUse } from './return-address.ts'

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
  /** Whether somebody reads what comes back to addresses of ours. */
  readsReturns: boolean
  /** Where what comes back about something goes: to an address that only we can make. */
  back(use: ReturnUse, about: ReturnAbout, id: string): string
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
  /** The key that return addresses are made with, and whether they are read. Without it they say what they are about, and nobody believes them. */
  returns?: { key: string, read: boolean }
  limits?: SmtpLimits
}

export function openPost(settings: PostSettings): Post {
  const client = new SmtpClient(settings.route, settings.limits)
  const domain = settings.mailFrom.slice(settings.mailFrom.lastIndexOf('@') + 1)
  const key: DkimKey | undefined = settings.dkim && { domain, selector: settings.dkim.selector, privateKey: createPrivateKey(settings.dkim.privateKey) }
  return {
    practice: settings.practice, origin: settings.origin, domain,
    from: settings.mailFrom, replyTo: settings.replyTo,
    readsReturns: settings.returns?.read ?? false,
    back: (use, about, id) => (settings.returns ? returnAddress(settings.returns.key, { use, about, id }, domain) : `${use}+${id}@${domain}`),
    async deliver(letter) {
      const message = await compose(letter)
      return client.deliver({ from: letter.returnPath, to: letter.to.address }, key ? await signed(message, key) : message)
    },
    close: () => client.close(),
  }
}
