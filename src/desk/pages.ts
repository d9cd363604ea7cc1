import { inTransaction, type Tx } from '#platform/db.ts'
import { html } from '#platform/html/html.ts'
import { field, notFound, Refusal, seeOther, sendPage, type FastifyInstance, type FastifyReply, type FastifyRequest } from '#platform/http/server.ts'
import { KeyElsewhere } from '#platform/sealing/index.ts'
import { isUuid } from '#platform/uuid.ts'
import { publisherTexts, readLive, readPublisher } from '#modules/publisher/index.ts'
import { audit, closedWhileLocked, findUndo, freshAbilities, freshMinutes, grantOf, holdingsOf, readLockdown, rolesGive, touchSession, type Ability, type AuditLine, type Grant, type Holding, type Reach, type Staff } from '#modules/staff/index.ts'
import { actionWithin } from '#modules/actions/index.ts'
import type { Desk } from './context.ts'
import { openPage } from './keys/open.ts'
import { answeredAgain, canProve, restoreFiles, signInAgainPage } from './session/again.ts'
import { holdsWords, keptWords, signedOutPage } from './session/signed-out.ts'
import { chosenLanguage, signedIn } from './session/who.ts'
import { deskLayout, framingPolicy, type DeskFrame, type DeskPage } from './look/layout.ts'
import { thingsToDo } from './today/things-to-do.ts'
import { deskWords, type DeskWord, type DeskWords } from './words/index.ts'

/** One visit of a staff member to one page. */
export interface Visit {
  t: DeskWords
  staff: Staff
  /** Whether there is anything that they may do with an ability. */
  may: (ability: Ability) => boolean
  /** Where the ability of this page reaches: rows outside do not exist for this visit. */
  reach: Reach
  /** Where another ability reaches: nowhere, if they have none of it. */
  reachOf: (ability: Ability) => Reach
  /** Whose deputy this is, where the ability of this page is not their own. Belongs into the audit line. */
  behalfOf: string | null
  /** The same visit with another of their abilities: with its reach, and on whose behalf they have that. */
  as: (ability: Ability) => Visit
  /** The token of this session. */
  session: string
  params: Record<string, string>
  query: (name: string) => string
  body: unknown
  request: FastifyRequest
  reply: FastifyReply
  now: Date
  /** The publisher's time zone: by its clock a page of the desk shows moments and takes days, unless what it is about has a clock of its own. */
  zone: string
}

/** Where to go after something was done, what to say there, and whether it can be taken back. */
export interface Onward {
  to: string
  said?: DeskWord
  undo?: string
}

export type Answer = DeskPage | Onward | FastifyReply
type Handler = (visit: Visit) => Promise<Answer>

/** What a page asks for: an ability, or any one of several. */
export type Asked = Ability | readonly Ability[]

export interface PageOptions {
  /**
   * The page shows and changes only what lies within `visit.reach`, so it is also for somebody whose ability is limited to their own.
   * Pages below `/actions/:id` need not say so: the action is looked at here.
   */
  limited?: boolean
  /** The page opens what is sealed: while everything is locked it is closed to everybody, whichever of the abilities they have. */
  opens?: boolean
}

/** The desk's pages: each for staff who are signed in and have the ability that it asks for. To others it does not exist. */
export class DeskPages {
  readonly desk: Desk
  readonly server: FastifyInstance
  /** What each address asks for. */
  readonly asked = new Map<string, Asked>()

  constructor(desk: Desk, server: FastifyInstance) {
    this.desk = desk
    this.server = server
  }

