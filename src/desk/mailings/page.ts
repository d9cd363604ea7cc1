import { html, type Html } from '#platform/html/html.ts'
import { sql } from '#platform/db.ts'
import { titleIn } from '#modules/actions/index.ts'
import {
  canMove, findMailing, leftOutReasons, mailingGaps, mailingNumbers, quietUntil, reachOf, textsOf, topicOf, trialsOf, type LeftOut, type Mailing, type MailingNumbers, type MailingText, type Trial,
} from '#modules/mailings/index.ts'
import { statements } from '#modules/people/index.ts'
import { readPublisher } from '#modules/publisher/index.ts'
import { lastAsked } from '#modules/staff/index.ts'
import { refusalLine } from '../approvals/refusal.ts'
import type { Desk } from '../context.ts'
import { button, errorSummary, type Faults } from '../forms.ts'
import type { DeskPage } from '../look/layout.ts'
import { problemWords } from '../outbox/problem.ts'
import { idOf, orNotFound, type DeskPages, type Visit } from '../pages.ts'
import type { DeskWords } from '../words/index.ts'
import { mailingMark } from './list.ts'

/** One mailing: how far it is, its words, whom it goes to, and what can be done with it. */
export function mailingPageRoutes(pages: DeskPages, desk: Desk): void {
  pages.get('/mailings/:id', async (visit) => {
    const mailing = orNotFound(await findMailing(desk.db, idOf(visit)))
    const trials = await trialsOf(desk.db, { mailingId: mailing.id }, visit.staff.id)
    // What is at work is looked at again by the browser itself, also without a script.
    if (mailing.countAskedAt || atWork(mailing, visit.now) || trials.some((trial) => trial.state === 'queued')) void visit.reply.header('refresh', '3')
    return mailingPage(desk, visit, mailing)
  }, 'mail-supporters')
}

/** Whether it changes by itself, now or in a moment. */
function atWork({ state, sendAt, nextAt }: Mailing, now: Date): boolean {
  return state === 'planning' || (state === 'sending' && !rests({ nextAt }, now)) || (state === 'scheduled' && sendAt!.getTime() - now.getTime() < 60_000)
}

/** Whether nothing leaves for a while, as in quiet hours. */
function rests({ nextAt }: Pick<Mailing, 'nextAt'>, now: Date): boolean {
  return nextAt !== null && nextAt.getTime() - now.getTime() > 60_000
}

export function mailingCrumbs(t: DeskWords, mailing?: Pick<Mailing, 'id' | 'kind'>) {
  return [{ href: '/mailings', label: t('nav.mailings') }, ...(mailing ? [{ href: `/mailings/${mailing.id}`, label: t(`mailing.kind.${mailing.kind}`) }] : [])]
}

export async function mailingPage(desk: Desk, visit: Visit, mailing: Mailing, faults: Faults = {}): Promise<DeskPage> {
  const { t, staff } = visit
  const texts = await textsOf(desk.db, mailing.id)
  const draft = mailing.state === 'draft'
  return {
    title: (texts.get(t.language) ?? [...texts.values()][0])?.subject || t(`mailing.kind.${mailing.kind}`), section: 'mailings', crumbs: mailingCrumbs(t),
    buttons: html`${button(`/mailings/${mailing.id}/duplicate`, t('mailing.duplicate'))}${draft && html`<a class="btn plain" href="/mailings/${mailing.id}/discard">${t('mailing.discard')}</a>`}`,
    body: html`${errorSummary(t, faults)}${await stateCard(desk, visit, mailing, texts)}${await wordsCard(desk, t, mailing, texts)}${await audienceCard(desk, t, mailing)}${trialCard(t, mailing, texts, await trialsOf(desk.db, { mailingId: mailing.id }, staff.id))}`,
  }
}

