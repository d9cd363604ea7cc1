import { isDay } from '#platform/days.ts'
import { html } from '#platform/html/html.ts'
import { field } from '#platform/http/server.ts'
import { readPublisher } from '#modules/publisher/index.ts'
import { nameInLog } from '#modules/staff/index.ts'
import {
  dayHere, discardTrial, FileFault, findImport, findMapping, forgetMapping, importForReal, imports, mapping as mappingSchema, previewFile, readyMappings, savedMappings, saveMapping, storeImport, tryEvenIfOlder, type Mapping,
} from '#modules/targets/index.ts'
import type { Desk } from '../context.ts'
import { button, form, formFields, type Faults, type Typed } from '../forms.ts'
import type { DeskPage } from '../look/layout.ts'
import { idOf, orNotFound, type Answer, type DeskPages, type Visit } from '../pages.ts'
import { upload } from '../upload.ts'
import { boundaryPage, boundaryRoutes } from './boundaries.ts'
import { importPage, stateOf, unreadableWords } from './import-report.ts'
import { builtMapping, mappingFaults, type Kind } from './mapping-form.ts'
import { mappingPage, type CarriedFile } from './mapping-page.ts'

/** Office-holders, codes and boundaries from files: choose a file, say what its columns are, look at what would happen, and let it happen. */
export function importRoutes(pages: DeskPages, desk: Desk): void {
  pages.get('/imports', (visit) => listPage(desk, visit), 'change-targets')
  pages.get('/imports/new', async (visit) => newPage(desk, visit, { as_of: await dayHere(desk.db, visit.now) }, {}), 'change-targets')

  pages.post('/imports/new', async (visit): Promise<Answer> => {
    const { t, body } = visit
    const chosen = await upload(body, 'file')
    const typed = { mapping: field(body, 'mapping'), as_of: field(body, 'as_of'), new_boundaries: field(body, 'new_boundaries') }
    const faults: Faults = { ...(!chosen && { file: t('fault.file') }), ...(!typed.mapping && { mapping: t('fault.choose') }), ...(!isDay(typed.as_of) && { as_of: t('fault.day') }) }
    if (Object.keys(faults).length) return { ...await newPage(desk, visit, typed, faults), status: 422 }
    const file: CarriedFile = { ...chosen!, asOf: typed.as_of, newBoundaries: typed.new_boundaries === 'yes' }
    const known = await findMapping(desk.db, typed.mapping)
    if (known) return startDryRun(visit, known, file)
    try {
      if (typed.mapping === 'any-boundaries') return await boundaryPage(visit, file, (await readPublisher(desk.db)).languages, {}, {})
      return await askColumns(visit, typed.mapping === 'any-lookup' ? 'lookup' : 'targets', file, {})
    } catch (error) {
      if (!(error instanceof FileFault)) throw error
      return { ...await newPage(desk, visit, typed, { file: unreadableWords(t, error.line) }), status: 422 }
    }
  }, 'change-targets')

  // The second page for any other file: the file travels with the form, so that nothing is kept until somebody has said what it is.
  pages.post('/imports/columns', async (visit): Promise<Answer> => {
    const { t, body, now } = visit
    const kind = field(body, 'kind') === 'lookup' ? 'lookup' : 'targets'
    const file: CarriedFile = {
      bytes: Buffer.from(field(body, 'content'), 'base64'), fileName: field(body, 'file_name').slice(0, 200), newBoundaries: field(body, 'new_boundaries') === 'yes',
      asOf: isDay(field(body, 'as_of')) ? field(body, 'as_of') : await dayHere(desk.db, now),
    }
    const typed = Object.fromEntries(Object.entries(body as Record<string, unknown>).filter((entry): entry is [string, string] => entry[0] !== 'content' && typeof entry[1] === 'string'))
    try {
      if (typed.again === 'yes') return await askColumns(visit, kind, file, typed)
      const preview = await previewFile(file.bytes, typed)
      const built = mappingSchema.safeParse(builtMapping(kind, preview, typed))
      if (!built.success) return await askColumns(visit, kind, file, typed, mappingFaults(t, kind, built.error))
      if (typed.mapping_name?.trim() && await keep(visit, built.data) === 'taken') return await askColumns(visit, kind, file, typed, { mapping_name: t('fault.mapping-taken') })
      return await startDryRun(visit, built.data, file)
    } catch (error) {
      if (!(error instanceof FileFault)) throw error
      return { ...await newPage(desk, visit, { as_of: file.asOf }, { file: unreadableWords(t, error.line) }), status: 422 }
    }
  }, 'change-targets')

  boundaryRoutes(pages, desk, { keep, startDryRun })

  async function askColumns(visit: Visit, kind: Kind, file: CarriedFile, typed: Record<string, string>, faults: Faults = {}): Promise<DeskPage> {
    const { languages } = await readPublisher(desk.db)
    return mappingPage(visit, kind, file, await previewFile(file.bytes, typed), languages, typed, faults)
  }

  function keep(visit: Visit, mapping: Mapping): Promise<'saved' | 'taken'> {
    return pages.change(visit, { verb: 'save-mapping', subjectKind: 'targets', subjectIds: [mapping.name] }, (tx) => saveMapping(tx, mapping, visit.now))
  }

  async function startDryRun(visit: Visit, mapping: Mapping, file: CarriedFile): Promise<Answer> {
    const id = await pages.change(visit, (importId: string) => ({ verb: 'try-import', subjectKind: 'import', subjectIds: [importId] }), async (tx) => {
      const importId = await storeImport(tx, { mapping, fileName: file.fileName, file: file.bytes, asOf: file.asOf, newBoundaries: file.newBoundaries, dryRun: true, staffId: visit.staff.id }, visit.now)
      await desk.queue.enqueue(tx, 'imports.run', { importId })
      return importId
    })
    return { to: `/imports/${id}` }
  }

  pages.get('/imports/:id', async (visit) => {
    const it = orNotFound(await findImport(desk.db, idOf(visit)))
    if (it.state === 'waiting' || it.state === 'running') void visit.reply.header('refresh', '1')
    return importPage(desk, visit, it)
  }, 'change-targets')
  pages.post('/imports/:id/run', async (visit) => {
    const id = idOf(visit)
    await pages.change(visit, { verb: 'run-import', subjectKind: 'import', subjectIds: [id] }, async (tx) => {
      if (await importForReal(tx, id)) await desk.queue.enqueue(tx, 'imports.run', { importId: id })
    })
    return { to: `/imports/${id}` }
  }, 'change-targets')
  pages.post('/imports/:id/even-if-older', async (visit) => {
    const id = idOf(visit)
    await pages.change(visit, { verb: 'try-import', subjectKind: 'import', subjectIds: [id], details: { evenIfOlder: true } }, async (tx) => {
      if (await tryEvenIfOlder(tx, id)) await desk.queue.enqueue(tx, 'imports.run', { importId: id })
    })
    return { to: `/imports/${id}` }
  }, 'change-targets')
  pages.post('/imports/:id/discard', async (visit) => {
    const id = idOf(visit)
    await pages.change(visit, { verb: 'discard-import', subjectKind: 'import', subjectIds: [id] }, async (tx) => {
      const gone = await discardTrial(tx, id)
      if (gone) await nameInLog(tx, { id, name: gone.fileName, day: gone.asOf })
      return gone
    }, Boolean)
    return { to: '/imports', said: 'said.discarded' }
  }, 'change-targets')
  pages.post('/imports/mappings/:name/forget', async (visit) => {
    const name = visit.params.name ?? ''
    await pages.change(visit, { verb: 'forget-mapping', subjectKind: 'targets', subjectIds: [name] }, (tx) => forgetMapping(tx, name))
    return { to: '/imports', said: 'said.discarded' }
  }, 'change-targets')
}

