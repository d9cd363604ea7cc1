import { inTransaction } from '#platform/db.ts'
import { html, type Html } from '#platform/html/html.ts'
import { notFound } from '#platform/http/server.ts'
import { beginExport, cancelExport, exportBytes, exportById, exportFingerprint, exportNeedsSecondPerson, newestExports, partners, planExport, type Export } from '#modules/exports/index.ts'
import { allStaff, approvalOf, auditFirst } from '#modules/staff/index.ts'
import { refusalLine } from '../approvals/refusal.ts'
import type { Desk } from '../context.ts'
import { button } from '../forms.ts'
import { openPage } from '../keys/open.ts'
import type { DeskPage } from '../look/layout.ts'
import { idOf, orNotFound, type Answer, type DeskPages, type Visit } from '../pages.ts'
import type { DeskWords } from '../words/index.ts'
import { exportFacts } from './facts.ts'
import { exportForm, readPlan } from './plan-form.ts'

/** Lists about supporters: asked for with a reason, made in the background, handed over encrypted to whoever asked and to nobody else. */
export function exportRoutes(pages: DeskPages, desk: Desk): void {
  pages.get('/exports', async (visit) => listPage(desk, visit), 'export-people')
  pages.get('/actions/:id/export', async (visit) => exportForm(desk, visit, { export_action: idOf(visit), export_kind: 'participations', export_format: 'csv' }, {}), 'export-people')
  pages.get('/exports/new', async (visit) => exportForm(desk, visit, { export_action: visit.query('action'), export_kind: 'participations', export_format: 'csv' }, {}), 'export-people')

  pages.post('/exports', async (visit): Promise<Answer> => {
    const { plan, reason, typed, faults } = await readPlan(desk, visit)
    if (!plan) return { ...await exportForm(desk, visit, typed, faults), status: 422 }
    const planned = await pages.change(visit, { verb: 'plan-export', subjectKind: 'export', subjectIds: [], reason, details: { kind: plan.kind } }, (tx) => planExport(tx, plan, { staffId: visit.staff.id, reason }, visit.now))
    return { to: `/exports/${planned.id}` }
  }, 'export-people')

  pages.get('/exports/:id', async (visit) => {
    const it = await own(desk, visit)
    if (it.state === 'running' && it.problem === null) void visit.reply.header('refresh', '2')
    return exportPage(desk, visit, it)
  }, 'export-people')

  pages.post('/exports/:id/start', async (visit): Promise<Answer> => {
    const it = await own(desk, visit)
    const recipient = await recipientOf(desk, visit, it)
    if (!recipient) return { ...await exportPage(desk, visit, it), status: 409 }
    await inTransaction(desk.db, (tx) => beginExport(tx, it, visit.now))
    return { to: `/exports/${it.id}` }
  }, 'export-people')

  pages.post('/exports/:id/cancel', async (visit) => {
    const it = await own(desk, visit)
    await pages.change(visit, { verb: 'cancel-export', subjectKind: 'export', subjectIds: [it.id], reason: it.reason }, (tx) => cancelExport(tx, it.id, visit.now), Boolean)
    return { to: `/exports/${it.id}` }
  }, 'export-people')

  pages.post('/exports/:id/download', async (visit): Promise<Answer> => {
    const it = await own(desk, visit)
    const recipient = await recipientOf(desk, visit, it)
    if (it.state !== 'done' || !recipient) return { ...await exportPage(desk, visit, it), status: 409 }
    // Half a table, because a key is missing on the way, would look like a whole one.
    if (!desk.recordLock.opensAll()) return { ...openPage(visit), status: 409 }
    const auditLine = await auditFirst(desk.db, { staffId: visit.staff.id, behalfOf: visit.behalfOf, verb: 'download-export', subjectKind: 'export', subjectIds: [it.id], reason: it.reason, details: { people: it.people } })
    const bytes = await exportBytes(desk.db, desk.opener, it, { recipient, auditLine })
    return visit.reply.type('application/octet-stream').header('content-disposition', `attachment; filename="export-${it.askedAt.toISOString().slice(0, 10)}.${it.format}.age"`).header('cache-control', 'no-store').send(bytes)
  }, 'export-people')
}

/** An export is there for whoever asked for it. */
async function own(desk: Desk, visit: Visit): Promise<Export> {
  const it = orNotFound(await exportById(desk.db, idOf(visit)))
  return it.askedBy === visit.staff.id ? it : notFound()
}

