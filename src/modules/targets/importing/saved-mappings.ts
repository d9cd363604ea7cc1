import type { Db, Tx } from '#platform/db.ts'
import { mapping as mappingSchema, readyMappings, type Mapping } from './mapping.ts'

/** Mappings that somebody made here, by name. */
export async function savedMappings(db: Db): Promise<Mapping[]> {
  const rows = await db.selectFrom('mappings').select('mapping').orderBy('name').execute()
  return rows.map((row) => mappingSchema.parse(row.mapping))
}

/** A mapping by its name: one that comes with the program, or one that was made here. */
export async function findMapping(db: Db, name: string): Promise<Mapping | undefined> {
  const ready = readyMappings().find((each) => each.name === name)
  if (ready) return ready
  const row = await db.selectFrom('mappings').select('mapping').where('name', '=', name).executeTakeFirst()
  return row && mappingSchema.parse(row.mapping)
}

/** Keeps a mapping to be chosen again; one of the same name is replaced. Says no to the name of one that comes with the program. */
export async function saveMapping(tx: Tx, mapping: Mapping, now: Date): Promise<'saved' | 'taken'> {
  if (readyMappings().some((each) => each.name === mapping.name)) return 'taken'
  const values = { kind: mapping.kind, mapping: JSON.stringify(mapping), saved_at: now }
  await tx.insertInto('mappings').values({ name: mapping.name, ...values }).onConflict((conflict) => conflict.column('name').doUpdateSet(values)).execute()
  return 'saved'
}

export async function forgetMapping(tx: Tx, name: string): Promise<void> {
  await tx.deleteFrom('mappings').where('name', '=', name).execute()
}
