import { html } from '#platform/html/html.ts'
import { field } from '#platform/http/server.ts'
import { plainDigits } from '#platform/digits.ts'
import { changeLimits, limits as schema, readLimits, type Limits } from '#modules/integrity/index.ts'
import type { Desk } from '../context.ts'
import { form, formFields, type Faults, type Field, type Typed } from '../forms.ts'
import type { DeskPage } from '../look/layout.ts'
import type { DeskPages, Visit } from '../pages.ts'
import type { FieldName } from '../words/index.ts'

/** The fields of the form, and which limit each sets. */
const numbers = { per_network: 'perNetwork', per_mailbox: 'perMailbox', per_pattern: 'perPattern', per_domain: 'perDomain', limit_minutes: 'minutes', limit_far: 'far', wait_seconds: 'waitSeconds' } as const satisfies Partial<Record<FieldName, keyof Limits>>
const ticks = { limits_active: 'active', hold_surges: 'hold', local_networks: 'localNetworks' } as const satisfies Partial<Record<FieldName, keyof Limits>>

/** How many sign-ups may come from where. What is set here holds on the site within a second. */
export function limitRoutes(pages: DeskPages, desk: Desk): void {
  pages.get('/settings/limits', async (visit) => limitsPage(desk, visit, typedFrom(await readLimits(desk.db)), {}), 'guard-counts')

  pages.post('/settings/limits', async (visit) => {
    const { t, body } = visit
    const read = schema.safeParse({
      ...Object.fromEntries(Object.entries(numbers).map(([name, limit]) => [limit, plainDigits(field(body, name)).trim()])),
      ...Object.fromEntries(Object.entries(ticks).map(([name, limit]) => [limit, field(body, name) === 'yes'])),
    })
    if (read.success) {
      const line = { verb: 'change-limits', subjectKind: 'settings' as const, subjectIds: ['limits'], details: read.data }
      await pages.change(visit, line, (tx) => changeLimits(tx, read.data))
      return { to: '/settings/limits', said: 'said.saved' }
    }
    const wrong = new Set(read.error.issues.map(({ path }) => path[0]))
    const faults = Object.fromEntries(Object.entries(numbers).filter(([, limit]) => wrong.has(limit)).map(([name]) => [name, t('fault.limit')]))
    const typed = Object.fromEntries([...Object.keys(numbers), ...Object.keys(ticks)].map((name) => [name, field(body, name)]))
    return { ...limitsPage(desk, visit, typed, faults), status: 422 }
  }, 'guard-counts')
}

function typedFrom(limits: Limits): Typed {
  return {
    ...Object.fromEntries(Object.entries(numbers).map(([name, limit]) => [name, String(limits[limit])])),
    ...Object.fromEntries(Object.entries(ticks).map(([name, limit]) => [name, limits[limit] ? 'yes' : ''])),
  }
}

function limitsPage({ config }: Desk, { t }: Visit, typed: Typed, faults: Faults): DeskPage {
  const tick = (name: keyof typeof ticks): Field => ({ name, kind: 'tick' })
  return {
    title: t('settings.limits'), section: 'settings', crumbs: [{ href: '/settings', label: t('nav.settings') }],
    body: html`<p>${t('limits.why')}</p>${config.origins.length > 0 && config.trustedProxies.length === 0 && html`<div class="notice"><p>${t('limits.no-proxies')}</p></div>`}
${form(t, {
      action: '/settings/limits', button: t('save'), faults,
      fields: formFields(t, [tick('limits_active'), ...(Object.keys(numbers) as (keyof typeof numbers)[]).map((name): Field => ({ name, kind: 'number', required: true, narrow: true })), tick('hold_surges'), tick('local_networks')], typed, faults),
    })}`,
  }
}
