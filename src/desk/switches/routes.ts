import { html, type Html } from '#platform/html/html.ts'
import { field, notFound } from '#platform/http/server.ts'
import { readPublisher } from '#modules/publisher/index.ts'
import { allStaff } from '#modules/staff/index.ts'
import { isSwitchName, readSwitches, switchNames, switchOff, switchOn, type Switch, type SwitchName } from '#modules/switches/index.ts'
import type { Desk } from '../context.ts'
import { button, form, formFields, type Faults, type Typed } from '../forms.ts'
import type { DeskPage } from '../look/layout.ts'
import type { Answer, DeskPages, Visit } from '../pages.ts'

/** What can be turned off for everybody, on one page: each with who did it, when and why. */
export function switchRoutes(pages: DeskPages, desk: Desk): void {
  pages.get('/switches', (visit) => switchesPage(desk, visit), 'switches')

  pages.post('/switches/:name/off', async (visit): Promise<Answer> => {
    const name = nameOf(visit)
    const reason = field(visit.body, `reason-${name}`).trim().slice(0, 500)
    if (!reason) return { ...await switchesPage(desk, visit, name, {}, { [`reason-${name}`]: visit.t('fault.switch-reason') }), status: 422 }
    const outcome = await pages.change(visit, { verb: 'switch-off', subjectKind: 'settings', subjectIds: [name], reason }, (tx) => switchOff(tx, { name, reason, staffId: visit.staff.id }, visit.now))
    return outcome === 'not-possible' ? notFound() : { to: '/switches', said: 'said.switched-off' }
  }, 'switches')

  pages.post('/switches/:name/on', async (visit): Promise<Answer> => {
    const name = nameOf(visit)
    await pages.change(visit, { verb: 'switch-on', subjectKind: 'settings', subjectIds: [name] }, (tx) => switchOn(tx, name))
    return { to: '/switches', said: 'said.switched-on' }
  }, 'switches')
}

function nameOf({ params }: Visit): SwitchName {
  const name = params.name ?? ''
  return isSwitchName(name) ? name : notFound()
}

async function switchesPage(desk: Desk, visit: Visit, wrong?: SwitchName, typed: Typed = {}, faults: Faults = {}): Promise<DeskPage> {
  const { t } = visit
  const publisher = await readPublisher(desk.db)
  const off = new Map((await readSwitches(desk.db)).map((each) => [each.name, each]))
  const names = new Map((await allStaff(desk.db, desk.opener)).map((staff) => [staff.id, staff.name]))
  const languages = publisher.languages.filter((language) => language !== publisher.defaultLanguage)
  const all: { name: SwitchName, title: string, help: string }[] = [
    ...switchNames.map((name) => ({ name, title: t(`switch.${name}`), help: t(`switch.${name}.help`) })),
    ...languages.map((language) => ({ name: `language:${language}` as const, title: t('switch.language', { language: t.languageName(language) }), help: t('switch.language.help') })),
  ]
  const state = ({ offSince, reason, staffId }: Switch): Html => html`<p><span class="state bad">${t('switch.is-off')}</span> ${t('switch.since', { moment: t.moment(offSince, publisher.zone), name: (staffId && names.get(staffId)) ?? t('audit.system') })}</p><p dir="auto">${reason}</p>`
  return {
    title: t('switches.title'), section: 'settings', crumbs: [{ href: '/settings', label: t('nav.settings') }],
    body: html`<p>${t('switches.why')}</p>${all.map(({ name, title, help }) => {
      const its = off.get(name)
      return html`<section class="card" id="${name.replace(':', '-')}"><h2>${title}</h2>${its ? state(its) : html`<p><span class="state ok">${t('switch.is-on')}</span></p>`}<p>${help}</p>
${its ? button(`/switches/${name}/on`, t('switch.on'), {}, '') : html`<details${wrong === name && html` open`}><summary>${t('switch.off')}</summary>${form(t, {
        action: `/switches/${name}/off`, button: t('switch.off'), faults: wrong === name ? faults : {},
        fields: formFields(t, [{ name: 'switch_reason', as: `reason-${name}`, kind: 'line', maxLength: 500, required: true }], typed, faults),
      })}</details>`}</section>`
    })}<p class="soft">${t('switches.default', { language: t.languageName(publisher.defaultLanguage) })}</p>`,
  }
}
