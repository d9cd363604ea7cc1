import { html } from '#platform/html/html.ts'
import { field, fields } from '#platform/http/server.ts'
import { allStaff, changeRoles, makeSigninLink, roles, staffLeaves, type Staff } from '#modules/staff/index.ts'
import type { Desk } from '../context.ts'
import { button, form, formFields, type Faults } from '../forms.ts'
import type { DeskPage } from '../look/layout.ts'
import { idOf, orNotFound, type Answer, type DeskPages, type Visit } from '../pages.ts'
import { assignments, handOverAll, others, successorChoices } from './assignments.ts'
import { linkPage, roleChoices, roleList } from './routes.ts'

/** One person who works here: what they may do, a new link to sign in with, and the end of their access. */
export function personRoutes(pages: DeskPages, desk: Desk): void {
  pages.get('/settings/staff/:id', async (visit) => personPage(desk, visit, await colleague(desk, visit), {}), 'staff')

  pages.post('/settings/staff/:id/link', async (visit): Promise<Answer> => {
    const { id, name } = await colleague(desk, visit)
    return linkPage(desk, visit, name, await pages.change(visit, { verb: 'make-sign-in-link', subjectKind: 'staff', subjectIds: [id] }, (tx) => makeSigninLink(tx, id, visit.now)))
  }, 'staff')

  pages.post('/settings/staff/:id/roles', async (visit): Promise<Answer> => {
    const person = await colleague(desk, visit)
    const chosen = roles.filter((role) => fields(visit.body, 'roles').includes(role))
    if (chosen.length === 0) return { ...await personPage(desk, visit, person, { roles: visit.t('fault.choose-some') }), status: 422 }
    const changed = await pages.change(visit, { verb: 'change-role', subjectKind: 'staff', subjectIds: [person.id], details: { role: chosen.join(' ') } }, (tx) => changeRoles(tx, person.id, chosen), (done) => done)
    return changed ? { to: '/settings/staff', said: 'said.saved' } : { ...await personPage(desk, visit, person, { roles: visit.t('staff.roles.last') }), status: 422 }
  }, 'staff')

  pages.post('/settings/staff/:id/leave', async (visit): Promise<Answer> => {
    const person = await colleague(desk, visit)
    const { id } = person
    if (field(visit.body, 'sure') !== 'yes') return { ...await personPage(desk, visit, person, { sure: visit.t('fault.sure') }), status: 422 }
    const successor = (await others(desk, person)).find((each) => each.id === field(visit.body, 'leave_successor'))
    const left = await pages.change(visit, { verb: 'end-access', subjectKind: 'staff', subjectIds: successor ? [id, successor.id] : [id] }, (tx) => staffLeaves(tx, id, visit.now, async () => {
      if (successor) await handOverAll(tx, id, successor.id)
    }), (done) => done)
    return { to: '/settings/staff', said: left ? 'said.left' : 'said.last-administrator' }
  }, 'staff')
}

/** Whom a page is about, by the id in its address: somebody who works here. */
export async function colleague(desk: Desk, visit: Visit): Promise<Staff> {
  const id = idOf(visit)
  return orNotFound((await allStaff(desk.db, desk.opener)).find((each) => each.id === id && each.leftAt === null))
}

export async function personPage(desk: Desk, visit: Visit, person: Staff, faults: Faults): Promise<DeskPage> {
  const { t, staff } = visit
  const to = `/settings/staff/${person.id}`
  return {
    title: person.name, section: 'settings', crumbs: [{ href: '/settings', label: t('nav.settings') }, { href: '/settings/staff', label: t('settings.staff') }],
    body: html`<p class="soft"><bdi dir="ltr">${person.email}</bdi> · ${roleList(t, person)}</p>
${form(t, { action: `${to}/roles`, button: t('save'), faults: faults.roles ? faults : {}, fields: html`<h2>${t('staff.roles')}</h2>${formFields(t, [{ name: 'roles', kind: 'ticks', choices: roleChoices(t) }], { roles: field(visit.body, 'roles') ? fields(visit.body, 'roles') : [...person.roles] }, faults)}` })}
${await assignments(desk, visit, person, faults)}
<section class="card"><h2>${t('staff.new-link')}</h2><p>${t('staff.link.new.why')}</p>${button(`${to}/link`, t('staff.new-link'))}</section>
${person.id !== staff.id && form(t, { action: `${to}/leave`, button: t('staff.leave'), stop: true, faults: faults.sure ? faults : {}, fields: html`<h2>${t('staff.leave')}</h2><p>${t('staff.leave.why')}</p>${formFields(t, [{ name: 'leave_successor', kind: 'select', empty: t('leave.nobody'), choices: successorChoices(t, await others(desk, person)) }, { name: 'sure', kind: 'tick', required: true }], { leave_successor: field(visit.body, 'leave_successor') }, faults)}` })}`,
  }
}
