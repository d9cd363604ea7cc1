import { field } from '#platform/http/server.ts'
import { html } from '#platform/html/html.ts'
import { approvalLimits, changeApprovalLimit, type ApprovalLimit } from '#modules/staff/index.ts'
import type { Desk } from '../context.ts'
import { form, formFields, type Faults, type Typed } from '../forms.ts'
import type { DeskPage } from '../look/layout.ts'
import type { Answer, DeskPages, Visit } from '../pages.ts'
import { plainDigits } from '#platform/digits.ts'

const mostPeople = 100_000_000
const mostHours = 168

/** From how many people on a second person must agree. */
export function approvalLimitRoutes(pages: DeskPages, desk: Desk): void {
  pages.get('/settings/approvals', async (visit) => {
    const limits = await approvalLimits(desk.db)
    return page(visit, limits, Object.fromEntries(limits.flatMap(({ kind, above, delayHours }) => [[`above-${kind}`, String(above)], [`hours-${kind}`, String(delayHours)]])), {})
  }, 'staff')

  pages.post('/settings/approvals', async (visit): Promise<Answer> => {
    const { t, body } = visit
    const limits = await approvalLimits(desk.db)
    const typed: Record<string, string> = {}
    const faults: Faults = {}
    const read = (name: string, least: number, most: number) => {
      typed[name] = field(body, name).trim()
      const number = /^\d{1,9}$/.test(plainDigits(typed[name])) ? Number(plainDigits(typed[name])) : -1
      if (number < least || number > most) faults[name] = t('fault.range', { least, most })
      return number
    }
    const changed = limits.map(({ kind }): ApprovalLimit => ({ kind, above: read(`above-${kind}`, 0, mostPeople), delayHours: read(`hours-${kind}`, 1, mostHours) }))
    if (Object.keys(faults).length) return { ...page(visit, limits, typed, faults), status: 422 }
    await pages.change(visit, { verb: 'change-approval-limits', subjectKind: 'settings', subjectIds: [], details: Object.fromEntries(changed.map(({ kind, above }) => [kind, above])) }, async (tx) => {
      for (const limit of changed) await changeApprovalLimit(tx, limit)
    })
    return { to: '/settings/approvals', said: 'said.saved' }
  }, 'staff')
}

function page({ t }: Visit, limits: ApprovalLimit[], typed: Typed, faults: Faults): DeskPage {
  return {
    title: t('settings.approvals'), section: 'settings', crumbs: [{ href: '/settings', label: t('nav.settings') }],
    body: html`<p>${t('approvals.limits.why')}</p>${form(t, {
      action: '/settings/approvals', button: t('save'), faults,
      fields: html`${limits.map(({ kind }) => html`<h2>${t(`approvals.limits.${kind}`)}</h2>${formFields(t, [{ name: 'above', as: `above-${kind}`, kind: 'number', required: true }, { name: 'delay_hours', as: `hours-${kind}`, kind: 'number', required: true }], typed, faults)}`)}`,
    })}`,
  }
}
