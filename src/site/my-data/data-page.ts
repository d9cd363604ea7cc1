import { html } from '#platform/html/html.ts'
import { errorSummary, textField, type Faults, type Typed } from '../forms/fields.ts'
import { localPath, type Frame, type PageParts } from '../look/layout.ts'
import { choices } from './choices.ts'
import { around, facts, wrote } from './known.ts'
import { participation, saidLine } from './participation.ts'
import { saidNotice } from './pages.ts'
import { changeForm, type DataView, type Ready } from './view.ts'

/** All that is known about somebody, and what they can do about it. Made from the capsule alone: it asks the database for nothing. */
export function dataPage(frame: Frame, token: string, ready: Ready, now: Date, { said, typed = {}, faults = {} }: { said?: string, typed?: Typed, faults?: Faults }): PageParts {
  const { t, publisher } = frame
  const { own, records } = ready
  const view: DataView = { frame, token, ready, now, typed, faults }
  const at = (moment: string) => t.moment(new Date(moment), publisher.zone)
  const wait = own.participations.some((each) => each.records.details || each.records.text) || Boolean(own.contactMessages?.length)
  return {
    title: t('my.title'),
    body: html`<h1>${t('my.title')}</h1>${saidNotice(frame, said)}${errorSummary(t, faults)}
<p class="stand">${t('my.why', { moment: at(own.writtenAt) })}</p>
${own.erasing && html`<div class="notice"><p>${t('my.erasing')}</p></div>`}
${own.shared && html`<div class="notice"><p>${t('my.shared')}</p></div>`}
${own.newAddress && html`<div class="notice"><p>${t.html('my.new-address', { address: html`<bdi dir="ltr">${own.newAddress}</bdi>` })}</p></div>`}
${wait && html`<div class="notice"><p>${t(records ? 'my.records.here' : 'my.records.wait')}</p></div>`}
<section class="card"><h2>${t('my.you')}</h2>${facts(view)}
<details${faults.name && html` open`}><summary>${t('my.name.change')}</summary>${changeForm(view, 'name', t('my.name.button'), textField({ name: 'name', label: t('field.name'), hint: t('my.name.hint'), typed: { name: own.name ?? '', ...typed }, faults, required: true, autocomplete: 'name', maxLength: 200 }))}</details>
<details${faults.email && html` open`}><summary>${t('my.address.change')}</summary>${changeForm(view, 'address', t('my.address.button'), textField({ name: 'email', label: t('my.address.new'), hint: t('my.address.hint'), typed, faults, required: true, autocomplete: 'email', type: 'email', maxLength: 254, direction: 'ltr' }))}</details></section>
${choices(view)}
<section><h2>${t('my.did')}</h2>${own.participations.length === 0 ? html`<p>${t('my.did.none')}</p>` : html`<p>${t('my.did.count', { count: own.participations.length })}</p>`}${own.participations.map((each) => participation(view, each))}</section>
${own.consents.length > 0 && html`<section class="card"><h2>${t('my.answers')}</h2><ul>${own.consents.map((each) => saidLine(view, each))}</ul></section>`}
${wrote(view)}${around(view)}
<section class="card"><h2>${t('my.take')}</h2><p>${t('my.take.why')}</p><form method="post" action="${localPath(frame, `/my-data/${token}/download`)}"><div class="row"><button class="plain" name="as" value="html">${t('my.take.html')}</button><button class="plain" name="as" value="json">${t('my.take.json')}</button></div></form></section>
<section class="card"><h2>${t('my.erase.title')}</h2><p>${t('my.erase.short')}</p><div class="row"><a class="plain" href="${localPath(frame, `/my-data/${token}/erase`)}">${t('my.erase.read')}</a></div></section>
<p class="fine">${t('my.hour')}</p>`,
  }
}
