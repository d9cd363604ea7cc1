import { dayIn } from '#platform/days.ts'
import { directionOf } from '#platform/words.ts'
import { html, type Html } from '#platform/html/html.ts'
import { field } from '#platform/http/server.ts'
import { inTransaction } from '#platform/db.ts'
import { isUuid } from '#platform/uuid.ts'
import {
  correctItem, dropDraft, findDrafts, findRevision, keepDraft, saveItem, type Corrected, type ItemWords, type Reference, type Revision,
} from '#modules/publishing/index.ts'
import { ignoreAt, lookAgainAt, publishByTheRules, type PublishedByTheRules } from '#modules/digests/index.ts'
import type { Desk } from '../context.ts'
import { errorSummary, formField, type Faults, type Typed } from '../forms.ts'
import type { DeskPage } from '../look/layout.ts'
import { notFoundUnless, type Answer, type DeskPages, type Visit } from '../pages.ts'
import type { DeskWords } from '../words/index.ts'
import { bothAtOnce } from './both.ts'
import { changesBetween, whole } from './changes.ts'
import { moveBlocks } from './blocks-form.ts'
import { fieldReferring, itemFields, typedIn, typedWords } from './item-form.ts'
import { choicesFor } from './choices.ts'
import { faultsInTheWay, findingsIn, findingsPart, ignoredRule, mended, type Findings } from './findings.ts'
import { itemCrumbs, itemPath, mayHere, openItem, sayReference, writingHere, type Opened } from './parts.ts'
import { wordsTyped } from './drafted.ts'
import { missingPart, previewFrame, previewOf } from './preview.ts'
import { visualWords } from './record-picker.ts'
import { chosenDraft, handedField, handedIn, keptOf, unsavedPart } from './unsaved.ts'

const writing = ['write-pages', 'translate'] as const

