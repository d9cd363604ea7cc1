import { html, type Html } from '#platform/html/html.ts'
import { field } from '#platform/http/server.ts'
import { isSlug } from '#platform/slug.ts'
import { readLocal } from '#platform/local-time.ts'
import { dayIn, isDay } from '#platform/days.ts'
import { nameIn } from '#modules/places/index.ts'
import { cancelSchedules, changeItem, checkItem, moveItem, picturesOnlyIn, publishRecord, publishingWords, setSubjects, withdrawItem, type Item, type Standing } from '#modules/publishing/index.ts'
import { publishByTheRules } from '#modules/digests/index.ts'
import { tooFar } from '../actions/times.ts'
import type { Desk } from '../context.ts'
import { button, errorSummary, form, formField, formFields, type Faults, type Field, type Typed } from '../forms.ts'
import type { DeskPage } from '../look/layout.ts'
import { notFoundUnless, type Answer, type DeskPages, type Visit } from '../pages.ts'
import type { DeskWords } from '../words/index.ts'
import { missingFault } from './editor.ts'
import { faultInTheWay } from './findings.ts'
import { theirsPart } from './field-changes.ts'
import { typedIn } from './item-form.ts'
import { inTurn, savedMeanwhile, stoodField } from './meanwhile.ts'
import { choicesAmong, chosenSubjects, codesWithin, itemCrumbs, itemPath, mayHere, openItem, publicPath, stateOf, writingHere, type Opened } from './parts.ts'

