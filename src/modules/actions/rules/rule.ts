import { z } from 'zod'
import type { OfficeFacts } from '#modules/targets/index.ts'

/** What a rule can ask about the office and whoever holds it. */
export const targetAttributes = ['body', 'office', 'party', 'area', 'holder'] as const
/** What a rule can ask about the supporter; `home` is the area that they live in. */
export const supporterAttributes = ['country', 'home', 'language'] as const
const attributes = [...targetAttributes, ...supporterAttributes] as const
export type Attribute = (typeof attributes)[number]

export const condition = z.object({
  attribute: z.enum(attributes),
  is: z.boolean(),
  /** One of these, or none of these. */
  values: z.array(z.string().trim().min(1).max(200)).min(1).max(100),
})
export type Condition = z.infer<typeof condition>

/** One line of an action's rule list. All its conditions must hold; without any it fits everybody. */
export const targetRule = z.object({
  conditions: z.array(condition).max(10),
  /** The action's own words, those of a variant, or no message at all. */
  outcome: z.enum(['main', 'variant', 'skip']),
  variant: z.uuid().nullable(),
}).refine(({ outcome, variant }) => (outcome === 'variant') === (variant !== null))
export type Rule = z.infer<typeof targetRule>

/** What is known of a target or a supporter, each attribute in all its spellings, folded. */
export type Known = Partial<Record<Attribute, string[]>>

/** What becomes of a target: it is written to, with these words; it is left out on purpose; or no rule says anything about it. */
export type Decision =
  | { answer: 'write', variant: string | null, rule: number | undefined }
  | { answer: 'skip', rule: number }
  | { answer: 'gap' }

/**
 * Holds a target and a supporter against a rule list: the first rule that fits decides. An action without rules writes its own
 * words to everybody. The same function answers in the desk's table, on the page and when a message leaves.
 */
export function decide(rules: Rule[], target: Known, supporter: Known): Decision {
  if (rules.length === 0) return { answer: 'write', variant: null, rule: undefined }
  const place = rules.findIndex((rule) => fits(rule, target, supporter))
  const rule = rules[place]
  if (!rule) return { answer: 'gap' }
  return rule.outcome === 'skip' ? { answer: 'skip', rule: place } : { answer: 'write', variant: rule.variant, rule: place }
}

function fits(rule: Rule, target: Known, supporter: Known): boolean {
  return rule.conditions.every((each) => holds(each, isAboutTarget(each) ? target : supporter))
}

/** Whether a condition is true of what is known. What is not known is none of any values. */
export function holds({ attribute, is, values }: Condition, known: Known): boolean {
  const its = known[attribute] ?? []
  return folded(values).some((value) => its.includes(value)) === is
}

// The same rules are held against thousands of targets and supporters within a second.
const foldings = new WeakMap<string[], string[]>()

function folded(values: string[]): string[] {
  let all = foldings.get(values)
  if (!all) foldings.set(values, all = values.map(fold))
  return all
}

export function isAboutTarget({ attribute }: Condition): boolean {
  return (targetAttributes as readonly string[]).includes(attribute)
}

/** A value as it is compared: in one width and case, with single spaces. */
export function fold(value: string): string {
  return value.normalize('NFKC').toLowerCase().replace(/\s+/g, ' ').trim()
}

function spellings(...values: (string | null | undefined)[]): string[] {
  return [...new Set(values.flatMap((value) => (value ? [fold(value)] : [])))]
}

const targets = new WeakMap<OfficeFacts, Known>()

/** What rules can know of an office on a day. One with several holders has all their parties and names. */
export function knownTarget(office: OfficeFacts): Known {
  let known = targets.get(office)
  if (!known) targets.set(office, known = readTarget(office))
  return known
}

function readTarget(office: OfficeFacts): Known {
  return {
    body: spellings(office.body.id, office.body.name, ...Object.values(office.body.names)),
    office: spellings(office.id, office.label, ...Object.values(office.labels)),
    party: spellings(...office.holders.map((holder) => holder.party)),
    area: spellings(office.area, office.areaName),
    holder: spellings(...office.holders.flatMap((holder) => [holder.id, holder.name, holder.formalName, ...Object.values(holder.names)])),
  }
}

/** What rules can know of a supporter: the codes of country and language, and the area by id and names. */
export function knownSupporter({ country, language, area }: { country?: string | null, language: string, area?: { id: string, name: string, names: Record<string, string> } | null }): Known {
  return { country: spellings(country), language: spellings(language), home: area ? spellings(area.id, area.name, ...Object.values(area.names)) : [] }
}
