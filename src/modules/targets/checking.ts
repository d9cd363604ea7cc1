import { randomUUID } from 'node:crypto'
import { sql, type Db, type Tx } from '#platform/db.ts'

/** An address that nobody has looked at for so long may be another one by now. */
export const checkedDays = 365

export const checkReasons = ['refused', 'vacant', 'no-address', 'term-over', 'old'] as const
/** Why somebody should look: an address was refused for good since somebody looked, nobody holds the office or nobody can reach it, the term was to end by now, or nobody has looked for a year. */
export type CheckReason = (typeof checkReasons)[number]

/** Something about an office that somebody should look at. */
export interface ToCheck {
  reason: CheckReason
  office: { id: string, label: string, labels: Record<string, string> }
  body: { name: string, names: Record<string, string> }
  holder: string | null
  /** What was refused or is old. */
  contact: { id: string, kind: string, value: string, source: string, checkedOn: string } | null
  /** How often it was refused since it was checked, and when last. */
  refused: { times: number, last: string, code: number } | null
  term: { id: string, expectedUntil: string } | null
}

interface Row {
  reason: CheckReason
  office_id: string
  label: string
  labels: Record<string, string>
  body_name: string
  body_names: Record<string, string>
  holder: string | null
  contact_id: string | null
  kind: string | null
  value: string | null
  source: string | null
  checked_on: string | null
  times: number | null
  last: string | null
  code: number | null
  term_id: string | null
  expected_until: string | null
}

/** What needs checking on a day: how much of each kind, and a page of it. */
export async function needsChecking(db: Db, page: { reason?: CheckReason, after: number, size: number }, on: string): Promise<{ counts: Record<CheckReason, number>, rows: ToCheck[] }> {
  const all = everything(on)
  const { rows: counted } = await sql<{ reason: CheckReason, count: number }>`${all} select reason, count(*)::int as count from found group by reason`.execute(db)
  const { rows } = await sql<Row>`
    ${all} select found.*, offices.label, offices.labels, bodies.name as body_name, bodies.names as body_names,
      (select string_agg(officials.name, ', ') from held join officials on officials.id = official_id where office_id = offices.id) as holder
    from found join offices on offices.id = found.office_id join bodies on bodies.id = offices.body_id
    where ${page.reason ?? null}::text is null or reason = ${page.reason ?? null}
    order by array_position(${[...checkReasons]}::text[], reason), checked_on nulls first, label, office_id offset ${page.after} limit ${page.size}`.execute(db)
  return { counts: Object.fromEntries(checkReasons.map((reason) => [reason, counted.find((row) => row.reason === reason)?.count ?? 0])) as Record<CheckReason, number>, rows: rows.map(toCheck) }
}

function everything(on: string): ReturnType<typeof sql> {
  return sql`
    with held as materialized (
      select id as term_id, office_id, official_id, expected_until from terms where coalesce(since <= ${on}, true) and coalesce(until > ${on}, true)),
    here as (select id as office_id, body_id from offices where coalesce(valid_until > ${on}, true)),
    ways as materialized (
      select contact_details.id as contact_id, coalesce(contact_details.office_id, held.office_id) as office_id, kind, value, source, checked_on
      from contact_details left join held on held.official_id = contact_details.official_id
      where ended_on is null and (contact_details.office_id is not null or held.office_id is not null)),
    -- Where nobody of a body takes e-mail, that one does not is nothing to check as long as there is another way.
    mailed as materialized (select distinct body_id from here join ways using (office_id) where kind = 'email'),
    refusals as (
      select contact_id, sum(times)::int as times, max(refused_on)::text as last, (array_agg(code order by refused_on desc))[1] as code
      from contact_refusals where looked_on is null group by contact_id),
    nothing as (select null::uuid as contact_id, null::text as kind, null::text as value, null::text as source, null::date as checked_on, null::int as times, null::text as last, null::int as code, null::uuid as term_id, null::date as expected_until),
    found as (
      select 'refused'::text as reason, office_id, contact_id, kind, value, source, checked_on, times, last, code, null::uuid as term_id, null::date as expected_until from ways join here using (office_id) join refusals using (contact_id)
      union all
      select 'old', office_id, contact_id, kind, value, source, checked_on, null, null, null, null, null from ways join here using (office_id)
        where checked_on < ${on}::date - ${checkedDays}::int and not exists (select from refusals where refusals.contact_id = ways.contact_id)
      union all
      select 'vacant', office_id, nothing.* from here, nothing where not exists (select from held where held.office_id = here.office_id)
      union all
      select 'no-address', office_id, nothing.* from here, nothing where exists (select from held where held.office_id = here.office_id) and not exists (select from ways where ways.office_id = here.office_id and kind = 'email')
        and (body_id in (select body_id from mailed) or not exists (select from ways where ways.office_id = here.office_id))
      union all
      select 'term-over', office_id, null, null, null, null, null, null, null, null, term_id, expected_until from held join here using (office_id) where expected_until <= ${on})`
}

function toCheck(row: Row): ToCheck {
  return {
    reason: row.reason, office: { id: row.office_id, label: row.label, labels: row.labels }, body: { name: row.body_name, names: row.body_names }, holder: row.holder,
    contact: row.contact_id ? { id: row.contact_id, kind: row.kind!, value: row.value!, source: row.source!, checkedOn: row.checked_on! } : null,
    refused: row.times ? { times: row.times, last: row.last!, code: row.code! } : null,
    term: row.term_id ? { id: row.term_id, expectedUntil: row.expected_until! } : null,
  }
}

export interface ContactRecord {
  id: string
  officeId: string | null
  officialId: string | null
  kind: string
  value: string
  source: string
  checkedOn: string
}

export async function findContact(db: Db, id: string): Promise<ContactRecord | undefined> {
  const row = await db.selectFrom('contact_details').selectAll().where('id', '=', id).where('ended_on', 'is', null).executeTakeFirst()
  return row && { id, officeId: row.office_id, officialId: row.official_id, kind: row.kind, value: row.value, source: row.source, checkedOn: row.checked_on }
}

/** Somebody looked, and it is right. What was refused until now no longer speaks against it, and stays in the record. */
export async function contactChecked(tx: Tx, id: string, on: string): Promise<void> {
  await tx.updateTable('contact_refusals').set({ looked_on: on }).where('contact_id', '=', id).where('looked_on', 'is', null).execute()
  await tx.updateTable('contact_details').set({ checked_on: on }).where('id', '=', id).where('ended_on', 'is', null).execute()
}

/** Puts another address in the place of one, which stays in the record as ended. */
export async function replaceContact(tx: Tx, id: string, by: { value: string, source: string }, on: string): Promise<void> {
  const former = await findContact(tx, id)
  if (!former) return
  if (former.value === by.value) {
    await tx.updateTable('contact_details').set({ source: by.source, checked_on: on }).where('id', '=', id).execute()
    return
  }
  await tx.updateTable('contact_details').set({ ended_on: on }).where('id', '=', id).execute()
  await tx.insertInto('contact_details').values({ id: randomUUID(), office_id: former.officeId, official_id: former.officialId, kind: former.kind, value: by.value, source: by.source, checked_on: on })
    .onConflict((conflict) => conflict.doNothing()).execute()
}

/** How many addresses were refused for good since somebody looked. */
export async function refusedAddresses(db: Db): Promise<number> {
  const { rows: [counted] } = await sql<{ count: number }>`
    select count(distinct contact_id)::int as count from contact_refusals join contact_details on contact_details.id = contact_id where looked_on is null and ended_on is null`.execute(db)
  return counted!.count
}
