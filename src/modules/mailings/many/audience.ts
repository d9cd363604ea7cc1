import { sql, type Db, type RawBuilder } from '#platform/db.ts'
import { mayBeWrittenTo } from '#modules/people/index.ts'
import type { Edition, LeftOut, Mailing } from './mailing.ts'

/** Somebody who fits a mailing, as it stands at this moment: in which language they would get it and why, or why they do not. */
export interface Judged {
  personId: string
  leftOut: LeftOut | undefined
  /** A language in which it is written. */
  language: string
  /** Whose link lets them out. */
  participationId: string | null
  statementId: string | null
  /** When they said yes. */
  since: Date | null
}

export interface Audience {
  mailing: Pick<Mailing, 'id' | 'kind' | 'actionId' | 'edition' | 'statements' | 'filter' | 'fallbackLanguage'>
  /** The languages in which it is written. */
  languages: string[]
  /** Whether those count who took part while nothing left this machine. */
  practice: boolean
}

/**
 * The next people, by their ids, who took part in something that fits; fewer than `most` are the last. Where it is all the same what that was, it may
 * also have been asking for a bulletin: who did nothing else can say yes to newsletters on the page of their own data.
 */
export async function nextFitting(db: Db, { mailing, practice }: Audience, after: string | null, most: number): Promise<string[]> {
  if (mailing.edition) return nextReaders(db, mailing.edition, { statements: mailing.statements, practice }, after, most)
  const { topic, country, area, from, until, question, answer } = mailing.filter
  const action = mailing.actionId ?? mailing.filter.action
  const which: RawBuilder<unknown>[] = [
    ...(action ? [sql`p.action_id = ${action}`] : []), ...(country ? [sql`p.country = ${country}`] : []), ...(area ? [sql`p.area_id = ${area}`] : []),
    ...(from ? [sql`p.taken_at >= ${from}::timestamptz`] : []), ...(until ? [sql`p.taken_at < ${until}::timestamptz`] : []),
  ]
  const { rows } = await sql<{ id: string }>`
    select people.id from people
    where people.id > ${after ?? '00000000-0000-0000-0000-000000000000'} and people.confirmed_at is not null
      and (exists (select from participations p where p.person_id = people.id and p.state = 'confirmed' and p.rehearsal_id is null and (${practice} or not p.practice) ${which.length > 0 ? sql`and ${sql.join(which, sql` and `)}` : sql``})
        ${which.length > 0 ? sql`` : sql`or exists (select from bulletin_requests request where request.person_id = people.id and request.state = 'confirmed' and (${practice} or not request.practice))`})
      ${topic ? sql`and exists (select from preferences wanted where wanted.person_id = people.id and wanted.topic = ${topic}::text and wanted.statement_id = any (${mailing.statements}::uuid[]) and wanted.frequency <> 'never')` : sql``}
      ${question ? sql`and exists (select from current_consents(people.id) held where held.statement_id = ${question} and held.answer = ${answer ?? 'yes'})` : sql``}
    order by people.id limit ${most}`.execute(db)
  return rows.map((row) => row.id)
}

/** The next of those who want a bulletin as often as this edition comes. */
async function nextReaders(db: Db, { subjectId, frequency }: Edition, { statements, practice }: { statements: string[], practice: boolean }, after: string | null, most: number): Promise<string[]> {
  const { rows } = await sql<{ id: string }>`
    select distinct wanted.person_id as id from preferences wanted
    where wanted.topic = ${subjectId}::text and wanted.statement_id = any (${statements}::uuid[]) and wanted.frequency = ${frequency} and wanted.person_id > ${after ?? '00000000-0000-0000-0000-000000000000'}
      and exists (select from bulletin_requests request where request.person_id = wanted.person_id and request.subject_id = ${subjectId} and request.state = 'confirmed' and (${practice} or not request.practice))
    order by 1 limit ${most}`.execute(db)
  return rows.map((row) => row.id)
}

interface Row {
  id: string
  left_out: LeftOut | null
  language: string | null
  participation_id: string | null
  statement_id: string | null
  since: Date | null
}

/** How long ago the last one of its kind must be, for those who do not want each: a little less, so that one that leaves every Monday is not too early by an hour. */
const restDays = { weekly: 6.5, monthly: 27.5 } as const

