import { createHmac } from 'node:crypto'
import { html, type Html } from '#platform/html/html.ts'
import { field, notFound, seeOther, type FastifyReply, type FastifyRequest } from '#platform/http/server.ts'
import { sealable } from '#platform/sealing/index.ts'
import { isToken, newToken } from '#platform/tokens.ts'
import { uuidOf } from '#platform/uuid.ts'
import { readAddress } from '#modules/people/index.ts'
import { contactMessagePlace, type Contact, type ContactMessage, type SubjectKind } from '#modules/places/index.ts'
import type { ShownSubject } from '#modules/publishing/index.ts'
import { readName } from '../actions/details-form.ts'
import { sendBusy } from '../busy.ts'
import type { Site } from '../context.ts'
import { errorSummary, hidden, textArea, textField, type Faults, type Typed } from '../forms/fields.ts'
import { passOrWork } from '../guard/guard.ts'
import { localPath, type Frame, type PageParts } from '../look/layout.ts'
import type { Pages } from '../pages/page.ts'
import { notTaken } from '../switchboard.ts'
import { inLanguage } from './readable.ts'
import { findSubject, folders, subjectName, subjectPath } from './subjects.ts'

const longest = 5000

/** Writing to whoever looks after a place or topic: a form instead of an address. */
export function contactRoutes(pages: Pages, site: Site, kind: SubjectKind): void {
  const subjectOf = (request: FastifyRequest) => findSubject(site, kind, (request.params as { slug: string }).slug)
  const path = `${folders[kind]}/:slug/contact`

  pages.getCached(path, async (frame, request) => {
    const subject = await subjectOf(request)
    return subject && formPage(frame, subject, {}, {})
  })
  pages.getCached(`${path}/sent`, async (frame, request) => {
    const subject = await subjectOf(request)
    return subject && sentPage(frame, subject)
  })

  // The same page in the same time whoever writes: nothing here looks anybody up.
  pages.post(path, async (frame, request, reply): Promise<FastifyReply> => {
    const subject = await subjectOf(request)
    if (!subject) return notFound()
    const { t } = frame
    const typed: Typed = { name: field(request.body, 'name').slice(0, 300), email: field(request.body, 'email').trim().slice(0, 300), words: field(request.body, 'words').slice(0, 30_000), key: field(request.body, 'key') }
    const again = async (faults: Faults, status: number, notice?: string) => pages.send(frame, reply, formPage(frame, subject, typed, faults, notice), status)
    const off = notTaken(frame)
    if (off) return again({}, 503, off)
    const read = readMessage(frame, typed)
    if ('faults' in read) return again(read.faults, 422)
    const { message } = read
    // One message of one form has one id, so that a second click is the same message: also where the first was answered by a process that is no more.
    const id = uuidOf(createHmac('sha256', isToken(typed.key) ? typed.key : site.clickKey).update(JSON.stringify([subject.id, message])).digest())
    const passing = await passOrWork(pages, frame, request, reply, { id: subject.id, rehearsing: false }, { email: message.email, form: id })
    if (!passing.through) return passing.sent
    const { table, column, row } = contactMessagePlace(id)
    const record = (await site.records.context()).seal({ table, column, row }, sealable(message)).toString('base64')
    const outcome = await site.collector.submit({ kind: 'contact-message', id, subject: subject.id, email: message.email, language: t.language, record, at: site.now().toISOString() })
    if (outcome === 'kept') return seeOther(reply, localPath(frame, subjectPath(subject, '/contact/sent')))
    return site.collector.full ? sendBusy(frame, request, reply) : again({}, 503, t('form.busy'))
  })
}

/** Whom to turn to about a place or topic, by role and language; and the way to the form. */
export function contactList(frame: Frame, subject: ShownSubject): Html {
  return html`${contactLines(frame, subject.contacts)}<p><a class="plain" href="${localPath(frame, subjectPath(subject, '/contact'))}">${frame.t('contact.write')}</a></p>`
}

function formPage(frame: Frame, subject: ShownSubject, typed: Typed, faults: Faults, notice?: string): PageParts {
  const { t } = frame
  const path = subjectPath(subject, '/contact')
  const { name } = subjectName(frame, subject)
  const title = t('contact.about', { name })
  return {
    title, path, narrow: true,
    body: html`<p class="crumbs"><a href="${localPath(frame, subjectPath(subject))}">${name}</a></p><h1>${title}</h1><p class="stand">${t('contact.why')}</p>
${contactLines(frame, subject.contacts)}
<form method="post" action="${localPath(frame, path)}" class="card" novalidate data-keep>${hidden({ key: isToken(typed.key) ? typed.key : newToken() })}${notice && html`<div class="notice" role="alert"><p>${notice}</p></div>`}${errorSummary(t, faults)}
${textField({ name: 'name', label: t('field.name'), typed, faults, required: true, autocomplete: 'name', maxLength: 200 })}
${textField({ name: 'email', label: t('field.email'), hint: t('contact.email-hint'), typed, faults, required: true, autocomplete: 'email', type: 'email', maxLength: 254, direction: 'ltr' })}
${textArea({ name: 'words', label: t('contact.words'), hint: t('contact.words-hint'), typed, faults, required: true, className: 'tall' })}
<button class="go">${t('contact.send')}</button></form><p class="fine">${t('contact.kept')}</p>`,
  }
}

function contactLines(frame: Frame, contacts: Contact[]): Html | false {
  const { t, publisher } = frame
  return contacts.length > 0 && html`<ul class="bare">${contacts.map(({ says, languages }) => {
    const language = [t.language, publisher.defaultLanguage, ...Object.keys(says)].find((each) => says[each])
    const said = language !== undefined && says[language]
    return said && html`<li${inLanguage(frame, language)}>${said.role}${said.name && html`: <bdi>${said.name}</bdi>`}${languages.length > 0 && html` <small>${t.list(languages.map((each) => t.languageName(each)))}</small>`}</li>`
  })}</ul>`
}

function sentPage(frame: Frame, subject: ShownSubject): PageParts {
  const { t } = frame
  return {
    title: t('contact.sent'), path: subjectPath(subject, '/contact/sent'), narrow: true,
    body: html`<h1>${t('contact.sent')}</h1><p class="stand">${t('contact.sent.why')}</p><p><a class="plain" href="${localPath(frame, subjectPath(subject))}">${subjectName(frame, subject).name}</a></p>`,
  }
}

function readMessage({ t }: Frame, typed: Typed): { message: ContactMessage } | { faults: Faults } {
  const named = readName(t, typed.name ?? '')
  const email = readAddress(typed.email ?? '')
  const text = (typed.words ?? '').replace(/\r\n?/g, '\n').trim()
  const faults: Faults = {
    ...('fault' in named && { name: named.fault }), ...(!email && { email: t(typed.email ? 'fault.email' : 'fault.email-missing') }),
    ...(!text && { words: t('contact.empty') }), ...(text.length > longest && { words: t('contact.long', { count: longest, length: text.length }) }),
  }
  return 'fault' in named || !email || Object.keys(faults).length > 0 ? { faults } : { message: { name: named.name, email, text } }
}
