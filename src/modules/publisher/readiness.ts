import { resolveTxt } from 'node:dns/promises'
import type { Config } from '#platform/config.ts'
import { sql, type Db } from '#platform/db.ts'
import { SmtpClient } from '#platform/mail/smtp.ts'
import { reachedAt, readPublisher } from './publisher.ts'

export const checkNames = ['organisation', 'https', 'reachable', 'clock', 'smtp', 'spf', 'dkim', 'dmarc', 'backup', 'recovery-sheet'] as const
export type CheckName = (typeof checkNames)[number]

/** One thing that must be right before mail leaves this machine. */
export interface Check {
  name: CheckName
  ok: boolean
  /** What was found instead, in a few characters: never a password. */
  found?: string
  /** By how many seconds clocks differ. */
  apart?: number
  /** When it was last done. */
  at?: Date
  /** A DNS record to paste: where, and what. */
  record?: { name: string, value: string }
}

const patience = 5000
const backupDays = 7
const clockSeconds = 5

/** Looks at everything that going live needs. Nothing is changed; it talks to the site's own address, the mail server and the DNS. */
export async function checkReadiness({ db, config, dkim, now }: { db: Db, config: Config, dkim: { selector: string, publicKey: string }, now: Date }): Promise<Check[]> {
  const publisher = await readPublisher(db)
  const origin = config.origins[0]
  const domain = publisher.mailFrom?.split('@')[1]
  const backup = await reachedAt(db, 'backup')
  const sheet = await reachedAt(db, 'recovery-sheet')
  const { rows: [clock] } = await sql<{ now: Date }>`select now()`.execute(db)
  const databaseDrift = Math.abs(clock!.now.getTime() - Date.now()) / 1000
  const [reached, smtp, ...dns] = await Promise.all([reach(origin), trySmtp(config.smtpUrl), ...mailRecords(domain, dkim, config.smtpUrl)])
  const drift = Math.max(databaseDrift, reached.drift ?? 0)
  return [
    { name: 'organisation', ok: !publisher.demo && publisher.email !== null && publisher.mailFrom !== null },
    { name: 'https', ok: origin?.startsWith('https:') ?? false, found: origin },
    { name: 'reachable', ok: reached.ok, found: reached.found },
    { name: 'clock', ok: drift <= clockSeconds, apart: drift },
    smtp, ...dns,
    { name: 'backup', ok: backup !== undefined && now.getTime() - backup.getTime() <= backupDays * 86_400_000, at: backup },
    { name: 'recovery-sheet', ok: sheet !== undefined, at: sheet },
  ]
}

async function reach(origin: string | undefined): Promise<{ ok: boolean, found?: string, drift?: number }> {
  if (!origin) return { ok: false }
  try {
    const answer = await fetch(`${origin}/healthz`, { signal: AbortSignal.timeout(patience), redirect: 'manual' })
    const date = answer.headers.get('date')
    return { ok: answer.ok, found: String(answer.status), drift: date ? Math.max(0, Math.abs(Date.parse(date) - Date.now()) / 1000 - 1) : undefined }
  } catch (error) {
    return { ok: false, found: ((error as Error).cause as { code?: string } | undefined)?.code ?? (error as Error).name }
  }
}

async function trySmtp(url: string | undefined): Promise<Check> {
  if (!url) return { name: 'smtp', ok: false }
  const client = new SmtpClient({ url }, { connections: 1, patience })
  try {
    await client.check()
    return { name: 'smtp', ok: true, found: new URL(url).hostname }
  } catch (error) {
    const { code, responseCode } = error as { code?: string, responseCode?: number }
    return { name: 'smtp', ok: false, found: [new URL(url).hostname, code, responseCode].filter(Boolean).join(' ') }
  } finally {
    client.close()
  }
}

function mailRecords(domain: string | undefined, dkim: { selector: string, publicKey: string }, smtpUrl: string | undefined): Promise<Check>[] {
  if (!domain) return (['spf', 'dkim', 'dmarc'] as const).map((name) => Promise.resolve({ name, ok: false }))
  const server = smtpUrl ? new URL(smtpUrl).hostname : `mail.${domain}`
  return [
    txt('spf', domain, (record) => record.startsWith('v=spf1'), `v=spf1 a:${server} -all`),
    txt('dkim', `${dkim.selector}._domainkey.${domain}`, (record) => record.replace(/\s/g, '').includes(`p=${dkim.publicKey}`), `v=DKIM1; k=rsa; p=${dkim.publicKey}`),
    txt('dmarc', `_dmarc.${domain}`, (record) => record.startsWith('v=DMARC1'), `v=DMARC1; p=quarantine; rua=mailto:postmaster@${domain}`),
  ]
}

async function txt(name: CheckName, host: string, fits: (record: string) => boolean, wanted: string): Promise<Check> {
  const records = await Promise.race([resolveTxt(host).then((all) => all.map((parts) => parts.join('')), () => []), new Promise<string[]>((resolve) => setTimeout(() => resolve([]), patience).unref())])
  const found = records.find(fits)
  return { name, ok: found !== undefined, found: found?.slice(0, 60), record: { name: host, value: wanted } }
}
