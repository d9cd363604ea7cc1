import { html, type Html } from '#platform/html/html.ts'
import { field } from '#platform/http/server.ts'
import { addFactColumns, factAreas, factColumns, factName, factPrefix, factsFilled, newestRevisions, placeFacts, removeFactColumn, setFacts, type AreaFactValues } from '#modules/actions/index.ts'
import { FileFault, localName, readTable } from '#modules/targets/index.ts'
import type { Desk } from '../context.ts'
import { button, form, formFields, type Faults } from '../forms.ts'
import type { DeskPage } from '../look/layout.ts'
import { type Answer, type DeskPages, type Visit } from '../pages.ts'
import { upload } from '../upload.ts'
import { pageOf, pager } from '../table.ts'
import type { DeskWords } from '../words/index.ts'
import { messageAction } from './message-action.ts'
import { titleOf } from './naming.ts'

const size = 50
const mostColumns = 20
const mostRows = 50_000

/** What is known of each area, to be merged into the words of one action: from a file, or typed in. */
export function factRoutes(pages: DeskPages, desk: Desk): void {
  pages.get('/actions/:id/facts', (visit) => factsPage(desk, visit, {}), 'campaign')

  pages.post('/actions/:id/facts/file', async (visit): Promise<Answer> => {
    const { id } = await messageAction(desk, visit)
    const { t } = visit
    const file = await upload(visit.body, 'facts_file')
    if (!file) return { ...await factsPage(desk, visit, { facts_file: t('fault.file') }), status: 422 }
    const table = await readFile(file.bytes)
    const columns = table?.columns.slice(1).map(factName) ?? []
    if (!table || columns.length === 0 || columns.length > mostColumns || columns.some((name) => !name) || new Set(columns).size < columns.length) return { ...await factsPage(desk, visit, { facts_file: t('fault.facts-file') }), status: 422 }
    const placed = await placeFacts(desk.db, id, table.rows.map((row) => row.values))
    const good = new Map(table.rows.flatMap((row, place): [string, AreaFactValues][] => (placed[place]!.areaId ? [[placed[place]!.areaId, Object.fromEntries(columns.map((name, column) => [name, row.values[column + 1] ?? '']))]] : [])))
    await pages.change(visit, { verb: 'set-facts', subjectKind: 'action', subjectIds: [id] }, async (tx) => {
      await addFactColumns(tx, id, columns)
      await setFacts(tx, id, [...good].map(([areaId, facts]) => ({ areaId, facts })))
    })
    const bad = table.rows.flatMap((row, place) => (placed[place]!.fault ? [{ number: row.number, code: row.values[0] ?? '', fault: placed[place]!.fault }] : []))
    return factsPage(desk, visit, {}, fileReport(t, good.size, bad))
  }, 'campaign')

  pages.post('/actions/:id/facts/column', async (visit): Promise<Answer> => {
    const { id } = await messageAction(desk, visit)
    const name = factName(field(visit.body, 'fact_column'))
    if (!name || (await factColumns(desk.db, id)).length >= mostColumns) return { ...await factsPage(desk, visit, { fact_column: visit.t('fault.fact-column') }), status: 422 }
    await pages.change(visit, { verb: 'set-facts', subjectKind: 'action', subjectIds: [id] }, (tx) => addFactColumns(tx, id, [name]))
    return { to: `/actions/${id}/facts`, said: 'said.saved' }
  }, 'campaign')
  pages.post('/actions/:id/facts/column/remove', async (visit) => {
    const { id } = await messageAction(desk, visit)
    await pages.change(visit, { verb: 'set-facts', subjectKind: 'action', subjectIds: [id] }, (tx) => removeFactColumn(tx, id, field(visit.body, 'column')))
    return { to: `/actions/${id}/facts`, said: 'said.saved' }
  }, 'campaign')

  // One page of the table as it was typed.
  pages.post('/actions/:id/facts', async (visit) => {
    const { id } = await messageAction(desk, visit)
    const columns = await factColumns(desk.db, id)
    const areas = await factAreas(desk.db, id, at(visit))
    const rows = areas.map((area) => ({ areaId: area.id, facts: Object.fromEntries(columns.map((name) => [name, field(visit.body, `${name} ${area.id}`)])) }))
    await pages.change(visit, { verb: 'set-facts', subjectKind: 'action', subjectIds: [id] }, (tx) => setFacts(tx, id, rows.filter((row) => columns.some((name) => `${name} ${row.areaId}` in (visit.body as object)))))
    return { to: `/actions/${id}/facts?${new URLSearchParams({ page: String(pageOf(visit.query)), ...(visit.query('q') && { q: visit.query('q') }) })}`, said: 'said.saved' }
  }, 'campaign')
}

