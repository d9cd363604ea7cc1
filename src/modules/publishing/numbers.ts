import { sql, type Db, type Tx } from '#platform/db.ts'

/** How numbers may be written: letters, digits, full stops and hyphens, with `{number}` and what else is filled in. */
export function isNumberScheme(text: string): boolean {
  return text.length <= 60 && text.split('{number}').length === 2 && /^[A-Za-z0-9.-]+$/.test(text.replace(/\{(number|year|place)\}/g, '1'))
}

/**
 * Gives an item its number when it is first published or scheduled, by the publisher's scheme; nothing where there is none or the item has one. What is only
 * scheduled keeps its number as long as it still says the year and place: no reader has seen it before. The text of a place's page has none: the place's
 * address is what it is cited by.
 */
export async function numberItem(tx: Tx, itemId: string, year: string, now: Date): Promise<void> {
  const { rows: [its] } = await sql<{ index_scheme: string, code: string | null, reserved: string | null }>`
    select publisher.index_scheme, (select code from item_subjects join subjects on subjects.id = item_subjects.subject_id where item_subjects.item_id = items.id order by subjects.kind, subjects.slug limit 1) as code,
      (select number from item_numbers where item_numbers.item_id = items.id) as reserved
    from items cross join publisher where items.id = ${itemId} and items.kind <> 'about' and publisher.index_scheme is not null and not (
      exists (select from item_numbers where item_numbers.item_id = items.id)
      and exists (select from item_publications pointer where pointer.item_id = items.id and pointer.revision_id is not null and pointer.cancelled_at is null and pointer.from_at <= ${now}))`.execute(tx)
  if (!its) return
  const series = its.index_scheme.replaceAll('{year}', year).replaceAll('{place}', its.code ?? 'GEN').toUpperCase()
  if (its.reserved !== null && isOf(series, its.reserved)) return
  for (;;) {
    const { rows: [row] } = await sql<{ last: number }>`insert into item_number_series (series, last) values (${series}, 1) on conflict (series) do update set last = item_number_series.last + 1 returning last`.execute(tx)
    const number = series.replace('{NUMBER}', String(row!.last))
    // Another scheme may have come to the same number.
    const { numAffectedRows } = its.reserved === null
      ? await sql`insert into item_numbers (number, item_id, given_at) values (${number}, ${itemId}, ${now}) on conflict (number) do nothing`.execute(tx)
      : await sql`update item_numbers set number = ${number}, given_at = ${now} where item_id = ${itemId} and not exists (select from item_numbers where number = ${number})`.execute(tx)
    if (numAffectedRows) return
  }
}

/** Whether a number is one of a row of them. */
function isOf(series: string, number: string): boolean {
  const [before = '', after = ''] = series.split('{NUMBER}')
  return number.startsWith(before) && number.endsWith(after) && /^\d+$/.test(number.slice(before.length, number.length - after.length))
}

/** The slug of the public item that has this number, however it is typed; nothing if there is none. */
export async function itemWithNumber(db: Db, typed: string): Promise<string | undefined> {
  const number = typed.trim().toUpperCase()
  if (!/^[A-Z0-9.-]{1,80}$/.test(number)) return undefined
  return (await db.selectFrom('public_item_numbers').select('slug').where('number', '=', number).executeTakeFirst())?.slug ?? undefined
}
