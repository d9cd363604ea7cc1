import { html, type Html } from '#platform/html/html.ts'
import { errorSummary, textField, type Faults, type Typed } from '../forms/fields.ts'
import { localPath, type Frame, type PageParts } from '../look/layout.ts'
import { choices } from './choices.ts'
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

/** Who somebody is, as far as we know. */
export function facts({ frame: { t, publisher }, ready: { own }, now }: DataView): Html {
  const at = (moment: string) => t.moment(new Date(moment), publisher.zone)
  const fact = (label: string, value: Html | string | null | undefined | false, ltr = false) => value && html`<div><dt>${label}</dt><dd${ltr && html` dir="ltr"`}>${typeof value === 'string' ? html`<bdi>${value}</bdi>` : value}</dd></div>`
  return html`<dl class="who">${fact(t('field.name'), own.name)}${fact(t('field.email'), own.email, true)}${fact(t('my.language'), t.languageName(own.language))}
${fact(t('field.country'), own.country && t.countryName(own.country))}${fact(t('my.area'), own.area)}${fact(t('my.since'), at(own.since))}${fact(t('my.confirmed'), own.confirmedAt && at(own.confirmedAt))}${fact(t('my.paused'), own.pausedUntil && new Date(own.pausedUntil) > now && t.day(own.pausedUntil))}
${(own.holds ?? []).map((hold) => fact(t('my.held'), hold.until ? t('my.held.until', { from: at(hold.since), until: at(hold.until) }) : t('my.held.since', { moment: at(hold.since) })))}${fact(t('my.browsers'), own.browsers > 0 && t('my.browsers.count', { count: own.browsers }))}</dl>`
}

/** What was written by the forms of places and topics with this address, and what has become of it. */
export function wrote({ frame: { t, publisher }, ready: { own, records } }: DataView): Html | false {
  const all = own.contactMessages ?? []
  return all.length > 0 && html`<section class="card"><h2>${t('my.wrote')}</h2>${all.map((each) => html`<h3><bdi>${each.about}</bdi></h3><p><strong>${t(`my.wrote.${each.state}`)}</strong> <small>${t.moment(new Date(each.at), publisher.zone)}</small></p>
${records?.records[each.id]?.text?.map(({ body }) => html`<div class="preview" dir="auto">${body}</div>`) ?? html`<p class="fine">${t('my.wrote.locked')}</p>`}`)}</section>`
}

/** Mails, what must not be written, and what was asked of staff. */
export function around({ frame: { t, publisher }, ready: { own } }: DataView): Html {
  const at = (moment: string) => t.moment(new Date(moment), publisher.zone)
  const word = (group: 'mail' | 'mail-state' | 'suppression' | 'asked' | 'way', name: string) => (t.has(`my.${group}.${name}`) ? t(`my.${group}.${name}` as Parameters<typeof t>[0]) : name)
  return html`${own.suppressions.length > 0 && html`<section class="card"><h2>${t('my.suppressed')}</h2><ul>${own.suppressions.map((each) => html`<li>${word('suppression', each.scope)} <small>${at(each.at)}</small></li>`)}</ul></section>`}
${own.requests.length > 0 && html`<section class="card"><h2>${t('my.requests')}</h2><ul>${own.requests.map((each) => html`<li>${word('asked', each.what)} · ${word('way', each.way)} <small>${at(each.at)}</small></li>`)}</ul></section>`}
${own.mails.length > 0 && html`<section class="card"><details><summary>${t('my.mails', { count: own.mails.length })}</summary><ul>${own.mails.map((each) => html`<li>${word('mail', each.kind)}: ${word('mail-state', each.state)} <small>${at(each.at)}</small></li>`)}</ul></details></section>`}`
}
