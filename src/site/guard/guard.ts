import { createHash, createHmac, hkdfSync } from 'node:crypto'
import { readFileSync } from 'node:fs'
import { localNetworkOf, networkOf } from '#platform/http/network.ts'
import { isOutage } from '#platform/db.ts'
import { field, type FastifyReply, type FastifyRequest } from '#platform/http/server.ts'
import { Works, type Challenge } from '#platform/work.ts'
import type { SiteSecrets } from '#platform/secrets.ts'
import type { PublicAction } from '#modules/actions/index.ts'
import { Guard, type Limits, type Sight } from '#modules/integrity/index.ts'
import { normaliseAddress } from '#modules/people/index.ts'
import type { Details } from '../actions/details-form.ts'
import type { Frame } from '../look/layout.ts'
import type { Pages } from '../pages/page.ts'
import type { Recent } from '../recent.ts'
import { workPage } from './page.ts'

/** The guard of one site: what it counts, what it asks, and how often it did. */
export interface Door {
  guard: Guard
  works: Works
  limits: Recent<Limits>
  stats: { asked: number, worked: number, waited: number }
}

export const workScript = readFileSync(new URL('work.js', import.meta.url))
export const workScriptPath = `/assets/work-${createHash('sha256').update(workScript).digest('hex').slice(0, 12)}.js`

export function openDoor(secrets: SiteSecrets, limits: Recent<Limits>): Door {
  const counting = sharedKey(secrets, 'clarion counting')
  const keyOfDay = (day: number) => createHmac('sha256', counting).update(String(day)).digest()
  return { guard: new Guard(keyOfDay), works: new Works(sharedKey(secrets, 'clarion work')), limits, stats: { asked: 0, worked: 0, waited: 0 } }
}

/**
 * All sites share keys without another secret to hand out: they are derived from the password of their role, which we make
 * ourselves, of 32 random bytes.
 */
export function sharedKey({ database }: SiteSecrets, use: string): Buffer {
  return Buffer.from(hkdfSync('sha256', database.password, '', use, 32))
}

/** Either a sign-up may go through, perhaps to be looked at by staff first, or a page has been sent that asks for work or a wait. */
export type Passing = { through: true, surge: boolean } | { through: false, sent: FastifyReply }

const through: Passing = { through: true, surge: false }

/**
 * Looks at a sign-up that is ready to be handed in. Far from every limit, which is nearly always, it goes through at once. Near one, the
 * browser works for a second and nobody notices; without script the same page says how long to wait. Far beyond one, both
 * take longer. Nobody is turned away.
 */
export async function passOrWork(pages: Pages, frame: Frame, request: FastifyRequest, reply: FastifyReply, about: Pick<PublicAction, 'id' | 'rehearsing'>, details: Pick<Details, 'email' | 'form'>): Promise<Passing> {
  const { door, now: clock } = pages.site
  const known = door.limits.get('')
  // While the database is away the intake says so, with every word that was typed.
  const limits = known instanceof Promise ? await known.catch((error: unknown) => (isOutage(error) ? undefined : Promise.reject(error as Error))) : known
  if (!limits) return through
  const network = networkOf(request.ip) ?? (limits.localNetworks ? localNetworkOf(request.ip) : undefined)
  if (!limits.active || network === undefined || about.rehearsing) return through
  const now = clock().getTime()
  const sight = door.guard.look({ action: about.id, email: details.email, network }, limits, now)
  if (sight.nearness === 'far-off') {
    door.guard.count(sight)
    return through
  }
  const mark = `${about.id} ${details.form} ${normaliseAddress(details.email)}`
  const worked = door.works.check(field(request.body, 'work'), mark, field(request.body, 'solution'), now)
  if (worked === 'solved' || worked === 'waited') {
    door.stats[worked === 'solved' ? 'worked' : 'waited'] += 1
    door.guard.count(sight)
    return { through: true, surge: limits.hold && looksLikeOneHand(sight, worked) }
  }
  door.stats.asked += 1
  const challenge = typeof worked === 'object' ? { ...worked.challenge, waitSeconds: worked.tooEarlyBy } : ask(door.works, sight, limits, mark, now)
  return { through: false, sent: pages.send(frame, reply.header('retry-after', String(challenge.waitSeconds)), workPage(frame, request, challenge), 429) }
}

/** About a second of a cheap phone's time; four where the limit is far behind. */
const bitsOf = { near: 13, beyond: 15 }

function ask(works: Works, { nearness }: Sight, { waitSeconds }: Limits, about: string, now: number): Challenge {
  return nearness === 'beyond' ? works.ask(about, { bits: bitsOf.beyond, waitSeconds: waitSeconds * 4 }, now) : works.ask(about, { bits: bitsOf.near, waitSeconds }, now)
}

/** A program can wait for many at once, a browser works for each: far beyond a limit what only waited is for staff to see. */
function looksLikeOneHand({ nearness, countedUp }: Sight, worked: 'solved' | 'waited'): boolean {
  return countedUp || (nearness === 'beyond' && worked === 'waited')
}
