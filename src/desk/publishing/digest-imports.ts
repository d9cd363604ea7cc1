import { dayIn } from '#platform/days.ts'
import { html } from '#platform/html/html.ts'
import { field } from '#platform/http/server.ts'
import { interfaceLanguages } from '#platform/words.ts'
import { allSubjects, nameIn } from '#modules/places/index.ts'
import { digestReport, digestRuns, discardDigest, readDigestAgain, runDigest, startDigest, undoDigest, waitingPictures, type DateOrder, type DigestRun } from '#modules/digests/index.ts'
import { shownSubjects } from '#modules/publishing/index.ts'
import { readPublisher } from '#modules/publisher/index.ts'
import { nameInLog } from '#modules/staff/index.ts'
import type { Desk } from '../context.ts'
import { form, formFields, type Faults, type Typed } from '../forms.ts'
import type { DeskPage } from '../look/layout.ts'
import type { Answer, DeskPages, Visit } from '../pages.ts'
import { upload } from '../upload.ts'
import { choicesOf, faultsOf, reportPage, stateOfRun } from './digest-report.ts'
import { pastedName, reached, reachedRun, titleOfRun } from './digest-run.ts'
import { openLists } from './imported-demands.ts'
import { reachedDrafts } from './drafts-together.ts'
import { subjectPath, within } from './parts.ts'

const orders: readonly DateOrder[] = ['dmy', 'mdy', 'ymd']
const limited = { limited: true }

/** A page that was kept elsewhere: give it as a file or paste it, look at what it would become, make drafts of it, and take them back. */
export function digestImportRoutes(pages: DeskPages, desk: Desk): void {
  pages.get('/digests', (visit) => listPage(desk, visit), 'write-pages', limited)
  pages.get('/digests/new', async (visit) => newPage(desk, visit, { digest_language: (await readPublisher(desk.db)).defaultLanguage, digest_place: await placeBegun(desk, visit) }, {}), 'write-pages', limited)

  pages.post('/digests/new', async (visit): Promise<Answer> => {
    const { t, body, now, staff } = visit
    const file = await upload(body, 'digest_file')
    const pasted = field(body, 'digest_paste')
    const typed = Object.fromEntries(['digest_paste', 'digest_place', 'digest_language', 'date_order'].map((name) => [name, field(body, name)]))
    const subject = (await reached(desk, visit)).find(({ id }) => id === typed.digest_place)
    const languages = await languagesOf(desk)
    const faults: Faults = {
      ...(!file && !pasted.trim() && { digest_file: t('fault.file') }), ...(visit.reach !== 'everywhere' && !subject && { digest_place: t('fault.choose') }), ...(!languages.includes(typed.digest_language!) && { digest_language: t('fault.choose') }),
    }
    if (Object.keys(faults).length > 0) return { ...await newPage(desk, visit, typed, faults), status: 422 }
    const given = file ? { fileName: file.fileName, file: file.bytes } : { fileName: pastedName, file: Buffer.from(pasted) }
    const id = await pages.change(visit, (importId: string) => ({ verb: 'try-digest', subjectKind: 'import', subjectIds: [importId] }), async (tx) => {
      const importId = await startDigest(tx, { ...given, language: typed.digest_language!, dateOrder: orderOf(typed.date_order!), subjectId: subject?.id ?? null, staffId: staff.id }, now)
      await desk.queue.enqueue(tx, 'digests.work', { importId })
      return importId
    })
    return { to: `/digests/${id}` }
  }, 'write-pages', limited)

  pages.get('/digests/:id', async (visit) => {
    const run = await reachedRun(desk, visit)
    if (['waiting', 'running', 'undoing'].includes(run.state)) void visit.reply.header('refresh', '1')
    return runPage(desk, visit, run)
  }, 'write-pages', limited)

  pages.post('/digests/:id/run', async (visit): Promise<Answer> => {
    const run = await reachedRun(desk, visit)
    const { id } = run
    const report = await digestReport(desk.db, id)
    if (report && Object.keys(faultsOf(visit.t, visit.body, report.threads.length)).length > 0) return { ...await runPage(desk, visit, run, visit.body), status: 422 }
    await pages.change(visit, { verb: 'import-digest', subjectKind: 'import', subjectIds: [id] }, async (tx) => {
      if (report && await runDigest(tx, id, choicesOf(visit.body, report))) await desk.queue.enqueue(tx, 'digests.work', { importId: id })
    })
    return { to: `/digests/${id}` }
  }, 'write-pages', limited)
  pages.post('/digests/:id/again', async (visit) => {
    const { id } = await reachedRun(desk, visit)
    await pages.change(visit, { verb: 'try-digest', subjectKind: 'import', subjectIds: [id] }, async (tx) => {
      if (await readDigestAgain(tx, id, orderOf(field(visit.body, 'date_order')))) await desk.queue.enqueue(tx, 'digests.work', { importId: id })
    })
    return { to: `/digests/${id}` }
  }, 'write-pages', limited)
  pages.post('/digests/:id/undo', async (visit) => {
    const { id } = await reachedRun(desk, visit)
    await pages.change(visit, { verb: 'undo-digest', subjectKind: 'import', subjectIds: [id] }, async (tx) => {
      if (await undoDigest(tx, id)) await desk.queue.enqueue(tx, 'digests.work', { importId: id })
    })
    return { to: `/digests/${id}` }
  }, 'write-pages', limited)
  pages.post('/digests/:id/discard', async (visit) => {
    const { id, fileName, madeAt } = await reachedRun(desk, visit)
    await pages.change(visit, { verb: 'discard-import', subjectKind: 'import', subjectIds: [id] }, async (tx) => {
      const gone = await discardDigest(tx, id)
      if (gone) await nameInLog(tx, { id, name: fileName, day: dayIn(visit.zone, madeAt) })
      return gone
    }, Boolean)
    return { to: '/digests', said: 'said.discarded' }
  }, 'write-pages', limited)
}

