import { createHash } from 'node:crypto'
import { notFound, field, fields, seeOther, type FastifyReply, type FastifyRequest } from '#platform/http/server.ts'
import { isToken, newToken } from '#platform/tokens.ts'
import { rulesNow, type PublicAction } from '#modules/actions/index.ts'
import { needsArea, startingText } from '#modules/messages/index.ts'
import { actionPage } from '../actions/action-page.ts'
import { readDetails, typedIn } from '../actions/details-form.ts'
import { handIn } from '../actions/hand-in.ts'
import { actionPath, viewOf, type ActionView } from '../actions/parts.ts'
import { actionOf, insteadOf, type Site } from '../context.ts'
import { sendBusy } from '../busy.ts'
import type { Faults, Typed } from '../forms/fields.ts'
import { passOrWork } from '../guard/guard.ts'
import { localPath, type Frame } from '../look/layout.ts'
import type { Handler, Pages } from '../pages/page.ts'
import { byYourselfPage, letterPage, whereForm } from './by-yourself-page.ts'
import { composePage, digestOffices, writerOf, type ComposeState } from './compose-page.ts'
import { findingPage } from './finding-pages.ts'
import { notTaken } from '../switchboard.ts'
import { areaChoices, findOrAway, findTargets, findTargetsAgain, type Finding } from './finding.ts'
import { addresseesMark } from './when-sent.ts'
import { whereRoutes } from './where-page.ts'

const composed = ['subject', 'body', 'start', 'copy']

