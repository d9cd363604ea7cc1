import { sql } from '#platform/db.ts'
import { html } from '#platform/html/html.ts'
import { detailsPlace, messagePlace, recordPlace, type Details, type MessageText, type RecordDetails } from '#modules/actions/index.ts'
import { openContact } from '#modules/people/index.ts'
import { auditFirst } from '#modules/staff/index.ts'
import type { Desk } from '../context.ts'
import type { DeskPage } from '../look/layout.ts'
import { orNotFound, type Visit } from '../pages.ts'

interface Sealed {
  person_id: string
  participation_id: string
  contact: Buffer
  details: Buffer | null
  record: Buffer | null
  message_contact: Buffer | null
  message_record: Buffer | null
}

/** One participation with everything that is sealed in it, opened for somebody who is named in the log for it. */
export async function openParticipation(desk: Desk, { t, staff }: Visit, id: string): Promise<DeskPage> {
  const line = await auditFirst(desk.db, { staffId: staff.id, verb: 'open-participation', subjectKind: 'participation', subjectIds: [id] })
  const { rows } = await sql<Sealed>`select * from open_participations(${line})`.execute(desk.db)
  const sealed = orNotFound(rows[0])
  const contact = await openContact(desk.opener, sealed.person_id, sealed.contact)
  const details = sealed.details ? await desk.opener.open<Details>(detailsPlace(id), sealed.details) : {}
  // A key that is kept elsewhere is asked for only where there is something under it.
  const locked = (sealed.record !== null || sealed.message_record !== null) && !desk.recordLock.opensAll()
  const record = sealed.record && !locked ? await desk.opener.open<RecordDetails>(recordPlace(id), sealed.record) : {}
  const message = sealed.message_record ? locked ? undefined : await desk.opener.open<MessageText>(messagePlace('record', id), sealed.message_record)
    : sealed.message_contact ? await desk.opener.open<MessageText>(messagePlace('contact', id), sealed.message_contact) : undefined
  const { rows: messages } = await sql<{ label: string, state: string }>`
    select coalesce(offices.labels ->> ${t.language}, offices.label) as label, messages.state from messages join offices on offices.id = messages.office_id
    where messages.person_id = ${sealed.person_id} and messages.participation_id = ${id}`.execute(desk.db)
  return {
    title: details.name ?? contact.name ?? t('people.nameless'), section: 'supporters', crumbs: [{ href: '/participations', label: t('people.title') }],
    body: html`<div class="notice"><p>${t('people.opened')}</p></div>${locked && html`<div class="notice"><p>${t('keys.locked.part')} <a href="/keys/open">${t('keys.record.open')}</a></p></div>`}<section class="card"><dl class="facts">
<dt>${t('f.name')}</dt><dd><bdi>${details.name ?? contact.name ?? ''}</bdi></dd><dt>${t('f.email')}</dt><dd dir="ltr">${contact.email}</dd>
${record.phone && html`<dt>${t('people.phone')}</dt><dd dir="ltr">${record.phone}</dd>`}${record.postalAddress && html`<dt>${t('people.address')}</dt><dd class="words" dir="auto">${record.postalAddress}</dd>`}
${details.postcode && html`<dt>${t('people.postcode')}</dt><dd dir="ltr">${details.postcode}</dd>`}${details.comment && html`<dt>${t('people.comment')}</dt><dd class="words" dir="auto">${details.comment}</dd>`}</dl></section>
${message && html`<section class="card">${[message, ...message.more ?? []].map((each) => html`<h2><bdi>${each.subject}</bdi></h2><div class="words" dir="auto">${each.body}</div>`)}${messages.length > 0 && html`<ul>${messages.map((each) => html`<li><bdi>${each.label}</bdi>: ${t(`message.state.${each.state}` as Parameters<typeof t>[0])}</li>`)}</ul>`}</section>`}
<p><a href="/supporters/${sealed.person_id}">${t('person.all')}</a></p>`,
  }
}
