import { html, type Html } from '#platform/html/html.ts'
import { fields } from '#platform/http/server.ts'
import { importedDrafts, type DigestRun, type ImportedDraft } from '#modules/digests/index.ts'
import { publishItem, publishingWords, sayKind, type Published } from '#modules/publishing/index.ts'
import { readPublisher } from '#modules/publisher/index.ts'
import type { Desk } from '../context.ts'
import { errorSummary, type Faults } from '../forms.ts'
import type { DeskPage } from '../look/layout.ts'
import type { Answer, DeskPages, Visit } from '../pages.ts'
import type { DeskWords } from '../words/index.ts'
import { reached, reachedRun, runCrumbs } from './digest-run.ts'
import { missingFault } from './editor.ts'
import { itemPath } from './parts.ts'

/** So many are published by one button: each is a version of its own, with its line in the log. */
const most = 100

/** The drafts that an import made, together: looked through, ticked, and published by one button. */
export function importedDraftRoutes(pages: DeskPages, desk: Desk): void {
  pages.get('/digests/:id/drafts', async (visit) => {
    const run = await reachedRun(desk, visit)
    const drafts = await reachedDrafts(desk, visit, run)
    return drafts.length === 0 ? { to: `/digests/${run.id}` } : draftsPage(visit, run, drafts, {})
  }, 'publish-pages', { limited: true })

  pages.post('/digests/:id/drafts', async (visit): Promise<Answer> => {
    const { t, body, now, staff } = visit
    const run = await reachedRun(desk, visit)
    const { zone } = await readPublisher(desk.db)
    // What was looked at is what becomes public, even if somebody has saved since.
    const wanted = new Set(fields(body, 'draft'))
    const faults: Faults = {}
    let published = 0
    for (const { itemId, language, revisionId } of (await reachedDrafts(desk, visit, run)).filter((each) => wanted.has(each.revisionId)).slice(0, most)) {
      const done = await pages.change(visit, { verb: 'publish-item', subjectKind: 'item', subjectIds: [itemId], details: { language } }, (tx) => publishItem(tx, { revisionId, staffId: staff.id, zone }, now), ({ outcome }) => outcome === 'published')
      if (done.outcome === 'published') published += 1
      else faults[`draft-${revisionId}`] = faultOf(t, done)
    }
    if (published === 0 && Object.keys(faults).length === 0) faults.drafts = t('digests.publish.none')
    if (Object.keys(faults).length === 0) return { to: `/digests/${run.id}`, said: 'said.published' }
    return { ...draftsPage(visit, run, await reachedDrafts(desk, visit, run), faults, published), status: 422 }
  }, 'publish-pages', { limited: true })
}

/** What somebody may publish of it: an entry can have been moved to a place that they do not look after. */
export async function reachedDrafts(desk: Desk, visit: Visit, run: DigestRun): Promise<ImportedDraft[]> {
  const drafts = run.state === 'done' ? await importedDrafts(desk.db, run.id) : []
  if (visit.reach === 'everywhere' || drafts.length === 0) return drafts
  const own = new Set((await reached(desk, visit)).map(({ id }) => id))
  return drafts.filter(({ subjects }) => subjects.some((id) => own.has(id)))
}

/** Why one was not published, in words. */
function faultOf(t: DeskWords, done: Published): string {
  switch (done.outcome) {
    case 'missing': return missingFault(t, done.missing)
    case 'misplaced': return t('fault.misplaced', { references: t.list(done.strays) })
    case 'untitled': return t('fault.title')
    case 'empty': return t('fault.no-paragraph')
    case 'locked': return t('fault.locked')
    case 'published': case 'scheduled': return ''
  }
}

function draftsPage({ t }: Visit, run: DigestRun, drafts: ImportedDraft[], faults: Faults, published = 0): DeskPage {
  const words = publishingWords(t.language)
  const shown = drafts.slice(0, most)
  const entry = ({ itemId, language, revisionId, title, kind, labels, day }: ImportedDraft): Html => {
    const fault = faults[`draft-${revisionId}`]
    const id = `draft-${revisionId}`
    return html`<li><label class="opt"><input type="checkbox" id="${id}" name="draft" value="${revisionId}"${fault && html` aria-invalid="true" aria-describedby="${id}-wrong"`}><span><bdi>${title}</bdi> <small class="help">${sayKind(words, kind, labels)} · ${day ? t.day(day) : t('digests.no-date')}</small></span></label>
<a href="${itemPath(itemId, `/${language}/preview`)}">${t('items.preview')}<span class="hidden-words"> <bdi>${title}</bdi></span></a>${fault && html`<p class="wrong" id="${id}-wrong">${fault}</p>`}</li>`
  }
  return {
    title: t('digests.publish.title'), section: 'items', crumbs: runCrumbs(t, run),
    body: html`<p>${t('digests.publish.about')}</p>${published > 0 && html`<p role="status">${t('digests.publish.done', { count: published })}</p>`}
<form method="post" action="/digests/${run.id}/drafts" class="card" novalidate>${errorSummary(t, faults)}<ul class="todo" id="drafts">${shown.map(entry)}</ul>${drafts.length > shown.length && html`<p>${t('digests.publish.more', { count: drafts.length - shown.length })}</p>`}<div class="row"><button>${t('digests.publish.go')}</button></div></form>
<form method="post" action="/digests/${run.id}/drafts" class="card">${shown.map(({ revisionId }) => html`<input type="hidden" name="draft" value="${revisionId}">`)}<p>${t('digests.publish.all.why')}</p><button class="plain">${t('digests.publish.all', { count: shown.length })}</button></form>`,
  }
}
