import { sql, type Db, type Tx } from '#platform/db.ts'
import { titleIn } from '#modules/actions/index.ts'

/** A controller beside the publisher: whoever is on a joint action with us. */
export interface Partner {
  id: string
  names: Record<string, string>
  /** The public half of its age key: what it is handed is encrypted to that, and to nothing else. */
  ageRecipient: string | null
}

export async function partners(db: Db): Promise<Partner[]> {
  const rows = await db.selectFrom('controllers').select(['id', 'names', 'age_recipient']).where('publisher', '=', false).where('retired_at', 'is', null).execute()
  return rows.map((row) => ({ id: row.id, names: row.names as Record<string, string>, ageRecipient: row.age_recipient }))
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

/** All actions with their titles in a language, for choosing one. */
export async function actionsByTitle(db: Db, language: string): Promise<{ id: string, title: string }[]> {
  return (await sql<{ id: string, title: string }>`select id, ${titleIn(language)} as title from actions order by 2`.execute(db)).rows
}

/** Where supporters are from, as far as we know it. */
export async function countriesOfPeople(db: Db): Promise<string[]> {
  return (await sql<{ country: string }>`select distinct country from people where country is not null order by 1`.execute(db)).rows.map((row) => row.country)
}
