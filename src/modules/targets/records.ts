import { randomUUID } from 'node:crypto'
import { anyOf, sql, type Db, type Tx } from '#platform/db.ts'
import { slug } from '#platform/slug.ts'
import { chosenArea, holdAreas, withNames, type AreaChosen } from './areas.ts'

/** An office and all who held it, as anybody may know. */
export interface OfficeHistory {
  id: string
  label: string
  labels: Record<string, string>
  salutations: Record<string, string>
  terms: { id: string, officialId: string, name: string, formalName: string, party: string, since: string | null, until: string | null }[]
}

/** An office with its whole history, as somebody who keeps it right sees it. */
export interface OfficeRecord extends OfficeHistory {
  /** For an embassy: which country it stands for, and where. */
  represents: string | null
  host: string | null
  formLimit: number | null
  contacts: { id: string, kind: string, value: string, source: string, checkedOn: string, ofHolder: boolean, refused: { times: number, last: string } | null }[]
}

export async function findOfficeHistory(db: Db, id: string): Promise<OfficeHistory | undefined> {
  const office = await db.selectFrom('offices').selectAll().where('id', '=', id).executeTakeFirst()
  if (!office) return undefined
  const terms = await db.selectFrom('terms').innerJoin('officials', 'officials.id', 'terms.official_id')
    .select(['terms.id', 'terms.official_id', 'officials.name', 'officials.formal_name', 'officials.party', 'terms.since', 'terms.until'])
    .where('terms.office_id', '=', id).orderBy(sql`terms.until desc nulls first`).orderBy(sql`terms.since desc nulls last`).execute()
  return {
    id, label: office.label, labels: office.labels as Record<string, string>, salutations: office.salutations as Record<string, string>,
    terms: terms.map((term) => ({ id: term.id, officialId: term.official_id, name: term.name, formalName: term.formal_name, party: term.party, since: term.since, until: term.until })),
  }
}

export async function findOfficeRecord(db: Db, id: string): Promise<OfficeRecord | undefined> {
  const history = await findOfficeHistory(db, id)
  if (!history) return undefined
  const mission = await db.selectFrom('offices').select(['represents', 'host', 'form_limit']).where('id', '=', id).executeTakeFirstOrThrow()
  const holders = history.terms.filter((term) => term.until === null).map((term) => term.officialId)
  const contacts = await db.selectFrom('contact_details').selectAll().where('ended_on', 'is', null)
    .where((where) => where.or([where('office_id', '=', id), ...(holders.length ? [where('official_id', 'in', holders)] : [])])).orderBy('kind').execute()
  const { rows: refusals } = contacts.length === 0 ? { rows: [] } : await sql<{ contact_id: string, times: number, last: string }>`
    select contact_id, sum(times)::int as times, max(refused_on)::text as last from contact_refusals where contact_id = any (${contacts.map((contact) => contact.id)}::uuid[]) group by contact_id`.execute(db)
  const refusedOf = new Map(refusals.map((row) => [row.contact_id, { times: row.times, last: row.last }]))
  return {
    ...history, represents: mission.represents, host: mission.host, formLimit: mission.form_limit,
    contacts: contacts.map((contact) => ({ id: contact.id, kind: contact.kind, value: contact.value, source: contact.source, checkedOn: contact.checked_on, ofHolder: contact.official_id !== null, refused: refusedOf.get(contact.id) ?? null })),
  }
}

/** Adds a body that no file brought. Returns its id. */
export async function addBody(tx: Tx, name: string): Promise<string> {
  const id = slug(name)
  await tx.insertInto('bodies').values({ id, name, source: 'by hand' }).onConflict((conflict) => conflict.doNothing()).execute()
  return id
}

export async function saveOffice(tx: Tx, office: { id: string, bodyId: string, label: string, areaId?: string }): Promise<void> {
  await tx.insertInto('offices').values({ id: office.id, body_id: office.bodyId, label: office.label, area_id: office.areaId ?? null, source: 'by hand' })
    .onConflict((conflict) => conflict.column('id').doUpdateSet({ label: office.label })).execute()
}

