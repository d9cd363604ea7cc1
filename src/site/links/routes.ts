import { sql } from '#platform/db.ts'
import { plainDigits } from '#platform/digits.ts'
import { cookieName, readCookie, setCookie } from '#platform/http/cookies.ts'
import { notFound, field, seeOther, type FastifyReply, type FastifyRequest } from '#platform/http/server.ts'
import { isToken, newToken, tokenHash } from '#platform/tokens.ts'
import { codeHash, isLeavingToken, wordsIn, type LinkUse } from '#modules/actions/index.ts'
import { knownCookie, signedCookie } from '../actions/hand-in.ts'
import { actionPath, viewOf } from '../actions/parts.ts'
import { actionOf, type PathParameters, type Site } from '../context.ts'
import { localPath, type Frame } from '../look/layout.ts'
import type { Pages } from '../pages/page.ts'
import type { SiteWord } from '../words/index.ts'
import { busyBody, doneBody, forgetPage, leaveTopicPage, linkPage, oneMoreStepPage, settledPage, unknownLinkPage, type LinkVerb } from './pages.ts'
import { linkStatus, topicName, type LinkStatus } from './status.ts'

const knownSeconds = 30 * 86_400

/** What a page says of a link by the verb and the state of what it is about; nothing where the button still has something to do. */
const settled: Record<LinkVerb, Partial<Record<LinkStatus['state'], [heading: SiteWord, why: SiteWord]>>> = {
  confirm: {
    confirmed: ['link.confirmed.title', 'link.confirmed.why'], repeated: ['link.confirmed.title', 'link.repeated.why'],
    withdrawn: ['link.withdrawn.title', 'link.withdrawn.why'], refused: ['link.withdrawn.title', 'link.refused.why'],
  },
  'not-me': { withdrawn: ['link.withdrawn.title', 'link.withdrawn.why'], refused: ['link.refused.title', 'link.refused.why'] },
  withdraw: { withdrawn: ['link.withdrawn.title', 'link.withdrawn.why'], refused: ['link.withdrawn.title', 'link.refused.why'] },
  unsubscribe: {},
}

const useOf: Record<LinkVerb, LinkUse['kind']> = { confirm: 'confirmation', 'not-me': 'refusal', withdraw: 'withdrawal', unsubscribe: 'unsubscribing' }

