import { createHmac } from 'node:crypto'
import { reading, sql } from '#platform/db.ts'
import { html, type Html } from '#platform/html/html.ts'
import { field, notFound, seeOther, type FastifyReply, type FastifyRequest } from '#platform/http/server.ts'
import { isToken, tokenHash } from '#platform/tokens.ts'
import { isUuid, uuidOf } from '#platform/uuid.ts'
import type { BulletinQuestion } from '#modules/mailings/index.ts'
import { bulletinFrequencies, readAddress, type BulletinFrequency } from '#modules/people/index.ts'
import type { SubjectKind } from '#modules/places/index.ts'
import type { ShownSubject } from '#modules/publishing/index.ts'
import { sendBusy } from '../busy.ts'
import type { PathParameters, Site } from '../context.ts'
import { errorSummary, hidden, textField, type Faults, type Typed } from '../forms/fields.ts'
import { passOrWork } from '../guard/guard.ts'
import { unknownLinkPage } from '../links/pages.ts'
import { localPath, type Frame, type PageParts } from '../look/layout.ts'
import type { Pages } from '../pages/page.ts'
import { notTaken } from '../switchboard.ts'
import { allSubjects, findSubject, folders, subjectName, subjectPath } from './subjects.ts'

/** The question in the page's language or another one; nothing where bulletins are not offered. */
async function questionIn(site: Site, { t, publisher }: Frame): Promise<BulletinQuestion | undefined> {
  const all = await site.bulletinQuestions.get('')
  return [t.language, publisher.defaultLanguage].map((language) => all.find((each) => each.language === language)).find(Boolean) ?? all[0]
}

const wayThere = '/bulletin/by-mail'
/** How long the same wish from the same address is one wish, in milliseconds: a second click asks for no second mail. */
const sameWish = 300_000

/** Asking for the bulletin of a place or topic by e-mail. */
export function byMailRoutes(pages: Pages, site: Site, kind: SubjectKind): void {
  const subjectOf = (request: FastifyRequest) => findSubject(site, kind, (request.params as PathParameters).slug)
  const path = `${folders[kind]}/:slug${wayThere}`
  pages.getCached(path, async (frame, request) => {
    const subject = await subjectOf(request)
    const question = subject && await questionIn(site, frame)
    return question && formPage(frame, subject, question, {}, {})
  })
  pages.getCached(`${path}/asked`, async (frame, request) => {
    const subject = await subjectOf(request)
    return subject && askedPage(frame, subject)
  })
  // The same page in the same time whoever asks: nothing here looks anybody up.
  pages.post(path, async (frame, request, reply): Promise<FastifyReply> => {
    const subject = await subjectOf(request)
    const question = subject && await questionIn(site, frame)
    if (!question) return notFound()
    const { t } = frame
    const typed: Typed = { email: field(request.body, 'email').trim().slice(0, 300), often: field(request.body, 'often') }
    const again = (faults: Faults, status: number, notice?: string) => pages.send(frame, reply, formPage(frame, subject, question, typed, faults, notice), status)
    const off = notTaken(frame)
    if (off) return again({}, 503, off)
    const email = readAddress(typed.email ?? '')
    const frequency = bulletinFrequencies.find((each) => each === typed.often)
    if (!email || !frequency) return again({ ...(!email && { email: t(typed.email ? 'fault.email' : 'fault.email-missing') }), ...(!frequency && { often: t('by-mail.choose') }) }, 422)
    // The words that were read are those that the form has; where they have changed since, the form is shown again.
    if (field(request.body, 'wording') !== question.wording) return again({}, 422, t('by-mail.reworded'))
    const id = uuidOf(createHmac('sha256', site.clickKey).update(JSON.stringify([subject.id, email, frequency, Math.floor(site.now().getTime() / sameWish)])).digest())
    const passing = await passOrWork(pages, frame, request, reply, { id: subject.id, rehearsing: false }, { email, form: id })
    if (!passing.through) return passing.sent
    const outcome = await site.collector.submit({ kind: 'bulletin-request', id, subject: subject.id, frequency, statement: question.statement, wording: question.wording, email, language: t.language, at: site.now().toISOString() })
    if (outcome === 'kept') return seeOther(reply, localPath(frame, subjectPath(subject, `${wayThere}/asked`)))
    return site.collector.full ? sendBusy(frame, request, reply) : again({}, 503, t('form.busy'))
  })
}

/** Where a bulletin's mails lead: saying yes to it, changing how often it comes, and ending it. Opening the page changes nothing. */
export function bulletinLinkRoutes(pages: Pages, site: Site): void {
  pages.get('/bulletin/:token', async (frame, request, reply) => {
    const link = await bulletinLink(site, request)
    return link ? pages.send(frame, reply, linkPage(frame, link, await nameOf(site, frame, link), await questionIn(site, frame))) : pages.send(frame, reply, unknownLinkPage(frame), 404)
  })
  pages.post('/bulletin/:token', async (frame, request, reply) => {
    const link = await bulletinLink(site, request)
    if (!link) return pages.send(frame, reply, unknownLinkPage(frame), 404)
    const what = (['yes', 'not-me', ...bulletinFrequencies, 'never'] as const).find((each) => each === field(request.body, 'what'))
    const here = localPath(frame, `/bulletin/${link.token}`)
    if (!what) return seeOther(reply, here)
    const wording = field(request.body, 'wording')
    const outcome = await site.collector.submit({ kind: 'bulletin-use', link: tokenHash(link.token).toString('base64url'), what, at: site.now().toISOString(), ...(isUuid(wording) && { wording }) })
    return outcome === 'kept' ? seeOther(reply, localPath(frame, `/done/bulletin/${what}`)) : sendBusy(frame, request, reply)
  })
  for (const what of ['yes', 'not-me', ...bulletinFrequencies, 'never'] as const) {
    pages.getCached(`/done/bulletin/${what}`, async (frame) => ({ title: frame.t(`by-mail.done.${what}`), narrow: true, path: `/done/bulletin/${what}`, body: html`<h1>${frame.t(`by-mail.done.${what}`)}</h1><p class="stand">${frame.t('by-mail.done.why')}</p>` }))
  }
}

