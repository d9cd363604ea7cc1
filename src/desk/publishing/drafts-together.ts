import { dayIn, isDay } from '#platform/days.ts'
import { html, type Html } from '#platform/html/html.ts'
import { field, fields } from '#platform/http/server.ts'
import { isUuid } from '#platform/uuid.ts'
import { houseOf, importedDrafts, publishByTheRules, type DigestRun, type House, type PublishedByTheRules } from '#modules/digests/index.ts'
import { allSubjects, nameIn } from '#modules/places/index.ts'
import { checkItem, openDrafts, publishingWords, sayDate, sayKind, type OpenDraft } from '#modules/publishing/index.ts'
import { readPublisher } from '#modules/publisher/index.ts'
import type { Desk } from '../context.ts'
import { errorSummary, formField, type Faults } from '../forms.ts'
import type { DeskPage } from '../look/layout.ts'
import { notFoundUnless, type Answer, type DeskPages, type Visit } from '../pages.ts'
import type { DeskWords } from '../words/index.ts'
import { reached, reachedRun, runCrumbs } from './digest-run.ts'
import { missingFault } from './editor.ts'
import { faultInTheWay } from './findings.ts'
import { codesWithin, itemPath, stateOf, within } from './parts.ts'

/** So many are published by one button: each is a version of its own, with its line in the log. */
const most = 100
/** Of all that wait, so many that were saved last are looked at; among them the newest day comes first. */
const lookedAt = 1000

type Step = 'publish' | 'approve' | 'ask'

/** Some drafts that are seen to together: those of an import, or any that wait. */
interface Together {
  path: string
  crumbs: DeskPage['crumbs']
  /** Those of these versions, or the first of all, and how many there are. */
  drafts: (acting: Visit, revisions?: string[]) => Promise<{ drafts: OpenDraft[], count: number }>
  /** Where one goes on when all that was ticked is published. */
  after: string
  /** Whether they belong together, so that a button for all of them is offered: what came from one page was looked at as one. */
  asOne: boolean
  head: Html | false
}

/** Drafts together: looked through, ticked, and published by one button, or approved; whoever may not asks for them to be checked. */
export function draftsTogetherRoutes(pages: DeskPages, desk: Desk): void {
  pages.get('/digests/:id/drafts', async (visit) => {
    const together = await ofImport(desk, visit)
    return (await together.drafts(visit)).count === 0 ? { to: together.after } : draftsPage(desk, visit, together, {})
  }, 'write-pages', { limited: true })
  pages.post('/digests/:id/drafts', async (visit) => seenTo(pages, desk, visit, await ofImport(desk, visit)), 'write-pages', { limited: true })

  pages.get('/items/together', async (visit) => draftsPage(desk, visit, await ofWaiting(desk, visit), {}), 'write-pages', { limited: true })
  pages.post('/items/together', async (visit) => seenTo(pages, desk, visit, await ofWaiting(desk, visit)), 'write-pages', { limited: true })
}

async function ofImport(desk: Desk, visit: Visit): Promise<Together> {
  const run = await reachedRun(desk, visit)
  const drafts = async (acting: Visit) => {
    const all = await reachedDrafts(desk, acting, run)
    return { drafts: all, count: all.length }
  }
  return { path: `/digests/${run.id}/drafts`, crumbs: runCrumbs(visit.t, run), drafts, after: `/digests/${run.id}`, asOne: true, head: false }
}

/** Those that wait, of a place and a state where they were asked for. */
async function ofWaiting(desk: Desk, visit: Visit): Promise<Together> {
  const { t, query, reach } = visit
  const state = (['draft', 'review', 'approved'] as const).find((each) => each === query('state'))
  const { defaultLanguage } = await readPublisher(desk.db)
  const subjects = (await allSubjects(desk.db)).filter((each) => each.kind === 'topic' || within(reach, [each]))
  const subject = subjects.find(({ id }) => id === query('about'))
  const asked = new URLSearchParams({ ...(state && { state }), ...(subject && { about: subject.id }) }).toString()
  const verdict = state && ({ draft: 'none', review: 'asked', approved: 'approved' } as const)[state]
  const drafts = (acting: Visit, revisions?: string[]) => openDrafts(desk.db, { subject: subject?.id, verdict, within: codesWithin(acting.reach), most: lookedAt, revisions })
  return {
    path: `/items/together${asked && `?${asked}`}`, crumbs: [{ href: '/items', label: t('nav.items') }], drafts, after: '/items', asOne: false,
    head: html`<form method="get" action="/items/together" class="row"><label>${t('actions.state')} <select name="state"><option value="">${t('items.any')}</option>${(['draft', 'review', 'approved'] as const).map((each) => html`<option value="${each}"${each === state && html` selected`}>${t(`item-state.${each}`)}</option>`)}</select></label>
<label>${t('f.item_about')} <select name="about"><option value="">${t('items.any')}</option>${subjects.map((each) => html`<option value="${each.id}"${each.id === subject?.id && html` selected`}>${nameIn(each, t.language, defaultLanguage)}</option>`)}</select></label><button class="plain">${t('items.show')}</button></form>`,
  }
}

