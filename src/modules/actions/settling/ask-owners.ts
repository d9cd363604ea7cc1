import { inTransaction, sql, type Db, type Tx } from '#platform/db.ts'
import { promiseConfirmations } from '#modules/mails/index.ts'
import { openContact, strictIndex } from '#modules/people/index.ts'
import type { Keys, ParticipationRef } from './workshop.ts'

/** Asks the owners of some participations to confirm them, as after staff have released them. The limit for a mailbox holds here too. */
export async function askOwners(db: Db, keys: Keys, refs: ParticipationRef[], now: Date): Promise<void> {
  await inTransaction(db, (tx) => askAgain(tx, keys, refs, now))
}

/** Promises the mail to those of these who wait and have none that was sent or will be. */
export async function askAgain(tx: Tx, keys: Keys, refs: ParticipationRef[], now: Date): Promise<void> {
  if (refs.length === 0) return
  const { rows } = await sql<{ person_id: string, id: string, contact: Buffer }>`
    select p.person_id, p.id, people.contact
    from unnest(${refs.map((ref) => ref.personId)}::uuid[], ${refs.map((ref) => ref.id)}::uuid[]) as wanted (person_id, id)
    join participations p using (person_id, id) join people on people.id = p.person_id
    where p.state = 'waiting' and not exists (select from mails where mails.participation_id = p.id and mails.person_id = p.person_id and mails.state <> 'cancelled')`.execute(tx)
  const promises = await Promise.all(rows.map(async (row) => ({
    personId: row.person_id, participationId: row.id, kind: 'confirm' as const, strictIndex: strictIndex(keys.indexKeys, (await openContact(keys.opener, row.person_id, row.contact)).email),
  })))
  await promiseConfirmations(tx, promises, now)
}
