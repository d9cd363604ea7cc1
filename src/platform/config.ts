import { resolve } from 'node:path'
import { z } from 'zod'

/** Every setting that Clarion reads, in one list. What it is for stands in docs/operate.md. */
export const settingNames = [
  'PORT', 'DESK_PORT', 'INBOX_PORT', 'CLARION_DATA', 'CLARION_ORIGIN', 'DESK_ORIGIN', 'TRUSTED_PROXIES',
  'DATABASE_URL', 'DATABASE_DIRECT_URL', 'SMTP_URL', 'IMAP_URL', 'BOUNCE_PORT',
] as const

export interface Config {
  port: number
  deskPort: number
  inboxPort: number
  /** Absolute path of the folder that holds the embedded database, the keys and the local inbox. */
  dataFolder: string
  /** Where the public site is reached; the first is the one that mails link to. Empty: this machine's own addresses. */
  origins: string[]
  deskOrigin: string | undefined
  /** Addresses or CIDR blocks whose X-Forwarded-* headers are believed. */
  trustedProxies: string[]
  databaseUrl: string | undefined
  /** Past a pooler, for listeners; defaults to `databaseUrl`. */
  databaseDirectUrl: string | undefined
  smtpUrl: string | undefined
  /** A mailbox that bounces, replies and wishes for no more mail come to. */
  imapUrl: string | undefined
  /** Where such mail may be handed in by SMTP; on loopback unless an address is named. */
  bounceAt: { host: string, port: number } | undefined
}

const port = z.string().refine((text) => /^\d{1,5}$/.test(text) && Number(text) <= 65535, { message: 'must be a port: a number up to 65535' }).transform(Number)

const bounceAt = z.string().transform((text, context) => {
  const [, host, port] = /^(?:(\[[0-9a-f:.]+\]|[\d.]+):)?(\d{1,5})$/i.exec(text) ?? []
  if (port !== undefined && Number(port) <= 65535) return { host: host?.replace(/^\[|\]$/g, '') ?? '127.0.0.1', port: Number(port) }
  context.addIssue({ code: 'custom', message: 'must be a port, or an address of this machine and a port, like 192.0.2.7:25' })
  return z.NEVER
})

const origin = z.string().transform((text, context) => {
  const url = URL.canParse(text) ? new URL(text) : undefined
  if (url && (url.protocol === 'https:' || url.protocol === 'http:') && url.pathname === '/' && !url.search && !url.username) return url.origin
  context.addIssue({ code: 'custom', message: `"${text}" is not an origin like https://act.example.org` })
  return z.NEVER
})

const list = z.string().transform((text) => text.split(/[\s,]+/).filter(Boolean))

function url(...protocols: string[]) {
  return z.string().refine((text) => URL.canParse(text) && protocols.includes(new URL(text).protocol),
    { message: `must start with ${protocols.map((each) => `${each}//`).join(' or ')}` })
}

const settings = z.object({
  PORT: port.default(3000),
  DESK_PORT: port.default(3001),
  INBOX_PORT: port.default(3002),
  CLARION_DATA: z.string().min(1).default('./data'),
  CLARION_ORIGIN: list.pipe(z.array(origin)).default([]),
  DESK_ORIGIN: origin.optional(),
  TRUSTED_PROXIES: list.default([]),
  DATABASE_URL: url('postgres:', 'postgresql:').optional(),
  DATABASE_DIRECT_URL: url('postgres:', 'postgresql:').optional(),
  SMTP_URL: url('smtp:', 'smtps:').optional(),
  IMAP_URL: url('imap:', 'imaps:').optional(),
  BOUNCE_PORT: bounceAt.optional(),
})

/** Reads and checks all settings at once. Each fault names its setting and fits on one line; values of secrets are not repeated. */
export function readConfig(environment: Record<string, string | undefined>): { config: Config } | { faults: string[] } {
  const given = Object.fromEntries(settingNames.flatMap((name) => (environment[name] ? [[name, environment[name]]] : [])))
  const read = settings.safeParse(given)
  if (!read.success) return { faults: read.error.issues.map((issue) => `${String(issue.path[0])}: ${issue.message}`) }
  const it = read.data
  return {
    config: {
      port: it.PORT, deskPort: it.DESK_PORT, inboxPort: it.INBOX_PORT,
      dataFolder: resolve(it.CLARION_DATA),
      origins: it.CLARION_ORIGIN, deskOrigin: it.DESK_ORIGIN, trustedProxies: it.TRUSTED_PROXIES,
      databaseUrl: it.DATABASE_URL, databaseDirectUrl: it.DATABASE_DIRECT_URL ?? it.DATABASE_URL,
      smtpUrl: it.SMTP_URL, imapUrl: it.IMAP_URL, bounceAt: it.BOUNCE_PORT,
    },
  }
}

/** Where the public site is reached: what mails, sheets and shared links lead to. */
export function siteOrigin(config: Pick<Config, 'origins' | 'port'>): string {
  return config.origins[0] ?? `http://localhost:${config.port}`
}

export function deskOrigin(config: Pick<Config, 'deskOrigin' | 'deskPort'>): string {
  return config.deskOrigin ?? `http://localhost:${config.deskPort}`
}
