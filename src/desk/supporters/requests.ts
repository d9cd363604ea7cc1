import { sql } from '#platform/db.ts'
import { html, type Html } from '#platform/html/html.ts'
import { field } from '#platform/http/server.ts'
import { titleIn } from '#modules/actions/index.ts'
import { askedBy, requestsOf, requestWays, takeDown, type TakenDown } from '#modules/own-data/index.ts'
import { readAddress } from '#modules/people/index.ts'
import { readPublisher } from '#modules/publisher/index.ts'
import type { Desk } from '../context.ts'
import { form, formFields, type Faults } from '../forms.ts'
import { nativeName, type DeskPage } from '../look/layout.ts'
import { idOf, orNotFound, type Answer, type DeskPages, type Visit } from '../pages.ts'
import type { DeskWord } from '../words/index.ts'

/** What can be taken down for a supporter who does not do it on their own page. Erasing has a form of its own. */
const wishes = ['link', 'withdraw', 'no-mail', 'name', 'address', 'language', 'pause'] as const
const longestPauseDays = 366

/** Staff take down what somebody asks for by phone, letter or in person: with who asked and how, a row, and a line in the log. */
export function requestRoutes(pages: DeskPages, desk: Desk): void {
  pages.get('/supporters/:id/request', (visit) => requestPage(desk, visit, {}), 'open-people')
  pages.post('/supporters/:id/request', async (visit): Promise<Answer> => {
    const { t, body, now, staff } = visit
    const personId = idOf(visit)
    const way = requestWays.find((each) => each === field(body, 'request_way'))
    const who = askedBy.find((each) => each === field(body, 'request_who'))
    const reason = field(body, 'reason').trim().slice(0, 500)
    const read = await readWish(desk, visit, personId)
    const faults: Faults = { ...('faults' in read ? read.faults : {}), ...(!way && { request_way: t('fault.choose') }), ...(!who && { request_who: t('fault.choose') }), ...(!reason && { reason: t('fault.log-reason') }) }
    if (Object.keys(faults).length || 'faults' in read) return { ...await requestPage(desk, visit, faults), status: 422 }
    await pages.change(visit, { verb: 'take-down-request', subjectKind: 'person', subjectIds: [personId], reason, details: { what: read.change.what, way: way!, by: who! } }, async (tx) => {
      const requestId = await takeDown(tx, desk.contactKey, { personId, staffId: staff.id, way: way!, askedBy: who!, change: read.change }, now)
      await desk.queue.enqueue(tx, 'people.change', { requestId })
    })
    return { to: `/supporters/${personId}`, said: 'said.taken-down' }
  }, 'open-people')
}

/** What was asked for so far, on the page of a supporter. */
export async function requestsSection(desk: Desk, { t }: Visit, personId: string): Promise<Html> {
  const all = await requestsOf(desk.db, personId)
  return html`<section class="card"><h2>${t('request.title')}</h2>${all.length > 0 && html`<ul class="todo">${all.map((each) => html`<li>${wish(t, each.what)} <small>${t(`request.way.${each.way}` as DeskWord)} · ${t(`request.who.${each.askedBy}` as DeskWord)} · ${t.moment(each.recordedAt, 'UTC')} · ${t(each.done ? 'request.done' : 'request.waits')}</small></li>`)}</ul>`}<p><a href="/supporters/${personId}/request">${t('request.take-down')}</a></p></section>`
}

function wish(t: Visit['t'], what: string): string {
  const key = `request.what.${what}`
  return t.has(key) ? t(key) : t('request.what.pause')
}

async function readWish(desk: Desk, { t, body, now }: Visit, personId: string): Promise<{ change: TakenDown } | { faults: Faults }> {
  const publisher = await readPublisher(desk.db)
  const language = publisher.languages.find((each) => each === field(body, 'request_language')) ?? publisher.defaultLanguage
  switch (field(body, 'request_what')) {
    case 'link': return { change: { what: 'link', language } }
    case 'no-mail': return { change: { what: 'no-mail' } }
    case 'language': return { change: { what: 'writing', language } }
    case 'name': {
      const name = field(body, 'request_name').replace(/\s+/g, ' ').trim().slice(0, 200)
      return name ? { change: { what: 'name', name } } : { faults: { request_name: t('fault.request-name') } }
    }
    case 'address': {
      const email = readAddress(field(body, 'request_email'))
      return email ? { change: { what: 'address', email, language } } : { faults: { request_email: t('fault.email') } }
    }
    case 'pause': {
      const until = new Date(`${field(body, 'request_until')}T00:00:00Z`)
      const days = (until.getTime() - now.getTime()) / 86_400_000
      return days > 0 && days <= longestPauseDays ? { change: { what: 'writing', pausedUntil: until.toISOString() } } : { faults: { request_until: t('fault.request-until') } }
    }
    case 'withdraw': {
      const own = (await participationsOf(desk, personId, t.language)).find(({ id }) => id === field(body, 'request_participation'))
      return own ? { change: { what: 'withdraw', participation: own.id } } : { faults: { request_participation: t('fault.choose') } }
    }
    default: return { faults: { request_what: t('fault.choose') } }
  }
}

async function participationsOf(desk: Desk, personId: string, language: string): Promise<{ id: string, title: string }[]> {
  const { rows } = await sql<{ id: string, title: string }>`
    select p.id, ${titleIn(language)} as title from participations p join actions on actions.id = p.action_id
    where p.person_id = ${personId} and p.state in ('waiting', 'held', 'confirmed', 'repeated') and p.rehearsal_id is null order by taken_at desc limit 200`.execute(desk.db)
  return rows
}

async function requestPage(desk: Desk, visit: Visit, faults: Faults): Promise<DeskPage> {
  const { t, body } = visit
  const id = idOf(visit)
  orNotFound((await sql`select from people where id = ${id}`.execute(desk.db)).rows[0])
  const publisher = await readPublisher(desk.db)
  const own = await participationsOf(desk, id, t.language)
  const names = ['request_what', 'request_participation', 'request_name', 'request_email', 'request_language', 'request_until', 'request_way', 'request_who', 'reason']
  const typed = Object.fromEntries(names.map((name) => [name, field(body, name)]))
  return {
    title: t('request.take-down'), section: 'supporters', crumbs: [{ href: '/supporters', label: t('nav.supporters') }, { href: `/supporters/${id}`, label: t('person.title') }],
    body: form(t, {
      action: `/supporters/${id}/request`, button: t('request.button'), faults,
      fields: html`<p>${t('request.why')}</p>${formFields(t, [
        { name: 'request_what', kind: 'choice', required: true, choices: wishes.filter((each) => each !== 'withdraw' || own.length > 0).map((value) => ({ value, label: t(`request.what.${value}`) })) },
        own.length > 0 && { name: 'request_participation', kind: 'select', empty: t('choose'), choices: own.map(({ id: value, title }) => ({ value, label: title })) },
        { name: 'request_name', kind: 'line', maxLength: 200 }, { name: 'request_email', kind: 'email' },
        { name: 'request_language', kind: 'select', choices: publisher.languages.map((value) => ({ value, label: nativeName(value) })) }, { name: 'request_until', kind: 'date' },
        { name: 'request_way', kind: 'choice', required: true, choices: requestWays.map((value) => ({ value, label: t(`request.way.${value}`) })) },
        { name: 'request_who', kind: 'choice', required: true, choices: askedBy.map((value) => ({ value, label: t(`request.who.${value}`) })) },
        { name: 'log_reason', as: 'reason', kind: 'text', required: true, maxLength: 500 },
      ], typed, faults)}`,
    }),
  }
}
