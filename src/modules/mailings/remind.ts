import { inTransaction, sql, type Db } from '#platform/db.ts'
import type { Opener, IndexKey } from '#platform/sealing/index.ts'
import { promiseConfirmations } from '#modules/mails/index.ts'
import { openContact, strictIndex } from '#modules/people/index.ts'
import { switchedOff } from '#modules/switches/index.ts'

const afterDays = 2
const mostAtOnce = 2000

/** Promises the one reminder to those who took an action two days ago and have not confirmed it, while it can still be taken. Whoever would
 * be reminded while reminders are switched off is reminded afterwards. */
export async function remind(db: Db, { opener, indexKeys }: { opener: Opener, indexKeys: IndexKey[] }, now: Date): Promise<number> {
  return inTransaction(db, async (tx) => {
    if (await switchedOff(tx, 'reminders')) return 0
    const { rows } = await sql<{ person_id: string, id: string, contact: Buffer }>`
      update participations p set reminded_at = ${now} from people
      where people.id = p.person_id and (p.person_id, p.id) in (
        select waiting.person_id, waiting.id from participations waiting join actions on actions.id = waiting.action_id
        where waiting.state = 'waiting' and waiting.reminded_at is null and waiting.rehearsal_id is null and waiting.taken_at < ${new Date(now.getTime() - afterDays * 86_400_000)}
          and actions.state = 'open' and coalesce(actions.closes_at > ${now}, true)
          and exists (select from mails where mails.participation_id = waiting.id and mails.person_id = waiting.person_id and mails.state = 'accepted')
        limit ${mostAtOnce})
      and p.reminded_at is null
      returning p.person_id, p.id, people.contact`.execute(tx)
    const promises = await Promise.all(rows.map(async (row) => ({
      personId: row.person_id, participationId: row.id, kind: 'reminder' as const, strictIndex: strictIndex(indexKeys, (await openContact(opener, row.person_id, row.contact)).email),
    })))
    return (await promiseConfirmations(tx, promises, now)).size
  })
}