export function editorRoutes(pages: DeskPages, desk: Desk): void {
  pages.get('/items/:id/:language', async (visit) => {
    const { opened, language, present } = await load(desk, visit)
    const drafts = await findDrafts(desk.db, { itemId: opened.item.id, language, staffId: visit.staff.id })
    const unsaved = chosenDraft(visit, drafts)
    const typed: Typed = unsaved ? { ...unsaved.typed, base: unsaved.baseId ?? '', handed: unsaved.typedBy === null ? '' : unsaved.id } : { ...typedWords(visit.t, present?.words, language === opened.original ? undefined : opened.revisions.find((each) => each.language === opened.original)?.words), base: present?.id ?? '' }
    const others = await unsavedPart(desk, visit, { path: itemPath(opened.item.id, `/${language}`), drafts: drafts.filter((each) => each !== unsaved), zone: opened.publisher.zone })
    const show = unsaved ? visit.query('show') : ''
    const { words, faults } = show === 'preview' ? wordsTyped(desk, visit, opened, language, typed) : {}
    return editorPage(desk, visit, opened, language, typed, { unsaved: others, looked: show === 'findings', faults, ...(words && { preview: html`${await missingPart(desk, visit.t, words)}${previewFrame(visit, opened, language, { draft: visit.query('draft') })}` }) })
  }, writing, { limited: true })

  pages.post('/items/:id/:language', async (visit): Promise<Answer> => {
    const { opened, language, present } = await load(desk, visit)
    const { t, body, staff, now } = visit
    const { item, publisher } = opened
    const then = mayHere(visit, opened, 'publish-pages') ? field(body, 'then') : field(body, 'then') === 'preview' ? 'preview' : 'save'
    const pressed = field(body, 'then')
    // What only shows the form again keeps what was typed and leads to a page of its own: the back button has nothing to send again.
    if (/^(?:check|mend |ignore |look-again)/.test(pressed)) return shownAgain(desk, visit, { opened, language, typed: await lookedAt(pages, desk, visit, { opened, language, pressed }), show: 'findings' })
    const moved = moveBlocks(typedIn(body), field(body, 'then'))
    if (moved) return shownAgain(desk, visit, { opened, language, typed: moved })
    if (then === 'preview') return shownAgain(desk, visit, { opened, language, typed: typedIn(body), show: 'preview' })
    const { words, faults } = wordsTyped(desk, visit, opened, language, typedIn(body))
    const correcting = then === 'correct'
    if (correcting) for (const name of ['wrong', 'correct']) if (!field(body, name).trim()) faults[name] = t('fault.correction')
    const again = (more: Parameters<typeof editorPage>[5]) => editorPage(desk, visit, opened, language, typedIn(body), more).then((page) => ({ ...page, status: 422 }))
    if (!words || Object.keys(faults).length > 0) return again({ faults })
    const source = opened.revisions.find((each) => each.language === opened.original)
    const follows = language !== opened.original && (field(body, 'follows') === 'yes' || !present) && field(body, 'source') === source?.id
    const about = { subjectIds: [item.id], details: { language } }
    // Words are saved whatever comes of publishing them: its line in the audit log is its own.
    const saved = await pages.change(writingHere(visit, opened), { verb: 'save-item', subjectKind: 'item', ...about }, async (tx) => {
      const result = await saveItem(tx, { itemId: item.id, language, words, baseId: field(body, 'base') || null, sourceId: follows ? source?.id : undefined, staffId: staff.id }, now)
      if (result.outcome !== 'changed-meanwhile') await dropDraft(tx, { itemId: item.id, language, staffId: staff.id, of: handedIn(body) })
      return result
    }, ({ outcome }) => outcome === 'saved')
    if (saved.outcome === 'changed-meanwhile') {
      const { theirs } = saved
      const began = isUuid(field(body, 'base')) ? await findRevision(desk.db, field(body, 'base')) : undefined
      const both = await bothAtOnce(desk, t, { base: began?.itemId === item.id ? began.words : undefined, mine: words, theirs, staffId: staff.id, zone: publisher.zone })
      const rest = Object.fromEntries(Object.entries(typedIn(body)).filter(([name]) => !name.endsWith('.new')))
      return { ...await editorPage(desk, visit, opened, language, { ...rest, ...typedWords(t, both.words, language === opened.original ? undefined : source?.words) }, { theirs, both: both.part }), status: 409 }
    }
    const { revisionId } = saved
    if (then !== 'publish' && !correcting) return { to: itemPath(item.id, `/${language}`), said: 'said.saved' }
    const done: PublishedByTheRules | Corrected = correcting
      ? await pages.change(visit.as('publish-pages'), { verb: 'correct-item', subjectKind: 'item', ...about }, (tx) => correctItem(tx, { revisionId, wrong: field(body, 'wrong').trim().slice(0, 2000), correct: field(body, 'correct').trim().slice(0, 2000), zone: publisher.zone, staffId: staff.id }, now), ({ outcome }) => outcome === 'corrected')
      : await pages.change(visit.as('publish-pages'), { verb: 'publish-item', subjectKind: 'item', ...about }, (tx) => publishByTheRules(tx, { revisionId, staffId: staff.id, zone: publisher.zone }, now), ({ outcome }) => outcome === 'published')
    switch (done.outcome) {
      case 'published': case 'scheduled': return { to: itemPath(item.id), said: 'said.published' }
      case 'corrected': return { to: itemPath(item.id), said: 'said.corrected' }
      case 'in-the-way': return again({ faults: faultsInTheWay(t, done.findings), base: revisionId })
      case 'missing': return again({ faults: missingFaults(t, words, done.missing), base: revisionId })
      case 'misplaced': return again({ faults: { [item.thread ? 'paragraphs' : 'item_body']: t('fault.misplaced', { references: t.list(done.strays) }) }, base: revisionId })
      case 'locked': return again({ faults: { wrong: t('fault.locked') }, base: revisionId })
      case 'undated': return again({ faults: { published_on: t('fault.undated') }, base: revisionId })
      case 'untitled': return again({ faults: { title: t('fault.title') }, base: revisionId })
      case 'empty': return again({ faults: { 'paragraph_text.new': t('fault.no-paragraph') }, base: revisionId })
    }
  }, writing, { limited: true })

  // What the rules find while somebody types, for the script of the page.
  pages.post('/items/:id/:language/findings', async (visit) => {
    const { opened, language } = await load(desk, visit)
    const found = await findingsIn(desk, opened.item, typedIn(visit.body), language, dayIn(opened.publisher.zone, visit.now))
    return visit.reply.header('cache-control', 'no-store').send({ html: findingsPart(visit.t, 'words', found).text })
  }, writing, { limited: true })

  // What is typed is kept while it is typed: by the script of the page, for whoever types it.
  pages.post('/items/:id/:language/draft', async (visit) => {
    const { opened, language } = await load(desk, visit)
    const which = { itemId: opened.item.id, language, staffId: visit.staff.id, of: handedIn(visit.body) }
    if (field(visit.body, 'drop') === 'yes') {
      await inTransaction(desk.db, (tx) => dropDraft(tx, which))
      return { to: itemPath(opened.item.id, `/${language}`), said: 'said.dropped' }
    }
    await kept(desk, visit, opened, language, typedIn(visit.body))
    return visit.reply.header('cache-control', 'no-store').send({ kept: true })
  }, writing, { limited: true })
}

