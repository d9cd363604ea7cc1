import type { Db, Tx } from '#platform/db.ts'

/** That this database was put back from a copy of it. */
export interface Restoration {
  noticedAt: Date
  /** When the copy was made, or last seen at work. */
  copyOf: Date | null
  /** Whether there was a register of erasures to go by. */
  register: boolean
  /** People erased again, and addresses not written to any more, because the register had them. */
  erased: number
  suppressed: number
  /** Messages to offices, mails of mailings, and mailings that were on their way in the copy: they may have left since. */
  messages: number
  recipients: number
  mailings: number
}

export async function noteRestoration(db: Db, { noticedAt, copyOf, ...its }: Restoration): Promise<void> {
  await db.insertInto('restorations').values({ noticed_at: noticedAt, copy_of: copyOf, ...its }).execute()
}

/** Those that nobody has understood yet, newest first. */
export async function restorationsToUnderstand(db: Db): Promise<(Restoration & { id: string })[]> {
  const rows = await db.selectFrom('restorations').selectAll().where('understood_at', 'is', null).orderBy('noticed_at', 'desc').execute()
  return rows.map(({ id, noticed_at, copy_of, register, erased, suppressed, messages, recipients, mailings }) => ({ id: String(id), noticedAt: noticed_at, copyOf: copy_of, register, erased, suppressed, messages, recipients, mailings }))
}

/** Somebody has read what came of it. */
export async function understandRestorations(tx: Tx, staffId: string, now: Date): Promise<void> {
  await tx.updateTable('restorations').set({ understood_at: now, staff_id: staffId }).where('understood_at', 'is', null).execute()
}
