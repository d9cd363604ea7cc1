import { Readable } from 'node:stream'
import { csvRow } from '#platform/csv.ts'
import { inTransaction, sql } from '#platform/db.ts'
import { endOfDay, isDay, startOfDay } from '#platform/days.ts'
import { html, type Html } from '#platform/html/html.ts'
import { isUuid } from '#platform/uuid.ts'
import { titleIn } from '#modules/actions/index.ts'
import { allStaff, audit, auditLines, auditPage, auditSubjects, auditVerbs, chainHead, headInWords, namesInLog, type AuditEntry, type AuditFilter } from '#modules/staff/index.ts'
import { isSwitchName } from '#modules/switches/index.ts'
import type { Desk } from '../context.ts'
import { formFields, type Typed } from '../forms.ts'
import type { DeskPage } from '../look/layout.ts'
import type { DeskPages, Visit } from '../pages.ts'
import { ruleChangeWords } from '../outbox/rules.ts'
import { titleOfRun } from '../publishing/digest-run.ts'
import { askedInWords } from '../supporters/asked.ts'
import { pageOf, pager } from '../table.ts'
import type { DeskWord, DeskWords } from '../words/index.ts'

const size = 100

/** Who did what, newest first. Nobody can change it, here or anywhere. */
export function auditRoutes(pages: DeskPages, desk: Desk): void {
  pages.get('/audit', (visit) => listPage(desk, visit), 'audit')

  pages.post('/audit/export', async (visit) => {
    const { filter, chosen } = filterOf(visit)
    const head = await chainHead(desk.db)
    await inTransaction(desk.db, (tx) => audit(tx, { staffId: visit.staff.id, behalfOf: visit.behalfOf, verb: 'export-log', subjectKind: 'settings', subjectIds: [], details: chosen }, visit.now))
    const names = await namesOf(desk)
    const body = Readable.from(lines(visit.t, auditLines(desk.db, filter), names, headInWords(head)))
    return visit.reply.type('text/csv; charset=utf-8').header('content-disposition', `attachment; filename="log-${visit.now.toISOString().slice(0, 10)}.csv"`).header('cache-control', 'no-store').send(body)
  }, 'audit')
}

