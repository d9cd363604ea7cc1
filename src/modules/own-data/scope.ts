import { sql, type Db, type Tx } from '#platform/db.ts'

/** Whose page a link opens: a mailbox, or one name of it where several share it (decision 36). */
export interface Scope {
  personId: string
  /** The name, as an index; none: whoever took back what carried it. */
  nameIndex: Buffer | null
  /** Whether the mailbox has no other name: then everything in it is theirs. */
  alone: boolean
}

/** Whether a row is this name's. One whose name is gone because it was taken back is nobody's in a mailbox that others use. */
export function isTheirs({ nameIndex, alone }: Scope, ofRow: Buffer | null): boolean {
  return alone || (nameIndex !== null && ofRow !== null && ofRow.equals(nameIndex))
}

/** A name of a mailbox, and the newest participation that still carries it in full. */
export interface MailboxName {
  nameIndex: Buffer
  namedIn: string | null
}

/** The names under which a mailbox takes part, first come first. */
export async function namesOf(db: Db, personId: string): Promise<MailboxName[]> {
  const { rows } = await sql<{ name_index: Buffer, named_in: string | null }>`
    select name_index, (array_agg(id order by state = 'confirmed' desc, taken_at desc) filter (where details is not null and state <> 'repeated'))[1] as named_in
    from participations where person_id = ${personId} and name_index is not null and rehearsal_id is null group by name_index order by min(taken_at), name_index`.execute(db)
  return rows.map((row) => ({ nameIndex: row.name_index, namedIn: row.named_in }))
}

/** What the token of a link stands for: a participation's own, or one that was asked for. Nothing where there is none (any more). */
export async function followToken(tx: Tx, token: Buffer, now: Date): Promise<Scope | undefined> {
  const { rows: [row] } = await sql<{ person_id: string, name_index: Buffer | null }>`
    select links.person_id, p.name_index from links join participations p on p.person_id = links.person_id and p.id = links.participation_id
      where links.token_hash = ${token} and p.rehearsal_id is null
    union all
    select person_id, name_index from data_links where token_hash = ${token} and expires_at > ${now}`.execute(tx)
  if (!row) return bulletinScope(tx, token)
  return row && scopeOf(tx, row.person_id, row.name_index)
}

/** A bulletin is a mailbox's and says no name: where the mailbox has one only, it is that one's. */
async function bulletinScope(tx: Tx, token: Buffer): Promise<Scope | undefined> {
  const { rows: [row] } = await sql<{ person_id: string }>`
    select request.person_id from links join bulletin_requests request on request.person_id = links.person_id and request.id = links.participation_id where links.token_hash = ${token} and request.state = 'confirmed'`.execute(tx)
  const names = row ? await namesOf(tx, row.person_id) : []
  return row && scopeOf(tx, row.person_id, names.length === 1 ? names[0]!.nameIndex : null)
}

/** The scope of a name in a mailbox; without one (as for staff), of all of it. */
export async function scopeOf(db: Db, personId: string, nameIndex?: Buffer | null): Promise<Scope> {
  if (nameIndex === undefined) return { personId, nameIndex: null, alone: true }
  const names = await namesOf(db, personId)
  return { personId, nameIndex, alone: names.every((name) => nameIndex?.equals(name.nameIndex) ?? false) }
}

/** How many names use somebody's mailbox, for staff: they see no name of it. */
export async function namesInMailbox(db: Db, personId: string): Promise<number> {
  return (await sql<{ names: number }>`select names_in_mailbox(${personId}) as names`.execute(db)).rows[0]!.names
}