export function messageRoutes(pages: Pages, site: Site): void {
  const withAction = (handle: (frame: Frame, action: PublicAction, request: FastifyRequest, reply: FastifyReply) => Promise<FastifyReply>): Handler => async (frame, request, reply) => {
    const action = await actionOf(site, request)
    return action?.kind === 'message' ? handle(frame, action, request, reply) : notFound()
  }

  /** Page one with everything that was typed, and what is wrong with it. */
  async function firstPage(frame: Frame, action: PublicAction, request: FastifyRequest, reply: FastifyReply, faults: Faults, status: number, notice = notTaken(frame)): Promise<FastifyReply> {
    const typed = typedIn(request.body, composed)
    // What comes back from page two carries the area that its postcode led to. A postcode that is changed now must lead to its own.
    if (field(request.body, 'revision') && typed.postcode) typed.area = ''
    const key = field(request.body, 'key')
    return pages.send(frame, reply, actionPage(site, viewOf(frame, action), {
      typed, faults, key: isToken(key) ? key : newToken(), source: field(request.body, 's'), notice, lists: await areaChoices(site, action, frame.t.language), instead: await insteadOf(site, frame, action),
    }), status)
  }

  async function nobodyFound(view: ActionView, finding: Exclude<Finding, { result: 'found' }>, request: FastifyRequest, reply: FastifyReply, next: '/write' | '/by-yourself'): Promise<FastifyReply> {
    countFailure(site, view.action, finding)
    const carried = next === '/write' ? carriedFrom(request.body) : { postcode: field(request.body, 'postcode') }
    return pages.send(view.frame, reply, findingPage(view, { finding, carried, shown: fields(request.body, 'shown'), lists: await areaChoices(site, view.action, view.frame.t.language), next }))
  }

  pages.post('/actions/:slug/write', withAction(async (frame, action, request, reply) => {
    const view = viewOf(frame, action)
    const { details, faults } = readDetails(frame.t, action, request.body)
    if (action.standing !== 'open') return firstPage(frame, action, request, reply, {}, 409)
    if (notTaken(frame)) return firstPage(frame, action, request, reply, {}, 503)
    if (needsArea(rulesNow(action.targets, action.bodies)) && !field(request.body, 'area') && !field(request.body, 'postcode').trim()) faults[action.schemeId ? 'postcode' : 'area'] = frame.t('fault.postcode')
    if (Object.keys(faults).length) return firstPage(frame, action, request, reply, faults, 422)
    const finding = await findOrAway(findTargets, site, action, request.body)
    if (finding.result === 'away') return firstPage(frame, action, request, reply, {}, 503, frame.t('form.busy'))
    if (finding.result !== 'found') return nobodyFound(view, finding, request, reply, '/write')
    return pages.send(frame, reply, composePage(view, startComposing(view, finding, { ...details, postcode: finding.code ?? details.postcode }, request.body)))
  }))

  pages.post('/actions/:slug/details', withAction((frame, action, request, reply) => firstPage(frame, action, request, reply, {}, 200)))

  pages.post('/actions/:slug/send', withAction(async (frame, action, request, reply) => {
    const view = viewOf(frame, action)
    const { details, faults } = readDetails(frame.t, action, request.body)
    if (action.standing !== 'open') return firstPage(frame, action, request, reply, {}, 409)
    if (Object.keys(faults).length) return firstPage(frame, action, request, reply, faults, 422)
    const finding = await findOrAway(findTargetsAgain, site, action, request.body)
    if (finding.result === 'away') return firstPage(frame, action, request, reply, {}, 503, frame.t('form.busy'))
    if (finding.result !== 'found') return nobodyFound(view, finding, request, reply, '/write')
    const again = (wrong: Faults, notice: string | undefined, status: number) =>
      pages.send(frame, reply, composePage(view, { ...startComposing(view, finding, details, request.body), faults: wrong, notice }), status)

    const notice = notTaken(frame)
    if (notice) return again({}, notice, 503)
    const subject = field(request.body, 'subject').replace(/\s+/g, ' ').trim()
    const body = action.options.editing === 'locked' ? startingText(view.words.words, writerOf(view, details, finding.area)).body : field(request.body, 'body').trim()
    const wrong: Faults = {
      ...(!subject && { subject: frame.t('fault.subject') }), ...(subject.length > 200 && { subject: frame.t('fault.subject-long') }),
      ...(!body && { body: frame.t('fault.body') }), ...(body.length > 20_000 && { body: frame.t('fault.body-long') }),
    }
    if (Object.keys(wrong).length) return again(wrong, undefined, 422)
    const shownTo = field(request.body, 'to')
    if (shownTo && shownTo !== addresseesMark(finding)) return again({}, frame.t('compose.others'), 409)
    if (field(request.body, 'revision') !== view.words.revisionId || field(request.body, 'told') !== digestOffices(view, finding.targets).join(' ')) return again({}, frame.t('compose.changed'), 409)
    const passing = await passOrWork(pages, frame, request, reply, action, details)
    if (!passing.through) return passing.sent
    const outcome = await handIn(site, request, reply, {
      action, language: frame.t.language, details, area: finding.area?.id, surge: passing.surge,
      message: {
        revision: view.words.revisionId, subject, body, offices: finding.targets.map(({ office }) => office.id),
        holders: finding.targets.map(({ office }) => office.holders.map((holder) => holder.id)), copy: field(request.body, 'copy') === 'yes' && action.options.copy,
        told: { digest: digestOffices(view, finding.targets), asked: field(request.body, 'asked') === 'yes' },
        postalAddress: action.options.postalAddress === 'no' ? undefined : details.postalAddress, postcode: details.postcode,
      },
    })
    if (outcome === 'kept') return seeOther(reply, localPath(frame, actionPath(action, '/one-more-step')))
    return site.collector.full ? sendBusy(frame, request, reply) : again({}, frame.t('form.busy'), 503)
  }))

  whereRoutes(pages, site)

  pages.get('/actions/:slug/by-yourself', withAction(async (frame, action, request, reply) => {
    const view = viewOf(frame, action)
    if (action.standing === 'open' && needsArea(rulesNow(action.targets, action.bodies))) return pages.send(frame, reply, whereForm(view, await areaChoices(site, action, frame.t.language)))
    return doByYourself(view, request, reply)
  }))
  pages.post('/actions/:slug/by-yourself', withAction((frame, action, request, reply) => doByYourself(viewOf(frame, action), request, reply)))

  async function doByYourself(view: ActionView, request: FastifyRequest, reply: FastifyReply): Promise<FastifyReply> {
    if (view.action.standing !== 'open') return pages.send(view.frame, reply, actionPage(site, view, { typed: {}, faults: {}, key: newToken(), instead: await insteadOf(site, view.frame, view.action) }), 409)
    const finding = await findOrAway(findTargets, site, view.action, request.body)
    if (finding.result === 'away') return pages.send(view.frame, reply, letterPage(view, undefined, {}))
    return finding.result === 'found' ? pages.send(view.frame, reply, byYourselfPage(view, finding)) : nobodyFound(view, finding, request, reply, '/by-yourself')
  }

  pages.post('/actions/:slug/letter', withAction(async (frame, action, request, reply) => {
    const view = viewOf(frame, action)
    const finding = await findOrAway(findTargets, site, action, request.body)
    const found = finding.result === 'away' ? undefined : finding.result === 'nobody-to-write-to' ? { ...finding, result: 'found' as const, targets: [] } : finding
    if (found && found.result !== 'found') return nobodyFound(view, found, request, reply, '/by-yourself')
    const text = (name: string) => field(request.body, name)
    return pages.send(frame, reply, letterPage(view, found, { name: text('name'), postalAddress: text('address'), postcode: text('postcode'), subject: text('subject'), body: text('body') }))
  }))
}

