import { createHash, randomUUID } from 'node:crypto'
import { isDay } from '#platform/days.ts'
import { sql, type Tx } from '#platform/db.ts'
import { readAddress } from '#modules/people/index.ts'
import type { TargetsMapping } from './mapping.ts'
import { tableRows, type FileRow } from './reading.ts'
import { summarise, type ImportReport, type Progress, type RefusalReason, type ReportRow } from './report.ts'

const contactKinds = { email: 'email', phone: 'phone', address: 'address', url: 'url' } as const

interface TargetRow {
  number: number
  label: string
  area: { id: string, name: string, names: Record<string, string> } | undefined
  office: { id: string, label: string, labels: Record<string, string> }
  holder: { id: string, name: string, names: Record<string, string>, formalName: string, party: string, since: string | null } | undefined
  contacts: { kind: string, value: string }[]
}

/**
 * Imports offices and their holders as of a day. The same file again changes nothing. Where the holder of an office is another
 * one, or there is none, the former term ends on that day; so do the terms in offices of the body that the file no longer has.
 */
export async function importTargets(tx: Tx, mapping: TargetsMapping, text: string, asOf: string, source: string, progress: Progress = () => {}): Promise<ImportReport> {
  const { rows, refused, read } = await readRows(mapping, text)
  await sql`insert into bodies (id, name, names, source) values (${mapping.body.id}, ${mapping.body.name}, ${JSON.stringify(mapping.body.names)}, ${source}) on conflict do nothing`.execute(tx)
  await progress(0, read)
  const changed = new Set<string>()
  const added = await upsertOffices(tx, mapping, rows, source, changed)
  await upsertOfficials(tx, rows, source, changed)
  await moveTerms(tx, rows, asOf, added, changed)
  await moveContacts(tx, rows, asOf, source, changed)
  const ended = await endMissing(tx, mapping.body.id, rows, refused.map((row) => row.label), asOf)
  await progress(read, read)
  const report = rows.map((row): ReportRow => ({ row: row.number, outcome: added.has(row.office.id) ? 'added' : changed.has(row.office.id) ? 'changed' : 'unchanged', label: row.label }))
  return summarise([...report, ...refused, ...ended].toSorted((one, other) => one.row - other.row), read)
}

async function readRows(mapping: TargetsMapping, text: string): Promise<{ rows: TargetRow[], refused: ReportRow[], read: number }> {
  const byOffice = new Map<string, TargetRow[]>()
  const refused: ReportRow[] = []
  let read = 0
  for await (const row of tableRows(text)) {
    read += 1
    const target = readRow(mapping, row)
    if ('reason' in target) refused.push({ row: row.number, outcome: 'refused', label: target.label.slice(0, 200), reason: target.reason })
    else byOffice.set(target.office.id, [...byOffice.get(target.office.id) ?? [], target])
  }
  // Two holders for one seat: one of them is wrong and we do not know which.
  for (const [id, its] of byOffice) {
    if (its.length === 1) continue
    byOffice.delete(id)
    refused.push(...its.map((row): ReportRow => ({ row: row.number, outcome: 'refused', label: row.label, reason: 'duplicate-office' })))
  }
  return { rows: [...byOffice.values()].flat(), refused, read }
}

function readRow(mapping: TargetsMapping, row: FileRow): TargetRow | { label: string, reason: RefusalReason } {
  const value = (column: string): string => {
    const text = (row.values[mapping.columns[column] ?? ''] ?? '').normalize('NFC').trim()
    return mapping.empty.includes(text) ? '' : text
  }
  const named = (column: string): Record<string, string> => Object.fromEntries(Object.keys(mapping.columns)
    .filter((key) => key.startsWith(`${column}@`)).map((key) => [key.slice(column.length + 1), value(key)]).filter(([, text]) => text))
  const label = value('area_name') || value('office') || value('area_code') || value('holder')
  if (row.broken) return { label, reason: 'unreadable' }

  const areaCode = value('area_code')
  if (mapping.columns.area_code && !areaCode) return { label, reason: 'no-area-code' }
  const areaName = value('area_name') || areaCode
  const officeLabel = value('office') || mapping.officeLabel.replaceAll('{area}', areaName)
  if (!officeLabel) return { label, reason: 'no-name' }
  const email = value('email')
  if (email && readAddress(email) === undefined) return { label, reason: 'bad-email' }
  const since = value('since') || null
  if (since && !isDay(since)) return { label, reason: 'bad-date' }
  const name = value('holder')
  const prefix = mapping.body.id
  const areaNames = named('area_name')
  const labels = { ...Object.fromEntries(Object.entries(mapping.officeLabels).map(([language, text]) => [language, text.replaceAll('{area}', areaNames[language] ?? areaName)])), ...named('office') }
  return {
    number: row.number, label: officeLabel,
    area: areaCode ? { id: `${mapping.areaPrefix}:${areaCode}`, name: areaName, names: areaNames } : undefined,
    office: { id: `${prefix}:${value('office_code') || areaCode || slug(officeLabel)}`, label: officeLabel, labels },
    holder: name ? { id: `${prefix}:${value('holder_id') || slug(name)}`, name, names: named('holder'), formalName: value('formal_name'), party: value('party'), since } : undefined,
    contacts: Object.entries(contactKinds).flatMap(([column, kind]) => (value(column) ? [{ kind, value: value(column) }] : [])),
  }
}

