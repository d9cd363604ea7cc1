import { html } from '#platform/html/html.ts'
import { field } from '#platform/http/server.ts'
import { endRest, healthOf, sendingRules, setSendingRule } from '#modules/messages/index.ts'
import type { Desk } from '../context.ts'
import { form, formFields, type Faults } from '../forms.ts'
import type { DeskPage } from '../look/layout.ts'
import type { Answer, DeskPages, Visit } from '../pages.ts'
import { healthTable } from './health.ts'
import { readRule, ruleChange, ruleFields, typedRule } from './rules.ts'

const domainName = /^[a-z0-9]([a-z0-9.-]{0,251}[a-z0-9])?$/
const scopes = ['offices', 'domains', 'domain'] as const

/** How fast offices are written to, and how the servers of their domains take it. */
export function paceRoutes(pages: DeskPages, desk: Desk): void {
  pages.get('/outbox/sending', (visit) => sendingPage(desk, visit, {}), 'see-outbox')

  pages.post('/outbox/sending', async (visit): Promise<Answer> => {
    const { t, body } = visit
    const scope = scopes.find((each) => each === field(body, 'scope')) ?? 'offices'
    const domain = field(body, 'domain').trim().toLowerCase().replace(/^@/, '')
    const { rule, faults } = readRule(t, body, scope)
    if (scope === 'domain' && !domainName.test(domain)) faults.domain = t('fault.domain')
    if (Object.keys(faults).length) return { ...await sendingPage(desk, visit, faults), status: 422 }
    const subject = scope === 'domain' ? domain : ''
    const given = { ...rule, ...(scope !== 'offices' && { digestHour: null }), digest: null }
    const rules = await sendingRules(desk.db, { offices: [], domains: [domain] })
    const before = scope === 'domain' ? rules.domain(domain) : rules[scope]
    await pages.change(visit, { verb: 'set-sending-rule', subjectKind: 'settings', subjectIds: subject ? [subject] : [], details: ruleChange(before, given) }, (tx) => setSendingRule(tx, scope, subject, given))
    return { to: `/outbox/sending${subject && `?domain=${encodeURIComponent(subject)}`}`, said: 'said.saved' }
  }, 'sending-rules')

  // The next refusal begins a longer pause, so trying costs little.
  pages.post('/outbox/sending/try', async (visit): Promise<Answer> => {
    const scope = field(visit.body, 'scope') === 'mailbox' ? 'mailbox' : 'domain'
    const subject = field(visit.body, 'subject').slice(0, 254)
    const back = field(visit.body, 'back')
    await pages.change(visit, { verb: 'end-rest', subjectKind: 'targets', subjectIds: [subject] }, (tx) => endRest(tx, scope, subject))
    return { to: /^\/targets\/offices\/[^/?#]+\/writing$/.test(back) ? back : '/outbox/sending', said: 'said.trying' }
  }, 'see-outbox')
}

async function sendingPage(desk: Desk, { t, may, query, body, now, zone }: Visit, faults: Faults): Promise<DeskPage> {
  const domain = domainName.test(query('domain')) ? query('domain') : field(body, 'domain')
  const rules = await sendingRules(desk.db, { offices: [], domains: [domain] })
  const failed = field(body, 'scope')
  const ruleForm = (scope: (typeof scopes)[number], rule: typeof rules.offices) => form(t, {
    action: '/outbox/sending', button: t('save'), faults: failed === scope ? faults : {},
    fields: html`<h2>${t(`sending.${scope}`)}</h2><p class="soft">${t(`sending.${scope}.why`)}</p><input type="hidden" name="scope" value="${scope}">${formFields(t, [...(scope === 'domain' ? [{ name: 'domain', kind: 'line', required: true, direction: 'ltr', maxLength: 253 } as const] : []), ...ruleFields(t, scope)],
      { ...(failed === scope ? readRule(t, body, scope).typed : typedRule(rule, scope)), domain }, failed === scope ? faults : {})}`,
  })
  return {
    title: t('sending.title'), section: 'outbox', crumbs: [{ href: '/outbox', label: t('nav.outbox') }],
    body: html`<section class="card"><h2>${t('servers.domains')}</h2>${healthTable(t, await healthOf(desk.db, 'all', now), { back: '/outbox/sending', zone }, (each) => each.scope === 'domain' && html`<small><a href="/outbox/sending?domain=${encodeURIComponent(each.subject)}#domain">${t('sending.own-rule')}</a></small>`)}</section>
${may('sending-rules') && html`${ruleForm('offices', rules.offices)}${ruleForm('domains', rules.domains)}${ruleForm('domain', rules.domain(domain))}`}`,
  }
}
