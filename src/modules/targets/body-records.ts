import { randomUUID } from 'node:crypto'
import { sql, type Db, type Tx } from '#platform/db.ts'
import { openHours, type OpenHours } from './office-hours.ts'
import { addContact, beginTerm, saveOffice } from './records.ts'
import { slug } from '#platform/slug.ts'
import type { Holiday } from './holidays.ts'
import type { StatePeriod } from './body-states.ts'

/** A body with its calendar, as somebody who keeps it right sees it. */
export interface BodyRecord {
  id: string
  name: string
  names: Record<string, string>
  /** Null: the publisher's. */
  zone: string | null
  openHours: OpenHours | undefined
  holidays: Holiday[]
  periods: (StatePeriod & { id: string, note: string })[]
  candidatesFor: string | null
  electionOn: string | null
  /** Bodies that stand for election to this one. */
  candidates: { id: string, name: string, names: Record<string, string>, electionOn: string | null, offices: number }[]
}

export async function findBodyRecord(db: Db, id: string): Promise<BodyRecord | undefined> {
  const body = await db.selectFrom('bodies').selectAll().where('id', '=', id).executeTakeFirst()
  if (!body) return undefined
  const periods = await db.selectFrom('body_states').selectAll().where('body_id', '=', id).orderBy('since', 'desc').execute()
  const holidays = await db.selectFrom('holidays').select(['day', 'name']).where('body_id', '=', id).orderBy('day').execute()
  const { rows: candidates } = await sql<{ id: string, name: string, names: Record<string, string>, election_on: string | null, offices: number }>`
    select bodies.id, bodies.name, bodies.names, election_on, count(offices.id)::int as offices from bodies left join offices on offices.body_id = bodies.id
    where candidates_for = ${id} group by bodies.id order by election_on desc nulls first`.execute(db)
  return {
    id, name: body.name, names: body.names as Record<string, string>, zone: body.zone, openHours: body.open_hours === null ? undefined : openHours.parse(body.open_hours),
    holidays, periods: periods.map((each) => ({ id: each.id, state: each.state as StatePeriod['state'], since: each.since, until: each.until, note: each.note })),
    candidatesFor: body.candidates_for, electionOn: body.election_on,
    candidates: candidates.map(({ election_on: electionOn, ...each }) => ({ ...each, electionOn })),
  }
}

/** What an office has of its own beside its body's clock and hours. */
export async function findOfficeHours(db: Db, id: string): Promise<{ bodyId: string, zone: string | null, openHours: OpenHours | undefined, holidays: Holiday[] } | undefined> {
  const office = await db.selectFrom('offices').select(['body_id', 'zone', 'open_hours']).where('id', '=', id).executeTakeFirst()
  if (!office) return undefined
  const holidays = await db.selectFrom('holidays').select(['day', 'name']).where('office_id', '=', id).orderBy('day').execute()
  return { bodyId: office.body_id, zone: office.zone, openHours: office.open_hours === null ? undefined : openHours.parse(office.open_hours), holidays }
}

/** Sets clock and hours of a body or of one office. Null takes them away: then the publisher's clock, or the body's, holds. */
export async function setHours(tx: Tx, of: { bodyId: string } | { officeId: string }, { zone, hours }: { zone: string | null, hours: OpenHours | null }): Promise<void> {
  const columns = { zone, open_hours: hours && JSON.stringify(hours) }
  if ('bodyId' in of) await tx.updateTable('bodies').set(columns).where('id', '=', of.bodyId).execute()
  else await tx.updateTable('offices').set(columns).where('id', '=', of.officeId).execute()
}

/** Says that the offices of a body are candidacies for seats in another one, decided on a day; or that they are not. */
export async function setCandidacy(tx: Tx, bodyId: string, candidacy: { candidatesFor: string, electionOn: string | null } | undefined): Promise<void> {
  await tx.updateTable('bodies').set({ candidates_for: candidacy?.candidatesFor ?? null, election_on: candidacy?.electionOn ?? null }).where('id', '=', bodyId).execute()
}

/**
 * Adds a candidate in an area, in the body of candidates for an election to another body, which is made with the first of them.
 * Each candidate has an office of their own, because each is written to. Returns the body's id.
 */
export async function addCandidate(tx: Tx, to: { bodyId: string, electionOn: string | null, bodyName: string, officeLabel: string },
  candidate: { name: string, party: string, areaId: string, email: string, source: string, checkedOn: string }): Promise<string> {
  const { rows: [present] } = await sql<{ id: string }>`select id from bodies where candidates_for = ${to.bodyId} and election_on is not distinct from ${to.electionOn}`.execute(tx)
  const id = present?.id ?? `${to.bodyId}-candidates${to.electionOn ? `-${to.electionOn}` : ''}`
  if (!present) {
    await tx.insertInto('bodies').values({ id, name: to.bodyName, source: 'by hand' }).execute()
    await setCandidacy(tx, id, { candidatesFor: to.bodyId, electionOn: to.electionOn })
  }
  const officeId = `${id}:${slug(candidate.name)}-${randomUUID().slice(0, 8)}`
  await saveOffice(tx, { id: officeId, bodyId: id, label: to.officeLabel, areaId: candidate.areaId })
  await beginTerm(tx, officeId, { name: candidate.name, party: candidate.party }, null)
  if (candidate.email) await addContact(tx, { officeId }, { kind: 'email', value: candidate.email, source: candidate.source, checkedOn: candidate.checkedOn })
  return id
}
