import { randomUUID } from 'node:crypto'
import { sql, type Tx } from '#platform/db.ts'
import { sealingContext } from '#platform/sealing/index.ts'
import { detailsPlace, type Details, type Keys } from '#modules/actions/index.ts'
import { openContact, sealContact } from '#modules/people/index.ts'
import { endExports } from './erase.ts'
import { copyHold } from './holds.ts'

/**
 * Sets what is one name's in a mailbox that others use apart, under a person whom no address leads to, so that it can be erased without the
 * others. A hold on the mailbox stands for it too. Returns that person.
 */
export async function setApart(tx: Tx, { opener, contact: key }: Keys, personId: string, participations: string[], now: Date): Promise<string> {
  const id = randomUUID()
  const { rows: [from] } = await sql<{ contact: Buffer }>`select contact from people where id = ${personId} for update`.execute(tx)
  const context = await sealingContext(key)
  const contact = await openContact(opener, personId, from!.contact)
  await sql`
    insert into people (id, contact, language, created_at, confirmed_at) select ${id}, ${sealContact(context, id, { email: contact.email })}, language, ${now}, confirmed_at from people where id = ${personId}`.execute(tx)
  await endExports(tx, [personId], now)
  await sql`
    delete from data_links where person_id = ${personId} and name_index in (select name_index from participations where person_id = ${personId} and id = any (${participations}::uuid[]))`.execute(tx)
  const { rows: moved } = await sql<{ id: string, details: Buffer | null }>`
    update participations set person_id = ${id} where person_id = ${personId} and id = any (${participations}::uuid[]) returning id, details`.execute(tx)
  for (const table of ['links', 'message_texts', 'mails', 'public_names', 'consents', 'messages'] as const) {
    await sql`update ${sql.table(table)} set person_id = ${id} where person_id = ${personId} and participation_id = any (${participations}::uuid[])`.execute(tx)
  }
  await copyHold(tx, personId, id)
  const opened = await Promise.all(moved.map(async (row) => (row.details ? opener.open<Details>(detailsPlace(row.id), row.details) : undefined)))
  const wasMain = contact.name !== undefined && opened.some((details) => details?.name === contact.name)
  if (wasMain) await sql`update people set contact = ${sealContact(context, personId, { email: contact.email })} where id = ${personId}`.execute(tx)
  return id
}
