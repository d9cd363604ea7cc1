import { inTransaction } from '#platform/db.ts'
import { html, type Html } from '#platform/html/html.ts'
import { field } from '#platform/http/server.ts'
import { exportById } from '#modules/exports/index.ts'
import { allStaff, answerApproval, approvalKinds, approving, listApprovals, type Approval, type ApprovalKind } from '#modules/staff/index.ts'
import type { Desk } from '../context.ts'
import { exportFacts } from '../exports/facts.ts'
import { button, form, formFields } from '../forms.ts'
import type { DeskPage } from '../look/layout.ts'
import { idOf, orNotFound, type Answer, type DeskPages, type Visit } from '../pages.ts'
import type { DeskWords } from '../words/index.ts'

const asked = Object.values(approving)

/** What waits for a second person's yes, and what became of it. Nobody answers what they asked themselves. */
export function approvalRoutes(pages: DeskPages, desk: Desk): void {
  pages.get('/approvals', (visit) => listPage(desk, visit), asked)

  for (const [verb, answer] of [['approve', 'approved'], ['refuse', 'refused']] as const) {
    pages.post(`/approvals/:id/${verb}`, async (visit): Promise<Answer> => {
      const id = idOf(visit)
      const { kind } = orNotFound((await listApprovals(desk.db, kindsOf(visit), visit.now)).find((each) => each.id === id))
      const reason = field(visit.body, 'reason').trim().slice(0, 500)
      // Whoever asked reads why.
      if (answer === 'refused' && !reason) return { to: '/approvals', said: 'said.needs-reason' }
      const answered = await inTransaction(desk.db, (tx) => answerApproval(tx, { id, staffId: visit.staff.id, behalfOf: visit.as(approving[kind]).behalfOf, answer, reason }, visit.now))
      return { to: '/approvals', said: answered === 'own' ? 'said.own-approval' : answered === 'gone' ? 'said.approval-gone' : answer === 'approved' ? 'said.approved' : 'said.refused-approval' }
    }, asked)
  }
}

function kindsOf({ may }: Visit): ApprovalKind[] {
  return approvalKinds.filter((kind) => may(approving[kind]))
}

async function listPage(desk: Desk, visit: Visit): Promise<DeskPage> {
  const { t, now, zone } = visit
  const all = await listApprovals(desk.db, kindsOf(visit), now)
  const names = new Map((await allStaff(desk.db, desk.opener)).map(({ id, name }) => [id, name]))
  const open = all.filter((each) => each.answer === null && (each.standsFrom === null || each.standsFrom > now))
  const rest = all.filter((each) => !open.includes(each))
  const list = (some: Approval[], make: (each: Approval) => Html) => (some.length === 0 ? html`<p>${t('approvals.none')}</p>` : html`<ul class="todo">${some.map((each) => html`<li>${make(each)}</li>`)}</ul>`)
  const exports = new Map(await Promise.all(open.filter(({ kind }) => kind === 'export').map(async ({ subjectId }) => [subjectId, await whatExport(desk, t, subjectId)] as const)))
  const line = (each: Approval) => html`<strong>${t(`approval.${each.kind}`, { count: each.people })}</strong> <small>${t('approval.asked', { name: names.get(each.askedBy) ?? '', moment: t.moment(each.askedAt, zone) })}</small><p dir="auto">${each.reason}</p>${each.kind === 'mailing' && visit.may('mail-supporters') && html`<p><a href="/mailings/${each.subjectId}">${t('mailing.look')}</a></p>`}${exports.get(each.subjectId)}`
  return {
    title: t('approvals.title'), section: 'today',
    body: html`<p>${t('approvals.why')}</p><section class="card"><h2>${t('approvals.open')}</h2>${list(open, (each) => html`${line(each)}${each.standsFrom && html`<p class="soft">${t('approval.alone', { moment: t.moment(each.standsFrom, zone) })}</p>`}${each.askedBy === visit.staff.id ? html`<p class="soft">${t('approval.own')}</p>` : answers(visit, each.id)}`)}</section>
<section class="card"><h2>${t('approvals.done')}</h2>${list(rest, (each) => html`${line(each)}<p class="soft">${each.answer ? t(`approval.${each.answer}`, { name: names.get(each.answeredBy!) ?? '', moment: t.moment(each.answeredAt!, zone) }) : t('approval.delay-over', { moment: t.moment(each.standsFrom!, zone) })}</p>${each.answerReason && html`<p dir="auto">${each.answerReason}</p>`}`)}</section>`,
  }
}

/** An export is seen by whoever asked for it only; a second person reads what it is of. */
async function whatExport(desk: Desk, t: DeskWords, id: string): Promise<Html | false> {
  const it = await exportById(desk.db, id)
  return it !== undefined && html`<dl class="facts"><dt>${t('f.export_kind')}</dt><dd>${t(`export.kind.${it.kind}`)}</dd>${await exportFacts(desk, t, it)}</dl>`
}

function answers({ t }: Visit, id: string): Html {
  return html`${button(`/approvals/${id}/approve`, t('approval.approve'), {}, '')}<details><summary>${t('approval.refuse')}</summary>${form(t, { action: `/approvals/${id}/refuse`, button: t('approval.refuse'), fields: formFields(t, [{ name: 'log_reason', as: 'reason', kind: 'text', maxLength: 500 }], {}) })}</details>`
}
