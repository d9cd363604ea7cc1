import { inTransaction } from '#platform/db.ts'
import { html } from '#platform/html/html.ts'
import { field, fields } from '#platform/http/server.ts'
import { interfaceLanguages, isInterfaceLanguage } from '#platform/words.ts'
import { nativeName } from '#platform/formats.ts'
import { readAddress } from '#modules/people/index.ts'
import { addStaff, allStaff, audit, makeSigninLink, roles, type Staff } from '#modules/staff/index.ts'
import type { Desk } from '../context.ts'
import { emailFault, form, formFields, type Choice, type Faults, type Typed } from '../forms.ts'
import type { DeskPage } from '../look/layout.ts'
import type { Answer, DeskPages, Visit } from '../pages.ts'
import type { DeskWords } from '../words/index.ts'

/** Who works here. A newcomer gets a link to sign in with, which whoever invites them hands over. */
export function staffRoutes(pages: DeskPages, desk: Desk): void {
  pages.get('/settings/staff', (visit) => staffPage(desk, visit, {}, {}), 'staff')

  pages.post('/settings/staff', async (visit): Promise<Answer> => {
    const { t, body, now } = visit
    const chosen = roles.filter((role) => fields(body, 'roles').includes(role))
    const typed = { name: field(body, 'name').trim().slice(0, 200), email: field(body, 'email').trim(), roles: chosen, language: field(body, 'language') }
    const email = readAddress(typed.email)
    const taken = (await allStaff(desk.db, desk.opener)).some((each) => each.leftAt === null && each.email.toLowerCase() === email?.toLowerCase())
    const faults: Faults = { ...(!typed.name && { name: t('fault.name') }), ...((!email || taken) && { email: taken ? t('fault.email-taken') : emailFault(t, typed.email) }), ...(chosen.length === 0 && { roles: t('fault.choose-some') }) }
    if (Object.keys(faults).length) return { ...await staffPage(desk, visit, typed, faults), status: 422 }
    const token = await inTransaction(desk.db, async (tx) => {
      const id = await addStaff(tx, desk.contactKey, { name: typed.name, email: email!, role: chosen, language: isInterfaceLanguage(typed.language) ? typed.language : t.language }, now)
      await audit(tx, { staffId: visit.staff.id, behalfOf: visit.behalfOf, verb: 'invite-staff', subjectKind: 'staff', subjectIds: [id], details: { role: chosen.join(' ') } }, now)
      return makeSigninLink(tx, id, now)
    })
    return linkPage(desk, visit, typed.name, token)
  }, 'staff')
}

export function linkPage(desk: Desk, { t }: Visit, name: string, token: string): DeskPage {
  return {
    title: t('staff.link', { name }), section: 'settings', crumbs: [{ href: '/settings', label: t('nav.settings') }, { href: '/settings/staff', label: t('settings.staff') }],
    body: html`<div class="card"><p>${t('staff.link.why')}</p><pre id="link" dir="ltr">${desk.place.origin}/sign-in/${token}</pre><button type="button" class="plain" hidden data-copy="link" data-done="${t('copied')}">${t('copy')}</button></div>`,
  }
}

export function roleChoices(t: DeskWords): Choice[] {
  return roles.map((value) => ({ value, label: t(`role.${value}`), help: t(`role.${value}.help`) }))
}

export function roleList(t: DeskWords, { roles: held }: Pick<Staff, 'roles'>): string {
  return t.list(held.map((role) => t(`role.${role}`)))
}

async function staffPage(desk: Desk, { t }: Visit, typed: Typed, faults: Faults): Promise<DeskPage> {
  const all = await allStaff(desk.db, desk.opener)
  return {
    title: t('settings.staff'), section: 'settings', crumbs: [{ href: '/settings', label: t('nav.settings') }],
    body: html`<div class="card"><ul class="todo">${all.filter((each) => each.leftAt === null).map((each) => html`<li><a href="/settings/staff/${each.id}"><bdi>${each.name}</bdi></a> <small><bdi dir="ltr">${each.email}</bdi> · ${roleList(t, each)}</small></li>`)}</ul></div>
${form(t, {
      action: '/settings/staff', button: t('staff.invite'), faults,
      fields: html`<h2>${t('staff.invite')}</h2>${formFields(t, [{ name: 'name', kind: 'line', required: true, maxLength: 200 }, { name: 'email', kind: 'email', required: true }, { name: 'roles', kind: 'ticks', choices: roleChoices(t) },
        { name: 'language', kind: 'choice', choices: interfaceLanguages.map((value) => ({ value, label: nativeName(value) })) }], { language: t.language, ...typed }, faults)}`,
    })}`,
  }
}