async function listPage(desk: Desk, { t }: Visit): Promise<DeskPage> {
  const [all, saved] = [await imports(desk.db), await savedMappings(desk.db)]
  return {
    title: t('imports.title'), section: 'targets', crumbs: [{ href: '/targets', label: t('nav.targets') }], buttons: html`<a class="btn" href="/imports/new">${t('imports.new')}</a>`,
    body: html`<div class="card">${all.length === 0 ? html`<p>${t('imports.none')}</p>` : html`<ul class="todo">${all.map((each) => html`<li><a href="/imports/${each.id}"><bdi>${each.fileName}</bdi></a> ${stateOf(t, each)}<small>${t('imports.line', { mapping: each.mapping.name, day: t.day(each.asOf) })}</small></li>`)}</ul>`}</div>
${saved.length > 0 && html`<section class="card"><h2>${t('imports.saved')}</h2><ul class="todo">${saved.map((each) => html`<li><bdi>${each.name}</bdi><small>${t(`imports.kind.${each.kind}`)}</small>${button(`/imports/mappings/${each.name}/forget`, t('imports.forget'))}</li>`)}</ul></section>`}`,
  }
}

async function newPage(desk: Desk, { t }: Visit, typed: Typed, faults: Faults): Promise<DeskPage> {
  const saved = await savedMappings(desk.db)
  return {
    title: t('imports.new'), section: 'targets', crumbs: [{ href: '/targets', label: t('nav.targets') }, { href: '/imports', label: t('imports.title') }],
    body: form(t, {
      action: '/imports/new', button: t('imports.look'), faults, files: true,
      fields: formFields(t, [
        { name: 'file', kind: 'file', accept: '.csv,.tsv,.txt,.yml,.yaml,.json,.geojson,.gz', required: true },
        {
          name: 'mapping', kind: 'choice', choices: [
            ...saved.map((each) => ({ value: each.name, label: t('imports.kept-mapping', { name: each.name }), help: t(`imports.kind.${each.kind}`) })),
            ...readyMappings().map((each) => ({ value: each.name, label: t('imports.ready', { name: each.name }), help: t(`imports.kind.${each.kind}`) })),
            { value: 'any-targets', label: t('imports.any-targets'), help: t('imports.any-targets.help') }, { value: 'any-lookup', label: t('imports.any-lookup'), help: t('imports.any-lookup.help') },
            { value: 'any-boundaries', label: t('imports.any-boundaries'), help: t('imports.any-boundaries.help') },
          ],
        },
        { name: 'as_of', kind: 'date', required: true, narrow: true }, { name: 'new_boundaries', kind: 'tick' },
      ], typed, faults),
    }),
  }
}