/** What the address asks for, read strictly; what is not understood is left out. */
function filterOf({ query, zone }: Visit): { filter: AuditFilter, chosen: Record<string, string> } {
  const given = (name: string, fits: (text: string) => boolean) => (fits(query(name)) ? query(name) : undefined)
  const [verb, staffId, subjectId] = [given('verb', (text) => /^[a-z-]{1,40}$/.test(text)), given('staff', isUuid), given('subject', (text) => /^[^\s,{}"\\]{1,100}$/.test(text))]
  const subjectKind = auditSubjects.find((each) => each === query('kind'))
  const day = (name: string) => (isDay(query(name)) ? query(name) : undefined)
  const [first, last] = [day('first'), day('last')]
  const filter: AuditFilter = {
    ...(verb && { verb }), ...(staffId && { staffId }), ...(subjectId && { subjectId }), ...(subjectKind && { subjectKind }),
    ...(first && { from: startOfDay(first, zone) }), ...(last && { until: endOfDay(last, zone) }),
  }
  const chosen = Object.fromEntries(Object.entries({ verb, staff: staffId, subject: subjectId, kind: subjectKind, first, last }).filter((each): each is [string, string] => each[1] !== undefined))
  return { filter, chosen }
}

async function listPage(desk: Desk, visit: Visit): Promise<DeskPage> {
  const { t, query, zone } = visit
  const { filter, chosen } = filterOf(visit)
  const page = pageOf(query)
  const { entries, count } = await auditPage(desk.db, filter, { after: page * size, size })
  const names = await namesOf(desk)
  const titles = await titlesOf(desk, visit, entries)
  const head = headInWords(await chainHead(desk.db))
  const link = (changes: Record<string, string>) => `/audit?${new URLSearchParams({ ...chosen, ...changes })}`
  return {
    title: t('audit.title'), section: 'settings', crumbs: [{ href: '/settings', label: t('nav.settings') }],
    body: html`<p>${t('audit.why')}</p>${filterForm(t, { verbs: await auditVerbs(desk.db), names, chosen })}
<p>${t('audit.count', { count })}</p>
<div class="card scroll" role="region" tabindex="0" aria-label="${t('audit.title')}"><table><thead><tr><th scope="col">${t('people.when')}</th><th scope="col">${t('audit.who')}</th><th scope="col">${t('audit.what')}</th><th scope="col">${t('audit.about')}</th><th scope="col">${t('f.reason')}</th></tr></thead><tbody>
${entries.map((entry) => html`<tr><td>${t.moment(entry.happenedAt, zone)}</td><td><bdi>${nameOf(t, names, entry.staffId)}</bdi>${entry.behalfOf && html`<small>${t('audit.behalf', { name: nameOf(t, names, entry.behalfOf) })}</small>`}</td><td><a href="${link({ verb: entry.verb, page: '0' })}">${verbOf(t, entry.verb)}</a>${entry.verb === 'set-sending-rule' && ruleChangeWords(t, entry.details).map((each) => html`<small>${each}</small>`)}${askedInWords(t, entry.details)}</td>
<td>${subjectOf(t, entry.subjectKind)}${entry.subjectIds.slice(0, 5).map((id) => {
      const said = names.get(id) ?? titles.get(id) ?? (entry.subjectKind === 'settings' ? switchOf(t, id) : undefined)
      // An import is called by a sentence of ours around the name of a file, which alone would decide its direction.
      const direction = said === undefined ? 'ltr' : entry.subjectKind === 'import' ? t.direction : 'auto'
      return html`<small><a href="${link({ subject: id, page: '0' })}"><bdi dir="${direction}">${said ?? id.slice(0, 40)}</bdi></a></small>`
    })}${entry.subjectIds.length > 5 && html`<small>${t('audit.more', { count: entry.subjectIds.length - 5 })}</small>`}</td><td dir="auto">${entry.reason}</td></tr>`)}</tbody></table></div>
${pager(t, { page, size, rows: count, link })}
<section class="card"><h2>${t('audit.chain')}</h2><p>${t('audit.chain.why')}</p><pre dir="ltr">${head}\nnpx clarion verify --head ${head}</pre></section>
<form method="post" action="${link({}).replace('/audit?', '/audit/export?')}" class="card"><p>${t('audit.export.why')}</p><button class="plain">${t('audit.export')}</button></form>`,
  }
}

function filterForm(t: DeskWords, { verbs, names, chosen }: { verbs: string[], names: Map<string, string>, chosen: Typed }): Html {
  return html`<details${Object.keys(chosen).length > 0 && html` open`}><summary>${t('audit.filter')}</summary><form method="get" action="/audit" class="card">${formFields(t, [
    { name: 'log_staff', as: 'staff', kind: 'select', empty: '', choices: [...names].map(([value, label]) => ({ value, label })) },
    { name: 'log_verb', as: 'verb', kind: 'select', empty: '', choices: verbs.map((value) => ({ value, label: verbOf(t, value) })) },
    { name: 'log_kind', as: 'kind', kind: 'select', empty: '', choices: auditSubjects.map((value) => ({ value, label: subjectOf(t, value) })) },
    { name: 'log_subject', as: 'subject', kind: 'line', direction: 'ltr', maxLength: 100 }, { name: 'log_first', as: 'first', kind: 'date' }, { name: 'log_last', as: 'last', kind: 'date' },
  ], chosen)}<div class="row"><button>${t('audit.filter.button')}</button><a class="btn plain" href="/audit">${t('audit.filter.none')}</a></div></form></details>`
}

async function namesOf(desk: Desk): Promise<Map<string, string>> {
  return new Map((await allStaff(desk.db, desk.opener)).map((staff) => [staff.id, staff.name]))
}

async function titlesOf(desk: Desk, visit: Visit, entries: AuditEntry[]): Promise<Map<string, string>> {
  const { t } = visit
  const idsOf = (kind: AuditEntry['subjectKind']) => entries.filter(({ subjectKind }) => subjectKind === kind).flatMap(({ subjectIds }) => subjectIds)
  const { rows } = await sql<{ id: string, title: string }>`
    select id, ${titleIn(t.language)} as title from actions where id::text = any (${idsOf('action')}::text[])
    union all select id, coalesce((select nullif(words ->> 'title', '') from item_revisions where item_id = items.id order by language = ${t.language} desc, created_at desc limit 1), slug) from items where id::text = any (${idsOf('item')}::text[])
    union all select id, coalesce((select name from subject_names where subject_id = subjects.id and shown order by language = ${t.language} desc, language limit 1), slug) from subjects where id::text = any (${idsOf('subject')}::text[])`.execute(desk.db)
  return new Map([...rows, ...await importsNamed(desk, visit, idsOf('import'))].map(({ id, title }) => [id, title]))
}

/** Which import it was: of files of office-holders the file and its day, of pages from elsewhere the page and when it came; of what was thrown away the file and its day. */
async function importsNamed(desk: Desk, { t, zone }: Visit, ids: string[]): Promise<{ id: string, title: string }[]> {
  if (ids.length === 0) return []
  const { rows } = await sql<{ id: string, fileName: string, title: string | null, asOf: string | null, madeAt: Date | null }>`
    select id, file_name as "fileName", null as title, as_of::text as "asOf", null as "madeAt" from imports where id::text = any (${ids}::text[])
    union all select id, file_name, report -> 'threads' -> 0 ->> 'title', null, made_at from digest_imports where id::text = any (${ids}::text[])`.execute(desk.db)
  const gone = await namesInLog(desk.db, ids)
  return [...rows.map(({ id, asOf, madeAt, ...run }) => ({ id, name: titleOfRun(run), day: t.day(asOf ?? madeAt!, zone) })), ...gone.map(({ id, name, day }) => ({ id, name, day: t.day(day) }))]
    .map(({ id, name, day }) => ({ id, title: t('audit.import', { name, day }) }))
}

function nameOf(t: DeskWords, names: Map<string, string>, staffId: string | null): string {
  return staffId === null ? t('audit.system') : names.get(staffId) ?? staffId.slice(0, 8)
}

/** What a switch turns off, in words; nothing for other settings. */
function switchOf(t: DeskWords, id: string): string | undefined {
  if (id.startsWith('language:')) return t('switch.language', { language: t.languageName(id.slice('language:'.length)) })
  return isSwitchName(id) ? t(`switch.${id}` as DeskWord) : undefined
}

function verbOf(t: DeskWords, verb: string): string {
  return t.has(`verb.${verb}`) ? t(`verb.${verb}` as DeskWord) : verb
}

function subjectOf(t: DeskWords, kind: string): string {
  return t.has(`subject.${kind}`) ? t(`subject.${kind}` as DeskWord) : kind
}

/** The table, with all that a seal covers beside the words for it, so that somebody else can check it. */
async function* lines(t: DeskWords, pages: AsyncGenerator<AuditEntry[]>, names: Map<string, string>, head: string): AsyncGenerator<Buffer> {
  yield Buffer.from(`\uFEFF${csvRow(['position', 'id', 'at', 'who', 'on_behalf_of', 'what', 'verb', 'about', 'subjects', 'reason', 'details', 'seal'])}`)
  for await (const entries of pages) {
    yield Buffer.from(entries.map((entry) => csvRow([
      entry.position, entry.id, entry.happenedAt.toISOString(), nameOf(t, names, entry.staffId), entry.behalfOf && nameOf(t, names, entry.behalfOf), verbOf(t, entry.verb), entry.verb,
      entry.subjectKind, entry.subjectIds.join(' '), entry.reason, JSON.stringify(entry.details), entry.hash,
    ])).join(''))
  }
  yield Buffer.from(csvRow(['', '', '', '', '', 'ends with', head]))
}