async function stateCard(desk: Desk, { t, now, staff, may }: Visit, mailing: Mailing, texts: Map<string, MailingText>): Promise<Html> {
  const { id, state, zone } = mailing
  const gaps = state === 'draft' ? mailingGaps(mailing, texts) : []
  const numbers = mailing.planned || mailing.results ? await mailingNumbers(desk.db, id, mailing.results) : undefined
  const asked = state === 'waiting' || state === 'draft' ? await lastAsked(desk.db, 'mailing', id) : undefined
  return html`<section class="card" role="status"><p>${mailingMark(t, state)} ${mailing.practice && mailing.state !== 'draft' && html`<small>${t('outbox.practice')}</small>`}</p>
<p>${asked?.standsFrom && state === 'waiting' ? t('mailing.alone', { moment: t.moment(asked.standsFrom, zone) }) : stateSentence(t, mailing, now)}${mailing.reason && ['paused', 'stopped'].includes(state) && html` <q dir="auto">${mailing.reason === 'restored' || mailing.reason === 'practice' ? t(`mailing.stopped.${mailing.reason}`) : mailing.reason}</q>`}</p>
${state === 'draft' && await refusalLine(desk, { t, zone }, asked)}${state === 'waiting' && asked && asked.askedBy !== staff.id && may('approve-mailings') && html`<p><a href="/approvals">${t('mailing.answer-here')}</a></p>`}
${numbers && progress(t, numbers, mailing.state === 'stopped')}
${gaps.length > 0 && html`<h2>${t('mailing.lacks')}</h2><ul>${gaps.map((gap) => html`<li>${t(`mailing.gap.${gap}`)}</li>`)}</ul>`}
<div class="row">${state === 'draft' && gaps.length === 0 && html`<a class="btn" href="/mailings/${id}/send">${t('mailing.to-send')}</a>`}${canMove(mailing, 'back') && button(`/mailings/${id}/back`, t('mailing.back'))}${canMove(mailing, 'resume') && button(`/mailings/${id}/resume`, t('mailing.resume'), {}, '')}${state === 'waiting' && mailing.planned && html`<a class="btn" href="/mailings/${id}/send">${t('mailing.ask')}</a>`}${canMove(mailing, 'pause') && button(`/mailings/${id}/pause`, t('mailing.pause'), {}, '')}${canMove(mailing, 'stop') && html`<a class="btn plain" href="/mailings/${id}/quiet">${t('mailing.quiet')}</a><a class="btn plain" href="/mailings/${id}/stop">${t('mailing.stop')}</a>`}</div></section>`
}

function stateSentence(t: DeskWords, mailing: Mailing, now: Date): string {
  const { state, sendAt, zone, startedAt, endedAt, nextAt } = mailing
  switch (state) {
    case 'scheduled': return [t('mailing.is.scheduled', { moment: t.moment(sendAt!, zone) }), quietSentence(t, mailing, sendAt! > now ? sendAt! : now)].filter(Boolean).join(' ')
    case 'sent': {
      const [from, until] = [t.moment(startedAt ?? endedAt!, zone), t.moment(endedAt!, zone)]
      return from === until ? t('mailing.is.sent-at', { moment: until }) : t('mailing.is.sent', { from, until })
    }
    case 'sending': return rests(mailing, now) ? quietSentence(t, mailing, now) ?? t('mailing.rests', { moment: t.moment(nextAt!, zone) }) : t('mailing.is.sending')
    default: return t(`mailing.is.${state}`)
  }
}

/** Why nothing leaves at a moment that lies in the quiet hours. */
function quietSentence(t: DeskWords, { quiet, zone }: Mailing, at: Date): string | undefined {
  const until = quietUntil(quiet, zone, at)
  return until && t('mailing.rests-quiet', { from: quiet!.from, until: quiet!.until, moment: t.moment(until, zone) })
}

function progress(t: DeskWords, numbers: MailingNumbers, stopped: boolean): Html {
  const later = Object.values(numbers.leftOut).reduce((sum, each) => sum + each, 0)
  const done = numbers.accepted + numbers.failed + numbers.unknown + later
  const all = done + numbers.queued + numbers.sending
  const lines = [['accepted', numbers.accepted], ['failed', numbers.failed], ['unknown', numbers.unknown], [stopped ? 'never' : 'queued', numbers.queued + numbers.sending], ['bounced', numbers.bounced], ['complained', numbers.complained], ['unsubscribed', numbers.unsubscribed]] as const
  return html`<p>${t('removals.progress', { done, all })}</p><progress value="${done}" max="${Math.max(1, all)}" aria-label="${t('removals.progress', { done, all })}"></progress>
<dl class="facts">${lines.filter(([name, count]) => count > 0 || name === 'accepted').map(([name, count]) => html`<dt>${t(`mailing.count.${name}`)}</dt><dd>${t.number(count)}</dd>`)}${leftOutLines(t, numbers.leftOut)}</dl><p class="soft">${t('outbox.honest')}</p>`
}

function leftOutLines(t: DeskWords, leftOut: Partial<Record<LeftOut, number>>): Html {
  return html`${leftOutReasons.filter((reason) => leftOut[reason]).map((reason) => html`<dt>${t(`mailing.left-out.${reason}`)}</dt><dd>${t.number(leftOut[reason]!)}</dd>`)}`
}