  /** A page to read, in a read-only transaction from the session to the last line of it. */
  get(path: string, handler: Handler, asked: Asked, options: PageOptions = {}): void {
    this.asked.set(`GET ${path}`, asked)
    this.server.get(path, (request, reply) => this.desk.reading(() => this.#visit(request, reply, { path, handler, asked, options })))
  }

  post(path: string, handler: Handler, asked: Asked, options: PageOptions = {}): void {
    this.asked.set(`POST ${path}`, asked)
    this.server.post(path, (request, reply) => this.#visit(request, reply, { path, handler, asked, options }))
  }

  /** Does something in one transaction together with its line in the audit log; without the line where `happened` says that nothing was done. */
  async change<Result>(visit: Visit, line: Omit<AuditLine, 'staffId'> | ((result: Result) => Omit<AuditLine, 'staffId'>), work: (tx: Tx) => Promise<Result>, happened: (result: Result) => boolean = () => true): Promise<Result> {
    return inTransaction(this.desk.db, async (tx) => {
      const result = await work(tx)
      if (happened(result)) await audit(tx, { ...(typeof line === 'function' ? line(result) : line), staffId: visit.staff.id, behalfOf: visit.behalfOf }, visit.now)
      return result
    })
  }

  async #visit(request: FastifyRequest, reply: FastifyReply, page: { path: string, handler: Handler, asked: Asked, options: PageOptions }): Promise<FastifyReply> {
    const now = this.desk.now()
    const session = await signedIn(this.desk, request, now)
    const locked = session && await readLockdown(this.desk.db) !== undefined
    if (!session || (locked && !rolesGive(session.staff.roles, 'lock-everything'))) {
      if (request.method === 'GET') return seeOther(reply, `/sign-in${request.url !== '/' ? `?next=${encodeURIComponent(request.url)}` : ''}`)
      if (!holdsWords(request.body)) return seeOther(reply, '/sign-in')
      const kept = await keptWords(deskWords(chosenLanguage(request)), request.body)
      return this.outside(request, reply, (t) => signedOutPage(t, request.url, kept))
    }
    const { staff, token } = session
    const holdings = await holdingsOf(this.desk.db, staff.id, now)
    const { ability, grant } = granted(holdings, page.asked)
    const params = request.params as Record<string, string>
    if (!await this.#reaches(grant, page, params)) notFound()
    if (request.method === 'POST') await touchSession(this.desk.db, token, now)
    const visit: Visit = {
      t: deskWords(staff.language), staff, may: (each) => grantOf(holdings, each) !== undefined, reach: grant.reach, reachOf: (each) => grantOf(holdings, each)?.reach ?? [], behalfOf: grant.behalfOf, as: (each) => ({ ...visit, ...(grantOf(holdings, each) ?? notFound()) }), session: token, params,
      query: (name) => field(request.query, name), body: request.body, request, reply, now, zone: (await readPublisher(this.desk.db)).zone,
    }
    const closed = locked && (page.options.opens || closedWhileLocked.has(ability))
    const answer = closed ? lockedPage(visit) : await this.#answer(visit, page, ability, session.provedAt)
    if ('to' in answer) return seeOther(reply, onwardPath(answer))
    if (!('title' in answer)) return answer
    if (answer.frames) reply.header('content-security-policy', framingPolicy)
    return sendPage(reply.code(answer.status ?? 200).header('cache-control', 'no-store'), deskLayout(await this.frame(request, visit), answer))
  }

  /** The page itself, or first the question whether it is still them. */
  async #answer(visit: Visit, { handler, asked }: { handler: Handler, asked: Asked }, ability: Ability, provedAt: Date | null): Promise<Answer> {
    if (visit.request.method !== 'POST') return this.#handled(handler, visit)
    // Of a page for any of several abilities, one of them that they have is enough to ask.
    const stale = [asked].flat().some((each) => freshAbilities.has(each) && visit.may(each)) && !isFresh(provedAt, visit.now)
    // Whoever has nothing yet to show that it is them may still set it up.
    const asks = stale && (ability !== 'account' || await canProve(this.desk, visit.staff))
    const again = asks ? await answeredAgain(this.desk, visit) : 'proved'
    if (again !== 'proved') return signInAgainPage(this.desk, visit, again)
    // Whoever answered by passkey comes back with a fresh session, and the file in the page.
    restoreFiles(visit.body)
    return this.#handled(handler, visit)
  }

  /** What somebody wants to see may lie under a key that is kept elsewhere: then the desk asks for it. */
  async #handled(handler: Handler, visit: Visit): Promise<Answer> {
    try {
      return await handler(visit)
    } catch (error) {
      if (error instanceof KeyElsewhere && this.desk.recordLock.standing(visit.now).state === 'locked') return { ...openPage(visit), status: 409 }
      throw error
    }
  }

  /** Whether a grant reaches what a page is about. Where it is limited, that is an action within it, or what the page itself limits. */
  async #reaches(grant: Grant, { path, options }: { path: string, options: PageOptions }, params: Record<string, string>): Promise<boolean> {
    if (grant.reach === 'everywhere' || options.limited) return true
    return /^\/actions\/:id(\/|$)/.test(path) && isUuid(params.id ?? '') && actionWithin(this.desk.db, grant.reach, params.id!)
  }

