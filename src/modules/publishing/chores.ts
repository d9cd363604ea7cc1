import { sql, type Db, type RawBuilder } from '#platform/db.ts'
import { itemWithin, recordWithin } from './reach.ts'
import { markRules, type Mark } from './marks.ts'

/** What goes stale by itself on pages, and wants a person, by how much it presses: readers see something that is wrong or past; a day comes or somebody waits; or it can wait. Each is found by one query. */
export const pressing = {
  wrong: ['correction-pending', 'gone-reference', 'text-hearing', 'hearing', 'holder-changed', 'text-age'],
  due: ['in-review', 'review-by', 'expiring', 'picture-ends', 'scheduled'],
  later: ['untold', 'stale', 'untranslated', 'text-new', 'measure-unchecked', 'link-unchecked', 'no-source', 'text-no-source'],
} as const
export const chores = [...pressing.wrong, ...pressing.due, ...pressing.later]
export type Chore = (typeof chores)[number]

/** After how many days somebody should look again whether a bill stands where it stood, and whether a page elsewhere is there. */
export const lookAgainDays = { measure: 60, elsewhere: 30 } as const
const expiringDays = 14
const untoldDays = 14
const longestTitle = 120

export interface ChoreReach {
  /** Short codes of the places that somebody looks after; nothing where that is everything. */
  within: string[] | undefined
  /** All languages of the publisher. */
  languages: string[]
  now: Date
  /** The day that it is for the publisher. */
  today: string
}

/** An item or a record that wants somebody. */
export interface Wanting {
  id: string
  what: 'item' | 'record' | 'picture' | 'chronology'
  title: string
  /** The language in which it wants somebody, where it is one. */
  language: string | null
}

/** How many want somebody, by chore; those that nothing wants are left out. */
export async function countChores(db: Db, reach: ChoreReach): Promise<{ chore: Chore, count: number }[]> {
  const { rows } = await sql<{ chore: Chore, count: number }>`${sql.join(chores.map((chore) => sql`select ${chore}::text as chore, count(*)::int as count from (${of(chore, reach)}) found`), sql` union all `)}`.execute(db)
  return chores.flatMap((chore) => rows.filter((row) => row.chore === chore && row.count > 0))
}

/** Those that want somebody for one reason, 200 at most. */
export async function wantingFor(db: Db, chore: Chore, reach: ChoreReach, language: string): Promise<Wanting[]> {
  const { rows } = await sql<Wanting>`
    select found.id, found.what, found.language, coalesce(
      (select words ->> 'title' from item_revisions where item_id = found.id order by language = coalesce(found.language, ${language}) desc, created_at desc limit 1),
      (select left(coalesce(nullif(said.value ->> 'title', ''), nullif(said.value ->> 'text', ''), nullif(said.value ->> 'unit', ''), nullif(said.value ->> 'alt', '')), ${longestTitle})
        from public_records shown cross join lateral jsonb_each(shown.content -> 'says') said where shown.id = found.id order by said.key = ${language} desc, said.key limit 1),
      (select handle from records where records.id = found.id), '') as title
    from (${of(chore, reach)}) found order by 3, 1 limit 200`.execute(db)
  return rows
}

const kindOf = sql`case records.kind when 'image' then 'picture' when 'chronology' then 'chronology' else 'record' end`

