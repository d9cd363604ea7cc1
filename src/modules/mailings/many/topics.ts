import { sql, type Db, type Tx } from '#platform/db.ts'
import { allSubjects, nameIn, type Subject } from '#modules/places/index.ts'
import type { Mailing } from './mailing.ts'

/** Places and topics of which a newsletter can be, for those who chose them. What is offered no more is there if it is among `chosen`. */
export async function newsletterTopics(db: Db, chosen: string[] = []): Promise<Subject[]> {
  const { rows } = await sql<{ id: string }>`select subject_id as id from newsletter_topics where ended_at is null or subject_id = any (${chosen}::uuid[])`.execute(db)
  if (rows.length === 0) return []
  const there = new Set(rows.map(({ id }) => id))
  return (await allSubjects(db)).filter(({ id }) => there.has(id))
}

/** Offers more places and topics from now on, and ends others; the rest stays as it is. Nobody gets one by that, and whoever chose one that ends keeps their choice. */
export async function offerTopics(tx: Tx, { more, fewer }: { more: string[], fewer: string[] }, now: Date): Promise<void> {
  await sql`
    insert into newsletter_topics (subject_id, since) select id, ${now} from subjects where id = any (${more}::uuid[])
    on conflict (subject_id) do update set since = case when newsletter_topics.ended_at is null then newsletter_topics.since else excluded.since end, ended_at = null`.execute(tx)
  await sql`update newsletter_topics set ended_at = ${now} where ended_at is null and subject_id = any (${fewer}::uuid[])`.execute(tx)
}

/** What a mailing is about, where it goes to those who chose that: as it is called in a language. */
export interface Topic {
  id: string
  name: string
}

export async function topicOf(db: Db, { filter: { topic } }: Pick<Mailing, 'filter'>, language: string, fallback: string): Promise<Topic | undefined> {
  const [subject] = topic ? await allSubjects(db, { id: topic }) : []
  return subject && { id: subject.id, name: nameIn(subject, language, fallback) }
}

/** How many have chosen each, by its id: whoever said yes to a newsletter and wants it about that. */
export async function topicReaders(db: Db): Promise<Map<string, number>> {
  const { rows } = await sql<{ topic: string, count: number }>`
    select wanted.topic, count(distinct wanted.person_id)::int as count from preferences wanted join newsletter_topics on newsletter_topics.subject_id::text = wanted.topic
    join consent_statements statement on statement.id = wanted.statement_id and statement.purpose <> 'bulletin'
    where wanted.topic <> '' and wanted.frequency <> 'never' and exists (select from current_consents(wanted.person_id) held where held.statement_id = wanted.statement_id and held.answer = 'yes')
    group by wanted.topic`.execute(db)
  return new Map(rows.map(({ topic, count }) => [topic, count]))
}