interface BulletinLink {
  token: string
  subjectId: string
  state: 'waiting' | 'confirmed' | 'refused'
  frequency: BulletinFrequency | 'monthly' | 'never'
}

async function bulletinLink(site: Site, request: FastifyRequest): Promise<BulletinLink | undefined> {
  const { token } = request.params as PathParameters
  if (!isToken(token)) return undefined
  const { rows: [row] } = await reading(site.db, (tx) => sql<{ subject_id: string, state: BulletinLink['state'], frequency: BulletinLink['frequency'] }>`select subject_id, state, frequency from bulletin_link(${tokenHash(token)})`.execute(tx))
  return row && { token, subjectId: row.subject_id, state: row.state, frequency: row.frequency }
}

/** The place's name as long as it has a page. */
async function nameOf(site: Site, frame: Frame, { subjectId }: BulletinLink): Promise<string> {
  const subject = (await allSubjects(site)).find(({ id }) => id === subjectId)
  return subject ? subjectName(frame, subject).name : ''
}

function linkPage(frame: Frame, { token, state, frequency }: BulletinLink, name: string, question: BulletinQuestion | undefined): PageParts {
  const { t } = frame
  const action = localPath(frame, `/bulletin/${token}`)
  const one = (what: string, label: string, className: string) => html`<form method="post" action="${action}">${hidden({ what, wording: what === 'at-once' || what === 'weekly' ? question?.wording : undefined })}<button class="${className}">${label}</button></form>`
  const title = t(state === 'waiting' ? 'by-mail.confirm' : state === 'refused' ? 'link.withdrawn.title' : 'by-mail.change')
  const others = bulletinFrequencies.filter((each) => each !== frequency)
  return {
    title, narrow: true,
    body: html`${name && html`<p class="kind"><bdi>${name}</bdi></p>`}<h1>${title}</h1>${state === 'waiting' ? html`<p>${t(frequency === 'weekly' ? 'by-mail.confirm.weekly' : 'by-mail.confirm.at-once')}</p><div class="card">${one('yes', t('by-mail.yes'), 'go')}</div>${one('not-me', t('link.not-me.title'), 'plain')}`
      : state === 'refused' ? html`<p>${t('link.refused.why')}</p>`
        : html`<p class="stand">${t(frequency === 'monthly' ? 'by-mail.now.never' : `by-mail.now.${frequency}`)}</p><div class="card">${question && html`<p dir="auto">${question.words}</p>`}${question && others.map((each) => one(each, t(`by-mail.to.${each}`), 'go'))}${frequency !== 'never' && one('never', t('by-mail.to.never'), 'plain')}</div>
<ul class="other"><li><a href="${localPath(frame, `/my-data/${token}`)}">${t('by-mail.data')}</a></li><li><a href="${localPath(frame, `/unsubscribe/${token}`)}">${t('link.unsubscribe.title')}</a></li></ul>`}`,
  }
}

function formPage(frame: Frame, subject: ShownSubject, question: BulletinQuestion, typed: Typed, faults: Faults, notice?: string): PageParts {
  const { t } = frame
  const path = subjectPath(subject, wayThere)
  const { name } = subjectName(frame, subject)
  const title = t('by-mail.title', { name })
  return {
    title, path, narrow: true,
    body: html`<p class="kind"><a href="${localPath(frame, subjectPath(subject))}">${name}</a></p><h1>${title}</h1><p class="stand">${t('by-mail.why')}</p>
<form method="post" action="${localPath(frame, path)}" class="card" novalidate>${notice && html`<div class="notice" role="alert"><p>${notice}</p></div>`}${errorSummary(t, faults)}${hidden({ wording: question.wording })}
${textField({ name: 'email', label: t('field.email'), hint: t('by-mail.email-hint'), typed, faults, required: true, autocomplete: 'email', type: 'email', maxLength: 254, direction: 'ltr' })}
<fieldset id="often"${faults.often !== undefined && html` aria-invalid="true"`}><legend>${t('my.often')}</legend>${bulletinFrequencies.map((each) => option(t(`by-mail.often.${each}`), each, typed.often === each))}${faults.often && html`<p class="wrong">${faults.often}</p>`}</fieldset>
<p dir="auto">${question.words}</p><button class="go">${t('by-mail.ask')}</button><p class="fine">${t('by-mail.kept')}</p></form>`,
  }
}

function option(label: string, value: string, chosen: boolean): Html {
  return html`<label class="opt"><input type="radio" name="often" value="${value}"${chosen && html` checked`}>${label}</label>`
}

function askedPage(frame: Frame, subject: ShownSubject): PageParts {
  const { t } = frame
  return {
    title: t('step.title'), path: subjectPath(subject, `${wayThere}/asked`), narrow: true,
    body: html`<p class="kind"><a href="${localPath(frame, subjectPath(subject))}">${subjectName(frame, subject).name}</a></p><h1>${t('by-mail.asked')}</h1><p class="stand">${t('by-mail.asked.why')}</p><p class="fine">${t('step.same')}</p>`,
  }
}
