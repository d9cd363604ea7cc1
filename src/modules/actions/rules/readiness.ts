import { sql, type Db } from '#platform/db.ts'
import { actionOptions, type ActionOptions, type ActionWords } from '../action.ts'
import { coverageOf } from './coverage.ts'
import { factColumns, factPrefix, factsFilled } from './facts.ts'
import { groupsOf, leadsElsewhere } from './groups.ts'
import { targetRules, type TargetRule } from './leads.ts'
import { rulesOf } from './rules.ts'

/** What stands between an action and its targets: nobody, targets without an answer, rules that write to nobody, a form that does not ask what its targets depend on, or asks for codes that lead to nobody. */
export type MissingTarget = 'targets' | 'gaps' | 'nobody' | 'country' | 'codes'

export async function missingTargets(db: Db, actionId: string, now: Date): Promise<MissingTarget[]> {
  const leads = await targetRules(db, actionId)
  if (leads.length === 0) return ['targets']
  const rules = (await rulesOf(db, [actionId])).get(actionId) ?? []
  const { options } = await readOptions(db, actionId)
  const asksCountry = rules.some((rule) => rule.conditions.some((each) => each.attribute === 'country'))
  const country = (leads.some((lead) => 'embassyOf' in lead) && options.country !== 'required') || (asksCountry && options.country === 'no') ? ['country' as const] : []
  const coverage = await coverageOf(db, actionId, now)
  if (coverage.targets.every((each) => each.copy)) return ['targets', ...country]
  return [...(coverage.gaps ? ['gaps' as const] : []), ...(coverage.written === 0 ? ['nobody' as const] : []), ...country, ...(await codesLead(db, actionId, leads) ? [] : ['codes' as const])]
}

/** Whether a code of the kind that the form asks for can lead to an office of the bodies that are written to; so it is where no code is asked for. */
async function codesLead(db: Db, actionId: string, leads: TargetRule[]): Promise<boolean> {
  const bodies = leads.flatMap((lead) => ('body' in lead ? [lead.body] : []))
  if (bodies.length === 0) return true
  const { rows: [row] } = await sql<{ lead: boolean }>`
    with recursive within as (
      select area_id as id from offices where body_id = any (${bodies}::text[]) and area_id is not null
      union select areas.id from areas join within on areas.parent_id = within.id)
    select scheme_id is null or exists (select from within join lookup_codes on lookup_codes.area_id = within.id and lookup_codes.scheme_id = actions.scheme_id) as lead
    from actions where id = ${actionId}`.execute(db)
  return row!.lead
}

/** What rules, facts and limits ask of an action's words, in every language. */
export interface WordsNeed {
  /** How many rules there are. */
  rules: number
  /** Variants that rules lead to. */
  variants: string[]
  facts: string[]
  /** Fields that have no value for some who write: columns that some of the places have nothing in, and what the form does not ask of everybody. */
  partly: string[]
  options: Pick<ActionOptions, 'subjectLimit' | 'bodyLimit' | 'scriptLimit'>
}

export async function needsOfWords(db: Db, actionId: string): Promise<WordsNeed> {
  const rules = (await rulesOf(db, [actionId])).get(actionId) ?? []
  const { options } = await readOptions(db, actionId)
  const facts = await factColumns(db, actionId)
  return { rules: rules.length, variants: [...new Set(rules.flatMap((rule) => rule.variant ?? []))], facts, partly: await fieldsWithGaps(db, actionId, facts, options), options }
}

/** Where somebody lives is only known where an action leads to representatives, and to nobody whom those may write to who have none; and whoever chose their area from the list gave no code. */
async function fieldsWithGaps(db: Db, actionId: string, facts: string[], { country }: Pick<ActionOptions, 'country'>): Promise<string[]> {
  const leads = await targetRules(db, actionId)
  const groups = (await groupsOf(db, [actionId])).get(actionId) ?? []
  const knowsPlace = leads.length === 0 || (leads.some((lead) => 'body' in lead) && !leadsElsewhere(leads, groups))
  const filled = facts.length && knowsPlace ? await factsFilled(db, actionId) : undefined
  return [
    ...facts.filter((name) => !filled || filled.columns.get(name)! < filled.places).map((name) => `${factPrefix}${name}`),
    ...(knowsPlace ? [] : ['area']), 'postcode', ...(country === 'required' ? [] : ['country']),
  ]
}

async function readOptions(db: Db, actionId: string): Promise<{ options: ActionOptions }> {
  const { rows: [row] } = await sql<{ options: unknown }>`select options from actions where id = ${actionId}`.execute(db)
  return { options: actionOptions.parse(row!.options) }
}

/** What a message's words lack beside subject and body: words of a variant, a column that a field names, something to say where a place has no value, or brevity. */
export function missingInMessage(words: ActionWords, needs: WordsNeed): ('variant-words' | 'facts' | 'fall-backs' | 'too-long')[] {
  const written = needs.variants.map((id) => words.variants.find((each) => each.id === id))
  const { subjectLimit, bodyLimit, scriptLimit } = needs.options
  const tooLong = [words, ...words.variants].some((each) => [each.subject, ...each.subjects].some((subject) => subject.length > subjectLimit) || each.body.length > bodyLimit) || words.script.length > scriptLimit
  return [
    ...(written.every((each) => each?.subject && each.body) ? [] : ['variant-words' as const]),
    ...(unknownFacts(words, needs.facts).length ? ['facts' as const] : []),
    ...(withoutFallBack(words, needs.partly).length ? ['fall-backs' as const] : []),
    ...(tooLong ? ['too-long' as const] : []),
  ]
}

const field = /\{\s*([\p{L}_][\p{L}\p{M}\p{N}_]*)\s*(\|[^{}]*)?\}/gu

/** Fields in a message's words that name a column that the table of facts does not have. */
export function unknownFacts(words: ActionWords, columns: string[]): string[] {
  return [...new Set(fieldsNamed(words).map(({ name }) => name))].filter((name) => name.startsWith(factPrefix) && !columns.includes(name.slice(factPrefix.length)))
}

/** Fields that would leave a hole in the words of some: they say nothing of what stands there without a value, were it only a bar with nothing behind it. */
export function withoutFallBack(words: ActionWords, partly: string[]): string[] {
  return [...new Set(fieldsNamed(words).flatMap(({ name, bar }) => (bar || !partly.includes(name) ? [] : [name])))]
}

function fieldsNamed(words: ActionWords): { name: string, bar: boolean }[] {
  const texts = [words, ...words.variants].flatMap((each) => [each.subject, ...each.subjects, each.greeting, each.body, each.closing]).concat(words.script)
  return texts.flatMap((text) => [...text.matchAll(field)].map((match) => ({ name: match[1]!, bar: match[2] !== undefined })))
}
