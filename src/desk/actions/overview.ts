import { sql } from '#platform/db.ts'
import { html, type Html } from '#platform/html/html.ts'
import { field } from '#platform/http/server.ts'
import {
  actionStates, actionWithin, coverageOf, findAction, missingParts, missingWords, moveAction, needsOfWords, newestRevisions, outcomes, publishWords, reportedContacts, standing, startRehearsal, undoMove,
  type Action, type ActionState, type Revision, type WordsNeed,
} from '#modules/actions/index.ts'
import { countUnsent, dropUnsent } from '#modules/messages/index.ts'
import { readPublisher } from '#modules/publisher/index.ts'
import { findUndo, offerUndo, takeUndo } from '#modules/staff/index.ts'
import type { Desk } from '../context.ts'
import { button, errorSummary, type Faults } from '../forms.ts'
import type { DeskPage } from '../look/layout.ts'
import { idOf, orNotFound, type Answer, type DeskPages, type Visit } from '../pages.ts'
import type { DeskWord, DeskWords } from '../words/index.ts'
import { addresseeNotice } from './addressee.ts'
import { stateMark } from './list.ts'
import { mayWith } from './may.ts'
import { missingSaid } from './missing.ts'
import { titleOf } from './naming.ts'
import { dayPlot } from './plots.ts'
import { reachNotice } from './reach.ts'
import { sendingNotice } from './sending.ts'
import { stateCard } from './state-card.ts'

export function overviewRoutes(pages: DeskPages, desk: Desk): void {
  pages.get('/actions/:id', (visit) => overviewPage(desk, visit), 'see-actions')

  pages.post('/actions/:id/move', async (visit): Promise<Answer> => {
    const { t, body, staff, now } = visit
    const id = idOf(visit)
    const to = field(body, 'to') as ActionState
    if (!(to in actionStates)) return { to: `/actions/${id}` }
    const reason = field(body, to === 'closed' ? 'outcome_text' : 'reason').trim().slice(0, 1000)
    const outcome = outcomes.find((each) => each === field(body, 'outcome'))
    if (to === 'suspended' && !reason) return { ...await overviewPage(desk, visit, { reason: t('fault.reason') }), status: 422 }
    if (to === 'closed' && !outcome) return { ...await overviewPage(desk, visit, { outcome: t('fault.outcome') }), status: 422 }
    const dropsUnsent = to === 'closed' && field(body, 'drop_unsent') === 'yes'
    const moved = await pages.change(visit, { verb: `move-to-${to}`, subjectKind: 'action', subjectIds: [id], reason, ...(dropsUnsent && { details: { dropsUnsent } }) }, async (tx) => {
      const result = await moveAction(tx, { id, to, staffId: staff.id, reason, outcome, dropsUnsent }, now)
      if (result.outcome !== 'moved') return result
      if (!dropsUnsent) return { ...result, undo: await offerUndo(tx, staff.id, { verb: 'move', details: { eventId: result.eventId, actionId: id } }, now) }
      // What is dropped does not come back, so neither does the way back.
      await dropUnsent(tx, id, now)
      return result
    }, ({ outcome: came }) => came === 'moved')
    switch (moved.outcome) {
      case 'moved': return { to: `/actions/${id}`, said: `said.moved.${standing(orNotFound(await findAction(desk.db, { id })), now)}` as DeskWord, undo: moved.from !== 'draft' && 'undo' in moved ? moved.undo : undefined }
      case 'not-possible': return { to: `/actions/${id}` }
      case 'incomplete': return { ...await overviewPage(desk, visit, { ready: t('fault.incomplete') }), status: 422 }
    }
  }, 'campaign')

  pages.post('/actions/:id/publish/:language', async (visit) => {
    const id = idOf(visit)
    const language = visit.params.language!
    const action = orNotFound(await findAction(desk.db, { id }))
    const revision = orNotFound((await newestRevisions(desk.db, id)).find((each) => each.language === language))
    if (missingWords(action, revision, await needsOfWords(desk.db, id)).length) return { to: `/actions/${id}/words/${language}` }
    await pages.change(visit, { verb: 'publish-words', subjectKind: 'action', subjectIds: [id], details: { language } }, (tx) => publishWords(tx, { actionId: id, language, revisionId: revision.id, staffId: visit.staff.id }, visit.now))
    return { to: `/actions/${id}`, said: 'said.published' }
  }, 'campaign')

  // The page as it stands, in which everything that is sent goes to whoever pressed this.
  pages.post('/actions/:id/rehearse', async (visit) => {
    const id = idOf(visit)
    const action = orNotFound(await findAction(desk.db, { id }))
    const { token, until } = await pages.change(visit, { verb: 'rehearse', subjectKind: 'action', subjectIds: [id] }, (tx) => startRehearsal(tx, { actionId: id, staffId: visit.staff.id }, visit.now))
    const { defaultLanguage } = await readPublisher(desk.db)
    const revisions = await newestRevisions(desk.db, id)
    const link = (language: string) => `${desk.siteOrigin}/rehearsal/${token}${language === defaultLanguage ? '' : `/${language}`}/actions/${action.slug}`
    return {
      title: visit.t('rehearsal.title'), section: 'actions', crumbs: [{ href: `/actions/${id}`, label: titleOf(action, revisions, visit.t.language) }],
      body: html`<div class="card"><p>${visit.t('rehearsal.why', { email: visit.staff.email, day: visit.t.day(until) })}</p><ul class="todo">${revisions.map(({ language }) => html`<li><a href="${link(language)}" target="_blank" rel="noopener">${visit.t('rehearsal.open', { language: visit.t.languageName(language) })}</a></li>`)}</ul></div>`,
    }
  }, 'translate')

  pages.post('/undo/:id', async (visit) => {
    const offer = idOf(visit)
    const actionId = String(orNotFound(await findUndo(desk.db, offer, visit.staff.id, visit.now)).details.actionId)
    const undone = await pages.change(visit, { verb: 'undo', subjectKind: 'action', subjectIds: [actionId] }, async (tx) => {
      const undo = await takeUndo(tx, offer, visit.staff.id, visit.now)
      return undo?.verb === 'move' && undoMove(tx, String(undo.details.eventId), visit.staff.id, visit.now)
    }, (done) => done)
    return { to: `/actions/${actionId}`, said: undone ? 'said.undone' : 'said.too-late' }
  }, 'desk')
}

