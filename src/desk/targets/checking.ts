import { dayIn } from '#platform/days.ts'
import { html, type Html } from '#platform/html/html.ts'
import { field } from '#platform/http/server.ts'
import { readAddress } from '#modules/people/index.ts'
import { checkReasons, contactChecked, endContact, endTerm, findContact, localLabel, localName, needsChecking, replaceContact, type ContactRecord, type ToCheck } from '#modules/targets/index.ts'
import type { Desk } from '../context.ts'
import { button, form, formFields, type Faults } from '../forms.ts'
import type { DeskPage } from '../look/layout.ts'
import { idOf, orNotFound, type Answer, type DeskPages, type Visit } from '../pages.ts'
import { pageOf, pager } from '../table.ts'
import type { DeskWord, DeskWords } from '../words/index.ts'

const size = 50
const list = '/targets/checking'

/** What somebody should look at, with what can be done about it beside it. */
export function checkingRoutes(pages: DeskPages, desk: Desk): void {
  const today = (visit: Visit) => dayIn(visit.zone, visit.now)
  pages.get(list, (visit) => checkingPage(desk, visit), 'see-targets')

  pages.post('/targets/checking/:id/checked', async (visit) => {
    const id = idOf(visit)
    await pages.change(visit, { verb: 'check-contact', subjectKind: 'targets', subjectIds: [id] }, (tx) => contactChecked(tx, id, today(visit)))
    return { to: backTo(visit), said: 'said.saved' }
  }, 'change-targets')
  pages.post('/targets/checking/:id/end', async (visit) => {
    const id = idOf(visit)
    await pages.change(visit, { verb: 'end-contact', subjectKind: 'targets', subjectIds: [id] }, (tx) => endContact(tx, id, today(visit)))
    return { to: backTo(visit), said: 'said.saved' }
  }, 'change-targets')
  pages.post('/targets/checking/:id/end-term', async (visit) => {
    const id = idOf(visit)
    await pages.change(visit, { verb: 'end-term', subjectKind: 'targets', subjectIds: [id] }, (tx) => endTerm(tx, id, today(visit)))
    return { to: backTo(visit), said: 'said.saved' }
  }, 'change-targets')

  pages.get('/targets/contacts/:id', async (visit) => contactPage(visit, orNotFound(await findContact(desk.db, idOf(visit))), {}), 'see-targets')
  pages.post('/targets/contacts/:id', async (visit): Promise<Answer> => {
    const contact = orNotFound(await findContact(desk.db, idOf(visit)))
    const { t, body } = visit
    const [value, source] = [field(body, 'contact_value').trim().slice(0, 500), field(body, 'contact_source').trim().slice(0, 300)]
    const wrong = !value || (contact.kind === 'email' && !readAddress(value)) || (contact.kind === 'url' && !/^https?:\/\//.test(value))
    const faults: Faults = { ...(wrong && { contact_value: t('fault.contact') }), ...(!source && { contact_source: t('fault.source') }) }
    if (Object.keys(faults).length) return { ...contactPage(visit, { ...contact, value, source }, faults), status: 422 }
    await pages.change(visit, { verb: 'change-contact', subjectKind: 'targets', subjectIds: [contact.id] }, (tx) => replaceContact(tx, contact.id, { value, source }, today(visit)))
    return { to: list, said: 'said.saved' }
  }, 'change-targets')
}

/** The page that somebody came from: this list as it was, or an office. */
function backTo({ body }: Visit): string {
  const back = field(body, 'back')
  return /^\/targets\/(checking|offices\/)/.test(back) ? back : list
}

async function checkingPage(desk: Desk, { t, query, now, zone }: Visit): Promise<DeskPage> {
  const reason = checkReasons.find((each) => each === query('reason'))
  const page = pageOf(query)
  const { counts, rows } = await needsChecking(desk.db, { reason, after: page * size, size }, dayIn(zone, now))
  const link = (changes: Record<string, string>) => `${list}?${new URLSearchParams({ ...(reason && { reason }), ...changes })}`
  const total = [...(reason ? [reason] : checkReasons)].reduce<number>((sum, each) => sum + counts[each], 0)
  const back = link({ page: String(page) })
  return {
    title: t('checking.title'), section: 'targets', crumbs: [{ href: '/targets', label: t('nav.targets') }],
    body: html`<p class="soft">${t('checking.why')}</p>
<ul class="filters"><li><a href="${list}"${!reason && html` aria-current="true"`}>${t('targets.all')}</a></li>${checkReasons.map((each) => html`<li><a href="${link({ reason: each, page: '0' })}"${each === reason && html` aria-current="true"`}>${t(`checking.${each}`)} ${t.number(counts[each])}</a></li>`)}</ul>
<div class="card">${rows.length === 0 ? html`<p>${t('checking.none')}</p>` : html`<ul class="todo">${rows.map((row) => checkItem(t, row, back))}</ul>`}</div>
${pager(t, { page, size, rows: total, link })}`,
  }
}

function checkItem(t: DeskWords, row: ToCheck, back: string): Html {
  return html`<li><a href="/targets/offices/${encodeURIComponent(row.office.id)}"><bdi>${localLabel(row.office, t.language)}</bdi></a> <span class="state ${row.reason === 'refused' ? 'bad' : 'wait'}">${t(`checking.${row.reason}`)}</span>
<small><bdi>${[row.holder, localName(row.body, t.language)].filter(Boolean).join(' · ')}</bdi></small>
${row.contact && html`<span>${t(`contact.${row.contact.kind}` as DeskWord)}: <bdi dir="auto">${row.contact.value}</bdi></span><small><bdi>${t('contact.source', { source: row.contact.source, day: t.day(row.contact.checkedOn) })}</bdi></small>`}
${row.refused && html`<small>${t('contact.refused', { times: row.refused.times, day: t.day(row.refused.last) })} <bdi>(${row.refused.code})</bdi></small>`}
${row.term && html`<small>${t('checking.expected', { day: t.day(row.term.expectedUntil) })}</small>`}
${(row.contact ?? row.term) && html`<div class="row">${row.contact && html`${button(`/targets/checking/${row.contact.id}/checked`, t('contact.checked'), { back })}<a class="btn plain" href="/targets/contacts/${row.contact.id}">${t('contact.change')}</a>${button(`/targets/checking/${row.contact.id}/end`, t('contact.end'), { back })}`}
${row.term && button(`/targets/checking/${row.term.id}/end-term`, t('office.end-term'), { back })}</div>`}</li>`
}

function contactPage({ t }: Visit, contact: ContactRecord, faults: Faults): DeskPage {
  return {
    title: t('contact.change-title', { kind: t(`contact.${contact.kind}` as DeskWord) }), section: 'targets', crumbs: [{ href: '/targets', label: t('nav.targets') }, { href: list, label: t('checking.title') }],
    body: form(t, {
      action: `/targets/contacts/${contact.id}`, button: t('save'), faults,
      fields: formFields(t, [{ name: 'contact_value', kind: 'line', required: true, maxLength: 500 }, { name: 'contact_source', kind: 'line', required: true, maxLength: 300 }], { contact_value: contact.value, contact_source: contact.source }, faults),
    }),
  }
}
