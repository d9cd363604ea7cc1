import { randomUUID } from 'node:crypto'
import { calendar, dayIn } from '#platform/days.ts'
import { sql, type Db, type Tx } from '#platform/db.ts'

/** Whether a body does its work on a day. What nobody has announced is sitting. */
export const bodyStates = ['sitting', 'recess', 'dissolved'] as const
export type BodyState = (typeof bodyStates)[number]

/** From a day on, until the day on which the body sits again; null: nobody has said when that is. Days on the body's own calendar. */
export interface StatePeriod {
  state: Exclude<BodyState, 'sitting'>
  since: string
  until: string | null
}

/** How a body stands at a moment. */
export interface BodyStanding {
  id: string
  zone: string
  state: BodyState
  since: string | null
  until: string | null
  /** For candidates: the day of their election, after which they are candidates no longer. */
  electionOn: string | null
  electionOver: boolean
}

export function stateOn(periods: StatePeriod[], day: string): { state: BodyState, since: string | null, until: string | null } {
  const period = periods.find(({ since, until }) => since <= day && (until === null || until > day))
  return period ?? { state: 'sitting', since: null, until: null }
}

/** An expression for a body's clock: its own, else the publisher's. */
export function zoneOf(body: string): ReturnType<typeof sql<string>> {
  return sql<string>`coalesce(${sql.ref(`${body}.zone`)}, (select zone from publisher), 'UTC')`
}

/** The day by the publisher's clock: areas, codes and boundaries begin and end by it, because they belong to no body whose clock it could be. */
export async function dayHere(db: Db, now: Date): Promise<string> {
  const { rows: [row] } = await sql<{ zone: string }>`select zone from publisher`.execute(db)
  return dayIn(row?.zone ?? 'UTC', now)
}

/** An expression for the announced periods of a body that are not over, as JSON. */
export function periodsOf(body: string, firstDay: string): ReturnType<typeof sql<StatePeriod[]>> {
  return sql<StatePeriod[]>`coalesce((
    select jsonb_agg(jsonb_build_object('state', state, 'since', since, 'until', until) order by since) from body_states
    where body_id = ${sql.ref(`${body}.id`)} and coalesce(until > ${firstDay}, true)), '[]')`
}

/** How each of these bodies stands at a moment, by id; each by its own calendar. */
export async function bodyStandings(db: Db, ids: string[], now: Date): Promise<Map<string, BodyStanding>> {
  if (ids.length === 0) return new Map()
  const dayOf = calendar(now)
  const { rows } = await sql<{ id: string, zone: string, election_on: string | null, periods: StatePeriod[] }>`
    select id, ${zoneOf('bodies')} as zone, election_on, ${periodsOf('bodies', new Date(now.getTime() - 86_400_000).toISOString().slice(0, 10))} as periods
    from bodies where id = any (${[...new Set(ids)]}::text[])`.execute(db)
  return new Map(rows.map((row) => {
    const today = dayOf(row.zone)
    return [row.id, { id: row.id, zone: row.zone, ...stateOn(row.periods, today), electionOn: row.election_on, electionOver: row.election_on !== null && row.election_on < today }]
  }))
}

export type StateOutcome = { outcome: 'announced', id: string } | { outcome: 'overlaps' }

/**
 * Announces that a body does not sit from a day on. Two announcements for one day cannot stand beside each other. `termsEnd`
 * ends the terms of all who hold its offices on that day, as dissolving does in many places.
 */
export async function announceState(tx: Tx, bodyId: string, period: StatePeriod & { note: string }, termsEnd: boolean): Promise<StateOutcome> {
  const { rows: others } = await sql`
    select 1 from body_states where body_id = ${bodyId} and daterange(since, until) && daterange(${period.since}::date, ${period.until}::date)`.execute(tx)
  if (others.length) return { outcome: 'overlaps' }
  const id = randomUUID()
  await tx.insertInto('body_states').values({ id, body_id: bodyId, ...period }).execute()
  if (termsEnd) {
    await sql`
      with ending as (
        select terms.id, terms.until from terms join offices on offices.id = terms.office_id
        where offices.body_id = ${bodyId} and coalesce(terms.until > ${period.since}::date, true) and coalesce(terms.since < ${period.since}::date, true) for update of terms),
      ended as (update terms set until = ${period.since}::date from ending where terms.id = ending.id)
      update body_states set ended_terms = coalesce((select jsonb_agg(jsonb_build_object('id', id, 'until', until)) from ending), '[]') where id = ${id}`.execute(tx)
  }
  return { outcome: 'announced', id }
}

/**
 * Says on which day the body sits again. A period that would not last a day is taken away, because it never was: who left office
 * by it holds it as before, unless somebody else does by now.
 */
export async function endState(tx: Tx, id: string, until: string): Promise<StateOutcome> {
  const period = await tx.selectFrom('body_states').selectAll().where('id', '=', id).forUpdate().executeTakeFirst()
  if (!period) return { outcome: 'announced', id }
  const { rows: others } = await sql`
    select 1 from body_states where body_id = ${period.body_id} and id <> ${id} and daterange(since, until) && daterange(${period.since}::date, greatest(${until}::date, ${period.since}::date))`.execute(tx)
  if (others.length) return { outcome: 'overlaps' }
  if (until <= period.since) {
    await sql`
      update terms set until = before.until from body_states, jsonb_to_recordset(ended_terms) as before (id uuid, until date)
      where body_states.id = ${id} and terms.id = before.id and terms.until = body_states.since
        and not exists (select from terms other where other.office_id = terms.office_id and other.id <> terms.id and coalesce(other.until > body_states.since, true))`.execute(tx)
    await tx.deleteFrom('body_states').where('id', '=', id).execute()
  } else await tx.updateTable('body_states').set({ until }).where('id', '=', id).execute()
  return { outcome: 'announced', id }
}
