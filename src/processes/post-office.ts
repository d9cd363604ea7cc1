import type { Db } from '#platform/db.ts'
import { siteOrigin } from '#platform/config.ts'
import { usualLimits, type MailRoute } from '#platform/mail/smtp.ts'
import { mailingLines } from '#modules/mailings/index.ts'
import { openPost, type Post } from '#modules/mails/index.ts'
import { readLive, readPublisher, type Publisher } from '#modules/publisher/index.ts'
import { inboxSocket, type Launches } from './launch.ts'
import type { WorkerKeys } from './worker-keys.ts'

/** Keeps the way out for mail open, and opens another one when somebody goes live or the publisher's name changes. */
export class PostOffice {
  readonly #db: Db
  readonly #launch: Launches['worker']
  readonly #ring: WorkerKeys
  #current: { post: Post, mailingPost: Post, publisher: Publisher, name: string } | undefined
  #checkedAt = 0

  constructor(db: Db, launch: Launches['worker'], ring: WorkerKeys) {
    this.#db = db
    this.#ring = ring
    this.#launch = launch
  }

  async open(): Promise<{ post: Post, mailingPost: Post, publisher: Publisher }> {
    if (this.#current && Date.now() - this.#checkedAt < 500) return this.#current
    const { config, secrets, socketFolder } = this.#launch
    const origin = config.origins[0]
    const { live } = await readLive(this.#db, { origin, installId: secrets.installId })
    const publisher = await readPublisher(this.#db)
    this.#checkedAt = Date.now()
    const route: MailRoute | undefined = live ? config.smtpUrl ? { url: config.smtpUrl } : undefined : { socket: inboxSocket(socketFolder) }
    if (!route) throw new Error('Live, and SMTP_URL is not set')
    const from = publisher.mailFrom ?? `actions@${new URL(origin ?? 'http://localhost').hostname}`
    const { dkim } = this.#ring
    const name = JSON.stringify([route, from, publisher, dkim.selector])
    if (this.#current?.name === name) return this.#current
    this.close()
    const settings = {
      practice: !live, origin: siteOrigin(config), mailFrom: from, replyTo: publisher.email ?? from, route, dkim,
      // In practice the inbox can send things back. In earnest somebody has to have said where they come in.
      returns: { key: secrets.linkKey, read: !live || config.imapUrl !== undefined || config.bounceAt !== undefined },
    }
    // Mailings have lines of their own, so that a confirmation never stands behind thousands of them.
    this.#current = { post: openPost(settings), mailingPost: openPost({ ...settings, limits: { ...usualLimits, connections: mailingLines } }), publisher, name }
    return this.#current
  }

  close(): void {
    this.#current?.post.close()
    this.#current?.mailingPost.close()
  }
}
