import { sql, type Db, type Tx } from '#platform/db.ts'
import { z } from 'zod'
import { setTargets, setTargetsOfGroup, targetRules, type TargetRule } from './leads.ts'

export const groupRoles = ['target', 'copy'] as const
export const groupModes = ['all', 'choose', 'one', 'random'] as const

/** What is special about one group of an action's targets. A group that is not listed is written to as a whole. */
export const targetGroup = z.object({
  number: z.number().int().min(1).max(20),
  /** Written to, or sent a copy of what was written to others. */
  role: z.enum(groupRoles),
  /** All of them; some that the supporter picks; the first that can be reached; or one that is drawn. */
  mode: z.enum(groupModes),
  /** How many a supporter may pick. */
  most: z.number().int().min(1).max(50),
})
export type TargetGroup = z.infer<typeof targetGroup>

/** The groups of several actions, by the action's id. */
export async function groupsOf(db: Db, actionIds: string[]): Promise<Map<string, TargetGroup[]>> {
  const { rows } = await sql<TargetGroup & { action_id: string }>`
    select action_id, number, role, mode, most from action_groups where action_id = any (${actionIds}::uuid[]) order by action_id, number`.execute(db)
  return Map.groupBy(rows.map((row) => ({ ...row, ...targetGroup.parse(row) })), (row) => row.action_id)
}

/** Sets who stands in one group and how they are chosen. A group without anybody goes. */
export async function setGroup(tx: Tx, actionId: string, group: TargetGroup, leads: TargetRule[]): Promise<void> {
  await setTargetsOfGroup(tx, actionId, group.number, leads)
  await tx.deleteFrom('action_groups').where('action_id', '=', actionId).where('number', '=', group.number).execute()
  if (leads.length) await tx.insertInto('action_groups').values({ action_id: actionId, ...group }).execute()
}

/** Puts a group before the one that stands ahead of it, with whoever stands in it and how they are chosen. The first one stays where it is. */
export async function moveGroupUp(tx: Tx, actionId: string, number: number): Promise<void> {
  const leads = await targetRules(tx, actionId)
  const numbers = leads.map((lead) => lead.group ?? 1)
  const ahead = Math.max(0, ...numbers.filter((each) => each < number))
  if (ahead === 0 || !numbers.includes(number)) return
  const swapped = (each: number) => (each === number ? ahead : each === ahead ? number : each)
  await setTargets(tx, actionId, leads.map((lead, place) => ({ ...lead, group: swapped(numbers[place]!) })).toSorted((one, other) => one.group - other.group))
  const groups = (await groupsOf(tx, [actionId])).get(actionId) ?? []
  await tx.deleteFrom('action_groups').where('action_id', '=', actionId).execute()
  if (groups.length) await tx.insertInto('action_groups').values(groups.map(({ role, mode, most, number: each }) => ({ action_id: actionId, role, mode, most, number: swapped(each) }))).execute()
}

/** Gives another action the same settings of groups; who stands in them travels with the targets. */
export async function copyGroups(tx: Tx, from: string, to: string): Promise<void> {
  await sql`insert into action_groups (action_id, number, role, mode, most) select ${to}, number, role, mode, most from action_groups where action_id = ${from}`.execute(tx)
}

/** Whether those whom a rule leads to are sent a copy of what was written to others. */
export function isCopy(groups: TargetGroup[], { group = 1 }: TargetRule): boolean {
  return groups.some((each) => each.number === group && each.role === 'copy')
}

/** Whether somebody whom nobody in the bodies represents can write to others: to named offices, or to an embassy where they live. */
export function leadsElsewhere(rules: TargetRule[], groups: TargetGroup[]): boolean {
  return rules.some((rule) => 'body' in rule) && rules.some((rule) => !('body' in rule) && !isCopy(groups, rule))
}
