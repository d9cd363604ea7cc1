import { sql } from '#platform/db.ts'
import { dayIn, isDay } from '#platform/days.ts'
import { html, type Html } from '#platform/html/html.ts'
import { field } from '#platform/http/server.ts'
import { readAddress } from '#modules/people/index.ts'
import { healthOf, sendingRules, setSendingRule, whatKeeps, type Queued } from '#modules/messages/index.ts'
import { readPublisher } from '#modules/publisher/index.ts'
import { alternatesOf, changeOptOut, dayHere, findOfficeRecord, localLabel, officesById, optOut, optOutsOf, resumeWriting, setAlternate, type OptOutRecord } from '#modules/targets/index.ts'
import { allStaff } from '#modules/staff/index.ts'
import type { Desk } from '../context.ts'
import { form, formFields, type Faults, type Typed } from '../forms.ts'
import type { DeskPage } from '../look/layout.ts'
import { healthTable } from '../outbox/health.ts'
import { problemWords } from '../outbox/problem.ts'
import { keepingWords } from '../outbox/routes.ts'
import { readRule, ruleChange, ruleFields, typedRule } from '../outbox/rules.ts'
import { orNotFound, type Answer, type DeskPages, type Visit } from '../pages.ts'
import type { DeskWord, DeskWords } from '../words/index.ts'

/** How an office is written to: how its servers take it, how fast, in one mail or many, at which second address, or not at all. */
export function writingRoutes(pages: DeskPages, desk: Desk): void {
  const idFrom = (visit: Visit) => visit.params.office ?? ''
  const here = (id: string) => `/targets/offices/${encodeURIComponent(id)}/writing`

  pages.get('/targets/offices/:office/writing', (visit) => writingPage(desk, visit, idFrom(visit), {}), 'see-targets')

  pages.post('/targets/offices/:office/pace', async (visit): Promise<Answer> => {
    const id = idFrom(visit)
    const { rule, faults } = readRule(visit.t, visit.body, 'office')
    if (Object.keys(faults).length) return { ...await writingPage(desk, visit, id, faults), status: 422 }
    const before = (await sendingRules(desk.db, { offices: [id], domains: [] })).office(id)
    await pages.change(visit, { verb: 'set-sending-rule', subjectKind: 'targets', subjectIds: [id], details: ruleChange(before, rule) }, (tx) => setSendingRule(tx, 'office', id, rule))
    return { to: here(id), said: 'said.saved' }
  }, 'change-targets')

  pages.post('/targets/offices/:office/alternate', async (visit): Promise<Answer> => {
    const { t, body, now } = visit
    const id = idFrom(visit)
    const address = field(body, 'alternate').trim()
    const source = field(body, 'contact_source').trim().slice(0, 300)
    const first = (await officesById(desk.db, [id], now))[0]?.email
    const faults: Faults = {
      ...(address && !readAddress(address) && { alternate: t('fault.email') }), ...(address && first?.toLowerCase() === address.toLowerCase() && { alternate: t('fault.alternate-is-first') }),
      ...(address && !source && { contact_source: t('fault.source') }),
    }
    if (Object.keys(faults).length) return { ...await writingPage(desk, visit, id, faults), status: 422 }
    await pages.change(visit, { verb: 'set-alternate', subjectKind: 'targets', subjectIds: [id] }, (tx) => setAlternate(tx, id, address ? { address: readAddress(address)!, source, checkedOn: dayIn(visit.zone, now) } : undefined))
    return { to: here(id), said: 'said.saved' }
  }, 'change-targets')

  pages.post('/targets/offices/:office/opt-out', async (visit): Promise<Answer> => {
    const { t, body, now, staff } = visit
    const id = idFrom(visit)
    const reason = field(body, 'decision').trim().slice(0, 1000)
    const until = field(body, 'until_day').trim()
    const faults: Faults = { ...(!reason && { decision: t('fault.decision') }), ...(until && (!isDay(until) || until <= await dayHere(desk.db, now)) && { until_day: t('fault.until') }) }
    if (Object.keys(faults).length) return { ...await writingPage(desk, visit, id, faults), status: 422 }
    orNotFound(await findOfficeRecord(desk.db, id))
    const notes = notesIn(body, (await readPublisher(desk.db)).languages)
    await pages.change(visit, { verb: 'opt-out-office', subjectKind: 'targets', subjectIds: [id], reason }, (tx) => optOut(tx, id, { reason, notes, until: until || null, staffId: staff.id }, now))
    return { to: here(id), said: 'said.opted-out' }
  }, 'change-targets')

  pages.post('/targets/offices/:office/opt-out-note', async (visit): Promise<Answer> => {
    const { t, body, now } = visit
    const id = idFrom(visit)
    const until = field(body, 'until_day').trim()
    if (until && (!isDay(until) || until <= await dayHere(desk.db, now))) return { ...await writingPage(desk, visit, id, { until_day: t('fault.until') }), status: 422 }
    const notes = notesIn(body, (await readPublisher(desk.db)).languages)
    const line = { verb: 'change-opt-out', subjectKind: 'targets' as const, subjectIds: [id], details: { until: until || null, languages: Object.keys(notes).join(' ') } }
    const changed = await pages.change(visit, line, (tx) => changeOptOut(tx, id, { notes, until: until || null }), (done) => done)
    return { to: here(id), said: changed ? 'said.saved' : 'said.moved-on' }
  }, 'change-targets')

  pages.post('/targets/offices/:office/resume', async (visit): Promise<Answer> => {
    const { t, body, now, staff } = visit
    const id = idFrom(visit)
    const reason = field(body, 'decision').trim().slice(0, 1000)
    if (!reason) return { ...await writingPage(desk, visit, id, { decision: t('fault.decision') }), status: 422 }
    await pages.change(visit, { verb: 'resume-office', subjectKind: 'targets', subjectIds: [id], reason }, (tx) => resumeWriting(tx, id, { reason, staffId: staff.id }, now))
    return { to: here(id), said: 'said.resumed' }
  }, 'change-targets')
}

