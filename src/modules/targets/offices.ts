import { calendar, daysAround, type On } from '#platform/days.ts'
import { anyNumber, sql, type Db, type RawBuilder } from '#platform/db.ts'
import { zoneOf } from './body-states.ts'

export interface HolderFacts {
  id: string
  name: string
  names: Record<string, string>
  formalName: string
  party: string
  /** Since when, as YYYY-MM-DD; null: since before we knew. */
  since: string | null
}

/** An office as somebody meets it who may write to it: by whom it is held on a day, and whether a message can reach it. */
export interface OfficeFacts {
  id: string
  label: string
  labels: Record<string, string>
  salutations: Record<string, string>
  /** `candidates`: its offices are candidacies, and nobody's representatives. */
  body: { id: string, name: string, names: Record<string, string>, candidates: boolean }
  area: string | null
  areaName: string | null
  holders: HolderFacts[]
  /** The address for e-mail: the office's own, else its holder's. */
  email: string | undefined
  phone: string | undefined
  postalAddress: string | undefined
  url: string | undefined
  contactable: boolean
  /** How many characters its web form takes, where that is known. */
  formLimit: number | undefined
  /** Set where staff decided that it is not written to by e-mail. */
  optOut: OptOut | undefined
  /** Whether it wants its messages in one mail; null: as the action has it. */
  digest: boolean | null
}

export interface OptOut {
  since: string
  until: string | null
  /** What supporters read, by language; where it is not written in theirs, in the publisher's. */
  notes: Record<string, string>
}

interface OfficeRow {
  id: string
  label: string
  labels: Record<string, string>
  salutations: Record<string, string>
  body_id: string
  body_name: string
  body_names: Record<string, string>
  of_candidates: boolean
  area_id: string | null
  area_name: string | null
  zone: string
  holders: (HolderFacts & { until: string | null, contacts: Contacts })[]
  contacts: Contacts
  form_limit: number | null
  opt_out: OptOut | null
  digest: boolean | null
}

type Contacts = Partial<Record<'email' | 'phone' | 'address' | 'url', string>>

/** For each area the offices that answer for it or for an area around it, on a day or at a moment. */
export async function officesOfAreas(db: Db, areaIds: string[], on: On): Promise<Map<string, OfficeFacts[]>> {
  if (areaIds.length === 0) return new Map()
  const found = await officeRows(db, sql`(
    with recursive around (asked, area_id, parent_id, depth) as (
      select id, id, parent_id, 0 from areas where id = any (${anyNumber([...new Set(areaIds)])})
      union all select around.asked, areas.id, areas.parent_id, around.depth + 1 from around cross join lateral ${byKey(sql`areas`, sql`areas.id = around.parent_id`)} where around.depth < 10)
    select offices.*, around.asked, around.depth as place from around cross join lateral ${byKey(sql`offices`, sql`offices.area_id = around.area_id`)})`, on)
  return new Map([...Map.groupBy(found, ({ asked }) => asked!)].map(([area, its]) => [area, its.map(({ office }) => office)]))
}

/** Offices that stand for one country in another, for each pair in turn: its embassy there, and its consulates. */
export async function embassies(db: Db, asked: { of: string, host: string }[], on: On): Promise<string[][]> {
  if (asked.length === 0) return []
  const { usual } = daysAround(on)
  const { rows } = await sql<{ place: string, id: string }>`
    select place, offices.id from unnest(${asked.map((each) => each.of)}::text[], ${asked.map((each) => each.host)}::text[]) with ordinality as asked (represents, host, place)
    join offices using (represents, host) where coalesce(offices.valid_until > ${usual}, true) order by place, offices.label, offices.id`.execute(db)
  const found = Map.groupBy(rows, (row) => Number(row.place) - 1)
  return asked.map((_, place) => (found.get(place) ?? []).map((row) => row.id))
}

/**
 * Offices by their ids, in that order, with whoever holds them on a day. Offices that were abolished by then are left out. At a
 * moment each body has its own day: a term begins when that day begins where the body is.
 */
export async function officesById(db: Db, ids: string[], on: On): Promise<OfficeFacts[]> {
  if (ids.length === 0) return []
  return (await officeRows(db, sql`(select offices.*, null as asked, place from unnest(${anyNumber(ids)}) with ordinality as each (id, place) cross join lateral ${byKey(sql`offices`, sql`offices.id = each.id`)})`, on)).map(({ office }) => office)
}

