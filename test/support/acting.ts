import { randomUUID } from 'node:crypto'
import { after } from 'node:test'
import { sql } from '#platform/db.ts'
import { newToken, tokenHash } from '#platform/tokens.ts'
import { Collector, countTick, linkHash, settle, type DataChange, type LinkUse, type Taking, type WrittenMessage } from '#modules/actions/index.ts'
import { deliverMails } from '#modules/mailings/index.ts'
import { openPost, type Post } from '#modules/mails/index.ts'
import { deliverDigests, deliverMessages, messageHooks, planDigests, type Pace } from '#modules/messages/index.ts'
import { settleOwnData } from '#modules/own-data/index.ts'
import { readPublisher } from '#modules/publisher/index.ts'
import { mailSink, type MailSink } from './mail-sink.ts'
import type { Stage } from './stage.ts'

/** People who take part, and the worker that deals with it, one step at a time and at times that the test chooses. */
export class Acting {
  readonly it: Stage
  now = new Date('2027-03-01T12:00:00Z')
  practice = true
  readsReturns = false
  readonly petition: string
  readonly ask: string
  readonly message: string
  readonly messageRevision: string
  readonly #collector: Collector

  constructor(it: Stage, ids: { petition: string, ask: string, message: string, messageRevision: string }) {
    this.it = it
    this.petition = ids.petition
    this.ask = ids.ask
    this.message = ids.message
    this.messageRevision = ids.messageRevision
    this.#collector = new Collector(it.poolOf('site'), it.keys, () => this.now, it.log)
  }

  get tools() {
    return { db: this.it.as('worker'), keys: this.it.keys, hooks: messageHooks(this.it.keys), ownData: settleOwnData, log: this.it.log, workerId: this.it.workerId, practice: async () => this.practice }
  }

  /** Lets time pass. */
  later({ days = 0, minutes = 0, seconds = 0 }: { days?: number, minutes?: number, seconds?: number }): void {
    this.now = new Date(this.now.getTime() + ((days * 24 * 60 + minutes) * 60 + seconds) * 1000)
  }

  signature(changes: Partial<Taking> = {}): Taking {
    return {
      kind: 'taking', id: randomUUID(), action: this.petition, ask: this.ask, language: 'en', email: 'amara@example.org', name: 'Amara', answers: [],
      form: newToken(), at: this.now.toISOString(), ...changes,
    }
  }

  letter(changes: Partial<Taking> = {}, words: Partial<WrittenMessage> = {}): Taking {
    return this.signature({
      action: this.message, ask: undefined, postcode: 'AR110',
      message: { revision: this.messageRevision, subject: 'Please vote', body: 'Please vote for the register.', offices: ['marovia-assembly:AR', 'marovia-government:justice'], copy: false, ...words }, ...changes,
    })
  }

