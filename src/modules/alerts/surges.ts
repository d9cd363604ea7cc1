import { inTransaction, sql, type Db } from '#platform/db.ts'
import { surgeInWords, type Surge } from '#modules/integrity/index.ts'
import type { AlertWords } from './words/index.ts'

/** A surge is news for a day. */
const newsForHours = 24

/** Promises a mail about each surge that nobody has been told of to each who asked for it and still works here, once, whoever else does the same. Returns how many. */
export async function promiseSurgeMails(db: Db, now: Date): Promise<number> {
  return inTransaction(db, async (tx) => {
    const { rows } = await sql`
      with fresh as (update surges set mailed_at = ${now} where mailed_at is null and noticed_at > ${new Date(now.getTime() - newsForHours * 3_600_000)} returning id)
      insert into incident_mails (surge_id, staff_id, part, due_at)
      select fresh.id, staff.id, 'began', ${now} from fresh cross join alert_requests join staff on staff.id = alert_requests.staff_id and staff.left_at is null where about = 'surges' returning 1`.execute(tx)
    return rows.length
  })
}

/** What a mail about surges of one action says. It names nobody. */
export function aboutSurges(t: AlertWords, title: string, surges: Pick<Surge, 'kind' | 'recent' | 'usual'>[], deskOrigin: string) {
  return {
    subject: t('surge.subject', { title }), lines: [...surges.map((surge) => surgeInWords(t.language, { ...surge, title })), t('surge.what-now')],
    place: `${deskOrigin}/surges`, look: t('surge.look'), why: t('surge.why'),
  }
}
