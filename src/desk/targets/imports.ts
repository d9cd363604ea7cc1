import { z } from 'zod'
import { isDay } from '#platform/days.ts'
import { html, type Html } from '#platform/html/html.ts'
import { field } from '#platform/http/server.ts'
import {
  codeColumns, discardTrial, FileFault, findImport, importForReal, importRows, imports, mapping as mappingSchema, previewTable, readyMappings, slug, storeImport, targetColumns, textOf, type Mapping, type StoredImport,
} from '#modules/targets/index.ts'
import type { Desk } from '../context.ts'
import { button, form, formFields, type Faults, type Typed } from '../forms.ts'
import type { DeskPage } from '../look/layout.ts'
import { idOf, orNotFound, upload, type Answer, type DeskPages, type Visit } from '../pages.ts'
import { pageOf, pager } from '../table.ts'
import type { DeskWord, DeskWords } from '../words/index.ts'
import { boundaryPage, boundaryRoutes } from './boundaries.ts'

const size = 100

/** Office-holders and codes from files: choose a file, say what its columns are, look at what would happen, and let it happen. */
export function importRoutes(pages: DeskPages, desk: Desk): void {
  pages.get('/imports', async ({ t }) => ({
    title: t('imports.title'), section: 'targets', crumbs: [{ href: '/targets', label: t('nav.targets') }], buttons: html`<a class="btn" href="/imports/new">${t('imports.new')}</a>`,
    body: html`<div class="card"><ul class="todo">${(await imports(desk.db)).map((each) => html`<li><a href="/imports/${each.id}"><bdi>${each.fileName}</bdi></a> ${stateOf(t, each)}<small>${t('imports.line', { mapping: each.mapping.name, day: t.day(each.asOf) })}</small></li>`)}</ul></div>`,
  }))

  pages.get('/imports/new', async (visit) => newPage(visit, { as_of: visit.now.toISOString().slice(0, 10) }, {}))

  pages.post('/imports/new', async (visit): Promise<Answer> => {
    const { t, body, now } = visit
    const file = await upload(body, 'file')
    const typed = { mapping: field(body, 'mapping'), as_of: field(body, 'as_of') }
    const faults: Faults = { ...(!file && { file: t('fault.file') }), ...(!typed.mapping && { mapping: t('fault.choose') }), ...(!isDay(typed.as_of) && { as_of: t('fault.day') }) }
    if (Object.keys(faults).length) return { ...newPage(visit, typed, faults), status: 422 }
    const ready = readyMappings().find((each) => each.name === typed.mapping)
    try {
      textOf(file!.bytes)
      if (typed.mapping === 'boundaries') return boundaryPage(visit, file!, typed.as_of, {}, {})
      if (!ready) return await columnsPage(visit, typed.mapping === 'lookup' ? 'lookup' : 'targets', file!, typed.as_of, {}, {})
    } catch (error) {
      if (!(error instanceof FileFault)) throw error
      return { ...newPage(visit, typed, { file: t('fault.file-unreadable') }), status: 422 }
    }
    return startDryRun(visit, ready, file!.fileName, file!.bytes, typed.as_of, now)
  })

  // The second page for any other file: the file travels with the form, so that nothing is kept until somebody has said what it is.
  pages.post('/imports/columns', async (visit): Promise<Answer> => {
    const { t, body, now } = visit
    const kind = field(body, 'kind') === 'lookup' ? 'lookup' : 'targets'
    const bytes = Buffer.from(field(body, 'content'), 'base64')
    const file = { fileName: field(body, 'file_name').slice(0, 200), bytes }
    const asOf = isDay(field(body, 'as_of')) ? field(body, 'as_of') : now.toISOString().slice(0, 10)
    const typed = Object.fromEntries(Object.entries(body as Record<string, string>).filter(([name]) => name !== 'content'))
    const built = mappingSchema.safeParse(kind === 'targets' ? buildTargets(typed) : buildLookup(typed))
    if (!built.success) return { ...await columnsPage(visit, kind, file, asOf, typed, faultsOf(t, built.error)), status: 422 }
    return startDryRun(visit, built.data, file.fileName, bytes, asOf, now)
  })

  boundaryRoutes(pages, startDryRun)

  async function startDryRun(visit: Visit, mapping: Mapping, fileName: string, file: Buffer, asOf: string, now: Date): Promise<Answer> {
    const id = await pages.change(visit, { verb: 'try-import', subjectKind: 'import', subjectIds: [] }, async (tx) => {
      const importId = await storeImport(tx, { mapping, fileName, file, asOf, dryRun: true, staffId: visit.staff.id }, now)
      await desk.queue.enqueue(tx, 'imports.run', { importId })
      return importId
    })
    return { to: `/imports/${id}` }
  }

  pages.get('/imports/:id', async (visit) => {
    const it = orNotFound(await findImport(desk.db, idOf(visit)))
    if (it.state === 'waiting' || it.state === 'running') void visit.reply.header('refresh', '1')
    return importPage(desk, visit, it)
  })
  pages.post('/imports/:id/run', async (visit) => {
    const id = idOf(visit)
    await pages.change(visit, { verb: 'run-import', subjectKind: 'import', subjectIds: [id] }, async (tx) => {
      if (await importForReal(tx, id)) await desk.queue.enqueue(tx, 'imports.run', { importId: id })
    })
    return { to: `/imports/${id}` }
  })
  pages.post('/imports/:id/discard', async (visit) => {
    const id = idOf(visit)
    await pages.change(visit, { verb: 'discard-import', subjectKind: 'import', subjectIds: [id] }, (tx) => discardTrial(tx, id))
    return { to: '/imports', said: 'said.discarded' }
  })
}

