import { randomUUID } from 'node:crypto'
import { sql, type Db, type Tx } from '#platform/db.ts'
import { targetRule, type Rule } from './rule.ts'

/** Other words than the action's own, by a name that only staff see. */
export interface Variant {
  id: string
  name: string
}

/** The rule lists of several actions, by the action's id; those without rules are not there. */
export async function rulesOf(db: Db, actionIds: string[]): Promise<Map<string, Rule[]>> {
  const { rows } = await sql<{ action_id: string, conditions: unknown, outcome: string, variant_id: string | null }>`
    select action_id, conditions, outcome, variant_id from action_rules where action_id = any (${actionIds}::uuid[]) order by action_id, position`.execute(db)
  const lists = Map.groupBy(rows, (row) => row.action_id)
  return new Map([...lists].map(([id, its]) => [id, its.map((row) => targetRule.parse({ conditions: row.conditions, outcome: row.outcome, variant: row.variant_id }))]))
}

/** Replaces an action's whole rule list. Two people who change it at the same time follow one another. */
export async function setRules(tx: Tx, actionId: string, change: (rules: Rule[]) => Rule[]): Promise<void> {
  await sql`select 1 from actions where id = ${actionId} for update`.execute(tx)
  const rules = change((await rulesOf(tx, [actionId])).get(actionId) ?? []).map((rule) => targetRule.parse(rule))
  await tx.deleteFrom('action_rules').where('action_id', '=', actionId).execute()
  if (rules.length) {
    await tx.insertInto('action_rules').values(rules.map((rule, position) => ({
      action_id: actionId, position, conditions: JSON.stringify(rule.conditions), outcome: rule.outcome, variant_id: rule.variant,
    }))).execute()
  }
}

export async function variantsOf(db: Db, actionId: string): Promise<Variant[]> {
  return db.selectFrom('action_variants').select(['id', 'name']).where('action_id', '=', actionId).orderBy('name').execute()
}

/** Adds a variant, or finds the one of that name. Returns its id. */
export async function addVariant(tx: Tx, actionId: string, name: string): Promise<string> {
  await tx.insertInto('action_variants').values({ id: randomUUID(), action_id: actionId, name }).onConflict((conflict) => conflict.doNothing()).execute()
  return (await tx.selectFrom('action_variants').select('id').where('action_id', '=', actionId).where('name', '=', name).executeTakeFirstOrThrow()).id
}

/** Takes a variant away, with the rules that lead to it. Words that were saved for it stay in their revisions. */
export async function removeVariant(tx: Tx, actionId: string, id: string): Promise<void> {
  await setRules(tx, actionId, (rules) => rules.filter((rule) => rule.variant !== id))
  await tx.deleteFrom('action_variants').where('action_id', '=', actionId).where('id', '=', id).execute()
}

/** Gives another action the same variants and rules. Returns the new ids of variants by the former ones. */
export async function copyRules(tx: Tx, from: string, to: string): Promise<Map<string, string>> {
  const ids = new Map<string, string>()
  for (const variant of await variantsOf(tx, from)) ids.set(variant.id, await addVariant(tx, to, variant.name))
  const rules = (await rulesOf(tx, [from])).get(from) ?? []
  await setRules(tx, to, () => rules.map((rule) => ({ ...rule, variant: rule.variant && ids.get(rule.variant)! })))
  return ids
}