/** Adds an office that no file brought, where the body has none of this name for this area: a second click adds nothing. */
export async function addOffice(tx: Tx, { bodyId, label, area }: { bodyId: string, label: string, area: AreaChosen }): Promise<{ id: string, isNew: boolean }> {
  await holdAreas(tx)
  const { rows: [known] } = await sql<{ id: string }>`
    select offices.id from offices left join areas on areas.id = offices.area_id where body_id = ${bodyId} and label = ${label} and ${'id' in area ? sql`area_id is not distinct from ${area.id}` : sql`areas.name = ${area.called}`} limit 1`.execute(tx)
  if (known) return { id: known.id, isNew: false }
  const areaId = await chosenArea(tx, area)
  const wanted = `${bodyId}:${slug(label)}`
  const taken = await tx.selectFrom('offices').select('id').where('id', '=', wanted).executeTakeFirst()
  const id = taken ? `${wanted}-${randomUUID().slice(0, 8)}` : wanted
  await tx.insertInto('offices').values({ id, body_id: bodyId, label, area_id: areaId, source: 'by hand' }).execute()
  return { id, isNew: true }
}

/** Changes what an office is called and how it is addressed. What is empty goes; what is said in other languages stays. */
export async function changeOffice(tx: Tx, id: string, changes: { label: string, labels: Record<string, string>, salutations: Record<string, string> }): Promise<void> {
  await sql`update offices set label = ${changes.label}, labels = ${withNames('labels', changes.labels)}, salutations = ${withNames('salutations', changes.salutations)} where id = ${id}`.execute(tx)
}

/** Of these offices those that stand for a country in another, with both. */
export async function missionsOf(db: Db, ids: string[]): Promise<Map<string, { represents: string, host: string }>> {
  const rows = ids.length === 0 ? [] : await db.selectFrom('offices').select(['id', 'represents', 'host']).where('id', '=', anyOf(ids, 'text')).where('represents', 'is not', null).where('host', 'is not', null).execute()
  return new Map(rows.map(({ id, represents, host }) => [id, { represents: represents!, host: host! }]))
}

/** Says which country an office stands for and in which one it is, as an embassy does, and how much its web form takes. */
export async function setMission(tx: Tx, id: string, mission: { represents: string | null, host: string | null, formLimit: number | null }): Promise<void> {
  await tx.updateTable('offices').set({ represents: mission.represents, host: mission.host, form_limit: mission.formLimit }).where('id', '=', id).execute()
}

/** Puts somebody into an office from a day on. In an office with one seat the former holder's term ends on that day. */
export async function beginTerm(tx: Tx, officeId: string, holder: { name: string, formalName?: string, party?: string }, since: string | null): Promise<void> {
  const office = await tx.selectFrom('offices').select(['seats', 'body_id']).where('id', '=', officeId).forUpdate().executeTakeFirstOrThrow()
  const officialId = `${office.body_id}:${slug(holder.name)}-${randomUUID().slice(0, 8)}`
  await tx.insertInto('officials').values({ id: officialId, name: holder.name, formal_name: holder.formalName ?? '', party: holder.party ?? '', source: 'by hand' }).execute()
  if (office.seats === 1) await sql`update terms set until = greatest(${since}::date, since) where office_id = ${officeId} and until is null`.execute(tx)
  await tx.insertInto('terms').values({ id: randomUUID(), office_id: officeId, official_id: officialId, since }).execute()
}

/** Ends a term; the office is vacant from that day on, until somebody else comes. */
export async function endTerm(tx: Tx, termId: string, on: string): Promise<void> {
  await sql`update terms set until = greatest(${on}::date, since) where id = ${termId} and until is null`.execute(tx)
}

export async function addContact(tx: Tx, of: { officeId: string }, contact: { kind: string, value: string, source: string, checkedOn: string }): Promise<void> {
  await tx.insertInto('contact_details').values({ id: randomUUID(), office_id: of.officeId, kind: contact.kind, value: contact.value, source: contact.source, checked_on: contact.checkedOn })
    .onConflict((conflict) => conflict.doNothing()).execute()
}

/** An address that is no longer used stays in the record, with the day it ended. */
export async function endContact(tx: Tx, id: string, on: string): Promise<void> {
  await tx.updateTable('contact_details').set({ ended_on: on }).where('id', '=', id).where('ended_on', 'is', null).execute()
}
