import { inTransaction, type Db } from '#platform/db.ts'
import { promiseConfirmations } from '#modules/mails/index.ts'
import { openContact, strictIndex } from '#modules/people/index.ts'
import type { Keys, ParticipationRef } from './workshop.ts'

/** Asks the owner of one participation to confirm it, as after staff have released it. The limit for a mailbox holds here too. */
export async function askOne(db: Db, keys: Keys, { personId, id }: ParticipationRef, now: Date): Promise<void> {
  await inTransaction(db, async (tx) => {
    const row = await tx.selectFrom('participations').innerJoin('people', 'people.id', 'participations.person_id').select('people.contact')
      .where('participations.person_id', '=', personId).where('participations.id', '=', id).where('participations.state', '=', 'waiting').executeTakeFirst()
    const asked = await tx.selectFrom('mails').select('id').where('participation_id', '=', id).where('person_id', '=', personId).executeTakeFirst()
    if (!row || asked) return
    const { email } = await openContact(keys.opener, personId, row.contact)
    await promiseConfirmations(tx, [{ personId, participationId: id, kind: 'confirm', strictIndex: strictIndex(keys.indexKeys, email) }], now)
  })
}
