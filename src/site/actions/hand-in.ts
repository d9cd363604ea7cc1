import { createHmac, randomUUID } from 'node:crypto'
import { readCookie, cookieName, setCookie } from '#platform/http/cookies.ts'
import type { FastifyReply, FastifyRequest } from '#platform/http/server.ts'
import { sealable } from '#platform/sealing/index.ts'
import { isToken, newToken, tokenHash } from '#platform/tokens.ts'
import { recordPlace, type PublicAction, type RecordDetails, type Submitted, type WrittenMessage } from '#modules/actions/index.ts'
import type { Site } from '../context.ts'
import { wayOf } from '../pages/way.ts'
import type { Details } from './details-form.ts'

/** The cookie of a browser that took an action: opaque, a day long, the same whatever came of it. */
export const signedCookie = 'clarion-signed'
/** The token of a browser that confirmed an address: 30 days. */
export const knownCookie = 'clarion-known'

const day = 86_400

/**
 * Hands what a supporter did to the intake, and gives the browser its cookie. The answer says whether it is on disk and nothing
 * else: nobody can learn from it whether an address is known.
 */
export async function handIn(site: Site, request: FastifyRequest, reply: FastifyReply, given: {
  action: PublicAction, language: string, details: Details, ask?: string, area?: string, comment?: string, message?: WrittenMessage, surge?: boolean
}): Promise<Submitted> {
  const { action, details } = given
  const id = randomUUID()
  const cookies = request.headers.cookie
  const present = readCookie(cookies, cookieName(signedCookie, request.isSecure))
  const cookie = isToken(present) ? present : newToken()
  const known = readCookie(cookies, cookieName(knownCookie, request.isSecure))
  const { rehearsal } = wayOf(request)
  const outcome = await site.collector.submit({
    kind: 'taking', id, action: action.id, ask: given.ask, language: given.language, email: details.email, name: details.name, country: details.country,
    area: given.area, postcode: details.postcode, source: details.source, answers: details.answers, comment: given.comment, message: given.message,
    form: clickMark(site, details), cookie, known: isToken(known) ? known : undefined,
    rehearsal: isToken(rehearsal) ? tokenHash(rehearsal).toString('base64url') : undefined, at: site.now().toISOString(), surge: given.surge || undefined,
    record: details.phone || details.postalAddress ? await sealRecord(site, id, { phone: details.phone, postalAddress: details.postalAddress }) : undefined,
  })
  if (outcome === 'kept') void reply.header('set-cookie', setCookie(signedCookie, cookie, { secure: request.isSecure, seconds: day }))
  return outcome
}

/** The form's key, and a mark of what is sealed apart, so that settling can tell a second click from a corrected form without seeing it. */
function clickMark(site: Site, { form, phone, postalAddress }: Details): string {
  const key = form || newToken()
  return phone || postalAddress ? `${key}.${createHmac('sha256', site.clickKey).update(JSON.stringify([key, phone, postalAddress])).digest('base64url').slice(0, 16)}` : key
}

async function sealRecord(site: Site, id: string, record: RecordDetails): Promise<string> {
  const { table, column, row } = recordPlace(id)
  return (await site.records.context()).seal({ table, column, row }, sealable(record)).toString('base64')
}

