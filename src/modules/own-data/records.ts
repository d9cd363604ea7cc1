import { sql, type Db } from '#platform/db.ts'
import { sealOne, type Opener, type SealingKey } from '#platform/sealing/index.ts'
import { contactMessagePlace, type ContactMessage } from '#modules/places/index.ts'
import { messagePlace, recordPlace, type MessageText, type RecordDetails } from '#modules/actions/index.ts'
import { auditFirst } from '#modules/staff/index.ts'
import { capsuleTokenPlace } from './capsule.ts'
import { lock } from './key.ts'
import type { OwnRecords } from './shape.ts'

const mostAtOnce = 10

/**
 * The desk's part: adds to capsules what only the record key opens, each against a line in the audit log that was committed before. Does nothing where
 * the record key is not at hand; then the page says that these parts wait. Returns how many capsules it added to.
 */
export async function addRecords({ db, opener }: { db: Db, opener: Opener }, now: Date): Promise<number> {
  if (!opener.opens('record')) return 0
  const { rows } = await sql<{ token_hash: Buffer, token: Buffer, records: string[], answers: Date }>`
    select token_hash, token, records, answers from capsules where answers is not null and record_contents is null and records <> '{}' order by asked_at limit ${mostAtOnce}`.execute(db)
  for (const row of rows) {
    const token = await opener.open<string>(capsuleTokenPlace(row.token_hash), row.token)
    const written = await contactWords({ db, opener }, row.records)
    const sealed = await sealedRecords(db, row.records.filter((id) => !written.has(id)))
    const opened = await Promise.all(sealed.map(async (each): Promise<[string, OwnRecords['records'][string]]> => {
      const id = each.participation_id
      const details = each.record ? await opener.open<RecordDetails>(recordPlace(id), each.record) : {}
      const text = each.message_record ? await opener.open<MessageText>(messagePlace('record', id), each.message_record) : undefined
      return [id, { ...details, text: text && [text, ...text.more ?? []].map(({ subject, body }) => ({ subject, body })) }]
    }))
    const records: OwnRecords = { writtenAt: now.toISOString(), records: Object.fromEntries([...opened, ...written]) }
    await sql`update capsules set record_contents = ${lock(token, 'record', records)} where token_hash = ${row.token_hash} and answers = ${row.answers}`.execute(db)
  }
  return rows.length
}

/**
 * Phone or postal address of a participation as somebody asked staff to correct it; what is not named stays, an empty one goes. Opens what
 * is kept, against a line in the log. Returns it sealed, in base64, for a change; nothing where nothing is left. Throws where the record key is not at hand.
 */
export async function correctedRecord({ db, opener, record: key }: { db: Db, opener: Opener, record: SealingKey }, participationId: string, corrected: RecordDetails, asked: { staffId: string, behalfOf: string | null, reason: string }): Promise<string | null> {
  const line = await auditFirst(db, { ...asked, verb: 'open-participation', subjectKind: 'participation', subjectIds: [participationId] })
  const { rows: [sealed] } = await sql<{ record: Buffer | null }>`select record from open_participations(${line})`.execute(db)
  const place = recordPlace(participationId)
  const present = sealed?.record ? await opener.open<RecordDetails>(place, sealed.record) : {}
  const { phone, postalAddress } = { ...present, ...corrected }
  if (!phone && !postalAddress) return null
  const { table, column, row } = place
  return (await sealOne(key, { table, column, row }, { phone: phone || undefined, postalAddress: postalAddress || undefined } satisfies RecordDetails)).toString('base64')
}

/** Those of these ids that were written by the form of a place or topic, with their words: against a line of their own, because something else is opened. */
async function contactWords({ db, opener }: { db: Db, opener: Opener }, ids: string[]): Promise<Map<string, OwnRecords['records'][string]>> {
  const known = await db.selectFrom('contact_messages').select('id').where('id', 'in', ids).execute()
  if (known.length === 0) return new Map()
  const line = await auditFirst(db, { staffId: null, verb: 'open-contact-message', subjectKind: 'contact-message', subjectIds: known.map(({ id }) => id) })
  const { rows } = await sql<{ id: string, record: Buffer }>`select id, record from open_contact_messages(${line})`.execute(db)
  return new Map(await Promise.all(rows.map(async ({ id, record }): Promise<[string, OwnRecords['records'][string]]> => {
    const { text } = await opener.open<ContactMessage>(contactMessagePlace(id), record)
    return [id, { text: [{ subject: '', body: text }] }]
  })))
}

async function sealedRecords(db: Db, participations: string[]): Promise<{ participation_id: string, record: Buffer | null, message_record: Buffer | null }[]> {
  if (participations.length === 0) return []
  const line = await auditFirst(db, { staffId: null, verb: 'show-own-data', subjectKind: 'participation', subjectIds: participations })
  return (await sql<{ participation_id: string, record: Buffer | null, message_record: Buffer | null }>`select participation_id, record, message_record from open_records(${line})`.execute(db)).rows
}
