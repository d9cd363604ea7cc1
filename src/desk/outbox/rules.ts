import { plainDigits } from '#platform/digits.ts'
import { field } from '#platform/http/server.ts'
import { usualDigestHour, type RuleScope, type SendingRule } from '#modules/messages/index.ts'
import type { Faults, Field, Typed } from '../forms.ts'
import type { DeskWords } from '../words/index.ts'

const named = ['per_minute', 'rule_cap', 'digest_choice', 'digest_hour'] as const
type Named = (typeof named)[number]
const as = (name: string, scope: RuleScope) => `${scope}-${name}`

/** The fields of a rule. What is left empty is as the wider rule has it. */
export function ruleFields(t: DeskWords, scope: RuleScope): Field[] {
  return [
    { name: 'per_minute', as: as('per_minute', scope), kind: 'number', narrow: true }, { name: 'rule_cap', as: as('rule_cap', scope), kind: 'number', narrow: true },
    ...(scope === 'office' ? [{ name: 'digest_choice', as: as('digest_choice', scope), kind: 'choice', choices: (['action', 'always', 'never'] as const).map((value) => ({ value, label: t(`digest-choice.${value}`) })) } as const] : []),
    ...(scope === 'office' || scope === 'offices' ? [{ name: 'digest_hour', as: as('digest_hour', scope), kind: 'select', empty: t('f.digest_hour.usual', { hour: usualDigestHour }), choices: Array.from({ length: 24 }, (_, hour) => ({ value: String(hour), label: t('hour', { hour }) })) } as const] : []),
  ]
}

export function typedRule(rule: SendingRule, scope: RuleScope): Typed {
  return Object.fromEntries(Object.entries(byName(rule)).map(([name, value]) => [as(name, scope), value]))
}

/** What a form says, with what is wrong and what was typed. */
export function readRule(t: DeskWords, body: unknown, scope: RuleScope): { rule: SendingRule, faults: Faults, typed: Typed } {
  const faults: Faults = {}
  const text = (name: string) => plainDigits(field(body, as(name, scope))).trim()
  const number = (name: 'per_minute' | 'rule_cap', least: number, most: number): number | null => {
    if (!text(name)) return null
    const value = Number(text(name).replace(/[,٫]/, '.'))
    if (!Number.isFinite(value) || value < least || value > most || (name === 'rule_cap' && !Number.isInteger(value))) faults[as(name, scope)] = t('fault.between', { least, most })
    return value
  }
  const choice = text('digest_choice')
  const hour = text('digest_hour')
  const rule = {
    perMinute: number('per_minute', 0.2, 6000), dailyCap: number('rule_cap', 1, 1_000_000),
    digest: choice === 'always' ? true : choice === 'never' ? false : null, digestHour: /^([01]?\d|2[0-3])$/.test(hour) ? Number(hour) : null,
  }
  return { rule, faults, typed: Object.fromEntries(named.map((name) => [as(name, scope), text(name)])) }
}

function byName({ perMinute, dailyCap, digest, digestHour }: SendingRule): Record<Named, string> {
  return { per_minute: perMinute?.toString() ?? '', rule_cap: dailyCap?.toString() ?? '', digest_choice: digest === null ? 'action' : digest ? 'always' : 'never', digest_hour: digestHour?.toString() ?? '' }
}

/** For the log: what of a rule became something else, and what it was. */
export function ruleChange(before: SendingRule, after: SendingRule): Record<string, string> {
  const [was, is] = [byName(before), byName(after)]
  return Object.fromEntries(named.filter((name) => was[name] !== is[name]).flatMap((name) => [[name, is[name]], [`${name}_was`, was[name]]]))
}

/** The same as staff read it there. */
export function ruleChangeWords(t: DeskWords, details: Record<string, unknown>): string[] {
  const said = (name: Named, value: unknown) => {
    const text = String(value)
    if (name === 'digest_choice') return text === 'always' || text === 'never' || text === 'action' ? t(`digest-choice.${text}`) : text
    return text === '' ? t('audit.as-usual') : name === 'digest_hour' ? t('hour', { hour: Number(text) }) : t.number(Number(text))
  }
  return named.filter((name) => details[name] !== undefined).map((name) => t('audit.changed', { what: t(`f.${name}`), to: said(name, details[name]), from: said(name, details[`${name}_was`] ?? '') }))
}
