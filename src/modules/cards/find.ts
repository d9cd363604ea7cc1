import { sql, type Db } from '#platform/db.ts'

/** How large every card is, in pixels: what those who show links ask for. */
export const cardSize = { width: 1200, height: 630 }

/** The PNG of a version that is public, or the publisher's own as long as that has none; nothing of anything else. */
export async function findCard(db: Db, name: string): Promise<Buffer | undefined> {
  if (!/^(?:[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}|house-[a-z]{2,3}(?:-[A-Za-z]{2,8})?)$/.test(name)) return undefined
  const of = name.startsWith('house-') ? null : name
  const { rows: [row] } = await sql<{ png: Buffer | null }>`
    select coalesce((select png from public_cards where name = ${name}), (
      select png from public_cards where name = 'house-' || (
        select language from public_item_words where revision_id = ${of}::uuid union all
        select shown.language from public_action_words shown join public_actions on public_actions.id = shown.action_id and public_actions.state <> 'draft' where shown.revision_id = ${of}::uuid limit 1))) as png`.execute(db)
  return row?.png ?? undefined
}
