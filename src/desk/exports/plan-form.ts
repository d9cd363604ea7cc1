import { html } from '#platform/html/html.ts'
import { field } from '#platform/http/server.ts'
import { actionsByTitle, countriesOfPeople, exportFormats, exportKinds, partners, type ExportPlan } from '#modules/exports/index.ts'
import { readPublisher } from '#modules/publisher/index.ts'
import { controllerName } from '../actions/questions.ts'
import type { Desk } from '../context.ts'
import { form, formFields, type Faults, type Typed } from '../forms.ts'
import type { DeskPage } from '../look/layout.ts'
import type { Visit } from '../pages.ts'

const names = ['export_kind', 'export_format', 'export_action', 'export_partner', 'export_language', 'export_country', 'reason'] as const

/** What a form asks for as an export, or what is wrong with it. */
export async function readPlan(desk: Desk, { t, body }: Visit): Promise<{ plan?: ExportPlan, reason: string, typed: Typed, faults: Faults }> {
  const typed = Object.fromEntries(names.map((name) => [name, field(body, name).trim()])) as Record<(typeof names)[number], string>
  const kind = exportKinds.find((each) => each === typed.export_kind)
  const format = exportFormats.find((each) => each === typed.export_format)
  const action = (await actionsByTitle(desk.db, t.language)).find(({ id }) => id === typed.export_action)
  const partner = kind === 'partner' ? (await partners(desk.db)).find(({ id }) => id === typed.export_partner) : undefined
  const reason = typed.reason.slice(0, 500)
  const faults: Faults = {
    ...(!kind && { export_kind: t('fault.choose') }), ...(!format && { export_format: t('fault.choose') }), ...(kind === 'partner' && !partner && { export_partner: t('fault.choose') }), ...(!reason && { reason: t('fault.log-reason') }),
  }
  if (Object.keys(faults).length > 0) return { reason, typed, faults }
  return {
    reason, typed, faults,
    plan: { kind: kind!, format: format!, actionId: action?.id ?? null, controllerId: partner?.id ?? null, language: /^[a-z]{2,3}$/.test(typed.export_language) ? typed.export_language : null, country: /^[A-Z]{2}$/.test(typed.export_country) ? typed.export_country : null },
  }
}

/** Asks what should be in an export and why. What is in it is counted before anything is opened. */
export async function exportForm(desk: Desk, { t, staff }: Visit, typed: Typed, faults: Faults): Promise<DeskPage> {
  const publisher = await readPublisher(desk.db)
  const choice = <Value extends string>(values: readonly Value[], label: (value: Value) => string) => values.map((value) => ({ value, label: label(value) }))
  const known = await partners(desk.db)
  const kinds = exportKinds.filter((kind) => kind !== 'partner' || known.length > 0)
  return {
    title: t('exports.new'), section: 'supporters', crumbs: [{ href: '/supporters', label: t('nav.supporters') }, { href: '/exports', label: t('exports.title') }],
    body: html`<p>${t('exports.why')}</p>${!staff.ageRecipient && html`<div class="notice"><p>${t('export.no-key')}</p><p><a href="/account">${t('export.make-key')}</a></p></div>`}${form(t, {
      action: '/exports', button: t('exports.count'), faults,
      fields: formFields(t, [
        { name: 'export_kind', kind: 'choice', choices: kinds.map((value) => ({ value, label: t(`export.kind.${value}`), help: t(`export.kind.${value}.help`) })) },
        known.length > 0 && { name: 'export_partner', kind: 'select', empty: t('export.no-partner'), choices: known.map(({ id }) => ({ value: id, label: controllerName(known, id, t.language) })) },
        { name: 'export_action', kind: 'select', empty: t('export.all-actions'), choices: (await actionsByTitle(desk.db, t.language)).map(({ id, title }) => ({ value: id, label: title })) },
        { name: 'export_language', kind: 'select', empty: t('export.all-languages'), choices: choice(publisher.languages, (value) => t.languageName(value)) },
        { name: 'export_country', kind: 'select', empty: t('export.all-countries'), choices: choice(await countriesOfPeople(desk.db), (value) => t.countryName(value)) },
        { name: 'export_format', kind: 'choice', choices: choice(exportFormats, (value) => t(`export.format.${value}`)) },
        { name: 'log_reason', as: 'reason', kind: 'text', required: true, maxLength: 500 },
      ], typed, faults),
    })}`,
  }
}
