import { html, type Html } from '#platform/html/html.ts'
import { field } from '#platform/http/server.ts'
import { askForTrial, bulletinStanding, leftOutReasons, pauseBulletin, readHabits, trialsOf, type BulletinStanding, type Trial } from '#modules/mailings/index.ts'
import { bulletinFrequencies } from '#modules/people/index.ts'
import { allSubjects, nameIn, type Subject } from '#modules/places/index.ts'
import { offerBulletins, readPublisher, type Publisher } from '#modules/publisher/index.ts'
import type { Desk } from '../context.ts'
import { button } from '../forms.ts'
import type { DeskPage } from '../look/layout.ts'
import { mailingMark } from '../mailings/list.ts'
import { idOf, notFoundUnless, orNotFound, type Answer, type DeskPages, type Visit } from '../pages.ts'
import type { DeskWords } from '../words/index.ts'
import { within } from './parts.ts'

/** The bulletin of a place or topic by e-mail: how many want it, what they get next, and what they got. */
export function bulletinRoutes(pages: DeskPages, desk: Desk): void {
  pages.get('/subjects/:id/bulletin', async (visit) => bulletinPage(desk, visit, await open(desk, visit)), 'publish-pages', { limited: true })
  pages.post('/subjects/:id/bulletin/pause', async (visit): Promise<Answer> => {
    const subject = await open(desk, visit)
    await pages.change(visit, { verb: 'pause-bulletin', subjectKind: 'subject', subjectIds: [subject.id] }, (tx) => pauseBulletin(tx, subject.id, true, visit.now), Boolean)
    return { to: pathOf(subject), said: 'said.saved' }
  }, 'publish-pages', { limited: true })
  pages.post('/subjects/:id/bulletin/resume', async (visit): Promise<Answer> => {
    const subject = await open(desk, visit)
    await pages.change(visit, { verb: 'resume-bulletin', subjectKind: 'subject', subjectIds: [subject.id] }, (tx) => pauseBulletin(tx, subject.id, false, visit.now), Boolean)
    return { to: pathOf(subject), said: 'said.saved' }
  }, 'publish-pages', { limited: true })
  pages.post('/subjects/:id/bulletin/trial', async (visit): Promise<Answer> => {
    const subject = await open(desk, visit)
    const { languages } = await readPublisher(desk.db)
    const language = notFoundUnless(field(visit.body, 'language'), (code) => languages.includes(code))
    await pages.change(visit, { verb: 'try-mailing', subjectKind: 'subject', subjectIds: [subject.id], details: { language } }, (tx) => askForTrial(tx, { subjectId: subject.id }, { language, staffId: visit.staff.id }, visit.now))
    return { to: pathOf(subject), said: 'said.mailing-trial' }
  }, 'publish-pages', { limited: true })
  // The question is the same for all places and topics.
  pages.post('/subjects/:id/bulletin/offer', async (visit): Promise<Answer> => {
    const subject = await open(desk, visit)
    const publisher = await readPublisher(desk.db)
    await pages.change(visit, { verb: 'add-statement', subjectKind: 'statement', subjectIds: [] }, (tx) => offerBulletins(tx, publisher, visit.now), Boolean)
    return { to: pathOf(subject), said: 'said.saved' }
  }, 'keep-data')
}

function pathOf({ id }: Pick<Subject, 'id'>): string {
  return `/subjects/${id}/bulletin`
}

async function open(desk: Desk, visit: Visit): Promise<Subject> {
  const [subject] = await allSubjects(desk.db, { id: idOf(visit) })
  return notFoundUnless(orNotFound(subject), (each) => within(visit.reach, [each]))
}

async function bulletinPage(desk: Desk, visit: Visit, subject: Subject): Promise<DeskPage> {
  const { t, staff, now } = visit
  const publisher = await readPublisher(desk.db)
  const its = await bulletinStanding(desk.db, subject.id, publisher.zone, now)
  const name = nameIn(subject, t.language, publisher.defaultLanguage)
  const trials = await trialsOf(desk.db, { subjectId: subject.id }, staff.id)
  const offer = !its.offered && html`<div class="notice"><p>${t('bulletin.not-offered')}</p>${visit.may('keep-data') ? button(`${pathOf(subject)}/offer`, t('bulletin.offer'), {}, '') : html`<p>${t('bulletin.who-offers')}</p>`}</div>`
  return {
    title: t('bulletin.title', { name }), section: 'items', crumbs: [{ href: '/items', label: t('nav.items') }, { href: '/subjects', label: t('nav.subjects') }, { href: `/subjects/${subject.id}`, label: name }],
    body: html`<p class="soft">${t('bulletin.why')}</p>${offer}${readersCard(t, its)}${await nextCard(desk, t, subject, its, publisher)}${trialCard(t, subject, publisher, trials)}${editionsCard(t, its)}`,
  }
}

