import { inTransaction } from '#platform/db.ts'
import { html } from '#platform/html/html.ts'
import { field } from '#platform/http/server.ts'
import { interfaceLanguages, isInterfaceLanguage } from '#platform/words.ts'
import { readAddress } from '#modules/people/index.ts'
import { addStaff, allStaff, audit, changeStaff, makeSigninLink, roles, staffLeaves, type Role } from '#modules/staff/index.ts'
import type { Desk } from '../context.ts'
import { button, form, formFields, type Faults, type Typed } from '../forms.ts'
import { nativeName, type DeskPage } from '../look/layout.ts'
import { idOf, type Answer, type DeskPages, type Visit } from '../pages.ts'

/** Who works here. A newcomer gets a link to sign in with, which whoever invites them hands over. */
export function staffRoutes(pages: DeskPages, desk: Desk): void {
  const role: Role = 'administrator'
  pages.get('/settings/staff', (visit) => staffPage(desk, visit, {}, {}), role)

  pages.post('/settings/staff', async (visit): Promise<Answer> => {
    const { t, body, now } = visit
    const typed = { name: field(body, 'name').trim().slice(0, 200), email: field(body, 'email').trim(), role: field(body, 'role'), language: field(body, 'language') }
    const email = readAddress(typed.email)
    const chosen = roles.find((each) => each === typed.role)
    const taken = (await allStaff(desk.db, desk.opener)).some((each) => each.leftAt === null && each.email.toLowerCase() === email?.toLowerCase())
    const faults: Faults = { ...(!typed.name && { name: t('fault.name') }), ...((!email || taken) && { email: t(taken ? 'fault.email-taken' : 'fault.email') }), ...(!chosen && { role: t('fault.choose') }) }
    if (Object.keys(faults).length) return { ...await staffPage(desk, visit, typed, faults), status: 422 }
    const token = await inTransaction(desk.db, async (tx) => {
      const id = await addStaff(tx, desk.contactKey, { name: typed.name, email: email!, role: chosen!, language: isInterfaceLanguage(typed.language) ? typed.language : t.language }, now)
      await audit(tx, { staffId: visit.staff.id, verb: 'invite-staff', subjectKind: 'staff', subjectIds: [id] }, now)
      return makeSigninLink(tx, id, now)
    })
    return linkPage(desk, visit, typed.name, token)
  }, role)

  pages.post('/settings/staff/:id/link', async (visit): Promise<Answer> => {
    const id = idOf(visit)
    const staff = (await allStaff(desk.db, desk.opener)).find((each) => each.id === id && each.leftAt === null)
    if (!staff) return { to: '/settings/staff' }
    return linkPage(desk, visit, staff.name, await pages.change(visit, { verb: 'make-sign-in-link', subjectKind: 'staff', subjectIds: [id] }, (tx) => makeSigninLink(tx, id, visit.now)))
  }, role)

  pages.post('/settings/staff/:id/role', async (visit) => {
    const id = idOf(visit)
    const chosen = roles.find((each) => each === field(visit.body, 'role'))
    if (chosen && id !== visit.staff.id) await pages.change(visit, { verb: 'change-role', subjectKind: 'staff', subjectIds: [id], details: { role: chosen } }, (tx) => changeStaff(tx, id, { role: chosen }))
    return { to: '/settings/staff', said: 'said.saved' }
  }, role)

  pages.post('/settings/staff/:id/leave', async (visit) => {
    const id = idOf(visit)
    const left = await pages.change(visit, { verb: 'end-access', subjectKind: 'staff', subjectIds: [id] }, (tx) => staffLeaves(tx, id, visit.now))
    return { to: '/settings/staff', said: left ? 'said.left' : 'said.last-administrator' }
  }, role)
}

function linkPage(desk: Desk, { t }: Visit, name: string, token: string): DeskPage {
  return {
    title: t('staff.link', { name }), section: 'settings', crumbs: [{ href: '/settings', label: t('nav.settings') }, { href: '/settings/staff', label: t('settings.staff') }],
    body: html`<div class="card"><p>${t('staff.link.why')}</p><pre id="link" dir="ltr">${desk.place.origin}/sign-in/${token}</pre><button type="button" class="plain" hidden data-copy="link" data-done="${t('copied')}">${t('copy')}</button></div>`,
  }
}

async function staffPage(desk: Desk, { t, staff }: Visit, typed: Typed, faults: Faults): Promise<DeskPage> {
  const all = await allStaff(desk.db, desk.opener)
  return {
    title: t('settings.staff'), section: 'settings', crumbs: [{ href: '/settings', label: t('nav.settings') }],
    body: html`<div class="card"><ul class="todo">${all.filter((each) => each.leftAt === null).map((each) => html`<li><strong><bdi>${each.name}</bdi></strong> <small><bdi dir="ltr">${each.email}</bdi> · ${t(`role.${each.role}`)}</small>
<div class="row">${button(`/settings/staff/${each.id}/link`, t('staff.new-link'))}${each.id !== staff.id && html`${button(`/settings/staff/${each.id}/role`, t(each.role === 'administrator' ? 'staff.make-campaigner' : 'staff.make-administrator'), { role: each.role === 'administrator' ? 'campaigner' : 'administrator' })}${button(`/settings/staff/${each.id}/leave`, t('staff.leave'))}`}</div></li>`)}</ul></div>
${form(t, {
      action: '/settings/staff', button: t('staff.invite'), faults,
      fields: html`<h2>${t('staff.invite')}</h2>${formFields(t, [{ name: 'name', kind: 'line', required: true, maxLength: 200 }, { name: 'email', kind: 'email', required: true }, { name: 'role', kind: 'choice', choices: roles.map((value) => ({ value, label: t(`role.${value}`), help: t(`role.${value}.help`) })) },
        { name: 'language', kind: 'choice', choices: interfaceLanguages.map((value) => ({ value, label: nativeName(value) })) }], { language: t.language, ...typed }, faults)}`,
    })}`,
  }
}