async function overviewPage(desk: Desk, given: Visit, faults: Faults = {}): Promise<DeskPage> {
  const { t, now } = given
  const id = idOf(given)
  const may = await mayWith(desk, given, id)
  const visit = { ...given, may }
  const action = orNotFound(await findAction(desk.db, { id }))
  const revisions = await newestRevisions(desk.db, id)
  const missing = await missingParts(desk.db, action, now)
  const needs = await needsOfWords(desk.db, id)
  const last = await desk.db.selectFrom('action_events').select(['happened_at', 'reason']).where('action_id', '=', id).orderBy('happened_at', 'desc').limit(1).executeTakeFirst()
  const title = titleOf(action, revisions, t.language)
  const stands = standing(action, now)
  const publicAddress = `${desk.siteOrigin}/actions/${action.slug}`
  const state = may('campaign') && stateCard(t, action, { missing: missingSaid(t, missing, revisions, needs), unfinished: missing.length > 0 ? [] : revisions.filter((revision) => missingWords(action, revision, needs).length > 0).map(({ language }) => t.languageName(language)), publicAddress, unsent: await countUnsent(desk.db, id) }, faults)
  const numbers = await numbersCard(desk, visit, action)
  return {
    title, section: 'actions', crumbs: [{ href: '/actions', label: t('nav.actions') }],
    buttons: html`${action.state !== 'draft' && may('publish-pages') && await actionWithin(desk.db, visit.reachOf('publish-pages'), id) && html`<a class="btn plain" href="/actions/${id}/digest">${t('telling.title')}</a>`}${may('mail-supporters') && html`<a class="btn plain" href="/mailings/new?action=${id}">${t('mailing.write-about')}</a>`}${may('translate') && button(`/actions/${id}/rehearse`, t('action.try'))}${visit.reachOf('campaign') === 'everywhere' && button(`/actions/${id}/duplicate`, t('action.duplicate'))}${action.state === 'open' && may('campaign') && html`<a class="btn plain" href="#stop">${t('action.stop')}</a>`}`,
    body: html`${errorSummary(t, faults)}<p>${stateMark(t, stands)} · ${t(`kind.${action.kind}`)}${stands !== 'draft' && html` · <a href="${publicAddress}">${publicAddress}</a>`}</p>
${last && ['suspended', 'closed'].includes(action.state) && html`<div class="notice"><p>${t('action.since', { moment: t.moment(last.happened_at, action.zone) })}</p>${last.reason && html`<p dir="auto">${last.reason}</p>`}</div>`}${await sendingNotice(desk, visit, action)}${may('translate') && await addresseeNotice(desk, t, action, revisions)}${action.kind === 'message' && action.state === 'draft' && may('campaign') && reachNotice(t, `/actions/${id}`, await coverageOf(desk.db, id, now), revisions)}
${action.state !== 'draft' && missing.some((each) => each === 'gaps' || each === 'nobody') && html`<div class="notice"><p>${t('rules.open-gaps')} <a href="/actions/${id}/rules">${t('action.rules')}</a></p></div>`}
<div class="grid">${(may('campaign') || may('translate')) && parts(visit, action, revisions, needs)}<div>${action.state === 'draft' ? [state, numbers] : [numbers, state]}</div></div>`,
  }
}

