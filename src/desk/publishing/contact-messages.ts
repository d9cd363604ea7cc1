import { inTransaction } from '#platform/db.ts'
import { html } from '#platform/html/html.ts'
import { allSubjects, contactMessageAnswered, contactMessageRead, contactMessages, findContactMessage, nameIn, openContactMessage } from '#modules/places/index.ts'
import { readPublisher } from '#modules/publisher/index.ts'
import { auditFirst } from '#modules/staff/index.ts'
import type { Desk } from '../context.ts'
import { button } from '../forms.ts'
import type { DeskPage } from '../look/layout.ts'
import { idOf, notFoundUnless, orNotFound, type Answer, type DeskPages, type Visit } from '../pages.ts'
import { pageOf, pager } from '../table.ts'
import { codesWithin, within } from './parts.ts'

const size = 50

/** What readers wrote by the form of a place or topic. It is sealed, opened one at a time with a line in the log before, and answered from one's own mail program. */
export function contactMessageRoutes(pages: DeskPages, desk: Desk): void {
  pages.get('/contact-messages', (visit) => listPage(desk, visit), 'publish-pages', { limited: true })

  pages.post('/contact-messages/:id/open', async (visit): Promise<Answer> => {
    const { t, staff, now } = visit
    const { id, name, state } = await open(desk, visit)
    const line = await auditFirst(desk.db, { staffId: staff.id, behalfOf: visit.behalfOf, verb: 'open-contact-message', subjectKind: 'contact-message', subjectIds: [id] })
    const message = orNotFound(await openContactMessage(desk.db, desk.opener, line))
    await inTransaction(desk.db, (tx) => contactMessageRead(tx, id, staff.id, now))
    const subject = t('contact-messages.reply-subject', { name })
    return {
      title: t('contact-messages.one', { name }), section: 'items', crumbs: [{ href: '/items', label: t('nav.items') }, { href: '/contact-messages', label: t('contact-messages.title') }],
      body: html`<div class="notice"><p>${t('people.opened')}</p></div><section class="card"><dl class="facts"><dt>${t('letters.from')}</dt><dd><bdi>${message.name}</bdi> <bdi dir="ltr">${message.email}</bdi></dd></dl><div class="words" dir="auto">${message.text}</div>
<div class="row"><a class="btn" href="mailto:${encodeURIComponent(message.email)}?subject=${encodeURIComponent(subject)}">${t('contact-messages.reply')}</a>${state !== 'answered' && button(`/contact-messages/${id}/answered`, t('contact-messages.answered'))}</div><p class="soft">${t('contact-messages.reply.why')}</p></section>`,
    }
  }, 'publish-pages', { limited: true, opens: true })

  pages.post('/contact-messages/:id/answered', async (visit): Promise<Answer> => {
    const { id } = await open(desk, visit)
    await pages.change(visit, { verb: 'answer-contact-message', subjectKind: 'contact-message', subjectIds: [id] }, (tx) => contactMessageAnswered(tx, id, visit.staff.id, visit.now), Boolean)
    return { to: '/contact-messages', said: 'said.saved' }
  }, 'publish-pages', { limited: true })
}

async function open(desk: Desk, visit: Visit) {
  const id = idOf(visit)
  const message = orNotFound(await findContactMessage(desk.db, id))
  const [subject] = await allSubjects(desk.db, { id: message.subjectId })
  notFoundUnless(orNotFound(subject), (each) => within(visit.reach, [each]))
  return { id, state: message.state, name: nameIn(subject!, visit.t.language, (await readPublisher(desk.db)).defaultLanguage) }
}

async function listPage(desk: Desk, { t, query, reach, zone }: Visit): Promise<DeskPage> {
  const page = pageOf(query)
  const { defaultLanguage } = await readPublisher(desk.db)
  const subjects = await allSubjects(desk.db)
  const { messages, all } = await contactMessages(desk.db, { within: codesWithin(reach), most: size, after: page * size })
  const nameOf = (id: string) => nameIn(subjects.find((each) => each.id === id)!, t.language, defaultLanguage)
  return {
    title: t('contact-messages.title'), section: 'items', crumbs: [{ href: '/items', label: t('nav.items') }],
    body: html`<p class="soft">${t('contact-messages.why')}</p>${messages.length === 0 ? html`<div class="card"><p>${t('contact-messages.none')}</p></div>` : html`<div class="card scroll" role="region" tabindex="0" aria-label="${t('contact-messages.title')}"><table><thead><tr><th scope="col">${t('f.item_about')}</th><th scope="col">${t('people.state')}</th><th scope="col">${t('letters.came')}</th><th scope="col">${t('letters.open')}</th></tr></thead><tbody>
${messages.map((row) => html`<tr><td><bdi>${nameOf(row.subjectId)}</bdi><small>${t.languageName(row.language)}</small></td><td><span class="state ${row.state === 'unread' ? 'wait' : 'ok'}">${t(`contact-message.state.${row.state}`)}</span>${row.practice && html`<small>${t('letters.practice')}</small>`}</td><td>${t.moment(row.receivedAt, zone)}</td><td>${button(`/contact-messages/${row.id}/open`, t('letters.open'))}</td></tr>`)}</tbody></table></div>`}
${pager(t, { page, size, rows: all, link: (changes) => `/contact-messages?${new URLSearchParams(changes)}` })}`,
  }
}