async function writingPage(desk: Desk, visit: Visit, id: string, faults: Faults): Promise<DeskPage> {
  const { t, body, now, zone } = visit
  const record = orNotFound(await findOfficeRecord(desk.db, id))
  const here = `/targets/offices/${encodeURIComponent(id)}`
  const [office] = await officesById(desk.db, [id], now)
  const alternate = (await alternatesOf(desk.db, [id])).get(id)
  const health = await healthOf(desk.db, { addresses: [office?.email, alternate?.address].filter((address) => address !== undefined) }, now)
  const rule = (await sendingRules(desk.db, { offices: [id], domains: [] })).office(id)
  const decisions = await optOutsOf(desk.db, id)
  const [today, { languages }] = [await dayHere(desk.db, now), await readPublisher(desk.db)]
  const typed = (names: string[]) => Object.fromEntries(names.map((name) => [name, field(body, name)]))
  return {
    title: t('writing.title', { office: localLabel(record, t.language) }), section: 'targets', crumbs: [{ href: '/targets', label: t('nav.targets') }, { href: here, label: localLabel(record, t.language) }],
    buttons: html`<a class="btn plain" href="${here}/replies">${t('replies.title')}</a><a class="btn plain" href="${desk.siteOrigin}/offices/${encodeURIComponent(id)}">${t('writing.public-page')}</a>`,
    body: html`${office?.optOut && html`<div class="notice"><p>${t('writing.opted-out')}</p></div>`}
<section class="card"><h2>${t('writing.messages')}</h2>${await messageCounts(desk, t, id)}${await keptHere(desk, visit, id)}${await digestList(desk, t, id)}</section>
<section class="card"><h2>${t('servers.title')}</h2>${healthTable(t, health, { back: `${here}/writing`, zone })}</section>
${form(t, {
      action: `${here}/pace`, button: t('save'), faults: pick(faults, 'office-per_minute', 'office-rule_cap'),
      fields: html`<h2>${t('writing.pace')}</h2><p class="soft">${t('writing.pace.why')}</p>${formFields(t, ruleFields(t, 'office'), Object.keys(pick(faults, 'office-per_minute', 'office-rule_cap')).length > 0 ? readRule(t, body, 'office').typed : typedRule(rule, 'office'), faults)}`,
    })}
${form(t, {
      action: `${here}/alternate`, button: t('save'), faults: pick(faults, 'alternate', 'contact_source'),
      fields: html`<h2>${t('writing.alternate')}</h2>${formFields(t, [{ name: 'alternate', kind: 'email' }, { name: 'contact_source', kind: 'line', maxLength: 300 }], faults.alternate || faults.contact_source ? typed(['alternate', 'contact_source']) : { alternate: alternate?.address, contact_source: alternate?.source }, faults)}`,
    })}
${optOutForm(t, { here, decisions, languages, today, typed: typed(['decision', ...languages.map((language) => `note-${language}`), 'until_day']), faults })}${await decisionList(desk, t, decisions, zone)}`,
  }
}

function pick(faults: Faults, ...names: string[]): Faults {
  return Object.fromEntries(Object.entries(faults).filter(([name]) => names.includes(name)))
}

async function messageCounts(desk: Desk, t: DeskWords, id: string): Promise<Html> {
  const { rows } = await sql<{ state: string, count: number }>`select state, count(*)::int as count from messages where office_id = ${id} and not rehearsal group by state order by state`.execute(desk.db)
  return rows.length === 0 ? html`<p>${t('outbox.empty')}</p>` : html`<ul class="filters">${rows.map((row) => html`<li><a href="/outbox/messages?${new URLSearchParams({ office: id, state: row.state }).toString()}">${t(`message.state.${row.state}` as DeskWord)} ${t.number(row.count)}</a></li>`)}</ul>`
}

