import { randomBytes } from 'node:crypto'
import type pg from 'pg'
import { siteOrigin, type Config } from '#platform/config.ts'
import { networkAddresses } from '#platform/http/hosts.ts'
import { dayIn } from '#platform/days.ts'
import { dataState, type DataState } from '#platform/data-state.ts'
import { openDb, reading, type Db, type Tx } from '#platform/db.ts'
import { field, type FastifyRequest } from '#platform/http/server.ts'
import type { Log } from '#platform/log.ts'
import { Sealer } from '#platform/sealing/index.ts'
import type { SiteSecrets } from '#platform/secrets.ts'
import { isToken, tokenHash } from '#platform/tokens.ts'
import { bracketed } from '#platform/words.ts'
import { Collector, findPublicAction, publicActions, type AreaFactValues, type CollectorLimits, type PublicAction } from '#modules/actions/index.ts'
import { bulletinQuestions, type BulletinQuestion } from '#modules/mailings/index.ts'
import { mostWrittenTo, type ChosenTarget } from '#modules/messages/index.ts'
import { readLiveOrigin, readPublisher, type Publisher } from '#modules/publisher/index.ts'
import { readLimits } from '#modules/integrity/index.ts'
import { shownNames } from '#modules/petitions/index.ts'
import { listItems, linkedItems, shownItems, shownSubjects, type LinkedItem, type ShownItem, type ShownSubject } from '#modules/publishing/index.ts'
import { allSchemes, areasOfBody, publicReplies, type AreaFacts } from '#modules/targets/index.ts'
import { viewOf, type ActionView } from './actions/parts.ts'
import type { Frame } from './look/layout.ts'
import { wayOf } from './pages/way.ts'
import { Gathered } from './gathered.ts'
import { openDoor, type Door } from './guard/guard.ts'
import { LookupFailures } from './messages/failures.ts'
import { areasReader, factsReader, findPlaces, targetsReader, type PlaceAnswer, type PlaceQuestion } from './messages/finding.ts'
import type { Answers } from './offices/replies.ts'
import { Recent } from './recent.ts'
import { nothingOff, shownAction, shownPublisher, Switchboard, type Off } from './switchboard.ts'
import { siteWords } from './words/index.ts'

/** What the site's pages work with. It can read what is public and hand in what visitors do; nothing else. */
export interface Site {
  db: Db
  /** Whether what was made of the database would be made of it again. */
  state: DataState
  collector: Collector
  secrets: SiteSecrets
  log: Log
  now: () => Date
  /** Seals what only the desk opens. */
  records: Sealer
  /** Where mail arrives in practice. */
  inbox: string
  /** The origin that mails and feeds link to. */
  origin: string
  /** The origin that shared links have: where none is set up, one that a friend's phone in the same network reaches. */
  sharedOrigin: string
  publisher: Recent<{ publisher: Publisher, practice: boolean }>
  /** Keys are a slug, or a rehearsal's token and a slug. */
  actions: Recent<PublicAction | undefined>
  /** All of them, under the one key ''. */
  list: Recent<PublicAction[]>
  /** All campaigns, the newest first, under the one key ''. */
  campaigns: Recent<LinkedItem[]>
  /** The newest of what is new, under the one key ''. */
  news: Recent<ShownItem[]>
  /** All places and topics that have a page, under the one key ''. */
  subjects: Recent<ShownSubject[]>
  /** What is asked of whoever wants a bulletin, under the one key ''. */
  bulletinQuestions: Recent<BulletinQuestion[]>
  /** Names under petitions, by action. */
  names: Recent<{ name: string, comment: string }[]>
  /** What offices answered and who was written to most, by action. */
  answers: Recent<Answers>
  /** The areas to choose from, by bodies and day. */
  areaLists: Recent<AreaFacts[]>
  /** Where visitors live, found for many at once. */
  places: Gathered<PlaceQuestion, PlaceAnswer>
  areas: Recent<AreaFacts | undefined>
  /** Who messages go to, by rules and area. */
  targets: Recent<ChosenTarget[]>
  /** What an action's table says about an area. Keys are both ids. */
  facts: Recent<AreaFactValues>
  failures: LookupFailures
  /** Where a sign-up may be asked for a little work before it is handed in. */
  door: Door
  switches: Switchboard
  /** Known to this process only: makes second clicks comparable without anybody being able to guess what they contain. */
  clickKey: Buffer
  /** Serves the language in which every message is bracketed, for tests. */
  allowBracketed: boolean
}

export interface SiteOptions {
  config: Config
  pool: pg.Pool
  secrets: SiteSecrets
  log: Log
  now?: () => Date
  limits?: Partial<CollectorLimits>
  allowBracketed?: boolean
}

