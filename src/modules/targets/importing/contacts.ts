import { randomUUID } from 'node:crypto'
import { sql, type Tx } from '#platform/db.ts'
import type { RosterRow } from './roster.ts'
import type { Run } from './run.ts'

/**
 * Writes how offices and holders are reached, with where that stands and when it was looked at. What a former file of this mapping
 * brought and this one no longer has is ended; what somebody typed stays.
 */
export async function moveContacts(tx: Tx, rows: RosterRow[], { asOf, source, mapping }: Run & { mapping: string }, changed: Set<string>): Promise<void> {
  const details = [...new Map(rows.flatMap((row) => row.contacts.flatMap((contact) => {
    const whose = contact.of === 'holder' && row.holder ? { officialId: row.holder.id, officeId: null } : { officialId: null, officeId: row.office.id }
    return [[JSON.stringify([whose, contact.kind, contact.value]), { ...contact, ...whose }] as const]
  }))).values()]
  // Of several addresses the one that the file names first is written to: equally new ones are taken by their ids.
  const ids = details.map(() => randomUUID()).toSorted()
  const present = sql`unnest(${ids}::uuid[], ${details.map((each) => each.officialId)}::text[], ${details.map((each) => each.officeId)}::text[], ${details.map((each) => each.kind)}::text[], ${details.map((each) => each.value)}::text[],
    ${details.map((each) => each.source ?? source)}::text[], ${details.map((each) => each.checkedOn ?? asOf)}::date[]) as present (id, official_id, office_id, kind, value, source, checked_on)`
  const same = sql`present.official_id is not distinct from contact_details.official_id and present.office_id is not distinct from contact_details.office_id
    and present.kind = contact_details.kind and present.value = contact_details.value`
  const { rows: ended } = await sql<{ official_id: string | null, office_id: string | null }>`
    update contact_details set ended_on = ${asOf}
    where ended_on is null and (official_id = any (${rows.flatMap((row) => row.holder?.id ?? [])}::text[]) or office_id = any (${rows.map((row) => row.office.id)}::text[]))
      and (mapping = ${mapping} or (mapping is null and source = ${source})) and not exists (select from ${present} where ${same})
    returning official_id, office_id`.execute(tx)
  await sql`
    update contact_details set checked_on = present.checked_on from ${present} where ${same} and ended_on is null and contact_details.checked_on < present.checked_on`.execute(tx)
  const { rows: begun } = await sql<{ official_id: string | null, office_id: string | null }>`
    insert into contact_details (id, official_id, office_id, kind, value, source, checked_on, mapping)
    select id, official_id, office_id, kind, value, source, checked_on, ${mapping} from ${present}
    on conflict do nothing returning official_id, office_id`.execute(tx)
  const touched = new Set([...ended, ...begun].flatMap((row) => [row.official_id, row.office_id]))
  for (const row of rows) if (touched.has(row.holder?.id ?? '') || touched.has(row.office.id)) changed.add(row.office.id)
}
