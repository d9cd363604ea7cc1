import { inTransaction, sql } from '#platform/db.ts'
import { html } from '#platform/html/html.ts'
import { field, notFound } from '#platform/http/server.ts'
import { titleIn } from '#modules/actions/index.ts'
import { askForPerson, openContact, readAddress, searchAnswer } from '#modules/people/index.ts'
import { encryptedTo } from '#modules/exports/index.ts'
import { asJson, everythingOf, namesInMailbox } from '#modules/own-data/index.ts'
import { isHeld, requestErasure } from '#modules/privacy/index.ts'
import { readPublisher } from '#modules/publisher/index.ts'
import { auditFirst } from '#modules/staff/index.ts'
import { readablePage } from '#site/my-data/readable.ts'
import { siteWords } from '#site/words/index.ts'
import type { Desk } from '../context.ts'
import { button, emailFault, form, formFields, type Faults } from '../forms.ts'
import type { DeskPage } from '../look/layout.ts'
import { idOf, orNotFound, type Answer, type DeskPages, type Visit } from '../pages.ts'
import { askedFields, readAsked } from './asked.ts'
import { requestRoutes, requestsSection } from './requests.ts'
import { holdsOfPerson } from '../retention/holds.ts'
import type { DeskWord } from '../words/index.ts'

export function supporterRoutes(pages: DeskPages, desk: Desk): void {
  pages.get('/supporters', async (visit) => searchPage(visit, {}), 'open-people')

  // The worker alone can turn an address into a person: it is asked, with the address sealed, and answers in a moment.
  pages.post('/supporters/search', async (visit): Promise<Answer> => {
    const email = readAddress(field(visit.body, 'email'))
    if (!email) return { ...searchPage(visit, { email: emailFault(visit.t, field(visit.body, 'email')) }), status: 422 }
    const id = await inTransaction(desk.db, async (tx) => {
      const searchId = await askForPerson(tx, desk.contactKey, email, visit.staff.id, visit.now)
      await desk.queue.enqueue(tx, 'people.find', { searchId })
      return searchId
    })
    return { to: `/supporters/search/${id}` }
  }, 'open-people')

  pages.get('/supporters/search/:id', async (visit): Promise<Answer> => {
    const { t } = visit
    const answer = orNotFound(await searchAnswer(desk.db, idOf(visit), visit.staff.id))
    if (answer.state === 'answered' && answer.personId) return { to: `/supporters/${answer.personId}` }
    if (answer.state === 'answered') return { title: t('person.none'), section: 'supporters', body: html`<div class="card"><p>${t('person.none.why')}</p><p><a href="/supporters">${t('person.again')}</a></p></div>` }
    void visit.reply.header('refresh', '1')
    return { title: t('person.looking'), section: 'supporters', body: html`<div class="card"><p>${t('person.looking.why')}</p><p><a href="${visit.request.url}">${t('person.look-again')}</a></p></div>` }
  }, 'open-people')

  pages.get('/supporters/:id', (visit) => personPage(desk, visit, undefined), 'open-people')
  pages.post('/supporters/:id/open', async (visit) => {
    const id = idOf(visit)
    const line = await auditFirst(desk.db, { staffId: visit.staff.id, verb: 'open-person', subjectKind: 'person', subjectIds: [id] })
    const { rows } = await sql<{ contact: Buffer }>`select contact from open_people(${line})`.execute(desk.db)
    return personPage(desk, visit, await openContact(desk.opener, id, orNotFound(rows[0]).contact))
  }, 'open-people')

  pages.post('/supporters/:id/everything', async (visit): Promise<Answer> => {
    const id = idOf(visit)
    const { t, staff, now, reply, behalfOf } = visit
    const reason = field(visit.body, 'everything-reason').trim().slice(0, 500)
    const asked = readAsked(visit, 'everything')
    const missing = { ...asked.faults, ...(!reason && { 'everything-reason': t('fault.log-reason') }) }
    if (Object.keys(missing).length > 0) return { ...await personPage(desk, visit, undefined, missing), status: 422 }
    if (!staff.ageRecipient) return { ...await personPage(desk, visit, undefined, { 'everything-reason': t('export.no-key') }), status: 409 }
    // In the language of whoever asked: it is for them.
    const language = orNotFound(await desk.db.selectFrom('people').select('language').where('id', '=', id).executeTakeFirst()).language
    const answer = await everythingOf({ db: desk.db, opener: desk.opener, contact: desk.contactKey, now: desk.now }, id, language, { staffId: staff.id, behalfOf, reason, details: { way: asked.way, by: asked.by } })
    if (answer.outcome === 'nobody') return notFound()
    if (answer.outcome !== 'gathered') return { ...await personPage(desk, visit, undefined, { 'everything-reason': t(`person.everything.${answer.outcome}`) }), status: 503 }
    const as = field(visit.body, 'as') === 'json' ? 'json' : 'html'
    const file = as === 'json' ? asJson(answer.own, answer.records) : `<!doctype html>\n${readablePage({ t: siteWords(language), publisher: await readPublisher(desk.db) }, answer).text}`
    const bytes = await encryptedTo(staff.ageRecipient, file)
    return reply.type('application/octet-stream').header('content-disposition', `attachment; filename="everything-${now.toISOString().slice(0, 10)}.${as}.age"`).header('cache-control', 'no-store').send(bytes)
  }, 'export-people')

  requestRoutes(pages, desk)

  pages.post('/supporters/:id/erase', async (visit): Promise<Answer> => {
    const id = idOf(visit)
    const reason = field(visit.body, 'reason').trim().slice(0, 500)
    const asked = readAsked(visit, 'erase', { orNobody: true })
    const faults = { ...asked.faults, ...(await namesInMailbox(desk.db, id) > 1 && field(visit.body, 'erase_names') !== 'yes' && { erase_names: visit.t('fault.erase-names') }), ...(!reason && { reason: visit.t('fault.log-reason') }) }
    if (Object.keys(faults).length > 0) return { ...await personPage(desk, visit, undefined, faults), status: 422 }
    await pages.change(visit, { verb: 'erase-person', subjectKind: 'person', subjectIds: [id], reason, details: { by: asked.by, ...(asked.way && { way: asked.way }) } }, async (tx) => {
      await requestErasure(tx, id, visit.now)
      await desk.queue.enqueue(tx, 'people.erase', { personId: id, staffId: visit.staff.id })
    })
    return await isHeld(desk.db, id) ? { to: `/supporters/${id}`, said: 'said.erasing-held' } : { to: '/supporters', said: 'said.erasing' }
  }, 'erase-people')
}