async function seenTo(pages: DeskPages, desk: Desk, visit: Visit, together: Together): Promise<Answer> {
  const { t, body, now, staff, zone } = visit
  const step = notFoundUnless(field(body, 'then') || 'publish', (each) => each === 'ask' || ((each === 'publish' || each === 'approve') && visit.may('publish-pages'))) as Step
  const acting = step === 'ask' ? visit : visit.as('publish-pages')
  // What was looked at is what becomes public, even if somebody has saved since.
  const wanted = new Set(fields(body, 'draft').filter(isUuid))
  const day = field(body, 'undated_day').trim()
  const faults: Faults = step === 'publish' && day && !(isDay(day) && day <= dayIn(zone, now)) ? { undated_day: t('fault.day') } : {}
  const houses = new Map<string, House>()
  const houseIn = async (language: string) => {
    const house = houses.get(language) ?? await houseOf(desk.db, language)
    houses.set(language, house)
    return house
  }
  let done = 0
  if (!faults.undated_day) for (const { itemId, language, revisionId, undated } of (await together.drafts(acting, [...wanted])).drafts.filter((each) => wanted.has(each.revisionId) && fits[step](each)).slice(0, most)) {
    if (step === 'publish') {
      const house = await houseIn(language)
      const published = await pages.change(acting, { verb: 'publish-item', subjectKind: 'item', subjectIds: [itemId], details: { language } }, (tx) => publishByTheRules(tx, { revisionId, staffId: staff.id, zone, firstOn: undated && day ? day : undefined }, now, house), ({ outcome }) => outcome === 'published')
      if (published.outcome === 'published') done += 1
      else faults[`draft-${revisionId}`] = faultOf(t, published)
      continue
    }
    const verdict = step === 'ask' ? 'asked' : 'approved'
    await pages.change(acting, { verb: 'check-item', subjectKind: 'item', subjectIds: [itemId], details: { language, verdict } }, (tx) => checkItem(tx, { itemId, language, revisionId, verdict, staffId: staff.id }, now))
    done += 1
  }
  if (done === 0 && Object.keys(faults).length === 0) faults.drafts = t('digests.publish.none')
  if (Object.keys(faults).length === 0) return step === 'publish' ? { to: together.after, said: 'said.published' } : { to: together.path, said: 'said.saved' }
  return { ...await draftsPage(desk, visit, together, faults, { done, wanted, day }), status: 422 }
}

/** Which drafts a step is for. */
const fits: Record<Step, (draft: OpenDraft) => boolean> = { publish: () => true, approve: ({ verdict }) => verdict === 'asked', ask: ({ verdict }) => verdict !== 'asked' && verdict !== 'approved' }

/** What somebody reaches of it: an entry can have been moved to a place that they do not look after. */
export async function reachedDrafts(desk: Desk, visit: Visit, run: DigestRun): Promise<OpenDraft[]> {
  const drafts = run.state === 'done' ? await importedDrafts(desk.db, run.id) : []
  if (visit.reach === 'everywhere' || drafts.length === 0) return drafts
  const own = new Set((await reached(desk, visit)).map(({ id }) => id))
  return drafts.filter(({ subjects }) => subjects.some((id) => own.has(id)))
}

/** Why one was not published, in words. */
function faultOf(t: DeskWords, done: PublishedByTheRules): string {
  switch (done.outcome) {
    case 'in-the-way': return faultInTheWay(t, done.findings)
    case 'missing': return missingFault(t, done.missing)
    case 'misplaced': return t('fault.misplaced', { references: t.list(done.strays) })
    case 'undated': return t('fault.undated.row')
    case 'untitled': return t('fault.title')
    case 'empty': return t('fault.no-paragraph')
    case 'locked': return t('fault.locked')
    case 'published': case 'scheduled': return ''
  }
}

