import { inTransaction } from '#platform/db.ts'
import { html, type Html } from '#platform/html/html.ts'
import { field } from '#platform/http/server.ts'
import { askAboutSuppressions, readAddress, suppressionAnswer, suppressionCounts, type Suppression, type SuppressionWish } from '#modules/people/index.ts'
import { readLive } from '#modules/publisher/index.ts'
import { audit } from '#modules/staff/index.ts'
import type { Desk } from '../context.ts'
import { emailFault, form, formFields, type Faults } from '../forms.ts'
import type { DeskPage } from '../look/layout.ts'
import { idOf, orNotFound, type Answer, type DeskPages, type Visit } from '../pages.ts'

const scopes = ['everything', 'updates', 'newsletter'] as const
const ways = ['phone', 'letter', 'staff'] as const

/** Who must not be written to: how many and why, and what holds for one address at a time. There is no list, because nobody can read one. */
export function suppressionRoutes(pages: DeskPages, desk: Desk): void {
  pages.get('/suppressions', (visit) => overviewPage(desk, visit, {}), 'open-people')

  pages.post('/suppressions/look', (visit) => ask(desk, visit, { kind: 'look' }, {}), 'open-people')

  pages.post('/suppressions/add', (visit) => {
    const scope = scopes.find((each) => each === field(visit.body, 'suppression_scope'))
    const reason = ways.find((each) => each === field(visit.body, 'suppression_way'))
    const faults: Faults = { ...(!scope && { suppression_scope: visit.t('fault.choose') }), ...(!reason && { suppression_way: visit.t('fault.choose') }) }
    return ask(desk, visit, { kind: 'add', scope: scope ?? 'everything', reason: reason ?? 'staff' }, faults)
  }, 'open-people')

  pages.post('/suppressions/lift', (visit) => ask(desk, visit, { kind: 'lift', ownWish: field(visit.body, 'own_wish') === 'yes' }, {}), 'keep-data')

  pages.get('/suppressions/:id', async (visit): Promise<Answer> => {
    const { t } = visit
    const { held } = orNotFound(await suppressionAnswer(desk.db, idOf(visit), visit.staff.id))
    const frame = { title: t('suppressions.answer'), section: 'supporters' as const, crumbs: [{ href: '/supporters', label: t('nav.supporters') }, { href: '/suppressions', label: t('suppressions.title') }] }
    if (held) return { ...frame, body: answerBody(visit, held) }
    void visit.reply.header('refresh', '1')
    return { ...frame, body: html`<div class="card"><p>${t('person.looking.why')}</p><p><a href="${visit.request.url}">${t('person.look-again')}</a></p></div>` }
  }, 'open-people')
}

/** Puts a question or a wish about one address to the worker. The line in the log comes first, and names nobody. */
async function ask(desk: Desk, visit: Visit, wish: SuppressionWish, faults: Faults): Promise<Answer> {
  const { t, body, staff, now } = visit
  const prefix = wish.kind === 'look' ? '' : `${wish.kind}-`
  const email = readAddress(field(body, `${prefix}email`))
  const reason = field(body, `${prefix}reason`).trim().slice(0, 500)
  if (!email) faults[`${prefix}email`] = emailFault(t, field(body, `${prefix}email`))
  if (wish.kind !== 'look' && !reason) faults[`${prefix}reason`] = t('fault.log-reason')
  if (!email || Object.keys(faults).length > 0) return { ...await overviewPage(desk, visit, faults), status: 422 }
  const { live } = await readLive(desk.db, { origin: desk.config.origins[0], installId: desk.secrets.installId })
  const id = await inTransaction(desk.db, async (tx) => {
    const auditLine = await audit(tx, { staffId: staff.id, behalfOf: visit.behalfOf, verb: `${wish.kind}-suppression`, subjectKind: 'person', subjectIds: [], reason }, now)
    const requestId = await askAboutSuppressions(tx, desk.contactKey, email, wish, { staffId: staff.id, auditLine, practice: !live }, now)
    await desk.queue.enqueue(tx, 'suppressions.answer', { requestId })
    return requestId
  })
  return { to: `/suppressions/${id}` }
}

async function overviewPage(desk: Desk, { t, body }: Visit, faults: Faults): Promise<DeskPage> {
  const counts = await suppressionCounts(desk.db)
  const typed = { email: field(body, 'email'), 'add-email': field(body, 'add-email'), 'add-reason': field(body, 'add-reason'), suppression_scope: field(body, 'suppression_scope'), suppression_way: field(body, 'suppression_way') }
  const of = (...names: string[]) => Object.fromEntries(Object.entries(faults).filter(([name]) => names.includes(name)))
  const adding = of('add-email', 'add-reason', 'suppression_scope', 'suppression_way')
  return {
    title: t('suppressions.title'), section: 'supporters', crumbs: [{ href: '/supporters', label: t('nav.supporters') }],
    body: html`<p class="soft">${t('suppressions.why')}</p>
${Object.keys(of('lift-email', 'lift-reason')).length > 0 && liftForm(t, of('lift-email', 'lift-reason'))}
<section class="card"><h2>${t('suppressions.counts')}</h2>${counts.length === 0 ? html`<p>${t('suppressions.none')}</p>` : html`<ul class="todo">${counts.map((each) => html`<li><span>${t(`suppression.${each.reason}`)}</span><small>${t(`scope.${each.scope}`)}: ${t.number(each.count)}</small></li>`)}</ul>`}</section>
${form(t, { action: '/suppressions/look', button: t('suppressions.look.button'), faults: of('email'), fields: html`<h2>${t('suppressions.look')}</h2>${formFields(t, [{ name: 'supporter_email', as: 'email', kind: 'email', required: true }], typed, faults)}` })}
${form(t, { action: '/suppressions/add', button: t('suppressions.add.button'), faults: adding, fields: html`<h2>${t('suppressions.add')}</h2><p>${t('suppressions.add.why')}</p>${formFields(t, [
      { name: 'supporter_email', as: 'add-email', kind: 'email', required: true },
      { name: 'suppression_scope', kind: 'choice', choices: scopes.map((each) => ({ value: each, label: t(`scope.${each}`) })) },
      { name: 'suppression_way', kind: 'choice', choices: ways.map((each) => ({ value: each, label: t(`suppression.${each}`) })) },
      { name: 'log_reason', as: 'add-reason', kind: 'text', required: true, maxLength: 500 },
    ], typed, faults)}` })}`,
  }
}

function answerBody({ t, may, zone }: Visit, held: Suppression[]): Html {
  return html`<section class="card">${held.length === 0 ? html`<p>${t('suppressions.free')}</p>` : html`<ul class="todo">${held.map((each) => html`<li><span>${t(`scope.${each.scope}`)}</span><small>${t(`suppression.${each.reason}`)} · ${t('suppressions.since', { day: t.day(each.since, zone) })}</small></li>`)}</ul>`}<p><a href="/suppressions">${t('suppressions.again')}</a></p></section>
${held.length > 0 && may('keep-data') && liftForm(t, {})}`
}

function liftForm(t: Visit['t'], faults: Faults): Html {
  return form(t, {
    action: '/suppressions/lift', button: t('suppressions.lift.button'), faults,
    fields: html`<h2>${t('suppressions.lift')}</h2><p>${t('suppressions.lift.why')}</p>${formFields(t, [
      { name: 'supporter_email', as: 'lift-email', kind: 'email', required: true }, { name: 'own_wish', kind: 'tick' }, { name: 'log_reason', as: 'lift-reason', kind: 'text', required: true, maxLength: 500 },
    ], {}, faults)}`,
  })
}
