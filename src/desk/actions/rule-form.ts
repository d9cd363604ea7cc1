import { countryNamed } from '#platform/countries.ts'
import type { Tx } from '#platform/db.ts'
import { html, type Html } from '#platform/html/html.ts'
import { field, fields } from '#platform/http/server.ts'
import { addVariant, fold, knownTarget, supporterAttributes, targetAttributes, type Attribute, type Condition, type Rule } from '#modules/actions/index.ts'
import { areasNamed, localName } from '#modules/targets/index.ts'
import type { Desk } from '../context.ts'
import { countryList, countryListId, countrySaid } from '../countries.ts'
import { form, formFields, type Choice, type Faults, type Field, type Typed } from '../forms.ts'
import type { DeskPage } from '../look/layout.ts'
import type { Visit } from '../pages.ts'
import type { DeskWords, FieldName } from '../words/index.ts'
import { titleOf } from './naming.ts'
import type { RulesOfAction } from './rules.ts'

const attributes: Attribute[] = ['party', 'body', 'area', 'office', 'holder', 'country', 'home', 'language']
/** Those that are ticked in a list; the others are typed. */
const ticked: Attribute[] = ['party', 'body', 'language']
/** Those that are read one by one, each from a field or tick of its own. */
const single: Attribute[] = [...ticked, 'country']
const mostTicks = 40

const valueFields = {
  party: 'rule_party', body: 'rule_body', area: 'rule_area', office: 'rule_office', holder: 'rule_holder', country: 'rule_country', home: 'rule_home', language: 'rule_language',
} as const satisfies Record<Attribute, FieldName>

/** What a rule asks, as it stands in its form: values with a semicolon between them. */
export function typedRule(rule: Rule | undefined): Typed {
  const typed: Typed = { rule_outcome: rule?.outcome === 'variant' ? rule.variant! : rule?.outcome ?? 'main' }
  for (const attribute of attributes) {
    const condition = rule?.conditions.find((each) => each.attribute === attribute)
    typed[`is_${attribute}`] = condition && !condition.is ? 'not' : 'is'
    typed[valueFields[attribute]] = single.includes(attribute) ? condition?.values ?? [] : condition?.values.join('; ') ?? ''
  }
  return typed
}

export function ruleForm(visit: Visit, it: RulesOfAction, typed: Typed, faults: Faults): DeskPage {
  const { t } = visit
  const { action, revisions, variants } = it
  const place = visit.params.place ?? 'new'
  const is = (attribute: Attribute): Field => ({ name: 'rule_is', as: `is_${attribute}`, kind: 'select', choices: [{ value: 'is', label: t('rules.one-of') }, { value: 'not', label: t('rules.none-of') }] })
  const section = (attribute: Attribute): Html => {
    const choices = choicesOf(t, attribute, it)
    const name = valueFields[attribute]
    const values: Field = attribute === 'country' ? { name, kind: 'lines', from: countryListId, most: 100, maxLength: 100 } : ticked.includes(attribute) && choices.length > 0 && (choices.length <= mostTicks || attribute === 'language') ? { name, kind: 'ticks', choices } : { name, kind: 'line', maxLength: 2000, list: choices.slice(0, 300).map((each) => each.value) }
    const shown = values.kind === 'lines' ? { ...typed, [name]: [typed[name] ?? []].flat().map((value) => countrySaid(t, value)) } : values.kind === 'line' && Array.isArray(typed[name]) ? { ...typed, [name]: typed[name].join('; ') } : typed
    const open = attribute === 'party' || attribute === 'body' || (typed[name]?.length ?? 0) > 0 || faults[name]
    return html`<details${open && html` open`}><summary>${t(`attribute.${attribute}`)}</summary>${formFields(t, [is(attribute), values], shown, faults)}</details>`
  }
  const outcomes: Choice[] = [
    { value: 'main', label: t('rules.outcome.main') }, ...variants.map((variant) => ({ value: variant.id, label: t('rules.outcome.variant', { name: variant.name }) })),
    { value: 'new', label: t('rules.outcome.new'), help: t('rules.outcome.new.help') }, { value: 'skip', label: t('rules.outcome.skip'), help: t('rules.outcome.skip.help') },
  ]
  return {
    title: place === 'new' ? t('rules.add') : t('rules.rule', { number: Number(place) }), section: 'actions',
    crumbs: [{ href: '/actions', label: t('nav.actions') }, { href: `/actions/${action.id}`, label: titleOf(action, revisions, t.language) }, { href: `/actions/${action.id}/rules`, label: t('action.rules') }],
    body: form(t, {
      action: `/actions/${action.id}/rules/${place}`, button: t('save'), faults,
      fields: html`<h2>${t('rules.if-target')}</h2><p>${t('rules.if-target.why')}</p>${targetAttributes.toSorted((one, other) => attributes.indexOf(one) - attributes.indexOf(other)).map(section)}
${countryList(t)}<h2>${t('rules.if-supporter')}</h2><p>${t('rules.if-supporter.why')}</p>${supporterAttributes.map(section)}
<h2>${t('rules.then')}</h2>${formFields(t, [{ name: 'rule_outcome', kind: 'choice', choices: outcomes }, { name: 'rule_variant', kind: 'line', maxLength: 100 }], typed, faults)}`,
    }),
  }
}

