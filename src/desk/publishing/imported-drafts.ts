import { html, type Html } from '#platform/html/html.ts'
import { field, fields } from '#platform/http/server.ts'
import { importedDrafts, type DigestRun, type ImportedDraft } from '#modules/digests/index.ts'
import { checkItem, publishItem, publishingWords, sayKind, type Published } from '#modules/publishing/index.ts'
import { readPublisher } from '#modules/publisher/index.ts'
import type { Desk } from '../context.ts'
import { errorSummary, type Faults } from '../forms.ts'
import type { DeskPage } from '../look/layout.ts'
import { notFoundUnless, type Answer, type DeskPages, type Visit } from '../pages.ts'
import type { DeskWords } from '../words/index.ts'
import { reached, reachedRun, runCrumbs } from './digest-run.ts'
import { missingFault } from './editor.ts'
import { itemPath, stateOf } from './parts.ts'

/** So many are published by one button: each is a version of its own, with its line in the log. */
const most = 100

type Step = 'publish' | 'approve' | 'ask'

/** The drafts that an import made, together: looked through, ticked, and published by one button, or approved; whoever may not asks for them to be checked. */
export function importedDraftRoutes(pages: DeskPages, desk: Desk): void {
  pages.get('/digests/:id/drafts', async (visit) => {
    const run = await reachedRun(desk, visit)
    const drafts = await reachedDrafts(desk, visit, run)
    return drafts.length === 0 ? { to: `/digests/${run.id}` } : draftsPage(desk, visit, run, {})
  }, 'write-pages', { limited: true })

  pages.post('/digests/:id/drafts', async (visit): Promise<Answer> => {
    const { t, body, now, staff } = visit
    const run = await reachedRun(desk, visit)
    const { zone } = await readPublisher(desk.db)
    const step = notFoundUnless(field(body, 'then') || 'publish', (each) => each === 'ask' || ((each === 'publish' || each === 'approve') && visit.may('publish-pages'))) as Step
    const acting = step === 'ask' ? visit : visit.as('publish-pages')
    // What was looked at is what becomes public, even if somebody has saved since.
    const wanted = new Set(fields(body, 'draft'))
    const faults: Faults = {}
    let done = 0
    for (const { itemId, language, revisionId } of (await reachedDrafts(desk, acting, run)).filter((each) => wanted.has(each.revisionId) && fits[step](each)).slice(0, most)) {
      if (step === 'publish') {
        const published = await pages.change(acting, { verb: 'publish-item', subjectKind: 'item', subjectIds: [itemId], details: { language } }, (tx) => publishItem(tx, { revisionId, staffId: staff.id, zone }, now), ({ outcome }) => outcome === 'published')
        if (published.outcome === 'published') done += 1
        else faults[`draft-${revisionId}`] = faultOf(t, published)
        continue
      }
      const verdict = step === 'ask' ? 'asked' : 'approved'
      await pages.change(acting, { verb: 'check-item', subjectKind: 'item', subjectIds: [itemId], details: { language, verdict } }, (tx) => checkItem(tx, { itemId, language, revisionId, verdict, staffId: staff.id }, now))
      done += 1
    }
    if (done === 0 && Object.keys(faults).length === 0) faults.drafts = t('digests.publish.none')
    if (Object.keys(faults).length === 0) return step === 'publish' ? { to: `/digests/${run.id}`, said: 'said.published' } : { to: `/digests/${run.id}/drafts`, said: 'said.saved' }
    return { ...await draftsPage(desk, visit, run, faults, done), status: 422 }
  }, 'write-pages', { limited: true })
}

/** Which drafts a step is for. */
const fits: Record<Step, (draft: ImportedDraft) => boolean> = { publish: () => true, approve: ({ verdict }) => verdict === 'asked', ask: ({ verdict }) => verdict !== 'asked' && verdict !== 'approved' }

/** What somebody reaches of it: an entry can have been moved to a place that they do not look after. */
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

async function draftsPage(desk: Desk, visit: Visit, run: DigestRun, faults: Faults, published = 0): Promise<DeskPage> {
  const { t } = visit
  const words = publishingWords(t.language)
  const drafts = await reachedDrafts(desk, visit, run)
  const publishable = visit.may('publish-pages') ? (await reachedDrafts(desk, visit.as('publish-pages'), run)).map(({ revisionId }) => revisionId) : []
  const shown = drafts.slice(0, most)
  // What is a title and nothing more is published only where somebody ticks it.
  const able = (['publish', 'approve', 'ask'] as const).map((step) => ({ step, for: shown.filter((each) => fits[step](each) && (step === 'ask' || publishable.includes(each.revisionId))) })).filter((each) => each.for.length > 0)
  const buttons = able.map(({ step }) => step)
  const steps = able.map((each) => ({ ...each, for: each.for.filter(({ bare }) => !bare) })).filter((each) => each.for.length > 0)
  const entry = ({ itemId, language, revisionId, title, kind, labels, day, verdict, bare }: ImportedDraft): Html => {
    const fault = faults[`draft-${revisionId}`]
    const id = `draft-${revisionId}`
    const state = verdict === 'asked' ? 'review' : verdict === 'approved' ? 'approved' : undefined
    return html`<li><label class="opt"><input type="checkbox" id="${id}" name="draft" value="${revisionId}"${fault && html` aria-invalid="true" aria-describedby="${id}-wrong"`}><span><bdi>${title}</bdi> <small class="help">${sayKind(words, kind, labels)} · ${day ? t.day(day) : t('digests.no-date')}</small> ${state && stateOf(t, state)}${verdict === 'returned' && html`<small class="help">${t('items.returned')}</small>`}${bare && html`<small class="help">${t('digests.only-a-title')}</small>`}</span></label>
<a href="${itemPath(itemId, `/${language}/preview`)}">${t('items.preview')}<span class="hidden-words"> <bdi>${title}</bdi></span></a>${fault && html`<p class="wrong" id="${id}-wrong">${fault}</p>`}</li>`
  }
  return {
    title: t(publishable.length > 0 ? 'digests.publish.title' : 'digests.ask.title'), section: 'items', crumbs: runCrumbs(t, run),
    body: html`<p>${t(publishable.length > 0 ? 'digests.publish.about' : 'digests.ask.about')}</p>${published > 0 && html`<p role="status">${t('digests.publish.done', { count: published })}</p>`}
<form method="post" action="/digests/${run.id}/drafts" class="card" novalidate>${errorSummary(t, faults)}<ul class="todo" id="drafts">${shown.map(entry)}</ul>${drafts.length > shown.length && html`<p>${t('digests.publish.more', { count: drafts.length - shown.length })}</p>`}<div class="row">${buttons.map((step, place) => html`<button name="then" value="${step}"${place > 0 && html` class="plain"`}>${t(`digests.${step}.go`)}</button>`)}</div></form>
${steps.length > 0 && html`<section class="card"><p>${t('digests.publish.all.why')}</p><div class="row">${steps.map((each) => html`<form method="post" action="/digests/${run.id}/drafts">${each.for.map(({ revisionId }) => html`<input type="hidden" name="draft" value="${revisionId}">`)}<button class="plain" name="then" value="${each.step}">${t(`digests.${each.step}.all`, { count: each.for.length })}</button></form>`)}</div></section>`}`,
  }
}