export function openSite({ config, pool, secrets, log, now = () => new Date(), limits, allowBracketed = false }: SiteOptions): Site {
  const db = openDb(pool, { prepared: true })
  const state = dataState(db, now)
  const origin = siteOrigin(config)
  const list = new Recent(state, () => reading(db, (tx) => publicActions(tx, now())))
  const schemes = new Recent(state, () => reading(db, allSchemes))
  const publisher: Site['publisher'] = new Recent(state, () => reading(db, async (tx) => ({ publisher: await readPublisher(tx), practice: await readLiveOrigin(tx) !== origin })))
  const today = () => todayOn({ publisher, now })
  return {
    db, state, secrets, log, now, origin, sharedOrigin: config.origins[0] ?? `http://${networkAddresses()[0] ?? 'localhost'}:${config.port}`, inbox: `http://localhost:${config.inboxPort}/`, allowBracketed, clickKey: randomBytes(32),
    door: openDoor(secrets, new Recent(state, () => reading(db, readLimits))),
    records: new Sealer(secrets.record), failures: new LookupFailures(db, log, today), switches: new Switchboard(db),
    places: new Gathered(async (questions) => findPlaces(db, await schemes.get(''), questions, await today())), areas: new Recent(state, areasReader(db, today)), targets: new Recent(state, targetsReader(db, now)), facts: new Recent(state, factsReader(db)),
    collector: new Collector(pool, secrets, now, log, limits),
    publisher, list, campaigns: new Recent(state, () => reading(db, campaignsOf), () => []), news: new Recent(state, () => reading(db, newsOf), () => []), subjects: new Recent(state, () => reading(db, shownSubjects), () => []), bulletinQuestions: new Recent(state, () => reading(db, bulletinQuestions), () => []), names: new Recent(state, (id) => reading(db, (tx) => shownNames(tx, id)), () => []),
    answers: new Recent(state, (id) => reading(db, async (tx) => ({ replies: await publicReplies(tx, { actionId: id }), mostWrittenTo: await mostWrittenTo(tx, id) })), () => ({ replies: [], mostWrittenTo: [] })),
    areaLists: new Recent(state, (key) => {
      const [bodies, on] = JSON.parse(key) as [string[], string]
      return reading(db, (tx) => areasOfBody(tx, bodies, on))
    }),
    actions: new Recent(state, (key) => {
      const [slug, token] = key.split(' ') as [string, string | undefined]
      return reading(db, (tx) => findPublicAction(tx, slug, now(), token ? tokenHash(token) : undefined))
    }, (key) => list.last('')?.find(({ slug }) => slug === key)),
  }
}

/** The day by the publisher's clock, by which areas and codes begin and end. */
export async function todayOn({ publisher, now }: Pick<Site, 'publisher' | 'now'>): Promise<string> {
  return dayIn((await publisher.get('')).publisher.zone, now())
}

const mostCampaigns = 500

async function campaignsOf(tx: Tx): Promise<LinkedItem[]> {
  const [list] = await listItems(tx, [{ kind: 'campaign', most: mostCampaigns }])
  const found = await linkedItems(tx, list!.ids)
  return list!.ids.flatMap((id) => found.get(id) ?? [])
}

/** How many news the first page names. */
const mostNews = 7

async function newsOf(tx: Tx): Promise<ShownItem[]> {
  return (await shownItems(tx, { news: true }, { most: mostNews })).items
}

export interface PathParameters {
  slug?: string
  token?: string
}

/** What is to be known of a request before its page is. */
export type Asked = Pick<FastifyRequest, 'originalUrl' | 'query'>

/** The frame of the page that was asked for, or nothing if the publisher does not have that language. */
export async function frameOf(site: Site, request: Asked): Promise<Frame | undefined> {
  const { lang, rehearsal } = wayOf(request)
  if (rehearsal !== undefined && !isToken(rehearsal)) return undefined
  const { publisher, practice } = await site.publisher.get('')
  const language = lang ?? publisher.defaultLanguage
  if (!publisher.languages.includes(language) && !(site.allowBracketed && language === bracketed)) return undefined
  const textOnly = wantsWords(request)
  const off = await offFor(site, request)
  const languageOff = language !== publisher.defaultLanguage && off.has(`language:${language}`) ? true : undefined
  return { t: siteWords(language), publisher: shownPublisher(publisher, off), ...(practice && { practice: { inbox: site.inbox } }), rehearsal: rehearsal && `/rehearsal/${rehearsal}`, off, languageOff, textOnly, places: (await site.subjects.get('')).some(({ kind }) => kind === 'place'), campaigns: (await site.campaigns.get('')).length > 0, today: dayIn(publisher.zone, site.now()) }
}

/** Whether somebody asked for words alone. */
function wantsWords(request: Asked): true | undefined {
  return field(request.query, 'view') === 'text' || undefined
}

/** What is off for this visitor. Rehearsals show what staff are preparing, whatever is off for everybody else. */
async function offFor(site: Site, request: Asked): Promise<Off> {
  const off = wayOf(request).rehearsal === undefined ? await site.switches.off() : nothingOff
  return wantsWords(request) ? new Set([...off, 'images' as const]) : off
}

/** The action that was asked for, as it is now or was up to a second ago. */
export async function actionOf(site: Site, request: FastifyRequest): Promise<PublicAction | undefined> {
  const { slug } = request.params as PathParameters
  const { rehearsal } = wayOf(request)
  if (!slug || !/^[a-z0-9-]{1,80}$/.test(slug)) return undefined
  if (rehearsal === undefined) {
    const found = await site.actions.get(slug)
    return found && shownAction(found, await offFor(site, request))
  }
  const action = isToken(rehearsal) ? await site.actions.get(`${slug} ${rehearsal}`) : undefined
  return action?.rehearsing ? shownAction(action, await offFor(site, request)) : undefined
}

/** What an action offers while it waits for a body to sit, if it is there and open. */
export async function insteadOf(site: Site, frame: Frame, action: PublicAction): Promise<ActionView | undefined> {
  if (action.standing !== 'adjourned' || !action.insteadSlug || !action.bodies.some(({ conduct }) => conduct === 'petition')) return undefined
  const instead = await site.actions.get(action.insteadSlug)
  return instead?.standing === 'open' ? viewOf(frame, instead) : undefined
}
