import { sql, type Tx } from '#platform/db.ts'
import type { RosterArea, RosterRow } from './roster.ts'
import type { Run } from './run.ts'

/** Writes areas, each with the one around it. With new boundaries, those that are new begin on that day. */
export async function upsertAreas(tx: Tx, areas: RosterArea[], run: Run): Promise<void> {
  await sql`
    insert into areas (id, name, names, kind, parent_id, valid_from, source)
    select id, name, names::jsonb, kind, parent_id, case when ${run.newBoundaries} then ${run.asOf}::date end, ${run.source}
    from unnest(${areas.map((each) => each.id)}::text[], ${areas.map((each) => each.name)}::text[], ${areas.map((each) => JSON.stringify(each.names))}::text[],
      ${areas.map((each) => each.kind)}::text[], ${areas.map((each) => each.parentId)}::text[]) as area (id, name, names, kind, parent_id)
    on conflict (id) do update set name = excluded.name, names = areas.names || excluded.names, parent_id = coalesce(excluded.parent_id, areas.parent_id), valid_until = null,
      kind = case when excluded.kind = '' then areas.kind else excluded.kind end
    where (areas.name, areas.names, areas.parent_id, areas.valid_until) is distinct from (excluded.name, areas.names || excluded.names, coalesce(excluded.parent_id, areas.parent_id), null)`.execute(tx)
}

/** Writes offices. Returns the ids of those that are new; those that are otherwise than before are added to `changed`. */
export async function upsertOffices(tx: Tx, rows: RosterRow[], run: Run, changed: Set<string>): Promise<Set<string>> {
  const offices = [...new Map(rows.map((row) => [row.office.id, row])).values()]
  const { rows: written } = await sql<{ id: string, added: boolean }>`
    insert into offices (id, body_id, label, labels, area_id, salutations, valid_until, represents, host, form_limit, source)
    select id, body_id, label, labels::jsonb, area_id, salutations::jsonb, valid_until, represents, host, form_limit, ${run.source}
    from unnest(${offices.map((row) => row.office.id)}::text[], ${offices.map((row) => row.office.bodyId)}::text[], ${offices.map((row) => row.office.label)}::text[], ${offices.map((row) => JSON.stringify(row.office.labels))}::text[],
      ${offices.map((row) => row.areaId)}::text[], ${offices.map((row) => JSON.stringify(row.office.salutations))}::text[],
      ${offices.map((row) => row.office.validUntil ?? null)}::date[], ${offices.map((row) => row.office.mission?.represents ?? null)}::text[], ${offices.map((row) => row.office.mission?.host ?? null)}::text[],
      ${offices.map((row) => row.office.mission?.formLimit ?? null)}::int[]) as office (id, body_id, label, labels, area_id, salutations, valid_until, represents, host, form_limit)
    on conflict (id) do update set label = excluded.label, labels = offices.labels || excluded.labels, area_id = excluded.area_id, valid_until = excluded.valid_until,
      -- What the file does not say stays as it was set by hand.
      represents = coalesce(excluded.represents, offices.represents), host = coalesce(excluded.host, offices.host), form_limit = coalesce(excluded.form_limit, offices.form_limit)
    where (offices.label, offices.labels, offices.area_id, offices.valid_until, offices.represents, offices.host, offices.form_limit) is distinct from (excluded.label, offices.labels || excluded.labels, excluded.area_id, excluded.valid_until,
      coalesce(excluded.represents, offices.represents), coalesce(excluded.host, offices.host), coalesce(excluded.form_limit, offices.form_limit))
    returning id, xmax = 0 as added`.execute(tx)
  for (const row of written) changed.add(row.id)
  return new Set(written.filter((row) => row.added).map((row) => row.id))
}

/** Writes holders; offices of those that are otherwise than before are added to `changed`. */
export async function upsertOfficials(tx: Tx, rows: RosterRow[], source: string, changed: Set<string>): Promise<void> {
  // Of several rows about one person the last says what is true of them now.
  const holders = [...new Map(rows.flatMap((row) => (row.holder ? [[row.holder.id, row.holder] as const] : []))).values()]
  const { rows: written } = await sql<{ id: string }>`
    insert into officials (id, name, names, other_names, formal_name, party, source)
    select id, name, names::jsonb, array(select jsonb_array_elements_text(other_names::jsonb)), formal_name, party, ${source}
    from unnest(${holders.map((each) => each.id)}::text[], ${holders.map((each) => each.name)}::text[], ${holders.map((each) => JSON.stringify(each.names))}::text[], ${holders.map((each) => JSON.stringify(each.otherNames))}::text[],
      ${holders.map((each) => each.formalName)}::text[], ${holders.map((each) => each.party)}::text[]) as official (id, name, names, other_names, formal_name, party)
    on conflict (id) do update set name = excluded.name, names = officials.names || excluded.names, other_names = excluded.other_names, formal_name = excluded.formal_name, party = excluded.party
    where (officials.name, officials.names, officials.other_names, officials.formal_name, officials.party) is distinct from (excluded.name, officials.names || excluded.names, excluded.other_names, excluded.formal_name, excluded.party)
    returning id`.execute(tx)
  const ids = new Set(written.map((row) => row.id))
  for (const row of rows) if (row.holder && ids.has(row.holder.id)) changed.add(row.office.id)
}