async function wordsCard(desk: Desk, t: DeskWords, { id, state }: Mailing, texts: Map<string, MailingText>): Promise<Html> {
  const { languages } = await readPublisher(desk.db)
  const draft = state === 'draft'
  return html`<section class="card"><h2>${t('mailing.languages')}</h2><ul class="todo">${[...new Set([...languages, ...texts.keys()])].filter((language) => draft || texts.has(language)).map((language) => {
    const text = texts.get(language)
    return html`<li><a href="/mailings/${id}/words/${language}">${t.languageName(language)}</a> <small>${text ? html`<bdi>${text.subject}</bdi> · <a href="/mailings/${id}/words/${language}/preview">${t('preview')}</a>` : t('mailing.unwritten')}</small></li>`
  })}</ul></section>`
}

async function audienceCard(desk: Desk, t: DeskWords, mailing: Mailing): Promise<Html> {
  const { id, counted } = mailing
  const draft = mailing.state === 'draft'
  const lines = await filterLines(desk, t, mailing)
  return html`<section class="card"><h2>${t('mailing.audience')}</h2><dl class="facts">${lines.map(([label, value]) => html`<dt>${label}</dt><dd><bdi>${value}</bdi></dd>`)}</dl>
${mailing.countAskedAt ? html`<p role="status">${t('mailing.counting')}</p>` : counted && html`<p class="big">${t.number(reachOf(mailing))}</p><p>${t('mailing.reach', { count: reachOf(mailing) })} ${mailing.countedAt && html`<small>${t('mailing.counted', { moment: t.moment(mailing.countedAt, mailing.zone) })}</small>`}</p>
<dl class="facts">${Object.entries(counted.byLanguage).map(([language, count]) => html`<dt>${t.languageName(language)}</dt><dd>${t.number(count)}</dd>`)}</dl>${Object.keys(counted.leftOut).length > 0 && html`<h3>${t('mailing.left-out')}</h3><dl class="facts">${leftOutLines(t, counted.leftOut)}</dl>`}${!mailing.planned && mailing.state !== 'stopped' && html`<p class="soft">${t('mailing.recounted')}</p>`}`}
${draft && html`<div class="row"><a class="btn plain" href="/mailings/${id}/audience">${t('mailing.choose')}</a>${button(`/mailings/${id}/count`, t('mailing.count-again'))}</div>`}</section>`
}

async function filterLines(desk: Desk, t: DeskWords, mailing: Mailing): Promise<[string, string][]> {
  const { actionId, filter, statements: chosen, fallbackLanguage, zone } = mailing
  const all = await statements(desk.db)
  const wording = (id: string) => {
    const wordings = all.find((each) => each.id === id)?.wordings ?? {}
    return (wordings[t.language] ?? Object.values(wordings)[0])?.wording ?? ''
  }
  const action = actionId ?? filter.action
  const title = action && (await sql<{ title: string }>`select ${titleIn(t.language)} as title from actions where id = ${action}`.execute(desk.db)).rows[0]?.title
  const topic = await topicOf(desk.db, mailing, t.language, (await readPublisher(desk.db)).defaultLanguage)
  const area = filter.area && (await desk.db.selectFrom('areas').select('name').where('id', '=', filter.area).executeTakeFirst())?.name
  return ([
    ...chosen.map((id) => [t('mailing.said-yes'), wording(id)]), [t('f.mailing_topic'), topic?.name], [t('f.mailing_action'), title], [t('f.mailing_country'), filter.country && t.countryName(filter.country)], [t('f.mailing_area'), area ?? filter.area],
    [t('f.mailing_from_day'), filter.from && t.moment(new Date(filter.from), zone)], [t('f.mailing_until_day'), filter.until && t.moment(new Date(filter.until), zone)],
    [t('f.mailing_question'), filter.question && `${wording(filter.question)} ${t(`mailing.answer.${filter.answer ?? 'yes'}`)}`],
    [t('f.mailing_fallback'), fallbackLanguage ? t.languageName(fallbackLanguage) : t('mailing.no-fallback')],
  ] as [string, string | undefined][]).filter((each): each is [string, string] => Boolean(each[1]))
}

function trialCard(t: DeskWords, { id, state, zone }: Mailing, texts: Map<string, MailingText>, trials: Trial[]): Html | false {
  if (texts.size === 0 || state === 'stopped' || state === 'sent') return false
  return html`<section class="card"><h2>${t('mailing.trial')}</h2><p class="soft">${t('mailing.trial.why')}</p><div class="row">${[...texts.keys()].map((language) => button(`/mailings/${id}/trial`, t('mailing.trial.send', { language: t.languageName(language) }), { language }))}</div>
${trials.length > 0 && html`<ul>${trials.map((trial) => html`<li>${t(`mailing.trial.${trial.state}`, { language: t.languageName(trial.language), moment: t.moment(trial.askedAt, zone) })}${trial.problem && html` <small>${problemWords(t, trial.problem)}</small>`}</li>`)}</ul>`}</section>`
}