/** A short name for something whose file has no code for it. */
export function slug(text: string): string {
  const latin = text.normalize('NFKD').toLowerCase().replace(/\p{M}/gu, '').replace(/[^a-z0-9]+/g, '-').replace(/^-|-$/g, '')
  return latin.length >= 2 ? latin.slice(0, 60) : createHash('sha256').update(text).digest('hex').slice(0, 12)
}

async function upsertOffices(tx: Tx, mapping: TargetsMapping, rows: TargetRow[], source: string, changed: Set<string>): Promise<Set<string>> {
  const areas = [...new Map(rows.flatMap((row) => (row.area ? [[row.area.id, row.area] as const] : []))).values()]
  await sql`
    insert into areas (id, name, names, kind, source)
    select id, name, names::jsonb, ${mapping.areaKind}, ${source}
    from unnest(${areas.map((each) => each.id)}::text[], ${areas.map((each) => each.name)}::text[], ${areas.map((each) => JSON.stringify(each.names))}::text[]) as area (id, name, names)
    on conflict (id) do update set name = excluded.name, names = areas.names || excluded.names
    where (areas.name, areas.names) is distinct from (excluded.name, areas.names || excluded.names)`.execute(tx)
  const { rows: written } = await sql<{ id: string, added: boolean }>`
    insert into offices (id, body_id, label, labels, area_id, salutations, source)
    select id, ${mapping.body.id}, label, labels::jsonb, area_id, ${JSON.stringify(mapping.salutations)}::jsonb, ${source}
    from unnest(${rows.map((row) => row.office.id)}::text[], ${rows.map((row) => row.office.label)}::text[], ${rows.map((row) => JSON.stringify(row.office.labels))}::text[],
      ${rows.map((row) => row.area?.id ?? null)}::text[]) as office (id, label, labels, area_id)
    on conflict (id) do update set label = excluded.label, labels = offices.labels || excluded.labels, area_id = excluded.area_id, valid_until = null
    where (offices.label, offices.labels, offices.area_id, offices.valid_until) is distinct from (excluded.label, offices.labels || excluded.labels, excluded.area_id, null)
    returning id, xmax = 0 as added`.execute(tx)
  for (const row of written) changed.add(row.id)
  return new Set(written.filter((row) => row.added).map((row) => row.id))
}

async function upsertOfficials(tx: Tx, rows: TargetRow[], source: string, changed: Set<string>): Promise<void> {
  const holders = [...new Map(rows.flatMap((row) => (row.holder ? [[row.holder.id, row.holder] as const] : []))).values()]
  const { rows: written } = await sql<{ id: string }>`
    insert into officials (id, name, names, formal_name, party, source)
    select id, name, names::jsonb, formal_name, party, ${source}
    from unnest(${holders.map((each) => each.id)}::text[], ${holders.map((each) => each.name)}::text[], ${holders.map((each) => JSON.stringify(each.names))}::text[],
      ${holders.map((each) => each.formalName)}::text[], ${holders.map((each) => each.party)}::text[]) as official (id, name, names, formal_name, party)
    on conflict (id) do update set name = excluded.name, names = officials.names || excluded.names, formal_name = excluded.formal_name, party = excluded.party
    where (officials.name, officials.names, officials.formal_name, officials.party) is distinct from (excluded.name, officials.names || excluded.names, excluded.formal_name, excluded.party)
    returning id`.execute(tx)
  const ids = new Set(written.map((row) => row.id))
  for (const row of rows) if (row.holder && ids.has(row.holder.id)) changed.add(row.office.id)
}