/** Why the oldest message to an office that could leave is still here, for each way that it can go. */
async function keptHere(desk: Desk, { t, now, zone }: Visit, id: string): Promise<Html | false> {
  const { rows } = await sql<Queued & { count: number }>`
    select office_id as "officeId", in_digest as "inDigest", practice, min(promised_at) as "promisedAt", (actions.options ->> 'dailyCap')::int as "dailyCap", count(*)::int as count
    from messages join actions on actions.id = messages.action_id
    where office_id = ${id} and messages.state = 'queued' and not rehearsal and due_at <= ${now} and actions.state <> 'suspended'
      and not exists (select from sending_waits wait where wait.action_id = messages.action_id and wait.office_id = messages.office_id)
    group by office_id, in_digest, practice, "dailyCap"`.execute(desk.db)
  const keeping = await whatKeeps(desk.db, rows.map((row) => ({ ...row, dailyCap: row.dailyCap ?? undefined })), zone, now)
  const lines = rows.flatMap((row, place) => (keeping[place] ? [t('writing.kept', { count: row.count, why: keepingWords(t, keeping[place], zone) })] : []))
  return lines.length > 0 && html`<ul>${lines.map((line) => html`<li>${line}</li>`)}</ul>`
}

async function digestList(desk: Desk, t: DeskWords, id: string): Promise<Html | false> {
  const rows = await desk.db.selectFrom('digests').select(['id', 'period', 'state', 'messages', 'problem']).where('office_id', '=', id).orderBy('period', 'desc').limit(14).execute()
  return rows.length > 0 && html`<h3>${t('writing.digests')}</h3><ul class="todo">${rows.map((row) => html`<li>${row.state === 'queued' ? t.day(row.period) : t('writing.digest', { day: t.day(row.period), count: row.messages })} <span class="state">${t(`message.state.${row.state}` as DeskWord)}</span>${row.problem && html`<small>${problemWords(t, row.problem)}</small>`}</li>`)}</ul>`
}

interface OptOutState {
  here: string
  decisions: OptOutRecord[]
  languages: string[]
  today: string
  typed: Record<string, string>
  faults: Faults
}

function optOutForm(t: DeskWords, { here, decisions, languages, today, typed, faults }: OptOutState): Html {
  const current = decisions.find((decision) => !decision.resumedAt && (!decision.until || decision.until > today))
  const note = (language: string, values: Typed) => formFields(t, [{ name: 'note', as: `note-${language}`, kind: 'text', maxLength: 1000 }], values)
  const told = (values: Typed) => html`${languages.length === 1 ? note(languages[0]!, values) : languages.map((language) => html`<h3>${t.languageName(language)}</h3>${note(language, values)}`)}${formFields(t, [{ name: 'until_day', kind: 'date', narrow: true }], values, faults)}`
  if (!current) {
    return form(t, {
      action: `${here}/opt-out`, button: t('opt-out.button'), faults: pick(faults, 'decision', 'until_day'),
      fields: html`<h2>${t('opt-out.title')}</h2><p>${t('opt-out.why')}</p>${formFields(t, [{ name: 'decision', kind: 'text', required: true, maxLength: 1000 }], typed, faults)}${told(typed)}`,
    })
  }
  const kept = { ...Object.fromEntries(Object.entries(current.notes).map(([language, text]) => [`note-${language}`, text])), until_day: current.until ?? '' }
  return html`${form(t, { action: `${here}/opt-out-note`, button: t('save'), faults: pick(faults, 'until_day'), fields: html`<h2>${t('opt-out.change')}</h2>${told(faults.until_day ? typed : kept)}` })}
${form(t, { action: `${here}/resume`, button: t('opt-out.resume'), faults: pick(faults, 'decision'), fields: html`<h2>${t('opt-out.resume')}</h2><p>${t('opt-out.resume.why')}</p>${formFields(t, [{ name: 'resume', as: 'decision', kind: 'text', required: true, maxLength: 1000 }], typed, faults)}` })}`
}

/** What supporters are to read, in the languages in which something was written. */
function notesIn(body: unknown, languages: string[]): Record<string, string> {
  return Object.fromEntries(languages.map((language) => [language, field(body, `note-${language}`).trim().slice(0, 1000)]).filter(([, note]) => note))
}

async function decisionList(desk: Desk, t: DeskWords, decisions: OptOutRecord[], zone: string): Promise<Html | false> {
  if (decisions.length === 0) return false
  const names = new Map((await allStaff(desk.db, desk.opener)).map((staff) => [staff.id, staff.name]))
  const who = (id: string | null) => names.get(id ?? '') ?? t('audit.system')
  return html`<section class="card"><h2>${t('opt-out.decisions')}</h2><ul class="todo">${decisions.map((decision) => html`<li>${t('opt-out.decided', { who: who(decision.decidedBy), moment: t.moment(decision.decidedAt, zone) })}${decision.until && html` ${t('opt-out.until', { day: t.day(decision.until) })}`}<small dir="auto">${decision.reason}</small>${Object.entries(decision.notes).map(([language, note]) => html`<small>${t.languageName(language)}: <bdi lang="${language}">${note}</bdi></small>`)}${decision.resumedAt && html`<br>${t('opt-out.resumed', { who: who(decision.resumedBy), moment: t.moment(decision.resumedAt, zone) })}<small dir="auto">${decision.resumedReason}</small>`}</li>`)}</ul></section>`
}