export function itemRoutes(pages: DeskPages, desk: Desk): void {
  pages.get('/items/:id', async (visit) => overviewPage(desk, visit, await openItem(desk, visit), {}), ['write-pages', 'translate'], { limited: true })

  pages.post('/items/:id/:language/check', async (visit): Promise<Answer> => {
    const opened = await openItem(desk, visit)
    const its = standingOf(opened, visit)
    const verdict = notFoundUnless(field(visit.body, 'verdict'), (each) => each === 'asked' || ((each === 'approved' || each === 'returned') && mayHere(visit, opened, 'publish-pages'))) as 'asked' | 'approved' | 'returned'
    await pages.change(verdict === 'asked' ? writingHere(visit, opened) : visit.as('publish-pages'), { verb: 'check-item', subjectKind: 'item', subjectIds: [opened.item.id], details: { language: its.language, verdict } },
      (tx) => checkItem(tx, { itemId: opened.item.id, language: its.language, revisionId: its.newestId, verdict, note: field(visit.body, 'note').trim().slice(0, 1000), staffId: visit.staff.id }, visit.now))
    return { to: itemPath(opened.item.id), said: 'said.saved' }
  }, ['write-pages', 'translate'], { limited: true })

  pages.post('/items/:id/:language/publish', async (visit): Promise<Answer> => {
    const opened = await openItem(desk, visit)
    const its = standingOf(opened, visit)
    const { t, body, now } = visit
    const at = field(body, `publish_at.${its.language}`).trim()
    const read = at ? readLocal(at, opened.publisher.zone) : undefined
    const from = read?.reading === 'once' ? read.moment : undefined
    const wrong = read && (read.reading === 'skipped' ? t('fault.skipped') : read.reading === 'twice' ? t('fault.twice') : !from || from <= now ? t('fault.later') : tooFar(t, from, now))
    const again = async (fault: string, status = 422, where = `words.${its.language}`) => ({ ...await overviewPage(desk, visit, opened, { [where]: fault }, typedIn(body)), status })
    if (wrong) return again(wrong, 422, `publish_at.${its.language}`)
    // What was looked at is what becomes public, and nothing that somebody has saved since.
    const revisionId = field(body, 'revision')
    if (revisionId !== its.newestId) return again(t('fault.saved-since'), 409)
    const done = await pages.change(visit, { verb: from ? 'schedule-item' : 'publish-item', subjectKind: 'item', subjectIds: [opened.item.id], details: { language: its.language } },
      (tx) => publishByTheRules(tx, { revisionId, staffId: visit.staff.id, zone: opened.publisher.zone, from, news: field(body, `news.${its.language}`) === 'yes' }, now), ({ outcome }) => outcome === 'published' || outcome === 'scheduled')
    switch (done.outcome) {
      case 'published': return { to: itemPath(opened.item.id), said: 'said.published' }
      case 'scheduled': return { to: itemPath(opened.item.id), said: 'said.scheduled' }
      case 'in-the-way': return again(faultInTheWay(t, done.findings))
      case 'missing': return again(missingFault(t, done.missing))
      case 'misplaced': return again(t('fault.misplaced', { references: t.list(done.strays) }))
      case 'locked': return again(t('fault.locked'))
      case 'undated': return again(t('fault.undated.here'))
      case 'untitled': return again(t('fault.title'))
      case 'empty': return again(t('fault.no-paragraph'))
    }
  }, 'publish-pages', { limited: true })

  pages.post('/items/:id/:language/cancel', async (visit): Promise<Answer> => {
    const opened = await openItem(desk, visit)
    const { language } = standingOf(opened, visit)
    await pages.change(visit, { verb: 'cancel-schedule', subjectKind: 'item', subjectIds: [opened.item.id], details: { language } }, (tx) => cancelSchedules(tx, { itemId: opened.item.id, language }, visit.now), (cancelled) => cancelled)
    return { to: itemPath(opened.item.id), said: 'said.saved' }
  }, 'publish-pages', { limited: true })

  pages.post('/items/:id/withdraw', async (visit): Promise<Answer> => {
    const { item } = await openItem(desk, visit)
    const language = field(visit.body, 'language') || undefined
    const pictures = field(visit.body, 'pictures') === 'too' && !language ? await picturesOnlyIn(desk.db, item.id, codesWithin(visit.reach), visit.now) : []
    await pages.change(visit, { verb: 'withdraw-item', subjectKind: 'item', subjectIds: [item.id], details: { language: language ?? 'all' } }, (tx) => withdrawItem(tx, { itemId: item.id, language, staffId: visit.staff.id }, visit.now), (languages) => languages.length > 0)
    for (const { id, handle } of pictures) await pages.change(visit, { verb: 'withdraw-record', subjectKind: 'record', subjectIds: [handle] }, (tx) => publishRecord(tx, { id, revisionId: null, staffId: visit.staff.id }, visit.now))
    return { to: itemPath(item.id), said: 'said.withdrawn' }
  }, 'publish-pages', { limited: true })

  pages.post('/items/:id/settings', (visit) => inTurn(`item ${visit.params.id}`, async (): Promise<Answer> => {
    const opened = await openItem(desk, visit)
    const { item, publisher } = opened
    const { t, body, now } = visit
    const slug = field(body, 'slug').trim()
    const reviewBy = field(body, 'review_by').trim()
    const about = item.kind === 'about' ? [] : await chosenSubjects(desk, visit, item.subjects)
    const faults: Faults = { ...(!isSlug(slug) && { slug: t('fault.slug') }), ...(reviewBy && !isDay(reviewBy) && { review_by: t('fault.day') }), ...(!about && { item_about: t('fault.own-place') }) }
    const typed = typedIn(body)
    if (!about || Object.keys(faults).length > 0) return { ...await overviewPage(desk, visit, opened, faults, typed), status: 422 }
    const mine: Typed = { ...typed, item_about: about }
    if (savedMeanwhile(body, settingsOf(item), Object.fromEntries(Object.keys(settingsOf(item)).map((name) => [name, mine[name]])))) {
      const theirs = theirsPart(t, settingsFields(visit, opened), settingsOf(item), mine, publisher.languages)
      return { ...await overviewPage(desk, visit, opened, {}, { ...typed, stood: undefined }, theirs), status: 409 }
    }
    const ticked = (name: string) => field(body, name) === 'yes'
    const moved = await pages.change(visit, { verb: 'change-item', subjectKind: 'item', subjectIds: [item.id] }, async (tx) => {
      // What can refuse goes first.
      if (item.kind !== 'about' && await moveItem(tx, item.id, slug, now) === 'taken') return 'taken'
      if (item.kind !== 'about') await setSubjects(tx, item.id, about)
      await changeItem(tx, item.id, {
        pinned: ticked('pinned'), reviewBy: reviewBy || null, archivedAt: ticked('archived') ? item.archivedAt ?? now : null, ...(ticked('checked_today') && { checkedOn: dayIn(publisher.zone, now) }),
      })
      return 'saved'
    }, (result) => result === 'saved')
    if (moved === 'taken') return { ...await overviewPage(desk, visit, opened, { slug: t('fault.taken') }, typed), status: 422 }
    return { to: itemPath(item.id), said: 'said.saved' }
  }), 'publish-pages', { limited: true })
}

