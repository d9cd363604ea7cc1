import { countryNamed } from '#platform/countries.ts'
import { dayIn, isDay } from '#platform/days.ts'
import { html } from '#platform/html/html.ts'
import { field } from '#platform/http/server.ts'
import { readAddress } from '#modules/people/index.ts'
import { readPublisher } from '#modules/publisher/index.ts'
import {
  addBody, addContact, addOffice, areaOfOffice, beginTerm, changeOffice, endContact, endTerm, findOfficeRecord, localLabel, setMission, setOfficeArea, type OfficeRecord,
} from '#modules/targets/index.ts'
import type { Desk } from '../context.ts'
import { countryList, countryListId, countrySaid } from '../countries.ts'
import { button, form, formFields, type Faults, type Typed } from '../forms.ts'
import type { DeskPage } from '../look/layout.ts'
import { addressAsWritten } from '../pasted-address.ts'
import { idOf, orNotFound, type Answer, type DeskPages, type Visit } from '../pages.ts'
import type { DeskWord } from '../words/index.ts'
import { areaPath, officeAreaFields, officeAreaTyped } from './areas.ts'

const kinds = ['email', 'phone', 'address', 'url'] as const

/** An office with everything of it that can be put right by hand: its name, who holds it from when to when, how to reach it. */
export function officeRoutes(pages: DeskPages, desk: Desk): void {
  const idFrom = (visit: Visit) => visit.params.office ?? ''
  const here = (id: string) => `/targets/offices/${encodeURIComponent(id)}`

  pages.get('/targets/offices/new', (visit) => newOfficePage(desk, visit, {}, {}), 'change-targets')
  pages.post('/targets/offices/new', async (visit): Promise<Answer> => {
    const { t, body, now, zone } = visit
    const text = (name: string) => field(body, name).trim()
    const { area, faults: areaFaults } = await officeAreaTyped(desk.db, t, body)
    const faults: Faults = { ...areaFaults, ...(!text('office_label') && { office_label: t('fault.label') }), ...(!text('body_choice') && !text('new_body') && { body_choice: t('fault.body-choice') }), ...(text('email') && !readAddress(text('email')) && { email: t('fault.email') }) }
    if (Object.keys(faults).length) return { ...await newOfficePage(desk, visit, Object.fromEntries(['office_label', 'body_choice', 'new_body', 'office_area', 'new_area', 'holder', 'email'].map((name) => [name, text(name)])), faults), status: 422 }
    const { id } = await pages.change(visit, (office: { id: string, isNew: boolean }) => ({ verb: 'add-office', subjectKind: 'targets', subjectIds: [office.id] }), async (tx) => {
      const bodyId = text('body_choice') || await addBody(tx, text('new_body'))
      const office = await addOffice(tx, { bodyId, label: text('office_label'), area })
      if (office.isNew && text('holder')) await beginTerm(tx, office.id, { name: text('holder') }, null)
      if (office.isNew && text('email')) await addContact(tx, { officeId: office.id }, { kind: 'email', value: text('email'), source: t('office.by-hand'), checkedOn: dayIn(zone, now) })
      return office
    }, ({ isNew }) => isNew)
    return { to: here(id), said: 'said.saved' }
  }, 'change-targets')

  pages.get('/targets/offices/:office', (visit) => officePage(desk, visit, idFrom(visit), {}), 'see-targets')

  pages.post('/targets/offices/:office', async (visit): Promise<Answer> => {
    const id = idFrom(visit)
    const { languages } = await readPublisher(desk.db)
    const label = field(visit.body, 'office_label').trim().slice(0, 300)
    if (!label) return { ...await officePage(desk, visit, id, { office_label: visit.t('fault.label') }), status: 422 }
    const each = (name: string) => Object.fromEntries(languages.map((language) => [language, field(visit.body, `${name}-${language}`).trim().slice(0, 300)]))
    await pages.change(visit, { verb: 'change-office', subjectKind: 'targets', subjectIds: [id] }, (tx) => changeOffice(tx, id, { label, labels: each('label'), salutations: each('salutation') }))
    return { to: here(id), said: 'said.saved' }
  }, 'change-targets')

  pages.post('/targets/offices/:office/mission', async (visit): Promise<Answer> => {
    const id = idFrom(visit)
    const { t, body } = visit
    const [represents, host] = ['represents', 'host'].map((name) => (field(body, name).trim() ? countryNamed(field(body, name)) : ''))
    const limit = Number(field(body, 'form_limit').trim() || 0)
    const faults: Faults = {
      ...(represents === undefined && { represents: t('fault.country') }), ...(host === undefined && { host: t('fault.country') }),
      ...((represents === '') !== (host === '') && { [host === '' ? 'host' : 'represents']: t('fault.mission') }), ...((!Number.isInteger(limit) || limit < 0 || limit > 1_000_000) && { form_limit: t('fault.number') }),
    }
    if (Object.keys(faults).length) return { ...await officePage(desk, visit, id, faults), status: 422 }
    await pages.change(visit, { verb: 'change-office', subjectKind: 'targets', subjectIds: [id] }, (tx) => setMission(tx, id, { represents: represents || null, host: host || null, formLimit: limit || null }))
    return { to: here(id), said: 'said.saved' }
  }, 'change-targets')

  pages.post('/targets/offices/:office/area', async (visit): Promise<Answer> => {
    const id = idFrom(visit)
    const { area, faults } = await officeAreaTyped(desk.db, visit.t, visit.body, await areaOfOffice(desk.db, id))
    if (Object.keys(faults).length) return { ...await officePage(desk, visit, id, faults), status: 422 }
    await pages.change(visit, { verb: 'change-office', subjectKind: 'targets', subjectIds: [id] }, (tx) => setOfficeArea(tx, id, area))
    return { to: here(id), said: 'said.saved' }
  }, 'change-targets')

  pages.post('/targets/offices/:office/holder', async (visit): Promise<Answer> => {
    const id = idFrom(visit)
    const name = field(visit.body, 'holder').trim().slice(0, 300)
    const since = field(visit.body, 'since').trim()
    const faults: Faults = { ...(!name && { holder: visit.t('fault.name') }), ...(!isDay(since) && { since: visit.t('fault.day') }) }
    if (Object.keys(faults).length) return { ...await officePage(desk, visit, id, faults), status: 422 }
    await pages.change(visit, { verb: 'set-holder', subjectKind: 'targets', subjectIds: [id] }, (tx) => beginTerm(tx, id, { name, formalName: field(visit.body, 'formal_name').trim().slice(0, 300), party: field(visit.body, 'party').trim().slice(0, 200) }, since))
    return { to: here(id), said: 'said.saved' }
  }, 'change-targets')
  pages.post('/targets/terms/:id/end', async (visit) => {
    const termId = idOf(visit)
    const office = field(visit.body, 'office')
    const on = field(visit.body, 'until').trim()
    const term = orNotFound((await findOfficeRecord(desk.db, office))?.terms.find((each) => each.id === termId))
    const fault = !isDay(on) ? 'fault.day' : term.since && on < term.since ? 'fault.until-before' : undefined
    if (fault) return { ...await officePage(desk, visit, office, { [`until-${termId}`]: visit.t(fault) }), status: 422 }
    await pages.change(visit, { verb: 'end-term', subjectKind: 'targets', subjectIds: [office] }, (tx) => endTerm(tx, termId, on))
    return { to: here(office), said: 'said.saved' }
  }, 'change-targets')

  pages.post('/targets/offices/:office/contact', async (visit): Promise<Answer> => {
    const id = idFrom(visit)
    const { t, body, now, zone } = visit
    const kind = kinds.find((each) => each === field(body, 'contact_kind'))
    const typed = field(body, 'contact_value').trim().slice(0, 500)
    const value = kind === 'url' ? addressAsWritten(typed) : typed
    const source = field(body, 'contact_source').trim().slice(0, 300)
    const faults: Faults = {
      ...(!kind && { contact_kind: t('fault.choose') }), ...((!value || (kind === 'email' && !readAddress(value)) || (kind === 'url' && !/^https?:\/\//.test(value))) && { contact_value: t('fault.contact') }), ...(!source && { contact_source: t('fault.source') }),
    }
    if (Object.keys(faults).length) return { ...await officePage(desk, visit, id, faults), status: 422 }
    await pages.change(visit, { verb: 'add-contact', subjectKind: 'targets', subjectIds: [id] }, (tx) => addContact(tx, { officeId: id }, { kind: kind!, value, source, checkedOn: dayIn(zone, now) }))
    return { to: here(id), said: 'said.saved' }
  }, 'change-targets')
  pages.post('/targets/contacts/:id/end', async (visit) => {
    const office = field(visit.body, 'office')
    await pages.change(visit, { verb: 'end-contact', subjectKind: 'targets', subjectIds: [office] }, (tx) => endContact(tx, idOf(visit), dayIn(visit.zone, visit.now)))
    return { to: here(office), said: 'said.saved' }
  }, 'change-targets')
}

function typedIn(body: unknown, ...names: string[]): Typed {
  return Object.fromEntries(names.map((name) => [name, field(body, name)]))
}

async function newOfficePage(desk: Desk, { t }: Visit, typed: Typed, faults: Faults): Promise<DeskPage> {
  const bodies = await desk.db.selectFrom('bodies').select(['id', 'name', 'names']).orderBy('name').execute()
  return {
    title: t('office.new'), section: 'targets', crumbs: [{ href: '/targets', label: t('nav.targets') }],
    body: form(t, {
      action: '/targets/offices/new', button: t('save'), faults,
      fields: formFields(t, [
        { name: 'office_label', kind: 'line', required: true, maxLength: 300 }, { name: 'body_choice', kind: 'select', empty: t('f.body_choice.new'), choices: bodies.map((each) => ({ value: each.id, label: (each.names as Record<string, string>)[t.language] ?? each.name })) },
        { name: 'new_body', kind: 'line', maxLength: 200 }, ...await officeAreaFields(desk.db), { name: 'holder', kind: 'line', maxLength: 300 }, { name: 'email', kind: 'email' },
      ], typed, faults),
    }),
  }
}

async function officePage(desk: Desk, visit: Visit, id: string, faults: Faults): Promise<DeskPage> {
  const { t, body, now, zone } = visit
  const office: OfficeRecord = orNotFound(await findOfficeRecord(desk.db, id))
  const { languages } = await readPublisher(desk.db)
  const area = await areaOfOffice(desk.db, id)
  const here = `/targets/offices/${encodeURIComponent(id)}`
  const today = dayIn(zone, now)
  return {
    title: localLabel(office, t.language), section: 'targets', crumbs: [{ href: '/targets', label: t('nav.targets') }],
    buttons: html`<a class="btn plain" href="${here}/hours">${t('hours.title')}</a><a class="btn plain" href="${here}/writing">${t('writing.button')}</a><a class="btn plain" href="${here}/replies">${t('replies.title')}</a>`,
    body: html`<section class="card"><h2>${t('office.holders')}</h2>${office.terms.length === 0 ? html`<p>${t('targets.is-vacant')}</p>` : html`<ul class="todo">${office.terms.map((term) => html`<li><strong><bdi>${term.name}</bdi></strong> <small><bdi>${[term.formalName, term.party].filter(Boolean).join(' · ')}</bdi></small><small>${t('office.term', { since: term.since ? t.day(term.since) : t('office.unknown-since'), until: term.until ? t.day(term.until) : t('office.until-now') })}</small>${!term.until && html`<form method="post" action="/targets/terms/${term.id}/end" class="row"><input type="hidden" name="office" value="${id}"><label for="until-${term.id}">${t('office.until')}</label><input type="date" id="until-${term.id}" name="until" value="${faults[`until-${term.id}`] ? field(body, 'until') : today}" class="narrow"${faults[`until-${term.id}`] && html` aria-invalid="true" aria-describedby="until-${term.id}-wrong"`}><button class="plain">${t('office.end-term')}</button></form>${faults[`until-${term.id}`] && html`<p class="wrong" id="until-${term.id}-wrong">${faults[`until-${term.id}`]}</p>`}`}</li>`)}</ul>`}</section>
${form(t, { action: `${here}/holder`, button: t('office.new-holder'), faults: pick(faults, 'holder', 'since'), fields: html`<h2>${t('office.new-holder')}</h2>${formFields(t, [{ name: 'holder', kind: 'line', required: true, maxLength: 300 }, { name: 'formal_name', kind: 'line', maxLength: 300 }, { name: 'party', kind: 'line', maxLength: 200 }, { name: 'since', kind: 'date', narrow: true }], Object.keys(pick(faults, 'holder', 'since')).length ? typedIn(body, 'holder', 'formal_name', 'party', 'since') : { since: today }, faults)}` })}
<section class="card"><h2>${t('office.contacts')}</h2>${office.contacts.length === 0 ? html`<p>${t('targets.has-no-address')}</p>` : html`<ul class="todo">${office.contacts.map((contact) => html`<li>${t(`contact.${contact.kind}` as DeskWord)}: <bdi dir="auto">${contact.value}</bdi><small>${t(contact.ofHolder ? 'contact.of-holder' : 'contact.of-office')} · ${t('contact.source', { source: contact.source, day: t.day(contact.checkedOn) })}</small>${contact.refused && html`<small>${t('contact.refused', { times: contact.refused.times, day: t.day(contact.refused.last) })}</small>`}<div class="row">${button(`/targets/checking/${contact.id}/checked`, t('contact.checked'), { back: here })}<a class="btn plain" href="/targets/contacts/${contact.id}">${t('contact.change')}</a>${button(`/targets/contacts/${contact.id}/end`, t('contact.end'), { office: id })}</div></li>`)}</ul>`}</section>
${form(t, { action: `${here}/contact`, button: t('contact.add'), faults: pick(faults, 'contact_kind', 'contact_value', 'contact_source'), fields: html`<h2>${t('contact.add')}</h2>${formFields(t, [{ name: 'contact_kind', kind: 'choice', choices: kinds.map((value) => ({ value, label: t(`contact.${value}`) })) }, { name: 'contact_value', kind: 'line', required: true, maxLength: 500 }, { name: 'contact_source', kind: 'line', required: true, maxLength: 300 }], typedIn(body, 'contact_kind', 'contact_value', 'contact_source'), faults)}` })}
${form(t, { action: `${here}/area`, button: t('save'), faults: pick(faults, 'office_area'), fields: html`<h2>${t('office.area')}</h2>${area && html`<p><a href="${areaPath(area.id)}">${t('office.area.open', { area: area.name })}</a></p>`}${formFields(t, await officeAreaFields(desk.db), faults.office_area ? typedIn(body, 'office_area', 'new_area') : { office_area: area?.name ?? '' }, faults)}` })}
${form(t, { action: `${here}/mission`, button: t('save'), faults: pick(faults, 'represents', 'host', 'form_limit'), fields: html`<h2>${t('office.mission')}</h2>${countryList(t)}${formFields(t, [{ name: 'represents', kind: 'line', from: countryListId, maxLength: 100 }, { name: 'host', kind: 'line', from: countryListId, maxLength: 100 }, { name: 'form_limit', kind: 'number', narrow: true }], Object.keys(pick(faults, 'represents', 'host', 'form_limit')).length ? typedIn(body, 'represents', 'host', 'form_limit') : { represents: countrySaid(t, office.represents ?? ''), host: countrySaid(t, office.host ?? ''), form_limit: office.formLimit ? String(office.formLimit) : '' }, faults)}` })}
${form(t, {
      action: here, button: t('save'), faults: pick(faults, 'office_label'),
      fields: html`<h2>${t('office.names')}</h2>${formFields(t, [{ name: 'office_label', kind: 'line', required: true, maxLength: 300 }], { office_label: office.label }, faults)}
${languages.map((language) => html`<h3>${t.languageName(language)}</h3>${formFields(t, [{ name: 'label', as: `label-${language}`, kind: 'line', maxLength: 300 }, { name: 'salutation', as: `salutation-${language}`, kind: 'line', maxLength: 300 }], { [`label-${language}`]: office.labels[language], [`salutation-${language}`]: office.salutations[language] }, faults)}`)}`,
    })}`,
  }
}

function pick(faults: Faults, ...names: string[]): Faults {
  return Object.fromEntries(Object.entries(faults).filter(([name]) => names.includes(name)))
}