function at({ query }: Visit): { limit: number, offset: number, search: string } {
  return { limit: size, offset: pageOf(query) * size, search: query('q').trim().slice(0, 100) }
}

async function readFile(bytes: Buffer): Promise<Awaited<ReturnType<typeof readTable>> | undefined> {
  try {
    return await readTable(bytes, mostRows)
  } catch (error) {
    if (error instanceof FileFault) return undefined
    throw error
  }
}

function fileReport(t: DeskWords, placed: number, bad: { number: number, code: string, fault: 'unknown' | 'ambiguous' | 'twice' }[]): Html {
  return html`<div class="notice" role="status"><p>${t('facts.placed', { count: placed })}</p>${bad.length > 0 && html`<p>${t('facts.not-placed', { count: bad.length })}</p><ul>${bad.slice(0, 100).map((row) => html`<li>${t(`facts.row.${row.code.trim() ? row.fault : 'empty'}`, { number: row.number, code: row.code })}</li>`)}</ul>`}</div>`
}

async function factsPage(desk: Desk, visit: Visit, faults: Faults, report?: Html): Promise<DeskPage> {
  const { t, query } = visit
  const action = await messageAction(desk, visit)
  const here = `/actions/${action.id}/facts`
  const columns = await factColumns(desk.db, action.id)
  const search = query('q').trim().slice(0, 100)
  const page = pageOf(query)
  const areas = columns.length ? await factAreas(desk.db, action.id, at(visit)) : []
  const filled = await factsFilled(desk.db, action.id)
  const link = (changes: Record<string, string>) => `${here}?${new URLSearchParams({ ...(search && { q: search }), ...changes })}`
  return {
    title: t('action.facts'), section: 'actions', crumbs: [{ href: '/actions', label: t('nav.actions') }, { href: `/actions/${action.id}`, label: titleOf(action, await newestRevisions(desk.db, action.id), t.language) }],
    body: html`${report}<p>${t('facts.why')}</p>
${columns.length > 0 && html`<section class="card"><h2>${t('facts.columns')}</h2><ul class="todo">${columns.map((name) => html`<li><code dir="ltr">{${factPrefix}${name}}</code> <small>${t('facts.filled', { count: filled.columns.get(name) ?? 0, all: filled.places })}</small>${button(`${here}/column/remove`, t('facts.remove-column'), { column: name })}</li>`)}</ul></section>`}
${form(t, { action: `${here}/file`, button: t('facts.load'), faults, files: true, fields: formFields(t, [{ name: 'facts_file', kind: 'file', accept: '.csv,.tsv,.txt,.gz', required: true }], {}, faults) })}
${form(t, { action: `${here}/column`, button: t('facts.add-column'), fields: formFields(t, [{ name: 'fact_column', kind: 'line', maxLength: 40 }], {}, faults) })}
${columns.length > 0 && html`<form method="get" action="${here}" class="row" role="search"><label for="q">${t('facts.search')}</label><input id="q" name="q" value="${search}" dir="auto" class="narrow"><button class="plain">${t('targets.search.button')}</button></form>
${areas.length === 0 ? html`<div class="card"><p>${t('facts.no-areas')}</p></div>` : html`<form method="post" action="${link({ page: String(page) })}"><div class="card scroll" role="region" tabindex="0" aria-label="${t('action.facts')}"><table><thead><tr><th scope="col">${t('facts.area')}</th>${columns.map((name) => html`<th scope="col"><bdi>${name}</bdi></th>`)}</tr></thead><tbody>
${areas.map((area) => html`<tr><th scope="row"><bdi>${localName(area, t.language)}</bdi> <small dir="ltr">${area.id}</small></th>${columns.map((name) => html`<td><input name="${name} ${area.id}" value="${area.facts[name] ?? ''}" maxlength="500" dir="auto" aria-label="${t('facts.cell', { column: name, area: localName(area, t.language) })}"></td>`)}</tr>`)}</tbody></table></div><div class="row"><button>${t('save')}</button></div></form>`}
${pager(t, { page, size, rows: areas[0]?.all ?? 0, link })}`}`,
  }
}
