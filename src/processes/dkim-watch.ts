import { resolveTxt } from 'node:dns/promises'
import { createPrivateKey, createPublicKey } from 'node:crypto'
import type { Db } from '#platform/db.ts'
import { inTransaction } from '#platform/db.ts'
import type { DkimSecret } from '#platform/secrets.ts'
import { readPublisher } from '#modules/publisher/index.ts'
import { audit } from '#modules/staff/index.ts'
import type { AskForKeys } from './launch.ts'

type LookUp = (host: string) => Promise<string[][]>

/** Switches to the next signing key once its record can be seen in the DNS. Returns 1 if it did. */
export async function watchForDkim(db: Db, next: DkimSecret | undefined, ask: AskForKeys | undefined, now: Date, lookUp: LookUp = resolveTxt): Promise<number> {
  if (!next || !ask) return 0
  const { mailFrom } = await readPublisher(db)
  const domain = mailFrom?.split('@')[1]
  if (!domain || !await isThere(`${next.selector}._domainkey.${domain}`, next, lookUp)) return 0
  const { outcome } = await ask({ do: 'switch-dkim' })
  if (outcome !== 'done') return 0
  await inTransaction(db, (tx) => audit(tx, { staffId: null, verb: 'switch-dkim', subjectKind: 'settings', subjectIds: [next.selector] }, now))
  return 1
}

async function isThere(host: string, { privateKey }: DkimSecret, lookUp: LookUp): Promise<boolean> {
  const wanted = createPublicKey(createPrivateKey(privateKey)).export({ type: 'spki', format: 'der' }).toString('base64')
  const records = await lookUp(host).catch(() => [])
  return records.some((parts) => parts.join('').replace(/\s/g, '').includes(`p=${wanted}`))
}