function newPage({ t }: Visit, typed: Typed, faults: Faults): DeskPage {
  return {
    title: t('imports.new'), section: 'targets', crumbs: [{ href: '/targets', label: t('nav.targets') }, { href: '/imports', label: t('imports.title') }],
    body: form(t, {
      action: '/imports/new', button: t('imports.look'), faults, files: true,
      fields: formFields(t, [
        { name: 'file', kind: 'file', accept: '.csv,.tsv,.txt,.yml,.yaml,.json,.geojson,.gz', required: true },
        {
          name: 'mapping', kind: 'choice', choices: [
            ...readyMappings().map((each) => ({ value: each.name, label: t('imports.ready', { name: each.name }), help: t(`imports.kind.${each.kind}`) })),
            { value: 'targets', label: t('imports.any-targets'), help: t('imports.any-targets.help') }, { value: 'lookup', label: t('imports.any-lookup'), help: t('imports.any-lookup.help') },
            { value: 'boundaries', label: t('imports.any-boundaries'), help: t('imports.any-boundaries.help') },
          ],
        },
        { name: 'as_of', kind: 'date', required: true, narrow: true },
      ], typed, faults),
    }),
  }
}

/** What the columns of a file are: with its first rows to look at. */
async function columnsPage({ t }: Visit, kind: 'targets' | 'lookup', file: { fileName: string, bytes: Buffer }, asOf: string, typed: Typed, faults: Faults): Promise<DeskPage> {
  const { columns, rows } = await previewTable(textOf(file.bytes))
  if (columns.length === 0) throw new FileFault('empty')
  const choices = columns.map((value) => ({ value, label: value }))
  const guesses = guess(columns, kind === 'targets' ? targetColumns : codeColumns)
  const about = kind === 'targets'
    ? formFields(t, [{ name: 'body_name', kind: 'line', required: true, maxLength: 200 }, { name: 'area_prefix', kind: 'line', required: true, direction: 'ltr', maxLength: 40 }, { name: 'office_label_pattern', kind: 'line', maxLength: 200 }, { name: 'salutation_pattern', kind: 'line', maxLength: 200 }], typed, faults)
    : formFields(t, [{ name: 'scheme_id', kind: 'line', required: true, direction: 'ltr', maxLength: 40 }, { name: 'formats', kind: 'line', required: true, direction: 'ltr', maxLength: 300 }, { name: 'tail', kind: 'number', narrow: true }, { name: 'scheme_example', kind: 'line', direction: 'ltr', maxLength: 20 }, { name: 'area_prefix', kind: 'line', required: true, direction: 'ltr', maxLength: 40 }], typed, faults)
  return {
    title: t('imports.columns'), section: 'targets', crumbs: [{ href: '/imports', label: t('imports.title') }],
    body: html`<div class="card scroll" role="region" tabindex="0" aria-label="${t('imports.columns')}"><table><caption>${t('imports.first-rows', { file: file.fileName })}</caption><thead><tr>${columns.map((column) => html`<th scope="col"><bdi>${column}</bdi></th>`)}</tr></thead><tbody>${rows.map((row) => html`<tr>${columns.map((column) => html`<td><bdi>${(row[column] ?? '').slice(0, 60)}</bdi></td>`)}</tr>`)}</tbody></table></div>
${form(t, {
      action: '/imports/columns', button: t('imports.look'), faults, files: true,
      fields: html`<input type="hidden" name="kind" value="${kind}"><input type="hidden" name="as_of" value="${asOf}"><input type="hidden" name="file_name" value="${file.fileName}"><input type="hidden" name="content" value="${file.bytes.toString('base64')}">
${about}<h2>${t('imports.columns')}</h2>${(kind === 'targets' ? targetColumns : codeColumns).map((column) => html`<div class="field"><label for="column-${column}">${t(`column.${column}`)}</label><select id="column-${column}" name="column-${column}"><option value="">${t('imports.no-column')}</option>${choices.map((choice) => html`<option value="${choice.value}"${(typed[`column-${column}`] ?? guesses[column]) === choice.value && html` selected`}>${choice.label}</option>`)}</select>${faults[`column-${column}`] && html`<p class="wrong">${faults[`column-${column}`]}</p>`}</div>`)}`,
    })}`,
  }
}