/** The facts of offices, each with what it was found by, in the order of that and of their places: `found` has all columns of offices, and asked and place. */
async function officeRows(db: Db, found: RawBuilder<unknown>, on: On): Promise<{ asked: string | null, office: OfficeFacts }[]> {
  const { first, usual, last } = daysAround(on)
  const { rows } = await sql<OfficeRow & { asked: string | null }>`
    select offices.asked, offices.id, offices.label, offices.labels, offices.salutations, bodies.id as body_id, bodies.name as body_name, bodies.names as body_names, bodies.candidates_for is not null as of_candidates,
      offices.area_id, (select name from areas where areas.id = offices.area_id) as area_name, offices.form_limit, ${zoneOf('bodies')} as zone,
      coalesce((
        select jsonb_agg(jsonb_build_object('id', officials.id, 'name', officials.name, 'names', officials.names, 'formalName', officials.formal_name, 'party', officials.party,
          'since', terms.since, 'until', terms.until, 'contacts', ${contactsOf(sql`official_id = officials.id`, usual)}) order by terms.since nulls first, officials.id)
        from terms join officials on officials.id = terms.official_id
        where terms.office_id = offices.id and coalesce(terms.since <= ${last}, true) and coalesce(terms.until > ${first}, true)), '[]') as holders,
      ${contactsOf(sql`office_id = offices.id`, usual)} as contacts,
      (select jsonb_build_object('since', since, 'until', until, 'notes', notes) from public_opt_outs where office_id = offices.id and coalesce(until > ${usual}, true)) as opt_out,
      (select digest from sending_rules where scope = 'office' and subject = offices.id) as digest
    from ${found} as offices join bodies on bodies.id = offices.body_id
    where coalesce(offices.valid_until > ${usual}, true)
    order by offices.asked, offices.place, offices.label, offices.id`.execute(db)
  const dayOf = calendar(on)
  return rows.map((row) => ({ asked: row.asked, office: officeFacts(row, dayOf(row.zone)) }))
}

/** Rows of a table that belong to one before it, found by an index each time: the planner expects hundreds around an area, and would read all offices for the one there is. */
function byKey(table: RawBuilder<unknown>, which: RawBuilder<unknown>): RawBuilder<unknown> {
  return sql`(select * from ${table} where ${which} offset 0) as ${table}`
}

function contactsOf(whose: ReturnType<typeof sql>, on: string): ReturnType<typeof sql> {
  // Of several of a kind the last that is put in stays: the one that was checked last.
  return sql`(select coalesce(jsonb_object_agg(kind, value order by checked_on, id desc), '{}') from contact_details where ${whose} and coalesce(ended_on > ${on}, true))`
}

function officeFacts(row: OfficeRow, today: string): OfficeFacts {
  const holders = row.holders.filter(({ since, until }) => (since === null || since <= today) && (until === null || until > today))
  const contacts = { ...holders[0]?.contacts, ...row.contacts }
  return {
    id: row.id, label: row.label, labels: row.labels, salutations: row.salutations,
    body: { id: row.body_id, name: row.body_name, names: row.body_names, candidates: row.of_candidates }, area: row.area_id, areaName: row.area_name,
    holders: holders.map(({ contacts: _contacts, until: _until, ...holder }) => holder),
    email: contacts.email, phone: contacts.phone, postalAddress: contacts.address, url: contacts.url,
    contactable: contacts.email !== undefined, formLimit: row.form_limit ?? undefined,
    optOut: row.opt_out ?? undefined, digest: row.digest,
  }
}

/** A name in the reader's language, where the record has one. */
export function localName(named: { name: string, names: Record<string, string> }, language: string): string {
  return named.names[language] ?? named.name
}

/** What supporters read of an office that is not written to, in their language or the next best one, with the language that it is in. */
export function optOutNote({ notes }: Pick<OptOut, 'notes'>, language: string, fallback: string): { language: string, note: string } | undefined {
  const chosen = [language, fallback, ...Object.keys(notes)].find((each) => notes[each])
  return chosen === undefined ? undefined : { language: chosen, note: notes[chosen]! }
}

export function localLabel(office: { label: string, labels: Record<string, string> }, language: string): string {
  return office.labels[language] ?? office.label
}

/** All areas that an office of this body answers for, to choose from in a list. */
export async function areasOfBody(db: Db, bodyIds: string[], on: string): Promise<{ id: string, name: string, names: Record<string, string> }[]> {
  const { rows } = await sql<{ id: string, name: string, names: Record<string, string> }>`
    select distinct areas.id, areas.name, areas.names from offices join areas on areas.id = offices.area_id
    where offices.body_id = any (${bodyIds}::text[]) and coalesce(offices.valid_until > ${on}, true) and coalesce(areas.valid_from <= ${on}, true) and coalesce(areas.valid_until > ${on}, true)
    order by areas.name`.execute(db)
  return rows
}