function searchPage({ t, may, body }: Visit, faults: Faults): DeskPage {
  return {
    title: t('nav.supporters'), section: 'supporters',
    body: html`${form(t, { action: '/supporters/search', button: t('person.find'), faults, fields: html`<p>${t('person.how')}</p>${formFields(t, [{ name: 'supporter_email', as: 'email', kind: 'email', required: true }], { email: field(body, 'email') }, faults)}` })}
<div class="card"><ul class="todo"><li><a href="/participations">${t('people.title')}</a></li><li><a href="/participations?state=held">${t('person.held')}</a></li><li><a href="/names">${t('names.title')}</a></li><li><a href="/suppressions">${t('suppressions.title')}</a></li>${may('export-people') && html`<li><a href="/exports">${t('exports.title')}</a></li>`}${may('keep-data') && html`<li><a href="/retention">${t('retention.title')}</a></li>`}</ul></div>`,
  }
}

async function personPage(desk: Desk, visit: Visit, contact: { name?: string, email: string } | undefined, faults: Faults = {}): Promise<DeskPage> {
  const { t, may, zone } = visit
  const id = idOf(visit)
  const { rows: [person] } = await sql<{ language: string, country: string | null, area: string | null, created_at: Date, confirmed_at: Date | null }>`
    select people.language, people.country, coalesce(areas.names ->> ${t.language}, areas.name) as area, people.created_at, people.confirmed_at from people left join areas on areas.id = people.area_id where people.id = ${id}`.execute(desk.db)
  const it = orNotFound(person)
  const { rows: done } = await sql<{ id: string, title: string, state: string, taken_at: Date }>`
    select p.id, ${titleIn(t.language)} as title, p.state, taken_at from participations p join actions on actions.id = p.action_id where p.person_id = ${id} order by taken_at desc limit 200`.execute(desk.db)
  const { rows: consents } = await sql<{ wording: string | null, answer: string, channel: string, recorded_at: Date }>`
    select held.answer, statement.channel, held.recorded_at,
      (select wording from consents said join consent_wordings on consent_wordings.id = said.wording_id where said.person_id = ${id} and said.statement_id = held.statement_id order by said.recorded_at desc limit 1) as wording
    from current_consents(${id}) held join consent_statements statement on statement.id = held.statement_id`.execute(desk.db)
  const names = await namesInMailbox(desk.db, id)
  // Two forms on one page: each is told of its own faults.
  const of = (...starts: string[]): Faults => Object.fromEntries(Object.entries(faults).filter(([name]) => starts.some((start) => name.startsWith(start))))
  return {
    title: contact?.name ?? t('person.title'), section: 'supporters', crumbs: [{ href: '/supporters', label: t('nav.supporters') }],
    body: html`${names > 1 && html`<div class="notice"><p>${t('person.names', { count: names })} <a href="/supporters/${id}/request?what=link">${t('request.what.link')}</a></p></div>`}${await holdsOfPerson(desk, visit, id)}<section class="card">${contact ? html`<div class="notice"><p>${t('people.opened')}</p></div><dl class="facts"><dt>${t('f.name')}</dt><dd><bdi>${contact.name ?? ''}</bdi></dd><dt>${t('f.email')}</dt><dd dir="ltr">${contact.email}</dd></dl>` : button(`/supporters/${id}/open`, t('people.open'))}
<dl class="facts"><dt>${t('person.since')}</dt><dd>${t.moment(it.created_at, zone)}</dd><dt>${t('person.confirmed')}</dt><dd>${it.confirmed_at ? t.moment(it.confirmed_at, zone) : t('person.not-confirmed')}</dd><dt>${t('f.language')}</dt><dd>${t.languageName(it.language)}</dd>${(it.country || it.area) && html`<dt>${t('people.where')}</dt><dd><bdi>${[it.country && t.countryName(it.country), it.area].filter(Boolean).join(' · ')}</bdi></dd>`}</dl></section>
<section class="card"><h2>${t('person.did')}</h2><ul class="todo">${done.map((row) => html`<li><bdi>${row.title}</bdi> <small>${t(`people.state.${row.state}` as DeskWord)} · ${t.moment(row.taken_at, zone)}</small></li>`)}</ul></section>
<section class="card"><h2>${t('person.consents')}</h2>${consents.length === 0 ? html`<p>${t('person.consents.none')}</p>` : html`<ul class="todo">${consents.map((row) => html`<li><bdi>${row.wording ?? ''}</bdi><small>${t(`answer.${row.answer}` as DeskWord)} · ${t(`channel.${row.channel}` as DeskWord)} · ${t.moment(row.recorded_at, zone)}</small></li>`)}</ul>`}</section>
${await requestsSection(desk, visit, id)}
${may('export-people') && form(t, { action: `/supporters/${id}/everything`, button: t('person.everything.button'), more: html` <button class="plain" name="as" value="json">${t('person.everything.json')}</button>`, faults: of('everything'), fields: html`<h2>${t('person.everything')}</h2><p>${t('person.everything.why')}</p>${formFields(t, [...askedFields(t, 'everything'), { name: 'log_reason', as: 'everything-reason', kind: 'text', required: true, maxLength: 500 }], { ...readAsked(visit, 'everything').typed, 'everything-reason': field(visit.body, 'everything-reason') }, faults)}` })}
${may('erase-people') && form(t, { action: `/supporters/${id}/erase`, button: t('person.erase'), stop: true, faults: of('erase', 'reason'), fields: html`<h2>${t('person.erase.title')}</h2><p>${t('person.erase.why')}</p>${formFields(t, [names > 1 && { name: 'erase_names', kind: 'tick' }, ...askedFields(t, 'erase', { orNobody: true }), { name: 'log_reason', as: 'reason', kind: 'text', required: true, maxLength: 500 }], { ...readAsked(visit, 'erase').typed, reason: field(visit.body, 'reason') }, faults)}` })}`,
  }
}
