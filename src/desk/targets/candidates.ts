import { dayIn, isDay } from '#platform/days.ts'
import { html, type Html } from '#platform/html/html.ts'
import { field } from '#platform/http/server.ts'
import { readAddress } from '#modules/people/index.ts'
import { addCandidate, areasOfBody, findBodyRecord, localName, setCandidacy, type BodyRecord } from '#modules/targets/index.ts'
import type { Desk } from '../context.ts'
import { form, formFields, type Faults, type Typed } from '../forms.ts'
import { orNotFound, type Answer, type DeskPages, type Visit } from '../pages.ts'
import type { DeskWords } from '../words/index.ts'
import { bodyPage } from './body.ts'

const candidateFields = ['candidate', 'party', 'candidate_area', 'candidate_email', 'contact_source', 'election_on'] as const
const candidacyFields = ['candidates_for', 'candidacy_on'] as const

/** Who stands for election: entered one by one, or loaded from a file as a body of their own that is then said to be for this one. */
export function candidateRoutes(pages: DeskPages, desk: Desk): void {
  const here = (id: string) => `/targets/bodies/${encodeURIComponent(id)}`

  pages.post('/targets/bodies/:body/candidates', async (visit): Promise<Answer> => {
    const { t, body, now } = visit
    const id = visit.params.body!
    const record = orNotFound(await findBodyRecord(desk.db, id))
    const typed = Object.fromEntries(candidateFields.map((name) => [name, field(body, name).trim().slice(0, 300)])) as Record<(typeof candidateFields)[number], string>
    const areas = await areasOfBody(desk.db, [id], dayIn(visit.zone, now))
    const area = areas.find((each) => each.id === typed.candidate_area)
    const faults: Faults = {
      ...(!typed.candidate && { candidate: t('fault.name') }), ...(!area && { candidate_area: t('fault.choose') }), ...(typed.candidate_email && !readAddress(typed.candidate_email) && { candidate_email: t('fault.email') }),
      ...(typed.candidate_email && !typed.contact_source && { contact_source: t('fault.source') }), ...electionFault(t, 'election_on', typed.election_on, todayOf(record, visit)),
    }
    if (Object.keys(faults).length) return { ...await bodyPage(desk, visit, id, { typed, faults }), status: 422 }
    await pages.change(visit, { verb: 'add-candidate', subjectKind: 'targets', subjectIds: [id] }, (tx) => addCandidate(tx, {
      bodyId: id, electionOn: typed.election_on, bodyName: t('candidates.body-name', { body: localName(record, t.language) }), officeLabel: t('candidates.office-label', { area: localName(area!, t.language) }),
    }, { name: typed.candidate, party: typed.party, areaId: area!.id, email: typed.candidate_email, source: typed.contact_source, checkedOn: dayIn(visit.zone, now) }))
    return { to: here(id), said: 'said.saved' }
  }, 'change-targets')

  const todayOf = (body: BodyRecord | undefined, { zone, now }: Visit) => dayIn(body?.zone ?? zone, now)

  pages.post('/targets/bodies/:body/candidacy', async (visit): Promise<Answer> => {
    const { t, body } = visit
    const id = visit.params.body!
    const candidatesFor = field(body, 'candidates_for')
    const electionOn = field(body, 'candidacy_on').trim()
    const other = candidatesFor ? await findBodyRecord(desk.db, candidatesFor) : undefined
    const faults: Faults = { ...(candidatesFor && (!other || other.id === id) && { candidates_for: t('fault.choose') }), ...(candidatesFor && electionFault(t, 'candidacy_on', electionOn, todayOf(other, visit))) }
    if (Object.keys(faults).length) return { ...await bodyPage(desk, visit, id, { typed: { candidates_for: candidatesFor, candidacy_on: electionOn }, faults }), status: 422 }
    await pages.change(visit, { verb: 'set-candidacy', subjectKind: 'targets', subjectIds: [id] }, (tx) => setCandidacy(tx, id, other && { candidatesFor: other.id, electionOn }))
    return { to: here(id), said: 'said.saved' }
  }, 'change-targets')
}

/** Candidates are written to until election day: one that is over would lead to nobody. */
function electionFault(t: DeskWords, name: string, day: string, today: string): Faults {
  if (!isDay(day)) return { [name]: t('fault.day') }
  return day < today ? { [name]: t('fault.election-over') } : {}
}

/** What a body's page says of elections: of candidates for it, and whether its own offices are candidacies. */
export async function candidateCards(desk: Desk, visit: Visit, body: BodyRecord, { typed, faults }: { typed: Typed, faults: Faults }): Promise<Html> {
  const { t, now } = visit
  const here = `/targets/bodies/${encodeURIComponent(body.id)}`
  const areas = body.candidatesFor ? [] : await areasOfBody(desk.db, [body.id], dayIn(visit.zone, now))
  const others = await desk.db.selectFrom('bodies').select(['id', 'name', 'names']).where('id', '<>', body.id).where('candidates_for', 'is', null).orderBy('name').execute()
  const of = (names: readonly string[]) => Object.fromEntries(Object.entries(faults).filter(([name]) => names.includes(name)))
  const adding = 'candidate' in typed
  return html`${body.candidates.length > 0 && html`<section class="card"><h2>${t('candidates.title')}</h2><ul class="todo">${body.candidates.map((each) => html`<li><a href="/targets?body=${encodeURIComponent(each.id)}"><bdi>${localName(each, t.language)}</bdi></a><small>${t('candidates.line', { count: each.offices, day: each.electionOn ? t.day(each.electionOn) : '–' })}</small></li>`)}</ul></section>`}
${areas.length > 0 && html`<details${adding && html` open`}><summary>${t('candidates.add')}</summary>${form(t, {
    action: `${here}/candidates`, button: t('candidates.add'), faults: adding ? of(candidateFields) : {},
    fields: formFields(t, [
      { name: 'candidate', kind: 'line', required: true, maxLength: 300 }, { name: 'party', kind: 'line', maxLength: 200 },
      { name: 'candidate_area', kind: 'select', empty: t('f.candidate_area.empty'), choices: areas.map((area) => ({ value: area.id, label: localName(area, t.language) })) },
      { name: 'candidate_email', kind: 'email' }, { name: 'contact_source', kind: 'line', maxLength: 300 }, { name: 'election_on', kind: 'date', narrow: true, required: true },
    ], { election_on: body.candidates[0]?.electionOn ?? undefined, ...(adding ? typed : {}) }, adding ? faults : {}),
  })}</details>`}
${others.length > 0 && body.candidates.length === 0 && html`<details${(body.candidatesFor !== null || 'candidates_for' in typed) && html` open`}><summary>${t('candidates.these-are')}</summary>${form(t, {
    action: `${here}/candidacy`, button: t('save'), faults: adding ? {} : of(candidacyFields),
    fields: formFields(t, [
      { name: 'candidates_for', kind: 'select', empty: t('f.candidates_for.none'), choices: others.map((each) => ({ value: each.id, label: localName({ name: each.name, names: each.names as Record<string, string> }, t.language) })) },
      { name: 'election_on', as: 'candidacy_on', kind: 'date', narrow: true },
    ], { candidates_for: body.candidatesFor ?? undefined, candidacy_on: body.electionOn ?? undefined, ...(adding ? {} : typed) }, adding ? {} : faults),
  })}</details>`}`
}
