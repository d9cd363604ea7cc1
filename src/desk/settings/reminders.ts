import type { Db } from '#platform/db.ts'
import { reachedAt } from '#modules/publisher/index.ts'

export async function keysPrinted(db: Db): Promise<boolean> {
  return await reachedAt(db, 'recovery-sheet') !== undefined
}

export function lastBackup(db: Db): Promise<Date | undefined> {
  return reachedAt(db, 'backup')
}
