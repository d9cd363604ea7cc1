import { createHash } from 'node:crypto'
import { notFound, field, fields, seeOther, type FastifyReply, type FastifyRequest } from '#platform/http/server.ts'
import { isToken, newToken } from '#platform/tokens.ts'
import { reportContact, rulesNow, type PublicAction } from '#modules/actions/index.ts'
import { needsArea, needsCountry } from '#modules/messages/index.ts'
import { actionPage } from '../actions/action-page.ts'
import { readDetails, typedIn } from '../actions/details-form.ts'
import { handIn } from '../actions/hand-in.ts'
import { actionPath, viewOf, type ActionView } from '../actions/parts.ts'
import { actionOf, insteadOf, type Site } from '../context.ts'
import { sendBusy } from '../busy.ts'
import type { Faults } from '../forms/fields.ts'
import { passOrWork } from '../guard/guard.ts'
import { localPath, type Frame } from '../look/layout.ts'
import type { Handler, Pages } from '../pages/page.ts'
import { byYourselfPage, letterPage, whereForm } from './by-yourself-page.ts'
import { choosingPage } from './choosing-page.ts'
import { composePage } from './compose-page.ts'
import { carriedFrom, composedNames, detailsInWords, digestOffices, readTexts, seenBy, startComposing, writtenFrom } from './composing.ts'
import { asksArea } from './elsewhere.ts'
import { findingPage } from './finding-pages.ts'
import { otherwiseReached, readReport } from './channels.ts'
import { notTaken } from '../switchboard.ts'
import { areaChoices, findOrAway, findTargets, findTargetsAgain, seedOf, type Finding } from './finding.ts'
import { whereRoutes } from './where-page.ts'