  async frame(request: FastifyRequest, visit: Visit | undefined, staff = visit?.staff): Promise<DeskFrame> {
    const { db, config, secrets, siteOrigin } = this.desk
    const publisher = await readPublisher(db)
    const { live } = await readLive(db, { origin: config.origins[0], installId: secrets.installId })
    const language = staff?.language ?? chosenLanguage(request)
    const t = deskWords(language)
    const said = field(request.query, 'said')
    const undo = field(request.query, 'undo')
    const things = visit ? await thingsToDo(this.desk, visit) : []
    return {
      t, staff, may: visit?.may ?? (() => false), practice: !live, locked: await readLockdown(db) !== undefined, siteOrigin, inbox: `http://localhost:${config.inboxPort}/?lang=${language}`, path: request.url.split('?')[0]!,
      publisherName: publisherTexts(publisher, language).name, waiting: things.length,
      said: t.has(`said.${said}`) ? { word: `said.${said}` as DeskWord, undo: staff && isUuid(undo) ? await undoOf(this.desk, undo, staff) : undefined } : undefined,
      noSecondFactor: staff !== undefined && !staff.hasOneTimeCode && !await hasPasskey(this.desk, staff.id),
    }
  }

  /** A page for somebody who is not signed in. */
  async outside(request: FastifyRequest, reply: FastifyReply, make: (t: DeskWords) => DeskPage): Promise<FastifyReply> {
    const frame = await this.desk.reading(() => this.frame(request, undefined))
    const page = make(frame.t)
    return sendPage(reply.code(page.status ?? 200).header('cache-control', 'no-store'), deskLayout(frame, page))
  }
}

/** The first of the asked abilities that somebody has everywhere, or else has at all; "there is no such page" if none. */
function granted(holdings: Holding[], asked: Asked): { ability: Ability, grant: Grant } {
  const all = [asked].flat().flatMap((ability) => {
    const grant = grantOf(holdings, ability)
    return grant ? [{ ability, grant }] : []
  })
  return all.find(({ grant }) => grant.reach === 'everywhere') ?? all[0] ?? notFound()
}

function lockedPage({ t, may }: Visit): DeskPage {
  return { title: t('lock.closed'), status: 403, body: html`<div class="notice"><p>${t('lock.closed.why')}</p>${may('lock-everything') && html`<p><a href="/lock">${t('lock.title')}</a></p>`}</div>` }
}

/** Whether somebody has just signed in, or signed in again. */
function isFresh(provedAt: Date | null, now: Date): boolean {
  return provedAt !== null && now.getTime() - provedAt.getTime() < freshMinutes * 60_000
}

/** An offer to take something back, while it stands. */
async function undoOf({ db, now }: Desk, id: string, staff: Staff): Promise<{ id: string, seconds: number } | undefined> {
  const seconds = (await findUndo(db, id, staff.id, now()))?.seconds
  return seconds ? { id, seconds } : undefined
}

async function hasPasskey(desk: Desk, staffId: string): Promise<boolean> {
  return await desk.db.selectFrom('passkeys').select('id').where('staff_id', '=', staffId).executeTakeFirst() !== undefined
}

function onwardPath({ to, said, undo }: Onward): string {
  if (!said) return to
  const parameters = new URLSearchParams({ said: said.replace(/^said\./, ''), ...(undo && { undo }) })
  return `${to}${to.includes('?') ? '&' : '?'}${parameters}`
}

/** An id from the address, or "there is no such page". */
export function idOf(visit: Visit, name = 'id'): string {
  const id = visit.params[name] ?? ''
  return isUuid(id) ? id : notFound()
}

/** What was found, or "there is no such page". */
export function orNotFound<Value>(value: Value | undefined): Value {
  if (value === undefined) throw new Refusal('not-found')
  return value
}

export function notFoundUnless<Value>(value: Value, fits: (value: Value) => boolean): Value {
  return fits(value) ? value : notFound()
}
