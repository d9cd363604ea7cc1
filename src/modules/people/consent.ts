import { randomUUID } from 'node:crypto'
import { z } from 'zod'
import { sql, type Tx } from '#platform/db.ts'

export const consentChannels = ['email', 'phone', 'post', 'public-name'] as const
export type ConsentChannel = (typeof consentChannels)[number]

/** What became of a statement on a form. A statement can only be answered if it was shown. */
export const consentAnswer = z.enum(['yes', 'no', 'not-answered', 'not-shown'])
export type ConsentAnswer = z.infer<typeof consentAnswer>

/** One statement as one supporter met it: the wording points at the words that were on the page. */
export const givenAnswer = z.object({ statement: z.uuid(), wording: z.uuid().nullable(), answer: consentAnswer })
  .refine((given) => (given.wording === null) === (given.answer === 'not-shown'), 'only what was shown has a wording')
export type GivenAnswer = z.infer<typeof givenAnswer>

export interface ConsentRecord {
  personId: string
  participationId: string
  /** The action in which it was asked, if it was one: the answer to a statement about an action holds for that one alone. */
  actionId: string | null
  given: GivenAnswer
  presentedAt: Date
}

/** Adds answers to the ledger. Nothing is ever edited there: the newest yes, no or withdrawal of a statement is what holds. */
export async function recordConsents(tx: Tx, records: ConsentRecord[], now: Date): Promise<void> {
  if (records.length === 0) return
  await sql`
    insert into consents (person_id, id, statement_id, wording_id, answer, way, participation_id, presented_at, recorded_at, action_id)
    select person_id, record.id, statement_id, wording_id, answer, 'form', participation_id, presented_at, ${now}, case statement.about when 'action' then record.action_id end from unnest(
      ${records.map((each) => each.personId)}::uuid[],
      ${records.map(() => randomUUID())}::uuid[],
      ${records.map((each) => each.given.statement)}::uuid[],
      ${records.map((each) => each.given.wording)}::uuid[],
      ${records.map((each) => each.given.answer)}::text[],
      ${records.map((each) => each.participationId)}::uuid[],
      ${records.map((each) => each.presentedAt)}::timestamptz[], ${records.map((each) => each.actionId)}::uuid[]) as record (person_id, id, statement_id, wording_id, answer, participation_id, presented_at, action_id)
    join consent_statements statement on statement.id = record.statement_id`.execute(tx)
}

/** Ends every yes that these people gave for mail: what the unsubscribe link and button of every mail do. */
export async function withdrawMail(tx: Tx, personIds: string[], way: 'one-click' | 'unsubscribe-page' | 'staff' | 'mailto' | 'complaint', now: Date): Promise<void> {
  await sql`
    insert into consents (person_id, id, statement_id, wording_id, answer, way, participation_id, presented_at, recorded_at, action_id)
    select person.id, gen_random_uuid(), held.statement_id, null, 'withdrawn', ${way}, null, ${now}, ${now}, held.action_id
    from unnest(${personIds}::uuid[]) as person (id)
    cross join lateral current_consents(person.id) held
    join consent_statements statement on statement.id = held.statement_id
    where statement.channel = 'email' and held.answer = 'yes'`.execute(tx)
}
