import { sql, type Tx } from '#platform/db.ts'
import { endOfDay, isDay, startOfDay } from '#platform/days.ts'
import { html, type Html } from '#platform/html/html.ts'
import { field, fields } from '#platform/http/server.ts'
import { isUuid } from '#platform/uuid.ts'
import { titleIn } from '#modules/actions/index.ts'
import { handOverAlerts } from '#modules/alerts/index.ts'
import { handOverContacts } from '#modules/places/index.ts'
import { handOverDrafts, handOverRecordDrafts } from '#modules/publishing/index.ts'
import { allStaff, assignPlaces, deputiesAround, endDeputy, handOverDeputies, handOverPlaces, nameDeputy, placesOf, type Staff } from '#modules/staff/index.ts'
import type { Desk } from '../context.ts'
import { button, form, formFields, type Choice, type Faults } from '../forms.ts'
import { notFoundUnless, type Answer, type DeskPages, type Visit } from '../pages.ts'
import { colleague, personPage } from './person.ts'
import { roleList } from './routes.ts'
import type { DeskWords } from '../words/index.ts'

const longestDays = 366

/** What somebody looks after, who stands in for them, and handing all of it over. */
export function assignmentRoutes(pages: DeskPages, desk: Desk): void {
  pages.post('/settings/staff/:id/places', async (visit): Promise<Answer> => {
    const { id } = await colleague(desk, visit)
    const chosen = new Set(fields(visit.body, 'places'))
    const places = (await placeChoices(desk, visit)).map(({ value }) => value).filter((value) => chosen.has(value))
    await pages.change(visit, { verb: 'assign-places', subjectKind: 'staff', subjectIds: [id], details: { places: places.length } }, (tx) => assignPlaces(tx, id, places, visit.now))
    return { to: `/settings/staff/${id}`, said: 'said.saved' }
  }, 'staff')

  pages.post('/settings/staff/:id/deputies', async (visit): Promise<Answer> => {
    const { t, body, now, zone } = visit
    const person = await colleague(desk, visit)
    const deputy = (await others(desk, person)).find(({ id }) => id === field(body, 'deputy'))
    const [first, last] = [field(body, 'first_day'), field(body, 'last_day')]
    const from = isDay(first) ? startOfDay(first, zone) : undefined
    const until = isDay(last) ? endOfDay(last, zone) : undefined
    const faults: Faults = {
      ...(!deputy && { deputy: t('fault.choose') }), ...(!from && { first_day: t('fault.day') }),
      ...((!until || until <= now || (from && until <= from) || (from && until.getTime() - from.getTime() > longestDays * 86_400_000)) && { last_day: t('fault.last-day') }),
    }
    if (Object.keys(faults).length) return { ...await personPage(desk, visit, person, faults), status: 422 }
    await pages.change(visit, { verb: 'name-deputy', subjectKind: 'staff', subjectIds: [person.id, deputy!.id], details: { first, last } }, (tx) => nameDeputy(tx, { staffId: person.id, deputyId: deputy!.id, from: from!, until: until! }, now))
    return { to: `/settings/staff/${person.id}`, said: 'said.saved' }
  }, 'staff')

  pages.post('/settings/staff/:id/deputies/end', async (visit): Promise<Answer> => {
    const { id } = await colleague(desk, visit)
    const deputyRow = notFoundUnless(field(visit.body, 'deputy'), isUuid)
    await pages.change(visit, { verb: 'end-deputy', subjectKind: 'staff', subjectIds: [id] }, (tx) => endDeputy(tx, { id: deputyRow, staffId: id }), (done) => done)
    return { to: `/settings/staff/${id}`, said: 'said.saved' }
  }, 'staff')

  pages.post('/settings/staff/:id/hand-over', async (visit): Promise<Answer> => {
    const person = await colleague(desk, visit)
    const successor = (await others(desk, person)).find(({ id }) => id === field(visit.body, 'successor'))
    if (!successor) return { ...await personPage(desk, visit, person, { successor: visit.t('fault.choose') }), status: 422 }
    await pages.change(visit, { verb: 'hand-over', subjectKind: 'staff', subjectIds: [person.id, successor.id] }, (tx) => handOverAll(tx, person.id, successor.id))
    return { to: `/settings/staff/${successor.id}`, said: 'said.handed-over' }
  }, 'staff')
}