/** Whose key it is encrypted to: the partner's that it is for, or that of whoever asked. */
async function recipientOf(desk: Desk, { staff }: Visit, it: Export): Promise<string | null> {
  if (it.kind !== 'partner') return staff.ageRecipient
  return (await partners(desk.db)).find(({ id }) => id === it.controllerId)?.ageRecipient ?? null
}

function stateOf(t: DeskWords, it: Export): Html {
  return html`<span class="state ${it.problem ? 'bad' : it.state === 'done' ? 'ok' : ['cancelled', 'erased', 'ended'].includes(it.state) ? 'off' : 'wait'}">${t(it.problem ? `export.problem.${it.problem}` : `export.state.${it.state}`)}</span>`
}

async function listPage(desk: Desk, { t, staff, zone }: Visit): Promise<DeskPage> {
  const names = new Map((await allStaff(desk.db, desk.opener)).map((each) => [each.id, each.name]))
  const all = await newestExports(desk.db)
  return {
    title: t('exports.title'), section: 'supporters', crumbs: [{ href: '/supporters', label: t('nav.supporters') }], buttons: html`<a class="btn" href="/exports/new">${t('exports.new')}</a>`,
    body: html`<p>${t('exports.why')}</p><div class="card">${all.length === 0 ? html`<p>${t('exports.none')}</p>` : html`<ul class="todo">${all.map((it) => html`<li>${it.askedBy === staff.id ? html`<a href="/exports/${it.id}">${t(`export.kind.${it.kind}`)}</a>` : t(`export.kind.${it.kind}`)} ${stateOf(t, it)}
<small>${t('export.people', { count: it.people })} · ${t.moment(it.askedAt, zone)} · <bdi>${names.get(it.askedBy) ?? ''}</bdi> · <span dir="auto">${it.reason}</span></small></li>`)}</ul>`}</div><p><a href="/partners">${t('partners.title')}</a></p>`,
  }
}

async function exportPage(desk: Desk, visit: Visit, it: Export): Promise<DeskPage> {
  const { t, now, zone } = visit
  const recipient = await recipientOf(desk, visit, it)
  const { approval } = await approvalOf(desk.db, { kind: 'export', subjectId: it.id, fingerprint: exportFingerprint(it) }, now)
  const second = it.state === 'planned' && await exportNeedsSecondPerson(desk.db, it)
  const press = (name: string, label: string, className?: string) => button(`/exports/${it.id}/${name}`, label, {}, className)
  const open = ['planned', 'waiting', 'running', 'done'].includes(it.state)
  return {
    title: t(`export.kind.${it.kind}`), section: 'supporters', crumbs: [{ href: '/supporters', label: t('nav.supporters') }, { href: '/exports', label: t('exports.title') }],
    body: html`<section class="card" role="status"><p>${stateOf(t, it)}</p><p class="big">${t.number(it.people)}</p><p>${t('export.count', { people: it.people, rows: it.rows })}</p>
${it.state === 'running' && html`<p>${t('export.progress', { done: it.done, all: it.rows })}</p><progress value="${it.done}" max="${Math.max(1, it.rows)}" aria-label="${t('export.progress', { done: it.done, all: it.rows })}"></progress>`}
<p>${t(`export.about.${it.state}`)}</p>${it.state === 'waiting' && approval?.standsFrom && html`<p>${t('export.alone', { moment: t.moment(approval.standsFrom, zone) })}</p>`}${second && html`<p>${t('export.second')}</p>`}${it.state === 'planned' && await refusalLine(desk, visit, approval)}
<dl class="facts"><dt>${t('f.log_reason')}</dt><dd dir="auto">${it.reason}</dd>${await exportFacts(desk, t, it)}</dl>
${open && !recipient && html`<div class="notice"><p>${t(it.kind === 'partner' ? 'export.no-partner-key' : 'export.no-key')}</p><p><a href="${it.kind === 'partner' ? '/partners' : '/account'}">${t(it.kind === 'partner' ? 'partners.title' : 'export.make-key')}</a></p></div>`}
<div class="row">${it.state === 'planned' && recipient && press('start', t(second ? 'export.ask' : 'export.start'), '')}${it.state === 'running' && it.problem === 'failed' && press('start', t('export.again'), '')}${it.state === 'done' && recipient && press('download', t('export.download'), '')}${open && press('cancel', t('export.cancel'))}</div></section>
${it.state === 'done' && html`<div class="card"><p>${t(it.kind === 'partner' ? 'export.how-partner' : 'export.how')}</p><pre dir="ltr">age --decrypt --identity KEY.txt export.${it.format}.age &gt; export.${it.format}</pre></div>`}`,
  }
}
