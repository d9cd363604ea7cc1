import type { Db } from '#platform/db.ts'
import { html } from '#platform/html/html.ts'
import { field } from '#platform/http/server.ts'
import { readPublisher } from '#modules/publisher/index.ts'
import { areaNames, areasMeant, changeArea, findAreaRecord, localLabel, localName, type AreaChosen } from '#modules/targets/index.ts'
import type { Desk } from '../context.ts'
import { form, formFields, type Faults, type Field, type Typed } from '../forms.ts'
import type { DeskPage } from '../look/layout.ts'
import { orNotFound, type Answer, type DeskPages, type Visit } from '../pages.ts'
import type { DeskWords } from '../words/index.ts'

/** An area: what it is called, in which one it lies, and the offices that answer for it. Offices of several bodies may share one. */
export function areaRoutes(pages: DeskPages, desk: Desk): void {
  const idFrom = (visit: Visit) => visit.params.area ?? ''

  pages.get('/targets/areas/:area', (visit) => areaPage(desk, visit, idFrom(visit)), 'see-targets')
  pages.post('/targets/areas/:area', async (visit): Promise<Answer> => {
    const { t, body } = visit
    const id = idFrom(visit)
    const area = orNotFound(await findAreaRecord(desk.db, id))
    const { languages } = await readPublisher(desk.db)
    const name = field(body, 'area_label').trim().slice(0, 300)
    const around = await areaTyped(desk.db, t, 'area_around', field(body, 'area_around'), area.parent)
    const faults: Faults = { ...(!name && { area_label: t('fault.name') }), ...around.faults }
    if (Object.keys(faults).length) return { ...await areaPage(desk, visit, id, faults), status: 422 }
    const names = Object.fromEntries(languages.map((language) => [language, field(body, `area_label-${language}`).trim().slice(0, 300)]))
    const outcome = await pages.change(visit, { verb: 'change-area', subjectKind: 'targets', subjectIds: [id] }, (tx) => changeArea(tx, id, { name, names, parentId: around.id }), (changed) => changed === 'changed')
    if (outcome === 'in-itself') return { ...await areaPage(desk, visit, id, { area_around: t('fault.area-around') }), status: 422 }
    return { to: areaPath(id), said: 'said.saved' }
  }, 'change-targets')
}

export function areaPath(id: string): string {
  return `/targets/areas/${encodeURIComponent(id)}`
}

/** The area that was typed by its name or code; null where nothing was. What stood there `before` is meant where it was left, also if others are called the same. */
async function areaTyped(db: Db, t: DeskWords, name: string, text: string, before: { id: string, name: string } | null | undefined): Promise<{ id: string | null, faults: Faults }> {
  const typed = text.trim()
  if (!typed) return { id: null, faults: {} }
  if (typed === before?.name) return { id: before.id, faults: {} }
  const meant = await areasMeant(db, typed)
  if (meant.length === 1) return { id: meant[0]!, faults: {} }
  return { id: null, faults: { [name]: meant.length === 0 ? t('fault.area-unknown') : t('fault.area-several', { codes: t.list(meant) }) } }
}

/** The fields in which somebody says for which area an office answers: one that there is, or a new one. */
export async function officeAreaFields(db: Db): Promise<Field[]> {
  return [{ name: 'office_area', kind: 'line', list: await areaNames(db), maxLength: 300 }, { name: 'new_area', kind: 'line', maxLength: 300 }]
}

/** What was typed in those fields: what is wrong with it, and else which area it says. A new one is meant where one is named, whatever stood in the other field before. */
export async function officeAreaTyped(db: Db, t: DeskWords, body: unknown, before?: { id: string, name: string }): Promise<{ faults: Faults, area: AreaChosen }> {
  const called = field(body, 'new_area').trim().slice(0, 300)
  if (called) return { faults: {}, area: { called } }
  const { id, faults } = await areaTyped(db, t, 'office_area', field(body, 'office_area'), before)
  return { faults, area: { id } }
}

async function areaPage(desk: Desk, visit: Visit, id: string, faults: Faults = {}): Promise<DeskPage> {
  const { t, body, may } = visit
  const area = orNotFound(await findAreaRecord(desk.db, id))
  const { languages } = await readPublisher(desk.db)
  const names = await areaNames(desk.db)
  const its = ['area_label', ...languages.map((language) => `area_label-${language}`), 'area_around']
  const typed: Typed = Object.keys(faults).length ? Object.fromEntries(its.map((name) => [name, field(body, name)])) : {
    area_label: area.name, area_around: area.parent?.name ?? '', ...Object.fromEntries(languages.map((language) => [`area_label-${language}`, area.names[language]])),
  }
  return {
    title: localName(area, t.language), section: 'targets', crumbs: [{ href: '/targets', label: t('nav.targets') }],
    body: html`<section class="card"><h2>${t('area.offices')}</h2>${area.offices.length === 0 ? html`<p>${t('area.no-offices')}</p>` : html`<ul>${area.offices.map((office) => html`<li><a href="/targets/offices/${encodeURIComponent(office.id)}">${localLabel(office, t.language)}</a></li>`)}</ul>`}</section>
${may('change-targets') && form(t, {
      action: areaPath(id), button: t('save'), faults,
      fields: html`<h2>${t('area.title')}</h2><p class="soft">${t('area.code')} <bdi><code>${id}</code></bdi></p>${formFields(t, [{ name: 'area_label', kind: 'line', required: true, maxLength: 300 }], typed, faults)}
${languages.map((language) => html`<h3>${t.languageName(language)}</h3>${formFields(t, [{ name: 'area_label', as: `area_label-${language}`, kind: 'line', maxLength: 300 }], typed, faults)}`)}${formFields(t, [{ name: 'area_around', kind: 'line', list: names, maxLength: 300 }], typed, faults)}`,
    })}`,
  }
}
