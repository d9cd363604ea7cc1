import { reading, sql } from '#platform/db.ts'
import { cookieName, readCookie } from '#platform/http/cookies.ts'
import type { FastifyRequest } from '#platform/http/server.ts'
import { isToken, tokenHash } from '#platform/tokens.ts'
import type { PathParameters, Site } from '../context.ts'
import type { Frame } from '../look/layout.ts'
import type { LinkVerb } from './pages.ts'
import { signedCookie } from '../actions/hand-in.ts'

/** What a link in a mail is about. */
export interface LinkStatus {
  token: string
  slug: string
  kind: 'petition' | 'message'
  language: string
  state: 'waiting' | 'held' | 'confirmed' | 'repeated' | 'withdrawn' | 'refused' | 'removed'
  /** Whether this browser took the action: then it may confirm by itself. */
  sameBrowser: boolean
}

/** Looks a link up by its token; the link of a bulletin only lets its reader out of all mail (what else it does is at /bulletin). Nothing if it is none of ours, was altered, or what it was about is gone. */
export async function linkStatus(site: Site, request: FastifyRequest, verb?: LinkVerb): Promise<LinkStatus | undefined> {
  const { token } = request.params as PathParameters
  if (!isToken(token)) return undefined
  const cookie = readCookie(request.headers.cookie, cookieName(signedCookie, request.isSecure))
  const { rows: [row] } = await reading(site.db, (tx) => sql<{ slug: string, kind: LinkStatus['kind'] | 'bulletin', language: string, state: LinkStatus['state'], same_browser: boolean }>`
    select slug, kind, language, state, same_browser from link_status(${tokenHash(token)}, ${isToken(cookie) ? tokenHash(cookie) : null})`.execute(tx))
  if (!row || (row.kind === 'bulletin' && verb !== 'unsubscribe')) return undefined
  return { token, slug: row.slug, kind: row.kind === 'bulletin' ? 'petition' : row.kind, language: row.language, state: row.state, sameBrowser: row.same_browser }
}

/** What a topic of newsletters is called, as near to the reader's language as there is; nothing if there never was such a topic. */
export async function topicName(site: Site, topic: string, { t, publisher }: Frame): Promise<string | undefined> {
  if (!/^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/.test(topic)) return undefined
  const { rows: [row] } = await reading(site.db, (tx) => sql<{ name: string }>`
    select name from public_newsletter_topics where subject_id = ${topic} order by language = ${t.language} desc, language = ${publisher.defaultLanguage} desc, language limit 1`.execute(tx))
  return row?.name
}