export function linkRoutes(pages: Pages, site: Site): void {
  pages.getCached('/actions/:slug/one-more-step', async (frame, request) => {
    const action = await actionOf(site, request)
    return action && oneMoreStepPage(viewOf(frame, action))
  })

  pages.post('/actions/:slug/code', async (frame, request, reply) => {
    const action = await actionOf(site, request)
    if (!action) return notFound()
    const tried = await tryCode(site, request)
    const again = (fault: SiteWord) => pages.send(frame, reply, oneMoreStepPage(viewOf(frame, action), { code: frame.t(fault) }), 422)
    switch (tried.outcome) {
      case 'right': return use(frame, request, reply, { kind: 'confirmation', link: tried.link.toString('base64url') }, localPath(frame, actionPath({ slug: tried.slug }, '/thanks')))
      case 'too-many': return again('fault.code-tries')
      case 'nothing-waiting': return again('fault.code-nothing')
      case 'wrong': return again('fault.code')
    }
  })

  for (const verb of ['confirm', 'not-me', 'withdraw', 'unsubscribe'] as const) {
    pages.get(`/${verb}/:token`, async (frame, request, reply) => {
      const status = await linkStatus(site, request, verb)
      if (status) return pages.send(frame, reply, await pageFor(frame, status, verb))
      return mayBeOld(request, verb) ? pages.send(frame, reply, linkPage(frame, { token: request.params.token }, verb, { title: '', nothingLeaves: false })) : pages.send(frame, reply, unknownLinkPage(frame), 404)
    })
    pages.post(`/${verb}/:token`, async (frame, request, reply) => {
      const status = await linkStatus(site, request, verb)
      // RFC 8058: the mail program posts exactly this, with no cookie, and wants an answer without a redirect.
      const oneClick = verb === 'unsubscribe' && field(request.body, 'List-Unsubscribe') === 'One-Click'
      const { token } = request.params as PathParameters
      // Nothing is looked up here: the worker knows whether it made this token, and everybody gets the same answer.
      if (verb === 'unsubscribe' && isLeavingToken(token)) {
        if (oneClick) return await submitted({ kind: 'one-click-unsubscribing', link: token }) ? reply.code(200).send('') : reply.code(503).send('')
        return use(frame, request, reply, { kind: 'unsubscribing', link: token }, localPath(frame, '/done/unsubscribe'))
      }
      if (!status && oneClick) return reply.code(200).send('')
      if (!status && mayBeOld(request, verb)) return seeOther(reply, localPath(frame, '/done/unsubscribe'))
      if (!status) return pages.send(frame, reply, unknownLinkPage(frame), 404)
      const link = tokenHash(status.token).toString('base64url')
      if (oneClick) return await submitted({ kind: 'one-click-unsubscribing', link }) ? reply.code(200).send('') : reply.code(503).send('')
      if (settled[verb][status.state]) return seeOther(reply, localPath(frame, `/${verb}/${status.token}`))
      const next = verb === 'confirm' ? actionPath({ slug: status.slug }, '/thanks') : `/done/${verb}`
      return use(frame, request, reply, { kind: useOf[verb], link }, localPath(frame, next))
    })
    pages.getCached(`/done/${verb}`, async (frame) => ({
      title: frame.t(`link.${verb}.done`), narrow: true, path: `/done/${verb}`, body: doneBody(frame, verb),
    }))
  }

  // One topic of a newsletter alone; the way out of everything stands below. What is asked of the database is what topics there are, and nothing about the link.
  pages.get('/unsubscribe/:token/:topic', async (frame, request, reply) => {
    const { token, topic } = request.params as PathParameters & { topic: string }
    if (!isLeavingToken(token)) return pages.send(frame, reply, unknownLinkPage(frame), 404)
    const name = await topicName(site, topic, frame)
    return name ? pages.send(frame, reply, leaveTopicPage(frame, token, { id: topic, name })) : seeOther(reply, localPath(frame, `/unsubscribe/${token}`))
  })
  pages.post('/unsubscribe/:token/:topic', async (frame, request, reply) => {
    const { token, topic } = request.params as PathParameters & { topic: string }
    if (!isLeavingToken(token) || !await topicName(site, topic, frame)) return pages.send(frame, reply, unknownLinkPage(frame), 404)
    return use(frame, request, reply, { kind: 'unsubscribing', link: token, topic }, localPath(frame, '/done/leave-topic'))
  })
  pages.getCached('/done/leave-topic', async (frame) => ({ title: frame.t('link.topic.done'), narrow: true, path: '/done/leave-topic', body: doneBody(frame, 'topic') }))

  pages.getCached('/forget-me', async (frame) => forgetPage(frame, false))
  pages.post('/forget-me', async (frame, request, reply) => {
    for (const name of [signedCookie, knownCookie]) void reply.header('set-cookie', setCookie(name, '', { secure: request.isSecure, seconds: 0 }))
    return pages.send(frame, reply.header('clear-site-data', '"cache", "cookies", "storage"'), forgetPage(frame, true))
  })

  async function pageFor(frame: Frame, status: LinkStatus, verb: LinkVerb) {
    const action = await site.actions.get(status.slug)
    const title = action ? wordsIn(action, frame.t.language, frame.publisher.defaultLanguage).words.title : ''
    const done = settled[verb][status.state]
    return done ? settledPage(frame, status, done[0], done[1], title) : linkPage(frame, status, verb, { title, nothingLeaves: action?.nothingLeaves === true })
  }

  async function submitted(what: Pick<LinkUse, 'kind' | 'link' | 'known' | 'topic'>): Promise<boolean> {
    return await site.collector.submit({ ...what, at: site.now().toISOString() }) === 'kept'
  }

  /** Hands in what somebody asked for and sends them on. A browser that confirms gets a token, and is not asked again for 30 days. */
  async function use(frame: Frame, request: FastifyRequest, reply: FastifyReply, what: Pick<LinkUse, 'kind' | 'link' | 'topic'>, next: string): Promise<FastifyReply> {
    const token = what.kind === 'confirmation' ? newToken() : undefined
    if (!await submitted({ ...what, known: token && tokenHash(token).toString('base64url') })) {
      return pages.send(frame, reply.header('retry-after', '10'), { title: frame.t('busy.title'), narrow: true, body: busyBody(frame) }, 503)
    }
    if (token) void reply.header('set-cookie', setCookie(knownCookie, token, { secure: request.isSecure, seconds: knownSeconds }))
    return seeOther(reply, next)
  }
}

/**
 * Whether a token that we do not know may be of somebody who was erased since. Whoever wants no more mail is not told that their link is too
 * old for that: nobody writes to them any more, which is what they asked for. A link that was cut short gets the honest page.
 */
function mayBeOld(request: FastifyRequest, verb: LinkVerb): request is FastifyRequest<{ Params: { token: string } }> {
  const { token } = request.params as PathParameters
  return verb === 'unsubscribe' && (isToken(token) || isLeavingToken(token))
}

type Tried = { outcome: 'right', link: Buffer, slug: string } | { outcome: 'wrong' | 'too-many' | 'nothing-waiting' }

async function tryCode(site: Site, request: FastifyRequest): Promise<Tried> {
  const cookie = readCookie(request.headers.cookie, cookieName(signedCookie, request.isSecure))
  const code = plainDigits(field(request.body, 'code').normalize('NFKC')).replace(/\D/g, '')
  if (!isToken(cookie)) return { outcome: 'nothing-waiting' }
  const { rows: [row] } = await sql<{ outcome: Tried['outcome'], token_hash: Buffer | null, slug: string | null }>`
    select outcome, token_hash, slug from try_code(${tokenHash(cookie)}, ${codeHash(code, cookie)}, ${site.now()})`.execute(site.db)
  return row?.outcome === 'right' ? { outcome: 'right', link: row.token_hash!, slug: row.slug! } : { outcome: (row?.outcome ?? 'wrong') as 'wrong' }
}