function standingOf(opened: Opened, visit: Visit): Standing {
  return notFoundUnless(opened.standings.find(({ language }) => language === visit.params.language), (each) => each !== undefined)!
}

/** `given` is what was typed into the form of a language or of the settings, where something was wrong with it. */
async function overviewPage(desk: Desk, visit: Visit, opened: Opened, faults: Faults, given: Typed = {}, theirs: Html | false = false): Promise<DeskPage> {
  const { t } = visit
  const mayPublish = mayHere(visit, opened, 'publish-pages')
  const { item, standings, publisher, original } = opened
  const words = publishingWords(t.language)
  const left = publisher.languages.filter((language) => !standings.some((each) => each.language === language))
  const canGo = mayPublish && standings.some(({ shownId, scheduledId }) => shownId ?? scheduledId)
  const pictures = canGo ? await picturesOnlyIn(desk.db, item.id, codesWithin(visit.reachOf('publish-pages')), visit.now) : []
  const order = standings.toSorted((a, b) => Number(b.language === original) - Number(a.language === original))
  return {
    title: opened.title, section: 'items', crumbs: itemCrumbs(t, opened, false),
    body: html`${theirs}<p class="soft">${[words(`kind.${item.kind}`), item.thread && t('items.thread'), t.list(opened.subjects.filter(({ id }) => item.subjects.includes(id)).map((each) => nameIn(each, t.language, publisher.defaultLanguage)))].filter(Boolean).join(' · ')}</p>
${order.map((each) => languageCard(desk, visit, opened, each, { faults, given }))}
${left.length > 0 && html`<div class="card"><h2>${t('items.not-translated')}</h2><ul class="todo">${left.map((language) => html`<li><a href="${itemPath(item.id, `/${language}`)}">${t('items.translate-into', { language: t.languageName(language) })}</a></li>`)}</ul></div>`}
${mayPublish && item.kind !== 'about' && html`<p class="row"><a class="btn plain" href="${itemPath(item.id, '/related')}">${t('related.title')}</a>${!item.thread && standings.some(({ shownId }) => shownId !== null) && html`<a class="btn plain" href="${itemPath(item.id, '/digest')}">${t('telling.title')}</a>`}</p>`}${mayPublish && settingsForm(visit, opened, faults, given)}
${canGo && html`<div class="card"><h2>${t('items.withdraw')}</h2><p>${t('items.withdraw.why')}</p><form method="post" action="${itemPath(item.id, '/withdraw')}">${pictures.length === 0 ? html`<button class="stop">${t('items.withdraw-all')}</button>` : html`<p>${t('items.withdraw.pictures', { count: pictures.length })}</p><ul>${pictures.map(({ handle }) => html`<li><bdi>${handle}</bdi></li>`)}</ul><div class="row"><button class="stop" name="pictures" value="too">${t('items.withdraw.too', { count: pictures.length })}</button><button class="plain" name="pictures" value="">${t('items.withdraw.alone', { count: pictures.length })}</button></div>`}</form></div>`}`,
  }
}