/**
 * Whether each of some people may be written to now, by what they have said and by what has come back from them: asked when a mailing is
 * counted, when its recipients are listed, and once more before each mail leaves. Whoever is not there any more is missing from the answer.
 */
export async function judge(db: Db, { mailing, languages }: Audience, personIds: string[], now: Date): Promise<Judged[]> {
  if (personIds.length === 0) return []
  const { edition, filter: { topic } } = mailing
  const subject = { statements: mailing.statements, actionId: mailing.actionId ?? undefined, topic: edition?.subjectId ?? topic }
  const before = (days: number) => new Date(now.getTime() - days * 86_400_000)
  const { rows } = await sql<Row>`
    select people.id, may.statement_id, may.since, link.id as participation_id,
      case when people.language = any (${languages}::text[]) then people.language else ${mailing.fallbackLanguage}::text end as language,
      case
        when may.person_id is not null then case
          when ${edition !== null} and not exists (select from preferences wanted where wanted.person_id = people.id and wanted.statement_id = may.statement_id and wanted.topic = ${edition?.subjectId ?? ''}::text and wanted.frequency = ${edition?.frequency ?? ''}) then 'frequency'
          -- A topic is chosen by whoever wants it: nobody has it by saying nothing.
          when ${topic !== undefined} and not exists (select from preferences wanted where wanted.person_id = people.id and wanted.statement_id = any (${mailing.statements}::uuid[]) and wanted.topic = ${topic ?? ''}::text and wanted.frequency <> 'never') then 'frequency'
          when ${edition === null} and may.frequency <> 'at-once' and exists (
            select from mailing_recipients earlier join mailings on mailings.id = earlier.mailing_id
            where earlier.person_id = people.id and earlier.mailing_id <> ${mailing.id} and earlier.state in ('accepted', 'unknown') and mailings.kind = ${mailing.kind} and mailings.filter ->> 'topic' is not distinct from ${topic ?? null}
              and earlier.ended_at > case may.frequency when 'weekly' then ${before(restDays.weekly)}::timestamptz else ${before(restDays.monthly)}::timestamptz end) then 'frequency'
          when link.id is null then 'gone'
          when not people.language = any (${languages}::text[]) and ${mailing.fallbackLanguage}::text is null then 'language' end
        when unwanted.bounced then 'bounced'
        when unwanted.any_at_all then 'suppressed'
        when not exists (
          select from current_consents(people.id) held join consent_statements asked on asked.id = held.statement_id
          where held.statement_id = any (${mailing.statements}::uuid[]) and held.answer = 'yes' and (asked.about = 'controller' or held.action_id = ${mailing.actionId})) then 'no-consent'
        when people.paused_until > ${now} then 'paused'
        else 'frequency' end as left_out
    from unnest(${personIds}::uuid[]) as wanted (id) join people on people.id = wanted.id
    -- "offset 0": one person at a time, found by their key. Without it the planner reads the answers of all and joins them.
    left join lateral (select * from ${mayBeWrittenTo(subject, now)} as reachable where reachable.person_id = people.id offset 0) may on true
    left join lateral (
      select bool_or(reason = 'bounced') as bounced, true as any_at_all from email_indexes known join suppressions using (email_index, key_id) where known.person_id = people.id having count(*) > 0) unwanted on true
    left join lateral (${edition ? sql`
      select request.id from bulletin_requests request where request.person_id = people.id and request.subject_id = ${edition.subjectId} and request.state = 'confirmed' order by request.confirmed_at desc limit 1` : sql`
      select coalesce(
        (select p.id from participations p where p.person_id = people.id and p.state in ('confirmed', 'repeated') and exists (select from links where links.participation_id = p.id)
          order by p.action_id = ${mailing.actionId} desc nulls last, p.taken_at desc limit 1),
        (select request.id from bulletin_requests request where request.person_id = people.id and request.state = 'confirmed' and exists (select from links where links.participation_id = request.id)
          order by request.confirmed_at desc limit 1)) as id`}) link on true`.execute(db)
  return rows.map((row) => ({ personId: row.id, leftOut: row.left_out ?? undefined, language: row.language ?? '', participationId: row.participation_id, statementId: row.statement_id, since: row.since }))
}