export function messageRoutes(pages: Pages, site: Site): void {
  const withAction = (handle: (frame: Frame, action: PublicAction, request: FastifyRequest, reply: FastifyReply) => Promise<FastifyReply>): Handler => async (frame, request, reply) => {
    const action = await actionOf(site, request)
    return action?.kind === 'message' ? handle(frame, action, request, reply) : notFound()
  }

  /** Page one with everything that was typed, and what is wrong with it. */
  async function firstPage(frame: Frame, action: PublicAction, request: FastifyRequest, reply: FastifyReply, faults: Faults, status: number, notice = notTaken(frame)): Promise<FastifyReply> {
    const typed = typedIn(request.body, [...composedNames(request.body), 'copy'])
    // What comes back from page two carries the area that its postcode led to. A postcode that is changed now must lead to its own.
    if (field(request.body, 'revision') && typed.postcode) typed.area = ''
    const key = field(request.body, 'key')
    return pages.send(frame, reply, actionPage(site, viewOf(frame, action), {
      typed, faults, key: isToken(key) ? key : newToken(), source: field(request.body, 's'), notice, lists: await areaChoices(site, action, frame.t.language), instead: await insteadOf(site, frame, action),
    }), status)
  }

  async function nobodyFound(view: ActionView, finding: Exclude<Finding, { result: 'found' | 'to-choose' }>, request: FastifyRequest, reply: FastifyReply, next: '/write' | '/by-yourself'): Promise<FastifyReply> {
    countFailure(site, view.action, finding)
    const { body } = request
    const found = finding.result === 'nobody-to-write-to' ? finding : {}
    const details = next === '/write' ? detailsInWords(view.action, readDetails(view.frame.t, view.action, body).details, found, body) : undefined
    const carried = details ? { ...carriedFrom(body), postcode: details.postcode ?? field(body, 'postcode') } : { postcode: field(body, 'postcode'), country: field(body, 'country'), draw: field(body, 'draw') || newToken() }
    return pages.send(view.frame, reply, findingPage(view, { finding, details, carried, shown: fields(body, 'shown'), done: fields(body, 'done'), lists: await areaChoices(site, view.action, view.frame.t.language), next }))
  }

  function chooseFirst(view: ActionView, { selected }: Extract<Finding, { result: 'to-choose' }>, request: FastifyRequest, reply: FastifyReply): FastifyReply {
    const { t } = view.frame
    const picked = fields(request.body, 'to')
    const tooMany = selected.toChoose.find((each) => each.tooMany)
    const fault = tooMany ? t('fault.choose-fewer', { count: tooMany.group.most }) : selected.gone.length ? t('fault.choice-gone') : field(request.body, 'picking') ? t('fault.choose-one') : undefined
    return pages.send(view.frame, reply, choosingPage(view, { selected, fault, picked, carried: carriedFrom(request.body), shown: fields(request.body, 'shown') }), fault ? 422 : 200)
  }

  pages.post('/actions/:slug/write', withAction(async (frame, action, request, reply) => {
    const view = viewOf(frame, action)
    const { details, faults } = readDetails(frame.t, action, request.body)
    if (action.standing !== 'open') return firstPage(frame, action, request, reply, {}, 409)
    if (notTaken(frame)) return firstPage(frame, action, request, reply, {}, 503)
    const rules = rulesNow(action.targets, action.bodies)
    if (asksArea(action, request.body) && !field(request.body, 'area') && !field(request.body, 'postcode').trim()) faults[action.schemeId ? 'postcode' : 'area'] = frame.t('fault.postcode')
    if (needsCountry(rules) && !details.country) faults.country = frame.t('fault.country')
    if (Object.keys(faults).length) return firstPage(frame, action, request, reply, faults, 422)
    const finding = await findOrAway(findTargets, site, action, request.body, { language: frame.t.language })
    if (finding.result === 'away') return firstPage(frame, action, request, reply, {}, 503, frame.t('form.busy'))
    if (finding.result === 'to-choose') return chooseFirst(view, finding, request, reply)
    if (finding.result !== 'found') return nobodyFound(view, finding, request, reply, '/write')
    return pages.send(frame, reply, composePage(view, startComposing(view, finding, detailsInWords(action, details, finding, request.body), request.body)))
  }))

  pages.post('/actions/:slug/details', withAction((frame, action, request, reply) => firstPage(frame, action, request, reply, {}, 200)))

  // Back to picking, with what was picked before.
  pages.post('/actions/:slug/choose', withAction(async (frame, action, request, reply) => {
    const view = viewOf(frame, action)
    const finding = await findOrAway(findTargetsAgain, site, action, { ...request.body as object, to: [] }, { language: frame.t.language })
    if (finding.result === 'away') return firstPage(frame, action, request, reply, {}, 503, frame.t('form.busy'))
    if (finding.result === 'to-choose') {
      return pages.send(frame, reply, choosingPage(view, { selected: finding.selected, picked: fields(request.body, 'to'), carried: carriedFrom(request.body), shown: fields(request.body, 'shown') }))
    }
    return firstPage(frame, action, request, reply, {}, 200)
  }))

  pages.post('/actions/:slug/send', withAction(async (frame, action, request, reply) => {
    const view = viewOf(frame, action)
    const { details, faults } = readDetails(frame.t, action, request.body)
    if (action.standing !== 'open') return firstPage(frame, action, request, reply, {}, 409)
    if (Object.keys(faults).length) return firstPage(frame, action, request, reply, faults, 422)
    const finding = await findOrAway(findTargetsAgain, site, action, request.body, { language: frame.t.language })
    if (finding.result === 'away') return firstPage(frame, action, request, reply, {}, 503, frame.t('form.busy'))
    if (finding.result === 'to-choose') return chooseFirst(view, finding, request, reply)
    if (finding.result !== 'found') return nobodyFound(view, finding, request, reply, '/write')
    const worded = detailsInWords(action, details, finding, request.body)
    const again = (wrong: Faults, notice: string | undefined, status: number) =>
      pages.send(frame, reply, composePage(view, { ...startComposing(view, finding, worded, request.body), faults: wrong, notice }), status)

    const notice = notTaken(frame)
    if (notice) return again({}, notice, 503)
    // A page of the version before does not say whom it showed.
    const seen = field(request.body, 'seen')
    if (seen && seen !== seenBy(finding)) return again({}, frame.t('compose.others'), 409)
    const { texts, faults: wrong } = readTexts(frame.t, view, finding, worded, request.body)
    if (Object.keys(wrong).length) return again(wrong, undefined, 422)
    if (field(request.body, 'revision') !== view.words.revisionId || field(request.body, 'told') !== digestOffices(view, finding.selected.targets).join(' ')) return again({}, frame.t('compose.changed'), 409)
    const passing = await passOrWork(pages, frame, request, reply, action, details)
    if (!passing.through) return passing.sent
    const outcome = await handIn(site, request, reply, { action, language: frame.t.language, details, area: finding.area?.id, surge: passing.surge, message: writtenFrom(view, finding, worded, texts, request.body) })
    if (outcome === 'kept') return seeOther(reply, localPath(frame, actionPath(action, '/one-more-step')))
    return site.collector.full ? sendBusy(frame, request, reply) : again({}, frame.t('form.busy'), 503)
  }))

  whereRoutes(pages, site)

  pages.get('/actions/:slug/by-yourself', withAction(async (frame, action, request, reply) => {
    const view = viewOf(frame, action)
    const rules = rulesNow(action.targets, action.bodies)
    if (action.standing === 'open' && (needsArea(rules) || needsCountry(rules))) return pages.send(frame, reply, whereForm(view, await areaChoices(site, action, frame.t.language)))
    return doByYourself(view, request, reply)
  }))
  pages.post('/actions/:slug/by-yourself', withAction((frame, action, request, reply) => doByYourself(viewOf(frame, action), request, reply)))

  async function doByYourself(view: ActionView, request: FastifyRequest, reply: FastifyReply): Promise<FastifyReply> {
    if (view.action.standing !== 'open') return pages.send(view.frame, reply, actionPage(site, view, { typed: {}, faults: {}, key: newToken(), instead: await insteadOf(site, view.frame, view.action) }), 409)
    const finding = await findOrAway(findTargets, site, view.action, request.body, { language: view.frame.t.language, pickElsewhere: true })
    if (finding.result === 'away') return pages.send(view.frame, reply, letterPage(view, undefined, { country: '', typed: () => '', draw: seedOf(request.body) }))
    if (finding.result === 'to-choose') return chooseFirst(view, finding, request, reply)
    if (finding.result !== 'found') return nobodyFound(view, finding, request, reply, '/by-yourself')
    return pages.send(view.frame, reply, byYourselfPage(view, finding, { draw: field(request.body, 'draw') || newToken(), country: field(request.body, 'country'), done: fields(request.body, 'done') }))
  }

  // What a supporter says they did by another way: counted as said, without anything of who says so. The page comes back as it was.
  pages.post('/actions/:slug/reported', withAction(async (frame, action, request, reply) => {
    const view = viewOf(frame, action)
    const from = field(request.body, 'from')
    const asking = { language: frame.t.language, pickElsewhere: from === 'by-yourself' }
    if (action.standing !== 'open') return firstPage(frame, action, request, reply, {}, 409)
    const finding = await findOrAway(findTargetsAgain, site, action, request.body, asking)
    if (finding.result === 'away') return firstPage(frame, action, request, reply, {}, 503, frame.t('form.busy'))
    const said = readReport(field(request.body, 'report'))
    const unreachable = finding.result === 'found' ? finding.selected.unreachable : finding.result === 'nobody-to-write-to' ? finding.unreachable : []
    const office = unreachable.find((each) => otherwiseReached(each) && each.target.office.id === said?.officeId)?.target.office
    const way = office && { phone: office.phone, form: office.url, post: office.postalAddress }[said!.channel]
    if (way !== undefined) {
      const once = seedOf(request.body)
      // Somebody who reports gives no address: nearness is told by the network alone.
      const passing = await passOrWork(pages, frame, request, reply, action, { email: nobodysAddress(once), form: once })
      if (!passing.through) return passing.sent
      const { practice } = await site.publisher.get('')
      if (!action.rehearsing) await reportContact(site.db, { once, actionId: action.id, officeId: said!.officeId, channel: said!.channel, practice }, site.now())
      const body = request.body as Record<string, unknown>
      body.done = [...new Set([...fields(body, 'done'), `${said!.channel} ${said!.officeId}`])]
    }
    if (from === 'by-yourself') return doByYourself(view, request, reply)
    if (finding.result === 'to-choose') return chooseFirst(view, finding, request, reply)
    if (finding.result !== 'found') return nobodyFound(view, finding, request, reply, '/write')
    return pages.send(frame, reply, composePage(view, startComposing(view, finding, detailsInWords(action, readDetails(frame.t, action, request.body).details, finding, request.body), request.body)))
  }))

  pages.post('/actions/:slug/letter', withAction(async (frame, action, request, reply) => {
    const view = viewOf(frame, action)
    const finding = await findOrAway(findTargetsAgain, site, action, request.body, { language: frame.t.language, pickElsewhere: field(request.body, 'from') !== 'compose' })
    if (finding.result === 'to-choose') return chooseFirst(view, finding, request, reply)
    if (finding.result !== 'away' && finding.result !== 'found' && finding.result !== 'nobody-to-write-to') return nobodyFound(view, finding, request, reply, '/by-yourself')
    const text = (name: string) => field(request.body, name)
    return pages.send(frame, reply, letterPage(view, finding.result === 'away' ? undefined : finding, { name: text('name'), postalAddress: text('address'), postcode: text('postcode'), country: text('country'), typed: text, draw: seedOf(request.body) }))
  }))
}

/** An address that is like no other one, made of what a form is known by. */
function nobodysAddress(seed: string): string {
  const letters = createHash('sha256').update(seed).digest('base64url').replace(/\d/g, 'x')
  return `${letters}@${letters}.invalid`
}

/** Counts what could not be found, without what was typed. */
function countFailure(site: Site, action: PublicAction, finding: Exclude<Finding, { result: 'found' | 'to-choose' }>): void {
  if (!action.schemeId || finding.result === 'no-place') return
  if (finding.result === 'nobody-to-write-to') {
    for (const { why } of finding.unreachable) if (why === 'vacant' || why === 'no-address') site.failures.add(action.schemeId, '', why)
  } else if (finding.result === 'ambiguous') site.failures.add(action.schemeId, '', 'ambiguous')
  else site.failures.addTyped(finding.scheme, finding.typed, finding.result)
}