/** The details of page one that travel with page two. */
function carriedFrom(body: unknown): Typed {
  const { comment: _, ...carried } = typedIn(body)
  return { ...carried, s: field(body, 's'), key: field(body, 'key'), in: field(body, 'in'), subject: field(body, 'subject'), body: field(body, 'body'), start: field(body, 'start') }
}

/**
 * The text to edit: fresh from the publisher, or what the supporter has made of it. Somebody who went back and now lives
 * elsewhere keeps their edits, and is told if the text they started from would be another one now.
 */
function startComposing(view: ActionView, found: Extract<Finding, { result: 'found' }>, details: ReturnType<typeof readDetails>['details'], body: unknown): ComposeState {
  const { action, words, frame: { t } } = view
  const fresh = startingText(words.words, writerOf(view, details, found.area))
  const start = createHash('sha256').update(fresh.body).digest('base64url').slice(0, 16)
  const typedBody = field(body, 'body')
  const former = field(body, 'start')
  const edited = typedBody !== '' && former !== '' && action.options.editing === 'editable'
  const { subject: _, body: __, start: ___, ...others } = carriedFrom(body)
  const carried = { ...others, postcode: details.postcode }
  const untouched = createHash('sha256').update(typedBody.trim()).digest('base64url').slice(0, 16) === former
  const keep = edited && !untouched
  return {
    found, details, faults: {}, shown: fields(body, 'shown'), carried: { ...carried, start, ...(found.area && { area: found.area.id }) },
    subject: field(body, 'subject') || fresh.subject, body: keep ? typedBody : fresh.body, start: fresh.body, copy: field(body, 'copy') === 'yes',
    notice: keep && former !== start ? t('compose.kept-edits') : undefined,
  }
}

/** Counts what could not be found, without what was typed. */
function countFailure(site: Site, action: PublicAction, finding: Exclude<Finding, { result: 'found' }>): void {
  if (!action.schemeId || finding.result === 'no-place') return
  if (finding.result === 'nobody-to-write-to') {
    // An office that we decided not to write to is not something that could not be found.
    for (const { why } of finding.unreachable) if (why !== 'opted-out') site.failures.add(action.schemeId, '', why)
  } else if (finding.result === 'ambiguous') site.failures.add(action.schemeId, '', 'ambiguous')
  else site.failures.addTyped(finding.scheme, finding.typed, finding.result)
}