/** What there is to choose from among this action's targets. */
function choicesOf(t: DeskWords, attribute: Attribute, { coverage, languages }: RulesOfAction): Choice[] {
  const offices = coverage.targets.map((each) => each.office)
  const counted = (values: string[]) => [...Map.groupBy(values.filter(Boolean), (value) => value)].map(([value, all]) => ({ value, label: value, help: t('action.targets.offices', { count: all.length }) })).toSorted((one, other) => one.label.localeCompare(other.label, t.language))
  switch (attribute) {
    case 'party': return counted(offices.flatMap((office) => [...new Set(office.holders.map((holder) => holder.party))]))
    case 'body': return counted(offices.map((office) => localName(office.body, t.language)))
    case 'area': return counted(offices.map((office) => office.areaName ?? ''))
    case 'office': return counted(offices.map((office) => office.label))
    case 'holder': return counted(offices.flatMap((office) => office.holders.map((holder) => holder.name)))
    case 'language': return languages.map((value) => ({ value, label: t.languageName(value) }))
    default: return []
  }
}

/** Reads the form. Names that nothing is called are faults: a rule with a slip of the pen would fit nobody. */
export async function readRule(desk: Desk, visit: Visit, it: RulesOfAction): Promise<{ typed: Typed, faults: Faults, keep: (tx: Tx) => Promise<Rule> }> {
  const { t, body } = visit
  const typed: Typed = { rule_outcome: field(body, 'rule_outcome'), rule_variant: field(body, 'rule_variant') }
  const faults: Faults = {}
  const conditions: Condition[] = []
  for (const attribute of attributes) {
    const name = valueFields[attribute]
    const values = [...new Set(fields(body, name).flatMap((value) => (ticked.includes(attribute) && fields(body, name).length > 1 ? [value] : value.split(/[;؛]/))).map((value) => value.trim()).filter(Boolean))]
    typed[name] = single.includes(attribute) ? values : field(body, name)
    typed[`is_${attribute}`] = field(body, `is_${attribute}`) === 'not' ? 'not' : 'is'
    if (values.length === 0) continue
    const unknown = await unknownValues(desk, attribute, values, it)
    if (unknown.length) faults[name] = t(attribute === 'country' ? 'fault.countries' : attribute === 'home' ? 'fault.home-value' : 'fault.rule-value', { values: t.list(unknown) })
    conditions.push({ attribute, is: typed[`is_${attribute}`] === 'is', values: attribute === 'country' ? [...new Set(values.map((value) => countryNamed(value) ?? value))] : values })
  }
  const chosen = String(typed.rule_outcome)
  const variantName = String(typed.rule_variant).trim().slice(0, 100)
  if (chosen === 'new' && !variantName) faults.rule_variant = t('fault.variant-name')
  return {
    typed, faults,
    keep: async (tx) => {
      const variant = chosen === 'new' ? await addVariant(tx, it.action.id, variantName) : it.variants.find(({ id }) => id === chosen)?.id ?? null
      return { conditions, outcome: variant ? 'variant' : chosen === 'skip' ? 'skip' : 'main', variant }
    },
  }
}

async function unknownValues(desk: Desk, attribute: Attribute, values: string[], { coverage, languages }: RulesOfAction): Promise<string[]> {
  if (attribute === 'country') return values.filter((value) => !countryNamed(value))
  if (attribute === 'language') return values.filter((value) => !languages.includes(value))
  if (attribute === 'home') {
    const known = await areasNamed(desk.db, values)
    return values.filter((value) => !known.has(value))
  }
  const known = new Set(coverage.targets.flatMap((each) => knownTarget(each.office)[attribute] ?? []))
  return values.filter((value) => !known.has(fold(value)))
}