/** Columns whose names say what they are are chosen already; a person looks at the choice before anything happens. */
function guess(columns: string[], wanted: readonly string[]): Record<string, string | undefined> {
  const hints: Record<string, RegExp> = {
    area_code: /area.?code|district.?code|constituency.?(code|id)|pcon.?code|gss/i, area_name: /^(area|district|constituency|pcon.?name)(.?name)?$/i, office: /^(office|post|role|title)$/i, holder: /^(name|holder|member|full.?name|display.?(as|name)|minister)$/i,
    holder_id: /^(id|member.?id|person.?id)$/i, email: /e-?mail/i, phone: /phone|tel/i, party: /party|list/i, url: /url|website/i, address: /address/i, since: /since|start/i, code: /post.?code|zip|^code$/i, share: /share/i, formal_name: /formal|style|full_title/i,
  }
  return Object.fromEntries(wanted.map((column) => [column, columns.find((name) => hints[column]?.test(name.trim()))]))
}

function chosenColumns(typed: Record<string, string>): Record<string, string> {
  return Object.fromEntries(Object.entries(typed).filter(([name, value]) => name.startsWith('column-') && value).map(([name, value]) => [name.slice(7), value]))
}

function buildTargets(typed: Record<string, string>): unknown {
  const id = slug(typed.body_name ?? '')
  return {
    kind: 'targets', name: id, body: { id, name: (typed.body_name ?? '').trim() }, areaPrefix: (typed.area_prefix ?? '').trim(), columns: chosenColumns(typed),
    officeLabel: typed.office_label_pattern?.trim() || '{area}', salutations: typed.salutation_pattern?.trim() ? { en: typed.salutation_pattern.trim() } : {},
  }
}

function buildLookup(typed: Record<string, string>): unknown {
  const id = (typed.scheme_id ?? '').trim()
  return {
    kind: 'lookup', name: id, areaPrefix: (typed.area_prefix ?? '').trim(), columns: chosenColumns(typed),
    scheme: { id, formats: (typed.formats ?? '').split(',').map((format) => format.trim().toUpperCase()).filter(Boolean), tail: Number(typed.tail || 0), example: (typed.scheme_example ?? '').trim() },
  }
}