/** Ends the terms of those who left, on the day on which their successor begins, and begins those of the new ones; where nobody held an office before, we do not know since when. */
async function moveTerms(tx: Tx, rows: TargetRow[], asOf: string, added: Set<string>, changed: Set<string>): Promise<void> {
  const { rows: ended } = await sql<{ office_id: string }>`
    update terms set until = greatest(${asOf}::date, terms.since, present.since)
    from unnest(${rows.map((row) => row.office.id)}::text[], ${rows.map((row) => row.holder?.id ?? null)}::text[], ${rows.map((row) => row.holder?.since ?? null)}::date[]) as present (office_id, official_id, since)
    where terms.office_id = present.office_id and terms.until is null and terms.official_id is distinct from present.official_id
    returning terms.office_id`.execute(tx)
  const held = rows.filter((row) => row.holder)
  const { rows: begun } = await sql<{ office_id: string }>`
    insert into terms (id, office_id, official_id, since)
    select id, office_id, official_id, coalesce(since, case when exists (select from terms former where former.office_id = present.office_id) then ${asOf}::date end)
    from unnest(${held.map(() => randomUUID())}::uuid[], ${held.map((row) => row.office.id)}::text[], ${held.map((row) => row.holder!.id)}::text[], ${held.map((row) => row.holder!.since)}::date[])
      as present (id, office_id, official_id, since)
    where not exists (select from terms current where current.office_id = present.office_id and current.official_id = present.official_id and current.until is null)
    on conflict (office_id, official_id, since) do update set until = null
    returning office_id`.execute(tx)
  for (const row of [...ended, ...begun]) if (!added.has(row.office_id)) changed.add(row.office_id)
}

/** Contact details belong to the holder where there is one, else to the office; a newer file ends the ones it no longer has. */
async function moveContacts(tx: Tx, rows: TargetRow[], asOf: string, source: string, changed: Set<string>): Promise<void> {
  const details = rows.flatMap((row) => row.contacts.map((contact) => ({ ...contact, officialId: row.holder?.id ?? null, officeId: row.holder ? null : row.office.id, of: row.office.id })))
  const officials = rows.flatMap((row) => (row.holder ? [row.holder.id] : []))
  const present = sql`unnest(${details.map((each) => each.officialId)}::text[], ${details.map((each) => each.officeId)}::text[], ${details.map((each) => each.kind)}::text[], ${details.map((each) => each.value)}::text[])
    as present (official_id, office_id, kind, value)`
  const { rows: ended } = await sql<{ official_id: string }>`
    update contact_details set ended_on = ${asOf}
    where ended_on is null and official_id = any (${officials}::text[]) and source = ${source}
      and not exists (select from ${present} where present.official_id = contact_details.official_id and present.kind = contact_details.kind and present.value = contact_details.value)
    returning official_id`.execute(tx)
  const { rows: begun } = await sql<{ official_id: string | null, office_id: string | null }>`
    insert into contact_details (id, official_id, office_id, kind, value, source, checked_on)
    select gen_random_uuid(), official_id, office_id, kind, value, ${source}, ${asOf} from ${present}
    on conflict do nothing returning official_id, office_id`.execute(tx)
  const touched = new Set([...ended, ...begun].flatMap((row) => [row.official_id, 'office_id' in row ? row.office_id : null]))
  for (const row of rows) if (touched.has(row.holder?.id ?? '') || touched.has(row.office.id)) changed.add(row.office.id)
}

/** Whoever held an office of this body that the file no longer names has left it. A row that was refused says nothing about its office. */
async function endMissing(tx: Tx, bodyId: string, rows: TargetRow[], refusedLabels: string[], asOf: string): Promise<ReportRow[]> {
  const { rows: ended } = await sql<{ label: string }>`
    update terms set until = greatest(${asOf}::date, since) from offices
    where offices.id = terms.office_id and offices.body_id = ${bodyId} and terms.until is null
      and offices.id <> all (${rows.map((row) => row.office.id)}::text[])
      and offices.label <> all (${refusedLabels}::text[]) and coalesce((select name from areas where areas.id = offices.area_id) <> all (${refusedLabels}::text[]), true)
    returning offices.label`.execute(tx)
  return ended.map(({ label }) => ({ row: 0, outcome: 'ended', label }))
}
