import { daysAround, type On } from '#platform/days.ts'
import { sql, type Db } from '#platform/db.ts'
import { officesById, type OfficeFacts } from '#modules/targets/index.ts'
import { targetRulesOf, type TargetRule } from './leads.ts'
import { groupsOf, isCopy } from './groups.ts'
import { decide, fold, holds, isAboutTarget, knownTarget, supporterAttributes, type Decision, type Known, type Rule } from './rule.ts'
import { rulesOf } from './rules.ts'

/** A target with all that can become of it: more than one thing only where rules ask about the supporter. */
export interface Covered {
  office: OfficeFacts
  /** Gets copies only: no rule has to answer for it. */
  copy: boolean
  /** Places in the rule list, in order, that decide for some supporter. */
  rules: number[]
  /** Whether there are supporters for whom no rule answers. */
  gap: boolean
}

export interface Coverage {
  targets: Covered[]
  rules: Rule[]
  gaps: number
  /** How many targets are written to, for some supporter at least. */
  written: number
}

/** Whom an action could write to, all of them, with the rule that answers for each, as of a day or a moment. */
export async function coverageOf(db: Db, actionId: string, on: On): Promise<Coverage> {
  const rules = (await rulesOf(db, [actionId])).get(actionId) ?? []
  const groups = (await groupsOf(db, [actionId])).get(actionId) ?? []
  const leads = (await targetRulesOf(db, [actionId])).get(actionId) ?? []
  const written = new Set(await officesOf(db, leads.filter((lead) => !isCopy(groups, lead)), on))
  const all = await officesById(db, await officesOf(db, leads, on), on)
  return cover(all.map((office) => ({ office, copy: !written.has(office.id) })), rules)
}

async function officesOf(db: Db, leads: TargetRule[], on: On): Promise<string[]> {
  const { rows } = await sql<{ id: string }>`
    select id from offices where coalesce(valid_until > ${daysAround(on).usual}, true) and (
      (body_id = any (${leads.flatMap((lead) => ('body' in lead ? [lead.body] : []))}::text[]) and area_id is not null) or id = any (${leads.flatMap((lead) => ('office' in lead ? [lead.office] : []))}::text[]) or represents = any (${leads.flatMap((lead) => ('embassyOf' in lead ? [lead.embassyOf] : []))}::text[]))
    order by label, id`.execute(db)
  return rows.map((row) => row.id)
}

/**
 * Holds all targets against a rule list for every sort of supporter that the rules tell apart. Targets that the same rules could
 * fit are looked at once, so that it does not matter how many there are.
 */
export function cover(targets: { office: OfficeFacts, copy: boolean }[], rules: Rule[]): Coverage {
  const supporters = sortsOfSupporters(rules)
  const bySort = new Map<string, Pick<Covered, 'rules' | 'gap'>>()
  const covered = targets.map(({ office, copy }): Covered => {
    if (copy) return { office, copy, rules: [], gap: false }
    const known = knownTarget(office)
    const sort = rules.map((rule) => (rule.conditions.every((each) => !isAboutTarget(each) || holds(each, known)) ? '1' : '0')).join('')
    const answered = bySort.get(sort) ?? answersFor(rules, known, supporters)
    bySort.set(sort, answered)
    return { office, copy, ...answered }
  })
  return {
    targets: covered, rules, gaps: covered.filter((each) => each.gap).length,
    written: covered.filter((each) => !each.copy && (rules.length === 0 || each.rules.some((place) => rules[place]!.outcome !== 'skip'))).length,
  }
}

function answersFor(rules: Rule[], target: Known, supporters: Known[]): Pick<Covered, 'rules' | 'gap'> {
  const decisions = supporters.map((supporter): Decision => decide(rules, target, supporter))
  // Too many sorts to look at each: then only a rule that asks nothing of the supporter answers for all of them.
  const unseen = supporters.length >= mostSorts && !rules.some((rule) => rule.conditions.every((each) => isAboutTarget(each) && holds(each, target)))
  const places = decisions.flatMap((decision) => (decision.answer !== 'gap' && decision.rule !== undefined ? [decision.rule] : []))
  return { rules: [...new Set(places)].toSorted((one, other) => one - other), gap: unseen || decisions.some((decision) => decision.answer === 'gap') }
}

const mostSorts = 5000

/** One supporter of each sort that the rules can tell apart: every value that they name of each attribute, and one that they do not name. No more than so many. */
export function sortsOfSupporters(rules: Rule[]): Known[] {
  let sorts: Known[] = [{}]
  for (const attribute of supporterAttributes) {
    const named = [...new Set(rules.flatMap((rule) => rule.conditions.filter((each) => each.attribute === attribute).flatMap((each) => each.values.map(fold))))]
    sorts = sorts.flatMap((sort) => [[], ...named.map((value) => [value])].map((values) => ({ ...sort, [attribute]: values })))
    if (sorts.length > mostSorts) return sorts.slice(0, mostSorts)
  }
  return sorts
}