function of(chore: Chore, { within, languages, now, today }: ChoreReach): RawBuilder<unknown> {
  const items = (holds: RawBuilder<unknown>) => sql`select items.id, 'item' as what, null::text as language from items where ${itemWithin(within, sql`items.id`)} and ${holds}`
  const records = (kinds: string[], holds: RawBuilder<unknown>) => sql`
    select records.id, ${kindOf} as what, null::text as language from records join public_records shown on shown.id = records.id where records.kind = any (${kinds}) and ${recordWithin(within, sql`records.id`)} and ${holds}`
  const pointer = (holds: RawBuilder<unknown>) => sql`exists (select from item_publications pointer where pointer.item_id = items.id and pointer.cancelled_at is null and pointer.revision_id is not null and ${holds})`
  const shown = sql`pointer.from_at <= ${now} and (pointer.until_at is null or pointer.until_at > ${now})`
  // What the rules of wording found, as long as nobody has said that it is all right here.
  const marked = (mark: Mark) => sql`select items.id, 'item' as what, min(pointer.language) as language from items join item_publications pointer on pointer.item_id = items.id join revision_marks mark on mark.revision_id = pointer.revision_id
    where mark.mark = ${mark} and mark.due_on <= ${today}::date and items.archived_at is null and pointer.cancelled_at is null and ${shown} and ${itemWithin(within, sql`items.id`)}
      and not exists (select from ignored_findings ignored where ignored.item_id = items.id and ignored.rule = ${markRules[mark]} and ignored.language in ('', pointer.language)) group by items.id`
  const unchecked = (days: number) => sql`greatest(records.checked_on, shown.from_at::date) < ${today}::date - ${days}::int`
  switch (chore) {
    case 'scheduled': return sql`${items(pointer(sql`pointer.from_at > ${now}`))} union all
      select records.id, ${kindOf}, null from records where ${recordWithin(within, sql`records.id`)} and exists (select from record_publications later where later.record_id = records.id and later.cancelled_at is null and later.revision_id is not null and later.from_at > ${now})`
    case 'in-review': return items(sql`exists (select from item_revisions newest where newest.item_id = items.id
      and not exists (select from item_revisions later where later.item_id = newest.item_id and later.language = newest.language and later.created_at > newest.created_at)
      and 'asked' = (select verdict from item_checks where revision_id = newest.id order by happened_at desc limit 1)) and exists (select from item_checks where item_checks.item_id = items.id)`)
    case 'review-by': return items(sql`items.review_by <= ${today}::date and items.archived_at is null and ${pointer(shown)}`)
    case 'stale': return items(sql`items.id in (select item_id from stale_translations)`)
    case 'untranslated': return items(sql`items.archived_at is null and ${pointer(sql`${shown} and pointer.dated > ${today}::date - 30`)}
      and exists (select from unnest(${languages}::text[]) as spoken (code) where not exists (select from item_revisions where item_id = items.id and language = spoken.code))`)
    case 'hearing': return records(['proceeding'], sql`nullif(shown.content ->> 'nextHearing', '')::date < ${today}::date`)
    case 'measure-unchecked': return records(['measure'], sql`shown.content ->> 'status' not in ('in-force', 'rejected', 'withdrawn', 'lapsed') and ${unchecked(lookAgainDays.measure)}`)
    case 'link-unchecked': return records(['elsewhere'], unchecked(lookAgainDays.elsewhere))
    case 'expiring': return records(['elsewhere'], sql`nullif(shown.content ->> 'expiresOn', '')::date between ${today}::date and ${today}::date + ${expiringDays}::int`)
    case 'no-source': return records(['figure', 'quote', 'measure'], sql`shown.content ->> 'sourceUrl' = '' and not exists (select from jsonb_each(shown.content -> 'says') said where said.value ->> 'source' <> '')`)
    case 'correction-pending': return items(sql`exists (select from item_corrections correction join item_revisions corrected on corrected.id = correction.revision_id where correction.item_id = items.id
      and ${pointer(sql`${shown} and pointer.language <> correction.language and not exists (select from item_revisions its join item_revisions source on source.id = its.source_id where its.id = pointer.revision_id and source.language = correction.language and source.created_at >= corrected.created_at)`)})`)
    case 'text-new': return marked('new')
    case 'text-age': return marked('age')
    case 'text-hearing': return marked('hearing')
    case 'text-no-source': return marked('no-source')
    // Readers see "no longer available", or an entry less.
    case 'gone-reference': return sql`${items(pointer(sql`${shown} and exists (select from item_uses where item_uses.revision_id = pointer.revision_id and not exists (select from public_records where public_records.id = item_uses.record_id))`))} union all
      ${records(['chronology'], sql`exists (select from jsonb_array_elements(shown.content -> 'entries') entry where entry #>> '{leadsTo,item}' is not null and not exists (select from public_addresses where public_addresses.id = (entry #>> '{leadsTo,item}')::uuid))`)}`
    // Where somebody looks after some places: what others published about them.
    case 'untold': return items(within === undefined ? sql`false` : sql`not items.thread and items.kind <> 'about' and items.archived_at is null and ${pointer(sql`${shown} and pointer.from_at > ${new Date(now.getTime() - untoldDays * 86_400_000)}`)}
      and not exists (select from (
        select link ->> 'url' as url from items thread join item_publications pointer on pointer.item_id = thread.id and pointer.cancelled_at is null and ${shown} join item_revisions said on said.id = pointer.revision_id
        cross join lateral jsonb_path_query(said.words, '$.paragraphs[*].links[*]') link where thread.thread and ${itemWithin(within, sql`thread.id`)}) told
        where told.url = case items.kind when 'campaign' then '/campaigns/' else '/items/' end || items.slug)`)
    case 'picture-ends': return records(['image'], sql`nullif(shown.content ->> 'until', '')::date <= ${today}::date + ${expiringDays}::int`)
    // Who came later, and who was there already without our knowing: rosters come late, and days have no hours.
    case 'holder-changed': return records(['demand'], sql`shown.content ->> 'status' not in ('met', 'rejected', 'overtaken') and exists (
      select from jsonb_array_elements(shown.content -> 'addressees') addressee join terms on terms.office_id = addressee ->> 'officeId' where terms.since <= ${today}::date and (terms.since > shown.from_at::date
        or (terms.recorded_at > shown.from_at and coalesce(terms.until > ${today}::date, true) and exists (select from terms former where former.office_id = terms.office_id and former.official_id <> terms.official_id and coalesce(former.recorded_at <= shown.from_at, true)))))`)
  }
}