  /** Hands in and settles. Returns what was handed in. */
  async takes(...takings: Taking[]): Promise<Taking[]> {
    await Promise.all(takings.map((taking) => this.#collector.submit(taking)))
    await this.settle()
    return takings
  }

  async uses(taking: Taking, kind: LinkUse['kind'], known?: string): Promise<void> {
    await this.#collector.submit({ kind, link: linkHash(this.it.keys.linkKey, taking.id).toString('base64url'), known: known && tokenHash(known).toString('base64url'), at: this.now.toISOString() })
    await this.settle()
  }

  /** Hands in what is about somebody's own data, or what they wrote to us, and settles it. */
  async own(entry: Parameters<Collector['submit']>[0]): Promise<void> {
    await this.#collector.submit(entry)
    await this.settle()
  }

  asksForLink(email: string, language = 'en'): Promise<void> {
    return this.own({ kind: 'data-request', email, language, at: this.now.toISOString() })
  }

  /** Changes something on the page of their own data, by the token of a link. */
  changes(token: string, change: DataChange): Promise<void> {
    return this.own({ kind: 'data-change', link: tokenHash(token).toString('base64url'), change, at: this.now.toISOString() })
  }

  /** Says what came back from offices, by the link of the mail that asks. */
  async answers(taking: Taking, answers: NonNullable<LinkUse['answers']>): Promise<void> {
    await this.#collector.submit({ kind: 'answering', link: linkHash(this.it.keys.linkKey, taking.id).toString('base64url'), answers, at: this.now.toISOString() })
    await this.settle()
  }

  /** Many confirm at once. */
  async allConfirm(takings: Taking[]): Promise<void> {
    await Promise.all(takings.map((taking) => this.#collector.submit({ kind: 'confirmation', link: linkHash(this.it.keys.linkKey, taking.id).toString('base64url'), at: this.now.toISOString() })))
    await this.settle()
  }

  confirms(taking: Taking, known?: string): Promise<void> {
    return this.uses(taking, 'confirmation', known)
  }

  async settle(): Promise<void> {
    while (await settle(this.tools, this.now)) { /* until nothing waits */ }
  }

  async count(): Promise<void> {
    while (await countTick(this.it.as('worker'), this.now)) { /* until all is counted */ }
  }

  async total(action = this.petition): Promise<number> {
    await this.count()
    return (await this.it.db.selectFrom('tallies').select('total').where('action_id', '=', action).where('dimension', '=', 'all').executeTakeFirst())?.total ?? 0
  }

  async states(action?: string): Promise<string[]> {
    return (await this.it.db.selectFrom('participations').select('state').$if(action !== undefined, (query) => query.where('action_id', '=', action!)).orderBy('taken_at').orderBy('id').execute()).map((row) => row.state)
  }

  post(sink: Pick<MailSink, 'url'>): Post {
    return openPost({
      practice: this.practice, origin: 'http://localhost:3000', mailFrom: 'actions@lamplight.example', replyTo: 'office@lamplight.example', route: { url: sink.url }, dkim: this.it.secrets.worker.dkim, returns: { key: this.it.keys.linkKey, read: this.readsReturns },
      limits: { connections: 2, patience: 700 },
    })
  }

  /** One turn of the worker that writes to supporters. */
  async mails(post: Post): Promise<number> {
    return deliverMails({ ...this.tools, opener: this.it.keys.opener, linkKey: this.it.keys.linkKey, post, publisher: await readPublisher(this.it.db) }, this.now)
  }

  /** One turn of the worker that writes to offices. */
  async messages(post: Post, pace: Pace = { seconds: 0, perDomain: 50 }): Promise<number> {
    return deliverMessages({ db: this.it.as('worker'), opener: this.it.keys.opener, post, publisher: await readPublisher(this.it.db), log: this.it.log, pace }, this.now)
  }

  /** One turn of the worker that plans and sends many messages to an office in one mail. */
  async digests(post: Post, pace: Pace = { seconds: 0, perDomain: 50 }): Promise<number> {
    const publisher = await readPublisher(this.it.db)
    await planDigests(this.it.as('worker'), { practice: post.practice, zone: publisher.zone, linkKey: this.it.keys.linkKey }, this.now)
    return deliverDigests({ db: this.it.as('worker'), opener: this.it.keys.opener, post, publisher, log: this.it.log, pace, linkKey: this.it.keys.linkKey }, this.now)
  }

  async messageStates(): Promise<string[]> {
    return (await sql<{ state: string }>`select state from messages order by promised_at, office_id`.execute(this.it.db)).rows.map((row) => row.state)
  }
}

export async function acting(it: Stage): Promise<Acting> {
  const idOf = async (slug: string) => (await it.db.selectFrom('actions').select('id').where('slug', '=', slug).executeTakeFirstOrThrow()).id
  const petition = await idOf('no-one-should-vanish')
  const message = await idOf('write-to-your-representative')
  const words = (action: string) => it.db.selectFrom('public_action_words').selectAll().where('action_id', '=', action).where('language', '=', 'en').executeTakeFirstOrThrow()
  return new Acting(it, { petition, message, ask: (await words(petition)).ask_id!, messageRevision: (await words(message)).revision_id })
}

/** A mail server of this file's own, and the way out that leads to it; both gone when the file's tests are done. */
export async function mailFor(play: Acting): Promise<{ sink: MailSink, post: Post }> {
  const sink = await mailSink()
  const post = play.post(sink)
  after(async () => {
    post.close()
    await sink.stop()
  })
  return { sink, post }
}
