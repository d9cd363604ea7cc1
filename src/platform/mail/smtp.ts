import { connect } from 'node:net'
import { Readable } from 'node:stream'
import type SMTPConnection from 'nodemailer/lib/smtp-connection'
import type { SMTPConnectionOptions } from 'nodemailer/lib/smtp-connection'

/** What can come of handing a mail to a server. */
export type Delivery =
  /** Their server took it. Whether somebody reads it we cannot know. */
  | { outcome: 'accepted' }
  /** Their server said no; for good, or for now. */
  | { outcome: 'refused', permanent: boolean, code: number }
  /** Not a word of it left us: it can be tried again safely. */
  | { outcome: 'not-sent', problem: string }
  /** It was on its way when the line broke: it may have arrived. */
  | { outcome: 'unknown', problem: string }

/** Where mails are handed in: a server by its URL, or the local inbox by its socket. */
export type MailRoute = { url: string } | { socket: string }

export interface SmtpLimits {
  connections: number
  /** How long any one step may take, in milliseconds. */
  patience: number
}

export const usualLimits: SmtpLimits = { connections: 4, patience: 30_000 }

/** Hands mails to one server over a few connections that stay open. */
export class SmtpClient {
  readonly #route: MailRoute
  readonly #limits: SmtpLimits
  readonly #idle: SMTPConnection[] = []
  readonly #queue: ((connection: Promise<SMTPConnection>) => void)[] = []
  #open = 0
  #closed = false

  constructor(route: MailRoute, limits: SmtpLimits = usualLimits) {
    this.#route = route
    this.#limits = limits
  }

  async deliver(envelope: { from: string, to: string }, message: Buffer): Promise<Delivery> {
    for (let tries = 1; ; tries++) {
      let connection: SMTPConnection
      try {
        connection = await this.#take()
      } catch (error) {
        return { outcome: 'not-sent', problem: problemOf(error) }
      }
      const delivery = await handIn(connection, envelope, message)
      await this.#giveBack(connection, delivery)
      // A line that was open from before may have died unnoticed. Not a word has left, so another one may be tried.
      if (delivery.outcome !== 'not-sent' || tries > this.#limits.connections) return delivery
    }
  }

  /** Says whether the server can be reached and lets us in; throws what it said otherwise. */
  async check(): Promise<void> {
    await this.#giveBack(await this.#take(), { outcome: 'accepted' })
  }

  close(): void {
    this.#closed = true
    for (const connection of this.#idle.splice(0)) connection.close()
  }

  async #take(): Promise<SMTPConnection> {
    const idle = this.#idle.pop()
    if (idle) return idle
    if (this.#open >= this.#limits.connections) return new Promise((resolve, reject) => this.#queue.push((next) => next.then(resolve, reject)))
    this.#open += 1
    return this.#connectOrRelease()
  }

  async #connectOrRelease(): Promise<SMTPConnection> {
    try {
      return await openConnection(this.#route, this.#limits.patience, (connection) => this.#forget(connection))
    } catch (error) {
      this.#release()
      throw error
    }
  }

  async #giveBack(connection: SMTPConnection, delivery: Delivery): Promise<void> {
    const usable = delivery.outcome === 'accepted' || (delivery.outcome === 'refused' && delivery.code !== 421 && await reset(connection))
    if (!usable || this.#closed) {
      connection.close()
      this.#release()
      return
    }
    const next = this.#queue.shift()
    if (next) next(Promise.resolve(connection))
    else this.#idle.push(connection)
  }

  /** A place for a connection is free: whoever waits opens a new one. */
  #release(): void {
    this.#open -= 1
    const next = this.#queue.shift()
    if (!next) return
    this.#open += 1
    next(this.#connectOrRelease())
  }

  #forget(connection: SMTPConnection): void {
    const place = this.#idle.indexOf(connection)
    if (place < 0) return
    this.#idle.splice(place, 1)
    this.#release()
  }
}

function settings(route: MailRoute, patience: number): SMTPConnectionOptions {
  const times = { connectionTimeout: patience, greetingTimeout: patience, socketTimeout: patience }
  if ('socket' in route) return { ...times, connection: connect(route.socket), ignoreTLS: true, name: 'localhost' }
  const url = new URL(route.url)
  const loopback = ['localhost', '127.0.0.1', '[::1]'].includes(url.hostname)
  return { ...times, host: url.hostname.replace(/^\[|\]$/g, ''), port: url.port || undefined, secure: url.protocol === 'smtps:', requireTLS: url.protocol === 'smtp:' && !loopback && !url.searchParams.has('plain') }
}

// Loaded with the first line to a server: the public process has this module and never opens one.
let connections: Promise<typeof import('nodemailer/lib/smtp-connection')> | undefined

async function openConnection(route: MailRoute, patience: number, onEnd: (connection: SMTPConnection) => void): Promise<SMTPConnection> {
  const { default: Connection } = await (connections ??= import('nodemailer/lib/smtp-connection'))
  return new Promise((resolve, reject) => {
    const connection = new Connection(settings(route, patience))
    connection.once('error', reject)
    connection.on('error', () => onEnd(connection))
    connection.on('end', () => onEnd(connection))
    connection.connect((error) => {
      if (error) return reject(error)
      const url = 'url' in route ? new URL(route.url) : undefined
      if (!url?.username) return resolve(connection)
      connection.login({ credentials: { user: decodeURIComponent(url.username), pass: decodeURIComponent(url.password) } }, (refusal) => {
        if (!refusal) return resolve(connection)
        connection.close()
        reject(refusal)
      })
    })
  })
}

function handIn(connection: SMTPConnection, envelope: { from: string, to: string }, message: Buffer): Promise<Delivery> {
  let started = false
  // Read only after the server has said "go on", so that we know whether a word of it has left.
  const source = new Readable({
    read() {
      started = true
      this.push(message)
      this.push(null)
    },
  })
  return new Promise((resolve) => {
    connection.send({ from: envelope.from, to: [envelope.to], size: message.length }, source, (error) => {
      if (!error) return resolve({ outcome: 'accepted' })
      const { responseCode, command = '' } = error as { responseCode?: number, command?: string }
      if (responseCode && (command === 'DATA' || !started)) return resolve({ outcome: 'refused', permanent: responseCode >= 500, code: responseCode })
      // It is larger than the server has said it takes (RFC 1870): asking again is no use.
      if (!started && (error as { code?: string }).code === 'EMESSAGE' && command === 'MAIL FROM') return resolve({ outcome: 'refused', permanent: true, code: 552 })
      resolve({ outcome: started ? 'unknown' : 'not-sent', problem: problemOf(error) })
    })
  })
}

/** Ends a mail that was refused half way (RSET): else the server takes the next one for a part of it. */
function reset(connection: SMTPConnection): Promise<boolean> {
  return new Promise((resolve) => connection.reset((error) => resolve(!error)))
}

/** An error in a few words without what a server may have quoted. */
function problemOf(error: unknown): string {
  const { code, responseCode, command } = error as { code?: string, responseCode?: number, command?: string }
  return [code, responseCode, command].filter(Boolean).join(' ') || 'failed'
}
