import { setTimeout as wait } from 'node:timers/promises'
import { sql, type Db } from '#platform/db.ts'
import { sealOne, type Opener, type SealingKey } from '#platform/sealing/index.ts'
import { newToken, tokenHash } from '#platform/tokens.ts'
import { auditFirst } from '#modules/staff/index.ts'
import { capsuleTokenPlace, readCapsule } from './capsule.ts'
import { addRecords } from './records.ts'
import type { OwnData, OwnRecords } from './shape.ts'

/** How long staff wait for the worker, and how long between two looks, in milliseconds. */
const patience = 15_000
const between = 50

interface Tools {
  db: Db
  opener: Opener
  /** Seals for the worker. */
  contact: SealingKey
  now: () => Date
}

/** `no-answer`: the worker has not gathered it in time; `no-key`: some of it only the record key opens, which is not at hand. */
export type Everything = { outcome: 'nobody' } | { outcome: 'no-answer' } | { outcome: 'no-key' } | { outcome: 'gathered', own: OwnData, records: OwnRecords | undefined }

/**
 * Everything that is known of one person, for answering somebody who asked by letter or phone: what their own page would show of the whole
 * mailbox, gathered in the same way, with a line in the log before anything is opened.
 */
export async function everythingOf({ db, opener, contact, now }: Tools, personId: string, language: string, asked: { staffId: string, behalfOf: string | null, reason: string, details: { way: string | null, by: string } }): Promise<Everything> {
  const line = await auditFirst(db, { ...asked, verb: 'open-person', subjectKind: 'person', subjectIds: [personId] })
  const token = newToken()
  const { table, column, row } = capsuleTokenPlace(tokenHash(token))
  const { rows: [answer] } = await sql<{ there: boolean }>`select ask_for_whole(${line}, ${personId}, ${tokenHash(token)}, ${await sealOne(contact, { table, column, row }, token)}, ${language}, ${now()}) as there`.execute(db)
  if (!answer!.there) return { outcome: 'nobody' }
  for (const until = Date.now() + patience; Date.now() < until; await wait(between)) {
    const capsule = await readCapsule(db, token, now())
    if (capsule.state === 'none') return { outcome: 'nobody' }
    if (capsule.state === 'asked') continue
    if (!hasRecords(capsule.own) || capsule.records) return { outcome: 'gathered', own: capsule.own, records: capsule.records }
    if (!opener.opens('record')) return { outcome: 'no-key' }
    await addRecords({ db, opener }, now())
  }
  return { outcome: 'no-answer' }
}

function hasRecords(own: OwnData): boolean {
  return own.participations.some(({ records }) => records.details || records.text) || (own.contactMessages ?? []).length > 0
}

/** What is known of somebody as a file: the same for whoever looks at their own and for staff who answer a letter. */
export function asJson(own: OwnData, records: OwnRecords | undefined): string {
  return `${JSON.stringify({ ...own, lockedAway: records ?? null }, undefined, 2)}\n`
}
