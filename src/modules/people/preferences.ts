import { sql, type Db, type RawBuilder, type Tx } from '#platform/db.ts'

export const frequencies = ['at-once', 'weekly', 'monthly', 'never'] as const
export type Frequency = (typeof frequencies)[number]

/** How often a bulletin comes, for who wants it. */
export const bulletinFrequencies = ['at-once', 'weekly'] as const
export type BulletinFrequency = (typeof bulletinFrequencies)[number]

/** How often somebody wants mail under one consent statement; about one topic, or about all that have no preference of their own (`topic` is ''). */
export interface Preference {
  statementId: string
  topic: string
  frequency: Frequency
}

/** Changes how often people are written to. It gives no consent and takes none away. */
export async function setPreferences(tx: Tx, personId: string, preferences: Preference[], now: Date): Promise<void> {
  await sql`
    insert into preferences (person_id, statement_id, topic, frequency, changed_at)
    select ${personId}, wanted.statement_id, wanted.topic, wanted.frequency, ${now}
    from unnest(${preferences.map((each) => each.statementId)}::uuid[], ${preferences.map((each) => each.topic)}::text[], ${preferences.map((each) => each.frequency)}::text[]) as wanted (statement_id, topic, frequency)
    join consent_statements on consent_statements.id = wanted.statement_id
    on conflict (person_id, statement_id, topic) do update set frequency = excluded.frequency, changed_at = excluded.changed_at`.execute(tx)
}

/** Ends one topic for each of these people, under whatever questions they chose it. The rest of what they get stays as it is. */
export async function leaveTopics(tx: Tx, leaving: { personId: string, topic: string }[], now: Date): Promise<void> {
  if (leaving.length === 0) return
  await sql`
    update preferences set frequency = 'never', changed_at = ${now}
    from unnest(${leaving.map((each) => each.personId)}::uuid[], ${leaving.map((each) => each.topic)}::text[]) as left_by (person_id, topic)
    where preferences.person_id = left_by.person_id and preferences.topic = left_by.topic and preferences.topic <> '' and preferences.frequency <> 'never'`.execute(tx)
}

export async function preferencesOf(db: Db, personId: string): Promise<Preference[]> {
  const rows = await db.selectFrom('preferences').select(['statement_id', 'topic', 'frequency']).where('person_id', '=', personId).orderBy('statement_id').orderBy('topic').execute()
  return rows.map((row) => ({ statementId: row.statement_id, topic: row.topic, frequency: row.frequency as Frequency }))
}

/** In which language somebody is written to, and until when not at all (nothing: from now on again). Leaves out what is not given. */
export async function setWriting(tx: Tx, personId: string, { language, pausedUntil }: { language?: string, pausedUntil?: Date | null }): Promise<void> {
  if (language !== undefined) await sql`update people set language = ${language} where id = ${personId}`.execute(tx)
  if (pausedUntil !== undefined) await sql`update people set paused_until = ${pausedUntil} where id = ${personId}`.execute(tx)
}

/** What somebody would be written about: under which statements (of purposes), about which action, about which topic. */
export interface Subject {
  statements: string[]
  actionId?: string
  topic?: string
}

/** A row of `mayBeWrittenTo`. Whoever wants it weekly or monthly must not get it more often; keeping to that is the sender's part. */
export interface Reachable {
  person_id: string
  /** The statement that allows it. */
  statement_id: string
  language: string
  country: string | null
  area_id: string | null
  frequency: Exclude<Frequency, 'never'>
  /** When they said yes. */
  since: Date
}

/**
 * Who may be written to by e-mail about this, now, for the FROM of a statement, with the columns of `Reachable`; each person once.
 * It respects consents (also those that hold for one action only), suppressions, pauses and preferences, and must be asked again just
 * before a mail goes out: any of them may have changed.
 */
export function mayBeWrittenTo({ statements, actionId, topic = '' }: Subject, now: Date): RawBuilder<Reachable> {
  return sql<Reachable>`may_be_written_to(${statements}::uuid[], ${actionId ?? null}::uuid, ${topic}::text, ${now}::timestamptz)`
}