function faultsOf(t: DeskWords, error: z.ZodError): Faults {
  const names: Record<string, string> = { body: 'body_name', areaPrefix: 'area_prefix', name: 'body_name', scheme: 'scheme_id', formats: 'formats' }
  return Object.fromEntries(error.issues.map((issue) => {
    const path = issue.path.includes('formats') ? 'formats' : String(issue.path[0] ?? 'columns')
    return [names[path] ?? 'column-holder', t(path === 'columns' || issue.path.length === 0 ? 'fault.columns' : path === 'formats' ? 'fault.formats' : 'fault.short-name')]
  }))
}

function stateOf(t: DeskWords, it: StoredImport): Html {
  const word: DeskWord = it.state === 'done' ? it.dryRun ? 'imports.state.tried' : 'imports.state.done' : `imports.state.${it.state}`
  return html`<span class="state ${it.state === 'failed' ? 'bad' : it.state === 'done' && !it.dryRun ? 'ok' : 'wait'}">${t(word)}</span>`
}

async function importPage(desk: Desk, { t, query }: Visit, it: StoredImport): Promise<DeskPage> {
  const outcome = ['added', 'changed', 'refused', 'ended'].includes(query('outcome')) ? query('outcome') : undefined
  const page = pageOf(query)
  const rows = it.state === 'done' ? await importRows(desk.db, it.id, { outcome, after: page * size, size }) : []
  const link = (changes: Record<string, string>) => `/imports/${it.id}?${new URLSearchParams({ ...(outcome && { outcome }), ...changes })}`
  const tally = it.tally
  const total = outcome ? tally[outcome as 'added'] ?? 0 : (tally.added ?? 0) + (tally.changed ?? 0) + (tally.refused ?? 0) + (tally.ended ?? 0)
  return {
    title: it.fileName, section: 'targets', crumbs: [{ href: '/targets', label: t('nav.targets') }, { href: '/imports', label: t('imports.title') }],
    body: html`<section class="card" role="status"><p>${stateOf(t, it)}</p>
${it.state === 'failed' && html`<p>${t(it.fault === 'unreadable' ? 'fault.file-unreadable' : 'imports.failed')}</p>`}
${(it.state === 'waiting' || it.state === 'running') && html`<p>${t('imports.progress', { done: it.rowsRead })}</p>${it.rowsTotal && html`<progress value="${it.rowsRead}" max="${it.rowsTotal}" aria-label="${t('imports.progress', { done: it.rowsRead })}"></progress>`}`}
${it.state === 'done' && html`<p>${t(it.dryRun ? 'imports.would' : 'imports.did')}</p><dl class="facts">${(['added', 'changed', 'unchanged', 'refused', 'ended'] as const).map((each) => html`<dt>${t(`imports.${each}`)}</dt><dd>${t.number(tally[each] ?? 0)}</dd>`)}</dl>
${it.dryRun && html`<div class="row">${button(`/imports/${it.id}/run`, t('imports.run'), {}, '')}${button(`/imports/${it.id}/discard`, t('imports.discard'))}</div>`}`}</section>
${it.state === 'done' && html`<ul class="filters">${(['added', 'changed', 'refused', 'ended'] as const).map((each) => html`<li><a href="${link({ outcome: outcome === each ? '' : each, page: '0' })}"${outcome === each && html` aria-current="true"`}>${t(`imports.${each}`)}</a></li>`)}</ul>
${rows.length > 0 && html`<div class="card scroll" role="region" tabindex="0" aria-label="${t('imports.title')}"><table><thead><tr><th scope="col" class="n">${t('imports.row')}</th><th scope="col">${t('imports.what')}</th><th scope="col">${t('imports.outcome')}</th></tr></thead><tbody>${rows.map((row) => html`<tr><td class="n">${row.row || '–'}</td><td><bdi>${row.label}</bdi></td><td>${outcomeWords(t, row.outcome)}</td></tr>`)}</tbody></table></div>`}${pager(t, { page, size, rows: total, link })}`}`,
  }
}

function outcomeWords(t: DeskWords, outcome: string): string {
  const [kind, reason] = outcome.split(':')
  return reason ? `${t('imports.refused')}: ${t(`refused.${reason}` as DeskWord)}` : t(`imports.${kind}` as DeskWord)
}
