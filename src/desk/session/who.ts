import { cookieName, readCookie } from '#platform/http/cookies.ts'
import { field, type FastifyRequest } from '#platform/http/server.ts'
import { isToken } from '#platform/tokens.ts'
import { isInterfaceLanguage } from '#platform/words.ts'
import { findSession, findStaff, type Staff } from '#modules/staff/index.ts'
import type { Desk } from '../context.ts'

export const sessionCookie = 'clarion-desk'

/** Whose session a request belongs to, with its token and when they last showed that it is them; nothing where there is none that still holds. */
export async function signedIn(desk: Desk, request: FastifyRequest, now: Date): Promise<{ staff: Staff, token: string, provedAt: Date | null } | undefined> {
  const token = readCookie(request.headers.cookie, cookieName(sessionCookie, request.isSecure))
  const session = isToken(token) ? await findSession(desk.db, token, now) : undefined
  const staff = session && await findStaff(desk.db, desk.opener, session.staffId)
  return staff && { staff, token: token!, provedAt: session.provedAt }
}

/** The language of the desk for whoever is not signed in: what they chose, or else what their browser asks for first, or else English. */
export function chosenLanguage(request: FastifyRequest): string {
  const asked = field(request.query, 'lang') || readCookie(request.headers.cookie, 'clarion-desk-language') || (request.headers['accept-language'] ?? '').slice(0, 2)
  return isInterfaceLanguage(asked) ? asked : 'en'
}
