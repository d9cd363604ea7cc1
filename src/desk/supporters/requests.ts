import { sql } from '#platform/db.ts'
import { html, type Html } from '#platform/html/html.ts'
import { field } from '#platform/http/server.ts'
import { nativeName } from '#platform/formats.ts'
import { askedBy, choicesFor, requestsOf, requestWays, takeDown, type OwnChoice } from '#modules/own-data/index.ts'
import { frequencies } from '#modules/people/index.ts'
import { readPublisher } from '#modules/publisher/index.ts'
import type { Desk } from '../context.ts'
import { form, formFields, type Faults, type Field } from '../forms.ts'
import type { DeskPage } from '../look/layout.ts'
import { idOf, orNotFound, type Answer, type DeskPages, type Visit } from '../pages.ts'
import type { DeskWord } from '../words/index.ts'
import { fieldsOf, named, participationsOf, readWish, wishes } from './wishes.ts'

/** Staff take down what somebody asks for by phone, letter or in person: with who asked and how, a row, and a line in the log. */
export function requestRoutes(pages: DeskPages, desk: Desk): void {
  pages.get('/supporters/:id/request', (visit) => requestPage(desk, visit, {}), 'open-people')
  pages.post('/supporters/:id/request', async (visit): Promise<Answer> => {
    const { t, body, now, staff } = visit
    const personId = idOf(visit)
    const way = requestWays.find((each) => each === field(body, 'request_way'))
    const who = askedBy.find((each) => each === field(body, 'request_who'))
    const reason = field(body, 'reason').trim().slice(0, 500)
    const read = await readWish(desk, visit, personId, way && who ? reason : '')
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
export async function requestsSection(desk: Desk, { t, zone }: Visit, personId: string): Promise<Html> {
  const all = await requestsOf(desk.db, personId)
  return html`<section class="card"><h2>${t('request.title')}</h2>${all.length > 0 && html`<ul class="todo">${all.map((each) => html`<li>${wish(t, each.what)} <small>${t(`request.way.${each.way}` as DeskWord)} · ${t(`request.who.${each.askedBy}` as DeskWord)} · ${t.moment(each.recordedAt, zone)} · ${t(each.done ? 'request.done' : 'request.waits')}</small></li>`)}</ul>`}<p><a href="/supporters/${personId}/request">${t('request.take-down')}</a></p></section>`
}

function wish(t: Visit['t'], what: string): string {
  const key = `request.what.${what}`
  return t.has(key) ? t(key) : t('request.what.writing')
}

/** What somebody may ask for, one link each; and for one of them the form that has what it needs and nothing else. */
async function requestPage(desk: Desk, visit: Visit, faults: Faults): Promise<DeskPage> {
  const { t, body, query } = visit
  const id = idOf(visit)
  orNotFound((await sql`select from people where id = ${id}`.execute(desk.db)).rows[0])
  const own = await participationsOf(desk, id, t.language)
  const questions = await choicesFor(desk.db, id)
  const possible = wishes.filter((each) => !(['withdraw', 'phone', 'postal'].includes(each) && own.length === 0) && !(['answer', 'often'].includes(each) && questions.length === 0))
  const what = possible.find((each) => each === (field(body, 'request_what') || query('what')))
  const page = { section: 'supporters' as const, crumbs: [{ href: '/supporters', label: t('nav.supporters') }, { href: `/supporters/${id}`, label: t('person.title') }] }
  const path = `/supporters/${id}/request`
  if (!what) {
    return { ...page, title: t('request.take-down'), body: html`<section class="card"><p>${t('request.why')}</p><h2>${t('f.request_what')}</h2><p>${t('f.request_what.help')}</p><ul class="todo">${possible.map((each) => html`<li><a href="${path}?what=${each}">${t(`request.what.${each}`)}</a></li>`)}</ul></section>` }
  }
  const { languages } = await readPublisher(desk.db)
  const topics = new Map(questions.flatMap((each) => each.topics.map(({ topic, name }) => [topic, name] as const)))
  const asked = fieldsOf[what].map((name): Field | false => {
    switch (name) {
      case 'request_participation': return { name, kind: 'select', required: true, empty: t('choose'), choices: own.map(({ id: value, title }) => ({ value, label: title })) }
      case 'request_question': return { name, kind: 'select', required: true, empty: t('choose'), choices: questions.map((each) => ({ value: named(each), label: questionLabel(t, each) })) }
      case 'request_answer': return { name, kind: 'choice', required: true, choices: (['yes', 'no'] as const).map((value) => ({ value, label: t(`answer.${value}`) })) }
      case 'request_topic': return topics.size > 0 && { name, kind: 'select', empty: t('request.no-topic'), choices: [...topics].map(([value, label]) => ({ value, label })) }
      case 'request_often': return { name, kind: 'select', required: true, empty: t('choose'), choices: frequencies.map((value) => ({ value, label: t(`often.${value}`) })) }
      case 'request_phone': return { name, kind: 'tel', maxLength: 40 }
      case 'request_postal': return { name, kind: 'text', maxLength: 500 }
      case 'request_name': return { name, kind: 'line', required: true, maxLength: 200 }
      case 'request_email': return { name, kind: 'email', required: true }
      case 'request_language': return { name, kind: 'select', choices: languages.map((value) => ({ value, label: nativeName(value) })) }
      case 'request_until': return { name, kind: 'date', required: true }
    }
  })
  const typed = Object.fromEntries([...fieldsOf[what], 'request_way', 'request_who', 'reason'].map((name) => [name, field(body, name)]))
  return {
    ...page, title: t(`request.what.${what}`), crumbs: [...page.crumbs, { href: path, label: t('request.take-down') }],
    body: form(t, {
      action: path, button: t('request.button'), faults,
      fields: html`<input type="hidden" name="request_what" value="${what}"><p>${t('request.mailbox')}</p>${formFields(t, [
        ...asked,
        { name: 'request_way', kind: 'choice', required: true, choices: requestWays.map((value) => ({ value, label: t(`request.way.${value}`) })) },
        { name: 'request_who', kind: 'choice', required: true, choices: askedBy.map((value) => ({ value, label: t(`request.who.${value}`) })) },
        { name: 'log_reason', as: 'reason', kind: 'text', required: true, maxLength: 500 },
      ], typed, faults)}`,
    }),
  }
}

/** The words as they are asked, with what they are about and what holds now. */
function questionLabel(t: Visit['t'], { wording, action, controller, channel, answer }: OwnChoice): string {
  return [wording?.text, action?.title, controller, t(`channel.${channel}` as DeskWord), t(`answer.${answer ?? 'not-answered'}`)].filter(Boolean).join(' · ')
}