function languageCard(desk: Desk, visit: Visit, opened: Opened, its: Standing, { faults, given }: { faults: Faults, given: Typed }): Html {
  const { t } = visit
  const { item, publisher, original } = opened
  const mayPublish = mayHere(visit, opened, 'publish-pages')
  const path = (rest = '') => itemPath(item.id, `/${its.language}${rest}`)
  const mayWrite = mayHere(visit, opened, 'write-pages') || its.language !== original
  const open = its.newestId !== its.shownId && its.newestId !== its.scheduledId
  const publishAt: Field = { name: 'publish_at', as: `publish_at.${its.language}`, kind: 'datetime-local', narrow: true }
  return html`<section class="card" id="words.${its.language}"><h2>${t.languageName(its.language)}</h2><p>${stateOf(t, its.state)} ${its.changed && html`<span class="soft">${t('items.changed')}</span>`}</p>
${its.returned !== null && html`<div class="notice"><p>${t('items.returned')}</p>${its.returned && html`<p dir="auto">${its.returned}</p>`}</div>`}${its.stale && html`<div class="notice"><p>${t('items.original-changed')}</p></div>`}${its.correctionPending && html`<div class="notice"><p>${t('items.correction-pending')}</p></div>`}
${its.scheduledFor && html`<div class="row"><p>${t('items.will-be-public', { moment: t.moment(its.scheduledFor, publisher.zone) })}</p>${mayPublish && button(path('/cancel'), t('items.cancel-schedule'))}</div>`}
<p class="row">${mayWrite && html`<a class="btn plain" href="${path()}">${t('items.edit')}</a>`}${its.shownId !== null && html`<a href="${desk.siteOrigin}${publicPath(opened, its.language)}">${t('items.on-site')}</a>`}<a href="${path('/preview')}">${t('items.preview')}</a><a href="${path('/history')}">${t('items.history')}</a>${mayWrite && html`<a href="${path('/files')}">${t('documents.title')}</a>`}</p>
${open && mayPublish && html`<form method="post" action="${path('/publish')}" novalidate><input type="hidden" name="revision" value="${its.newestId}">${(`publish_at.${its.language}` in faults || `words.${its.language}` in faults) && errorSummary(t, faults)}${scheduleField(t, publishAt, given, faults)}${its.shownId !== null && formField(t, { name: 'news', as: `news.${its.language}`, kind: 'tick' }, given)}<div class="row"><button>${t('items.publish')}</button></div></form>`}
${open && html`<div class="row">${its.state !== 'review' && mayWrite && button(path('/check'), t('items.ask-check'), { verdict: 'asked' })}${its.state === 'review' && mayPublish && html`${button(path('/check'), t('items.approve'), { verdict: 'approved' })}<form method="post" action="${path('/check')}"><input type="hidden" name="verdict" value="returned"><label for="note-${its.language}">${t('items.note')}</label><input id="note-${its.language}" name="note" maxlength="1000" dir="auto"><button class="plain">${t('items.send-back')}</button></form>`}</div>`}</section>`
}

/** When a language becomes public, folded away: now is what most want. */
function scheduleField(t: DeskWords, field: Field, given: Typed, faults: Faults): Html {
  return html`<details${faults[field.as!] !== undefined && html` open`}><summary>${t('items.schedule')}</summary>${formField(t, field, given, faults)}</details>`
}

function settingsOf(item: Item): Typed {
  return { slug: item.slug, ...(item.kind !== 'about' && { item_about: item.subjects, archived: item.archivedAt ? 'yes' : '' }), ...(item.thread && { pinned: item.pinned ? 'yes' : '' }), review_by: item.reviewBy ?? '' }
}

function settingsFields({ t, reachOf }: Visit, { item, subjects, publisher }: Opened): Field[] {
  const fields: (Field | false)[] = [
    item.kind !== 'about' && { name: 'item_about', kind: 'ticks', choices: choicesAmong(t, reachOf('publish-pages'), subjects, publisher.defaultLanguage) },
    item.thread && { name: 'pinned', kind: 'tick' }, { name: 'checked_today', kind: 'tick' }, { name: 'review_by', kind: 'date', narrow: true }, item.kind !== 'about' && { name: 'archived', kind: 'tick' },
    { name: 'slug', kind: 'line', maxLength: 80, direction: 'ltr' },
  ]
  return fields.filter((each) => each !== false)
}

function settingsForm(visit: Visit, opened: Opened, faults: Faults, given: Typed): Html {
  const { t } = visit
  const now = settingsOf(opened.item)
  // What was typed into the form of a language has no address of the item in it.
  const typed = given.slug === undefined ? now : given
  return html`<h2>${t('items.settings')}</h2>${form(t, { action: itemPath(opened.item.id, '/settings'), fields: html`${stoodField(now, typed)}${formFields(t, settingsFields(visit, opened), typed, faults)}`, button: t('save'), faults: given.slug === undefined ? {} : faults })}`
}