/** Keeps what is in the form for whoever typed it, with the version that it began with. */
async function kept(desk: Desk, { body, staff, now }: Visit, { item }: Opened, language: string, typed: Typed): Promise<void> {
  const base = isUuid(field(body, 'base')) ? await findRevision(desk.db, field(body, 'base')) : undefined
  await inTransaction(desk.db, (tx) => keepDraft(tx, { itemId: item.id, language, staffId: staff.id, of: handedIn(body), baseId: base?.itemId === item.id ? base.id : null, typed: keptOf(typed) }, now))
}

/** To the page that goes on with what was typed. Nothing is saved. */
async function shownAgain(desk: Desk, visit: Visit, { opened, language, typed, show }: { opened: Opened, language: string, typed: Typed, show?: 'findings' | 'preview' }): Promise<Answer> {
  await kept(desk, visit, opened, language, typed)
  return { to: `${itemPath(opened.item.id, `/${language}`)}?${new URLSearchParams({ draft: handedIn(visit.body) ?? 'yes', ...(show && { show }) })}` }
}

/** What stands in the form when it was looked at by the rules, put right at one place, or a rule is not heard of any more. */
async function lookedAt(pages: DeskPages, desk: Desk, visit: Visit, { opened, language, pressed }: { opened: Opened, language: string, pressed: string }): Promise<Typed> {
  const { item, publisher } = opened
  const rule = ignoredRule(pressed)
  if (rule) await pages.change(writingHere(visit, opened), { verb: 'ignore-rule', subjectKind: 'item', subjectIds: [item.id], details: { rule, language } }, (tx) => ignoreAt(tx, { itemId: item.id, language, rule, staffId: visit.staff.id }, visit.now), (done) => done)
  if (pressed === 'look-again') await pages.change(writingHere(visit, opened), { verb: 'look-again', subjectKind: 'item', subjectIds: [item.id] }, (tx) => lookAgainAt(tx, item.id, language), (done) => done)
  const typed = typedIn(visit.body)
  return pressed.startsWith('mend ') ? mended(typed, await findingsIn(desk, item, typed, language, dayIn(publisher.zone, visit.now)), pressed) : typed
}

async function load(desk: Desk, visit: Visit): Promise<{ opened: Opened, language: string, present: Revision | undefined }> {
  const opened = await openItem(desk, visit)
  const language = notFoundUnless(visit.params.language!, (code) => opened.publisher.languages.includes(code))
  // Who only translates does not change what is translated.
  notFoundUnless(language, (code) => mayHere(visit, opened, 'write-pages') || code !== opened.original)
  return { opened, language, present: opened.revisions.find((each) => each.language === language) }
}

/** What an item refers to that is not there, each said at the field that does. */
function missingFaults(t: DeskWords, words: ItemWords, missing: Reference[]): Faults {
  return Object.fromEntries(Object.entries(Object.groupBy(missing, (each) => fieldReferring(words, each))).map(([name, all]) => [name, missingFault(t, all!)]))
}

/** What a text refers to that is not there, in words for its field. */
export function missingFault(t: DeskWords, missing: Reference[]): string {
  return t('fault.references', { references: t.list(missing.map((each) => sayReference(t, each))) })
}

interface EditorMore {
  faults?: Faults
  preview?: Html
  /** Somebody else's words, saved since these were begun; and what to see of the two. */
  theirs?: Revision
  both?: Html
  /** Words that were kept and never saved. */
  unsaved?: Html | false
  /** The words are saved as this version, and only publishing was refused. */
  base?: string
  /** The rules were asked for, so what they found comes first. */
  looked?: boolean
}