/** What an action is made of, each part with the way to change it. */
function parts({ t, may }: Visit, action: Action, revisions: Revision[], needs: WordsNeed): Html {
  const to = `/actions/${action.id}`
  return html`<section class="card"><h2>${t('action.parts')}</h2><ul class="todo">
${revisions.map((revision) => html`<li><a href="${to}/words/${revision.language}">${t('action.words', { language: t.languageName(revision.language) })}</a> ${wordsState(t, action, revision, needs, may('campaign'))}</li>`)}
<li><a href="${to}/words">${t('action.add-language')}</a></li>
${may('campaign') && html`<li><a href="${to}/picture">${t('action.picture')}</a> ${action.imageId ? html`<small>${t('action.picture.is-set')}</small>` : html`<small>${t('action.picture.none')}</small>`}</li>
${action.kind === 'message' && html`<li><a href="${to}/targets">${t('action.targets')}</a></li><li><a href="${to}/rules">${t('action.rules')}</a> <small>${needs.rules ? t('action.rules.count', { count: needs.rules }) : t('action.rules.if')}</small></li><li><a href="${to}/facts">${t('action.facts')}</a> <small>${needs.facts.length ? t('action.facts.count', { count: needs.facts.length }) : t('action.facts.if')}</small></li><li><a href="${to}/sending">${t('action.sending')}</a></li>`}
<li><a href="${to}/questions">${t('action.questions')}</a></li><li><a href="${to}/settings">${t('action.settings')}</a></li>`}</ul></section>`
}

function wordsState(t: DeskWords, action: Action, revision: Revision, needs: WordsNeed, mayPublish: boolean): Html {
  const missing = missingWords(action, revision, needs)
  if (missing.length) return html`<small class="wait">${t('action.words.missing', { what: t.list(missingSaid(t, missing, [revision], needs)) })}</small>`
  if (action.state === 'draft') return html`<small>${t('action.words.ready')}</small>`
  return revision.published ? html`<small class="ok">${t('action.words.public')}</small>`
    : html`<small class="wait">${t('action.words.changed')}</small>${mayPublish && button(`/actions/${action.id}/publish/${revision.language}`, t('action.words.publish'))}`
}

async function numbersCard(desk: Desk, { t, may, now }: Visit, action: Action): Promise<Html> {
  const { rows: [counts] } = await sql<{ total: number, waiting: number, held: number, messages: number, sent: number }>`
    select coalesce((select total from tallies where action_id = ${action.id} and dimension = 'all'), 0) as total,
      (select count(*)::int from participations where action_id = ${action.id} and state = 'waiting' and rehearsal_id is null) as waiting,
      (select count(*)::int from participations where action_id = ${action.id} and state = 'held') as held,
      (select count(*)::int from messages where action_id = ${action.id} and not rehearsal) as messages,
      (select count(*)::int from messages where action_id = ${action.id} and state = 'accepted' and not rehearsal) as sent`.execute(desk.db)
  const { rows: days } = await sql<{ day: string, total: number }>`select value as day, total from tallies where action_id = ${action.id} and dimension = 'day' order by value`.execute(desk.db)
  return html`<section class="card"><h2>${t('action.numbers')}</h2><p class="big">${t.number(counts!.total)}</p><p class="soft">${t('action.confirmed', { count: counts!.total })}</p>${dayPlot(t, days, now)}
<dl class="facts"><dt>${t('action.unconfirmed')}</dt><dd>${t.number(counts!.waiting)}</dd><dt>${t('action.held')}</dt><dd>${may('see-people') ? html`<a href="/actions/${action.id}/people?state=held">${t.number(counts!.held)}</a>` : t.number(counts!.held)}</dd>
${action.kind === 'message' && html`<dt>${t('action.messages')}</dt><dd>${t('action.messages.sent', { sent: counts!.sent, all: counts!.messages })}</dd>`}</dl>
${action.kind === 'message' && await reportedFacts(desk, t, action.id)}<div class="row">${may('see-people') && html`<a class="btn plain" href="/actions/${action.id}/people">${t('action.people')}</a>`}<a class="btn plain" href="/actions/${action.id}/numbers">${t('action.more-numbers')}</a>${may('export-people') && html`<a class="btn plain" href="/actions/${action.id}/export">${t('action.export')}</a>`}${may('guard-counts') && html`<a class="btn plain" href="/actions/${action.id}/removals">${t('removals.title')}</a>`}</div></section>`
}

/** What supporters say that they did by other ways: kept apart, because nobody can know. */
async function reportedFacts(desk: Desk, t: DeskWords, actionId: string): Promise<Html | false> {
  const reported = await reportedContacts(desk.db, actionId)
  return reported.phone + reported.form + reported.post > 0 && html`<h3>${t('reported.title')}</h3><p class="soft">${t('reported.why')}</p>
<dl class="facts"><dt>${t('reported.phone')}</dt><dd>${t.number(reported.phone)}</dd><dt>${t('reported.form')}</dt><dd>${t.number(reported.form)}</dd><dt>${t('reported.post')}</dt><dd>${t.number(reported.post)}</dd></dl>`
}
