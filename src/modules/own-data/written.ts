import { sql, type Db } from '#platform/db.ts'
import { titleIn } from '#modules/actions/index.ts'
import { merge } from '#modules/messages/index.ts'
import type { Scope } from './scope.ts'
import type { OwnBulletin, OwnData, OwnNews } from './shape.ts'

const mostShown = 200

/** Mails that belong to what somebody did, the newest first, each with the participation that it was about. */
export async function mailsOf(db: Db, { personId }: Scope): Promise<(OwnData['mails'][number] & { participationId: string })[]> {
  const { rows } = await sql<{ kind: string, state: string, at: Date, participation_id: string }>`
    select kind, state, coalesce(ended_at, promised_at) as at, participation_id from mails where person_id = ${personId} order by 3 desc limit ${mostShown}`.execute(db)
  return rows.map((row) => ({ kind: row.kind, state: row.state, at: row.at.toISOString(), participationId: row.participation_id }))
}

/** What was written once and sent to many, this person among them or left out: for as long as it is kept who that was. With the participation whose link it carried. */
export async function newsOf(db: Db, { personId }: Scope, language: string, name: string | undefined): Promise<(OwnNews & { participationId: string | null })[]> {
  const { rows } = await sql<NewsRow>`
    select mailings.kind, one.state, one.left_out, one.returned, one.unsubscribed_at, coalesce(one.ended_at, one.sending_at, one.due_at) as at, one.participation_id,
      case mailings.kind when 'update' then (select ${titleIn(language)} from actions where id = mailings.action_id) when 'bulletin' then ${subjectName(language, sql`mailings.subject_id`)}
        else (select subject from mailing_texts text where text.mailing_id = mailings.id order by text.language = one.language desc, text.language limit 1) end as about
    from mailing_recipients one join mailings on mailings.id = one.mailing_id where one.person_id = ${personId} order by at desc limit ${mostShown}`.execute(db)
  return rows.map((row) => ({
    kind: row.kind, about: merge(row.about ?? '', { name }), state: row.state, leftOut: row.left_out, returned: row.returned, unsubscribedAt: row.unsubscribed_at?.toISOString() ?? null, at: row.at.toISOString(), participationId: row.participation_id,
  }))
}

interface NewsRow {
  kind: OwnNews['kind']
  about: string | null
  state: string
  left_out: string | null
  returned: OwnNews['returned']
  unsubscribed_at: Date | null
  at: Date
  participation_id: string | null
}

/** What only a whole mailbox has: it says no name that could be told apart. Bulletins that were asked for, what the mailbox answered by itself, answers that wait to be passed on to it, and lists that it was in. */
export async function ofTheMailbox(db: Db, { personId, alone }: Scope, language: string): Promise<Required<Pick<OwnData, 'bulletins' | 'cameBack' | 'letters' | 'handedOver'>>> {
  if (!alone) return { bulletins: [], cameBack: [], letters: [], handedOver: [] }
  const { rows: bulletins } = await sql<{ about: string | null, frequency: string, state: OwnBulletin['state'], asked_at: Date, confirmed_at: Date | null }>`
    select ${subjectName(language, sql`request.subject_id`)} as about, request.frequency, request.state, request.asked_at, request.confirmed_at
    from bulletin_requests request where request.person_id = ${personId} order by request.asked_at desc`.execute(db)
  const { rows: cameBack } = await sql<{ kind: string, about: string, at: Date }>`select kind, about, noticed_at as at from bounces where person_id = ${personId} order by noticed_at desc limit ${mostShown}`.execute(db)
  const { rows: letters } = await sql<{ from: string | null, at: Date }>`
    select coalesce(offices.labels ->> ${language}, offices.label) as "from", letter.received_at as at from returned_letters letter left join offices on offices.id = letter.office_id
    where letter.state = 'passing-on' and letter.person_id = ${personId} order by letter.received_at desc`.execute(db)
  const { rows: handedOver } = await sql<{ kind: string, to: string | null, action: string | null, at: Date }>`
    select list.kind, coalesce(controllers.names ->> ${language}, (select value from jsonb_each_text(controllers.names) limit 1)) as "to", (select ${titleIn(language)} from actions where id = list.action_id) as action, list.handed_at as at
    from handed_over_people person join handed_over list on list.export_id = person.export_id left join controllers on controllers.id = list.controller_id where person.person_id = ${personId} order by list.handed_at desc limit ${mostShown}`.execute(db)
  return {
    handedOver: handedOver.map(({ at, ...row }) => ({ ...row, at: at.toISOString() })),
    bulletins: bulletins.map((row) => ({ about: row.about ?? '', frequency: row.frequency, state: row.state, askedAt: row.asked_at.toISOString(), confirmedAt: row.confirmed_at?.toISOString() ?? null })),
    cameBack: cameBack.map(({ at, ...row }) => ({ ...row, at: at.toISOString() })), letters: letters.map(({ at, ...row }) => ({ ...row, at: at.toISOString() })),
  }
}

function subjectName(language: string, subject: ReturnType<typeof sql>) {
  return sql`(select name from subject_names where subject_id = ${subject} and shown order by language = ${language} desc, language limit 1)`
}