/** All that somebody looks after goes to somebody else. */
export async function handOverAll(tx: Tx, from: string, to: string): Promise<void> {
  for (const handOver of [handOverPlaces, handOverDeputies, handOverDrafts, handOverRecordDrafts, handOverContacts, handOverAlerts]) await handOver(tx, from, to)
}

/** Who may be chosen to take something over, with what they may do. */
export function successorChoices(t: DeskWords, colleagues: Staff[]): Choice[] {
  return colleagues.map((each) => ({ value: each.id, label: `${each.name} (${roleList(t, each)})` }))
}

export async function others(desk: Desk, { id }: Pick<Staff, 'id'>): Promise<Staff[]> {
  return (await allStaff(desk.db, desk.opener)).filter((each) => each.id !== id && each.leftAt === null)
}

/** Everything that somebody could look after: places that pages are about, countries of bodies, and actions that are not closed. */
async function placeChoices(desk: Desk, { t }: Visit): Promise<Choice[]> {
  const { rows: places } = await sql<{ code: string, name: string | null }>`
    select code, max(name) as name from (
      select code, (select name from subject_names where subject_id = subjects.id and shown order by language <> ${t.language}, language limit 1) as name from subjects where kind = 'place'
      union all select country, null from bodies where country is not null) known
    group by code order by 2, 1`.execute(desk.db)
  const { rows: actions } = await sql<{ id: string, title: string }>`select id, ${titleIn(t.language)} as title from actions where state <> 'closed' order by 2`.execute(desk.db)
  return [...places.map(({ code, name }) => ({ value: `place:${code}`, label: name ?? t.countryName(code) })), ...actions.map(({ id, title }) => ({ value: `action:${id}`, label: title, help: t('places.action') }))]
}

/** These, as parts of the page of one person. */
export async function assignments(desk: Desk, visit: Visit, person: Staff, faults: Faults): Promise<Html> {
  const { t, now, zone } = visit
  const to = `/settings/staff/${person.id}`
  const colleagues = await others(desk, person)
  const choices = colleagues.map(({ id, name }) => ({ value: id, label: name }))
  const absences = await deputiesAround(desk.db, person.id, now)
  const nameOf = (id: string) => [person, ...colleagues].find((each) => each.id === id)?.name ?? ''
  const typed = { deputy: field(visit.body, 'deputy'), first_day: field(visit.body, 'first_day'), last_day: field(visit.body, 'last_day'), successor: field(visit.body, 'successor') }
  return html`${person.roles.includes('coordinator') && form(t, { action: `${to}/places`, button: t('save'), fields: html`<h2>${t('places.title')}</h2>${formFields(t, [{ name: 'places', kind: 'ticks', choices: await placeChoices(desk, visit) }], { places: await placesOf(desk.db, person.id) })}` })}
${colleagues.length > 0 && html`${form(t, {
    action: `${to}/deputies`, button: t('deputies.name'), faults: faults.deputy || faults.first_day || faults.last_day ? faults : {},
    fields: html`<h2>${t('deputies.title')}</h2><p>${t('deputies.why')}</p>${formFields(t, [{ name: 'deputy', kind: 'select', choices, empty: '' }, { name: 'first_day', kind: 'date', required: true }, { name: 'last_day', kind: 'date', required: true }], typed, faults)}`,
  })}${absences.length > 0 && html`<div class="card"><ul class="todo">${absences.map((each) => html`<li>${t('deputies.line', { deputy: nameOf(each.deputyId), person: nameOf(each.staffId), first: t.day(each.from, zone), last: t.day(new Date(each.until.getTime() - 1), zone) })}${each.staffId === person.id && button(`${to}/deputies/end`, t('remove'), { deputy: each.id })}</li>`)}</ul></div>`}
${form(t, { action: `${to}/hand-over`, button: t('hand-over.button'), faults: faults.successor ? faults : {}, fields: html`<h2>${t('hand-over.title')}</h2><p>${t('hand-over.why')}</p>${formFields(t, [{ name: 'successor', kind: 'select', choices: successorChoices(t, colleagues), empty: '' }], typed, faults)}` })}`}`
}