async function runPage(desk: Desk, visit: Visit, run: DigestRun, typed?: unknown): Promise<DeskPage> {
  const subjects = await allSubjects(desk.db)
  const { defaultLanguage } = await readPublisher(desk.db)
  const subject = subjects.find(({ id }) => id === run.subjectId)
  const pictures = run.state === 'done' ? (await waitingPictures(desk.db, run.id)).length : 0
  const mayPublish = visit.may('publish-pages') && within(visit.reachOf('publish-pages'), subject ? [subject] : [])
  return reportPage(visit, { run, typed, mayPublish, report: run.state === 'read' ? await digestReport(desk.db, run.id) : null, place: subject && { id: subject.id, name: nameIn(subject, visit.t.language, defaultLanguage), url: await publicUrl(desk, subject.id) }, pictures, asked: (await openLists(desk, run)).length, drafts: (await reachedDrafts(desk, visit.may('publish-pages') ? visit.as('publish-pages') : visit, run)).length })
}

function orderOf(text: string): DateOrder | null {
  return orders.find((each) => each === text) ?? null
}

async function languagesOf(desk: Desk): Promise<string[]> {
  return [...new Set([...(await readPublisher(desk.db)).languages, ...interfaceLanguages])]
}

async function listPage(desk: Desk, visit: Visit): Promise<DeskPage> {
  const { t, zone } = visit
  const subjects = await reached(desk, visit)
  const runs = (await digestRuns(desk.db)).filter(({ subjectId }) => visit.reach === 'everywhere' || subjects.some(({ id }) => id === subjectId))
  const { defaultLanguage } = await readPublisher(desk.db)
  const placeOf = (run: DigestRun) => subjects.filter(({ id }) => id === run.subjectId).map((each) => html` <bdi>${nameIn(each, t.language, defaultLanguage)}</bdi>`)
  return {
    title: t('digests.title'), section: 'items', crumbs: [{ href: '/items', label: t('nav.items') }], buttons: html`<a class="btn" href="/digests/new">${t('digests.new')}</a>`,
    body: html`<div class="card"><p>${t('digests.about')}</p>${runs.length > 0 && html`<ul class="todo">${runs.map((run) => html`<li><a href="/digests/${run.id}"><bdi>${titleOfRun(run)}</bdi></a> ${stateOfRun(t, run)}${placeOf(run)}<small>${t.moment(run.madeAt, zone)}</small></li>`)}</ul>`}</div>`,
  }
}

/** Where readers see a place or topic, once they do. */
async function publicUrl(desk: Desk, subjectId: string): Promise<string | undefined> {
  const shown = (await shownSubjects(desk.db)).find(({ id }) => id === subjectId)
  return shown && `${desk.siteOrigin}${subjectPath(shown)}`
}

/** The place that the address names, or the only one that somebody looks after. */
async function placeBegun(desk: Desk, visit: Visit): Promise<string> {
  const all = await reached(desk, visit)
  return (all.length === 1 ? all[0] : all.find(({ id }) => id === visit.query('about')))?.id ?? ''
}

async function newPage(desk: Desk, visit: Visit, typed: Typed, faults: Faults): Promise<DeskPage> {
  const { t } = visit
  const { defaultLanguage } = await readPublisher(desk.db)
  return {
    title: t('digests.new'), section: 'items', crumbs: [{ href: '/items', label: t('nav.items') }, { href: '/digests', label: t('digests.title') }],
    body: form(t, {
      action: '/digests/new', button: t('digests.look'), faults, files: true,
      fields: formFields(t, [
        { name: 'digest_file', kind: 'file', accept: '.txt,.md,.html,.htm,.xml,.rss,.atom,.csv,.tsv,.gz,.zip' },
        { name: 'digest_paste', kind: 'text' },
        { name: 'digest_place', kind: 'select', empty: t('digests.no-place'), choices: (await reached(desk, visit)).map((each) => ({ value: each.id, label: nameIn(each, t.language, defaultLanguage) })) },
        { name: 'digest_language', kind: 'select', choices: (await languagesOf(desk)).map((value) => ({ value, label: t.languageName(value) })) },
        { name: 'date_order', kind: 'choice', choices: orders.map((value) => ({ value, label: t(`digests.order.${value}`) })) },
      ], typed, faults),
    }),
  }
}
