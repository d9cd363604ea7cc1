import { sql, type Db } from '#platform/db.ts'
import { titleIn } from '#modules/actions/index.ts'
import { newsletterTopics } from '#modules/mailings/index.ts'
import { preferencesOf, type Preference } from '#modules/people/index.ts'
import { scopeOf, type Scope } from './scope.ts'
import type { OwnChoice, SaidConsent } from './shape.ts'

interface SaidRow {
  participation_id: string | null
  statement_id: string
  purpose: string
  channel: string
  controller: Record<string, string> | null
  about: 'controller' | 'action'
  wording: string | null
  version: number | null
  language: string | null
  answer: string
  way: string
  presented_at: Date
  recorded_at: Date
}

/** Every answer that a mailbox ever gave, oldest first, with the words that were shown. */
export async function saidConsents(db: Db, { personId }: Scope): Promise<{ participationId: string | null, said: SaidConsent }[]> {
  const { rows } = await sql<SaidRow>`
    select consents.participation_id, consents.statement_id, statement.purpose, statement.channel, case when not controllers.publisher then controllers.names end as controller, statement.about,
      wording.wording, wording.version, wording.language, consents.answer, consents.way, consents.presented_at, consents.recorded_at
    from consents join consent_statements statement on statement.id = consents.statement_id join controllers on controllers.id = statement.controller_id
    left join consent_wordings wording on wording.id = consents.wording_id
    where consents.person_id = ${personId} order by consents.recorded_at, consents.id`.execute(db)
  return rows.map((row) => ({
    participationId: row.participation_id,
    said: {
      statement: row.statement_id, purpose: row.purpose, channel: row.channel, controller: row.controller && nameIn(row.controller, row.language), about: row.about, wording: row.wording, version: row.version, language: row.language,
      answer: row.answer, way: row.way, presentedAt: row.presented_at.toISOString(), recordedAt: row.recorded_at.toISOString(),
    },
  }))
}

function nameIn(names: Record<string, string>, language: string | null): string {
  return names[language ?? ''] ?? Object.values(names)[0] ?? ''
}

/**
 * What somebody can choose: every question that they answered, and what is asked by e-mail today; where a question is about single actions, once for each action
 * that they took part in under this name. The words are the newest ones in their language.
 */
export async function choicesOf(db: Db, { personId, nameIndex, alone }: Scope, preferences: Preference[], language: string): Promise<OwnChoice[]> {
  const { rows } = await sql<{ statement_id: string, about: string, by_topic: boolean, news: boolean, action_id: string | null, title: string | null, channel: string, controller: Record<string, string> | null, wording_id: string | null, wording: string | null, answer: OwnChoice['answer'] }>`
    with held as (select * from current_consents(${personId})),
    asked as (
      select statement_id, action_id from held
      union select statement.id, null::uuid from consent_statements statement where statement.retired_at is null and statement.channel = 'email' and statement.about = 'controller' and statement.purpose <> 'bulletin'
      union select statement.id, done.action_id from consent_statements statement join action_statements on action_statements.statement_id = statement.id
        join participations done on done.person_id = ${personId} and done.action_id = action_statements.action_id and done.state in ('confirmed', 'repeated') and done.rehearsal_id is null
        where statement.retired_at is null and statement.about = 'action')
    select asked.statement_id, statement.about, statement.purpose = 'bulletin' as by_topic, controllers.publisher and statement.channel = 'email' and statement.about = 'controller' and statement.purpose <> 'bulletin' as news, asked.action_id, case when asked.action_id is not null then (select ${titleIn(language)} from actions where actions.id = asked.action_id) end as title,
      statement.channel, case when not controllers.publisher then controllers.names end as controller, wording.id as wording_id, wording.wording, held.answer
    from asked join consent_statements statement on statement.id = asked.statement_id join controllers on controllers.id = statement.controller_id
    left join held on held.statement_id = asked.statement_id and held.action_id is not distinct from asked.action_id
    left join lateral (select id, wording from consent_wordings where statement_id = asked.statement_id order by language = ${language} desc, language = 'en' desc, version desc limit 1) wording on true
    where (statement.retired_at is null or held.answer = 'yes') and (asked.action_id is null or ${alone}
      or exists (select from participations own where own.person_id = ${personId} and own.action_id = asked.action_id and own.name_index = ${nameIndex}))
    order by statement.about desc, statement.channel, statement.created_at, title`.execute(db)
  const subjects = await newsletterTopics(db)
  const names = await topicNames(db, [...preferences.map(({ topic }) => topic), ...subjects.map(({ id }) => id)], language)
  const offered = subjects.map(({ id }) => ({ topic: id, frequency: 'never' as const }))
  return rows.map((row) => {
    const own = preferences.filter(({ statementId }) => statementId === row.statement_id)
    // Nobody has a topic by saying nothing: what is offered stands there as what it is, not chosen.
    const topics = [...own.filter(({ topic }) => topic !== ''), ...row.news ? offered.filter(({ topic }) => !own.some((each) => each.topic === topic)) : []]
    return {
      statement: row.statement_id, action: row.action_id ? { id: row.action_id, title: row.title ?? '' } : null, channel: row.channel, controller: row.controller && nameIn(row.controller, language),
      wording: row.wording_id ? { id: row.wording_id, text: row.wording! } : null, answer: row.answer ?? null,
      frequency: own.find(({ topic }) => topic === '')?.frequency ?? 'at-once', byTopic: row.by_topic,
      topics: topics.map(({ topic, frequency }) => ({ topic, name: names.get(topic) ?? topic, frequency })).toSorted((one, other) => one.name.localeCompare(other.name, language)),
    }
  })
}

/** What topics are called that are places or topics of ours. */
async function topicNames(db: Db, topics: string[], language: string): Promise<Map<string, string>> {
  const { rows } = await sql<{ id: string, name: string }>`
    select distinct on (subject_id) subject_id::text as id, name from subject_names where subject_id::text = any (${topics.filter(Boolean)}::text[]) order by subject_id, language = ${language} desc, language = 'en' desc, shown desc, name`.execute(db)
  return new Map(rows.map((row) => [row.id, row.name]))
}

/** The same for staff who take an answer down: of the whole mailbox, in its own language. None where there is no such person. */
export async function choicesFor(db: Db, personId: string): Promise<OwnChoice[]> {
  const person = await db.selectFrom('people').select('language').where('id', '=', personId).executeTakeFirst()
  return person ? choicesOf(db, await scopeOf(db, personId), await preferencesOf(db, personId), person.language) : []
}

/** Whether a yes can be given outside of a form: to mail, in words that are still asked. A bulletin is asked for on the page of its place, which says what it is about. */
export function canSayYes({ channel, wording, byTopic }: Pick<OwnChoice, 'channel' | 'wording' | 'byTopic'>): boolean {
  return channel === 'email' && wording !== null && !byTopic
}