async function editorPage(desk: Desk, visit: Visit, opened: Opened, language: string, typed: Typed, more: EditorMore): Promise<DeskPage> {
  const { faults = {}, preview, theirs, both, unsaved, base = theirs?.id ?? String(typed.base ?? ''), looked } = more
  const { t } = visit
  // What stands in the form is nowhere else yet.
  const atRisk = Boolean(theirs) || (more.base === undefined && Object.keys(faults).length > 0)
  const mayPublish = mayHere(visit, opened, 'publish-pages')
  const { item, revisions, original, publisher } = opened
  const source = language === original ? undefined : revisions.find((each) => each.language === original)
  const shown = opened.standings.find((each) => each.language === language)?.shownId !== null && revisions.some((each) => each.language === language)
  const newest = revisions.find((each) => each.language === language)
  const path = itemPath(item.id, `/${language}`)
  const found: Findings = await findingsIn(desk, item, typed, language, dayIn(publisher.zone, visit.now))
  return {
    title: `${opened.title} (${t.languageName(language)})`, section: 'items', crumbs: itemCrumbs(t, opened), editing: true, frames: preview !== undefined,
    body: html`${unsaved}${(newest ?? source)?.words.undated && !shown && !typed.published_on && !faults.published_on && html`<p class="notice">${t('fault.undated')}</p>`}
${both}
${preview && html`<section aria-label="${t('items.preview')}">${preview}</section>`}
<div class="${source ? 'translating' : 'beside'}">${source && await sourcePart(desk, t, opened, source, newest)}<form id="words" method="post" action="${path}" class="card" novalidate data-keep${atRisk && html` data-at-risk`} lang="${language}" data-findings="${path}/findings" data-visual="${visualWords(t)}" data-records="/records.json" data-autosave="${path}/draft">${errorSummary(t, faults)}<input type="hidden" name="base" value="${base}">${handedField(typed)}${source && html`<input type="hidden" name="source" value="${source.id}">`}
${itemFields(t, item, typed, faults)}${await choicesFor(desk, visit, item)}${source && newest && formField(t, { name: 'follows', kind: 'tick' }, typed, faults)}
<div class="row"><button name="then" value="save">${theirs ? t('items.save-mine') : t('save')}</button><button class="plain" name="then" value="preview">${t('items.preview')}</button><button class="plain" name="then" value="check">${t('items.check')}</button>${mayPublish && html`<button class="plain" name="then" value="publish">${t('items.save-and-publish')}</button>`}<span class="soft" data-kept="${t('items.kept')}" role="status"></span></div>
${shown && mayPublish && html`<details${faults.wrong || faults.correct ? html` open` : false}><summary>${t('items.correct')}</summary><p class="help">${t('items.correct.why')}</p>${formField(t, { name: 'wrong', kind: 'text', maxLength: 2000 }, typed, faults)}${formField(t, { name: 'correct', kind: 'text', maxLength: 2000 }, typed, faults)}<button class="plain" name="then" value="correct">${t('items.publish-correction')}</button></details>`}</form>
<section class="card" id="findings" aria-labelledby="findings-title">${findingsPart(t, 'words', found, looked)}</section></div>
${newest && html`<p class="row"><a href="${path}/preview">${t('items.preview-saved')}</a><a href="${path}/history">${t('items.history')}</a></p>`}`,
  }
}

/** The original beside its translation, as it reads; or with what has changed since it was last followed. What is typed, with its marks, is there to be copied. */
async function sourcePart(desk: Desk, t: DeskWords, opened: Opened, source: Revision, newest: Revision | undefined): Promise<Html> {
  const followed = newest?.sourceId ? await findRevision(desk.db, newest.sourceId) : undefined
  const changed = followed && followed.id !== source.id
  const typed = html`<div lang="${source.language}" dir="${directionOf(source.language)}" class="words">${changed ? changesBetween(whole(t, followed.words), whole(t, source.words), source.language) : whole(t, source.words)}</div>`
  return html`<details class="card" open><summary>${t('items.original', { language: t.languageName(source.language) })}</summary>${changed ? html`<p class="notice">${t('items.original-changed')}</p>${typed}` : html`${await previewOf(desk, opened, source.words, source.language)}<details><summary>${t('items.original-typed')}</summary>${typed}</details>`}</details>`
}
