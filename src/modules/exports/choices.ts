import { sql, type Db, type Tx } from '#platform/db.ts'
import { titleIn } from '#modules/actions/index.ts'

/** A controller beside the publisher: whoever is on a joint action with us. */
export interface Partner {
  id: string
  names: Record<string, string>
  /** The public half of its age key: what it is handed is encrypted to that, and to nothing else. */
  ageRecipient: string | null
  /** Whether nothing hangs on it: none of its questions is asked any more, nobody ever said yes to one, and no list of it was asked for. */
  unused: boolean
}

/** Only while no question is asked is it looked whether somebody said yes. */
const unused = sql<boolean>`case when exists (select from consent_statements its where its.controller_id = controllers.id and its.retired_at is null) then false
  else not exists (select from exports its where its.controller_id = controllers.id)
    and not exists (select from consents join consent_statements its on its.id = consents.statement_id where its.controller_id = controllers.id and consents.answer in ('yes', 'withdrawn')) end`

export async function partners(db: Db): Promise<Partner[]> {
  const rows = await db.selectFrom('controllers').select(['id', 'names', 'age_recipient', unused.as('unused')]).where('publisher', '=', false).where('retired_at', 'is', null).execute()
  return rows.map((row) => ({ id: row.id, names: row.names as Record<string, string>, ageRecipient: row.age_recipient, unused: row.unused }))
}

/** Keeps a partner's key. 'not-a-key' where it is none; 'nobody' where there is no such partner. */
export async function setPartnerKey(tx: Tx, id: string, recipient: string): Promise<'set' | 'not-a-key' | 'nobody'> {
  const { Encrypter } = await import('age-encryption')
  try {
    new Encrypter().addRecipient(recipient)
  } catch {
    return 'not-a-key'
  }
  const { numUpdatedRows } = await tx.updateTable('controllers').set({ age_recipient: recipient }).where('id', '=', id).where('publisher', '=', false).executeTakeFirst()
  return numUpdatedRows > 0n ? 'set' : 'nobody'
}

/** Takes away a partner on whom nothing hangs, such as one that was a mistake. False where something does. */
export async function removePartner(tx: Tx, id: string, now: Date): Promise<boolean> {
  const { numUpdatedRows } = await tx.updateTable('controllers').set({ retired_at: now }).where('id', '=', id).where('publisher', '=', false).where('retired_at', 'is', null).where(unused).executeTakeFirst()
  return numUpdatedRows > 0n
}

/** All actions with their titles in a language, for choosing one. */
export async function actionsByTitle(db: Db, language: string): Promise<{ id: string, title: string }[]> {
  return (await sql<{ id: string, title: string }>`select id, ${titleIn(language)} as title from actions order by 2`.execute(db)).rows
}

/** Where supporters are from, as far as we know it. From one country to the next by the index: of a million people none is looked at twice. */
export async function countriesOfPeople(db: Db): Promise<string[]> {
  const { rows } = await sql<{ country: string }>`
    with recursive each (country) as (
      (select country from people where country is not null order by country limit 1)
      union all select (select country from people where people.country > each.country order by country limit 1) from each where each.country is not null)
    select country from each where country is not null order by 1`.execute(db)
  return rows.map((row) => row.country)
}