function readersCard(t: DeskWords, { readers, waiting }: BulletinStanding): Html {
  const all = readers.reduce((sum, each) => sum + each.count, 0)
  return html`<section class="card"><p class="big">${t.number(all)}</p><p>${t('bulletin.readers', { count: all })}${waiting > 0 && html` <small>${t('bulletin.waiting', { count: waiting })}</small>`}</p>
${bulletinFrequencies.map((frequency) => {
    const its = readers.filter((each) => each.frequency === frequency)
    return its.length > 0 && html`<h3>${t(`bulletin.${frequency}`)}</h3><dl class="facts">${its.map(({ language, count }) => html`<dt>${t.languageName(language)}</dt><dd>${t.number(count)}</dd>`)}</dl>`
  })}</section>`
}

async function nextCard(desk: Desk, t: DeskWords, subject: Subject, { pausedAt, untold, nextWeekly }: BulletinStanding, { zone }: Publisher): Promise<Html> {
  const { settleMinutes } = await readHabits(desk.db)
  return html`<section class="card"><h2>${t('bulletin.next')}</h2>${pausedAt ? html`<p><b>${t('bulletin.is-paused', { moment: t.moment(pausedAt, zone) })}</b></p>`
    : html`<p>${untold['at-once'] ? t('bulletin.next.at-once', { minutes: settleMinutes }) : t('bulletin.next.nothing')}</p><p>${t(untold.weekly ? 'bulletin.next.weekly' : 'bulletin.next.weekly-nothing', { moment: t.moment(nextWeekly, zone) })}</p>`}
<div class="row">${pausedAt ? button(`${pathOf(subject)}/resume`, t('bulletin.resume'), {}, '') : button(`${pathOf(subject)}/pause`, t('bulletin.pause'))}</div><p class="soft">${t('bulletin.pause.why')}</p></section>`
}

function trialCard(t: DeskWords, subject: Subject, { languages, zone }: Publisher, trials: Trial[]): Html {
  return html`<section class="card"><h2>${t('bulletin.trial')}</h2><p>${t('bulletin.trial.why')}</p><div class="row">${languages.map((language) => button(`${pathOf(subject)}/trial`, t.languageName(language), { language }))}</div>
${trials.length > 0 && html`<ul>${trials.map((each) => html`<li>${t(`mailing.trial.${each.state}`, { language: t.languageName(each.language), moment: t.moment(each.askedAt, zone) })}</li>`)}</ul>`}</section>`
}

function editionsCard(t: DeskWords, { editions }: BulletinStanding): Html {
  return html`<section class="card"><h2>${t('bulletin.editions')}</h2>${editions.length === 0 ? html`<p>${t('bulletin.no-editions')}</p>`
    : html`<div class="scroll" role="region" tabindex="0" aria-label="${t('bulletin.editions')}"><table><thead><tr><th scope="col">${t('mailings.time')}</th><th scope="col">${t('actions.state')}</th><th scope="col" class="n">${t('mailing.count.accepted')}</th><th scope="col">${t('bulletin.besides')}</th></tr></thead><tbody>
${editions.map(({ edition, state, practice, createdAt, zone, numbers }) => html`<tr><td>${t.moment(createdAt, zone)}<small>${t(`bulletin.${edition!.frequency}`)}</small></td><td>${mailingMark(t, state)}${practice && html`<small>${t('outbox.practice')}</small>`}</td><td class="n">${t.number(numbers.accepted)}</td><td>${besides(t, numbers)}</td></tr>`)}</tbody></table></div>`}<p class="soft">${t('outbox.honest')}</p></section>`
}

function besides(t: DeskWords, numbers: BulletinStanding['editions'][number]['numbers']): string {
  const counts = ([['queued', numbers.queued + numbers.sending], ['failed', numbers.failed], ['unknown', numbers.unknown], ['bounced', numbers.bounced], ['complained', numbers.complained], ['unsubscribed', numbers.unsubscribed]] as const)
    .filter(([, count]) => count > 0).map(([name, count]) => `${t(`mailing.count.${name}`)}: ${t.number(count)}`)
  return [...counts, ...leftOutReasons.filter((reason) => numbers.leftOut[reason]).map((reason) => `${t(`mailing.left-out.${reason}`)}: ${t.number(numbers.leftOut[reason]!)}`)].join(' · ')
}