async function draftsPage(desk: Desk, visit: Visit, { path, crumbs, drafts: draftsOf, asOne, head }: Together, faults: Faults, { done = 0, wanted = new Set<string>(), day: given = '' } = {}): Promise<DeskPage> {
  const { t } = visit
  const words = publishingWords(t.language)
  const { drafts, count } = await draftsOf(visit)
  const shown = drafts.slice(0, most)
  const several = (await readPublisher(desk.db)).languages.length > 1
  const publishable = visit.may('publish-pages') ? (await draftsOf(visit.as('publish-pages'), shown.map(({ revisionId }) => revisionId))).drafts.map(({ revisionId }) => revisionId) : []
  // What is a title and nothing more is published only where somebody ticks it.
  const able = (['publish', 'approve', 'ask'] as const).map((step) => ({ step, for: shown.filter((each) => fits[step](each) && (step === 'ask' || publishable.includes(each.revisionId))) })).filter((each) => each.for.length > 0)
  const buttons = able.map(({ step }) => step)
  const steps = !asOne ? [] : able.map((each) => ({ ...each, for: each.for.filter(({ bare, undated }) => !bare && !(undated && each.step === 'publish')) })).filter((each) => each.for.length > 0)
  const dayless = shown.filter(({ undated, day, revisionId }) => undated && !day && publishable.includes(revisionId))
  const entry = ({ itemId, language, revisionId, title, kind, labels, day, undated, verdict, bare }: OpenDraft): Html => {
    const fault = faults[`draft-${revisionId}`]
    const id = `draft-${revisionId}`
    const state = verdict === 'asked' ? 'review' : verdict === 'approved' ? 'approved' : undefined
    return html`<li><label class="opt"><input type="checkbox" id="${id}" name="draft" value="${revisionId}"${wanted.has(revisionId) && html` checked`}${fault && html` aria-invalid="true" aria-describedby="${id}-wrong"`}><span><bdi lang="${language}">${title}</bdi> <small class="help">${[several && t.languageName(language), sayKind(words, kind, labels), day ? sayDate(words, day) : undated ? t('digests.no-date') : t('items.together.today')].filter(Boolean).join(' · ')}</small> ${state && stateOf(t, state)}${verdict === 'returned' && html`<small class="help">${t('items.returned')}</small>`}${bare && html`<small class="help">${t('digests.only-a-title')}</small>`}</span></label>
<a href="${itemPath(itemId, `/${language}/preview`)}">${t('items.preview')}<span class="hidden-words"> <bdi>${title}</bdi></span></a>${fault && html`<p class="wrong" id="${id}-wrong">${fault}</p>`}</li>`
  }
  return {
    title: t(!asOne ? 'items.together' : publishable.length > 0 ? 'digests.publish.title' : 'digests.ask.title'), section: 'items', crumbs,
    body: html`${head}${shown.length === 0 ? html`<div class="card"><p>${t('items.together.empty')}</p></div>` : html`<p>${t(publishable.length > 0 ? asOne ? 'digests.publish.about' : 'items.together.about' : 'digests.ask.about')}</p>${done > 0 && html`<p role="status">${t('digests.publish.done', { count: done })}</p>`}
<form method="post" action="${path}" class="card" novalidate>${errorSummary(t, faults)}<ul class="todo" id="drafts">${shown.map(entry)}</ul>${count > shown.length && html`<p>${t('digests.publish.more', { count: count - shown.length })}</p>`}${dayless.length > 0 && formField(t, { name: 'undated_day', kind: 'date', narrow: true }, { undated_day: given }, faults)}<div class="row">${buttons.map((step, place) => html`<button name="then" value="${step}"${place > 0 && html` class="plain"`}>${t(`digests.${step}.go`)}</button>`)}</div></form>
${steps.length > 0 && html`<section class="card"><p>${t('digests.publish.all.why')}</p><div class="row">${steps.map((each) => html`<form method="post" action="${path}">${each.for.map(({ revisionId }) => html`<input type="hidden" name="draft" value="${revisionId}">`)}<button class="plain" name="then" value="${each.step}">${t(`digests.${each.step}.all`, { count: each.for.length })}</button></form>`)}</div></section>`}`}`,
  }
}
