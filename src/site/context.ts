import { randomBytes } from 'node:crypto'
import type pg from 'pg'
import { siteOrigin, type Config } from '#platform/config.ts'
import { openDb, reading, type Db } from '#platform/db.ts'
import type { FastifyRequest } from '#platform/http/server.ts'
import type { Log } from '#platform/log.ts'
import { Sealer } from '#platform/sealing/index.ts'
import type { SiteSecrets } from '#platform/secrets.ts'
import { isToken, tokenHash } from '#platform/tokens.ts'
import { bracketed } from '#platform/words.ts'
import { Collector, findPublicAction, type AreaFactValues, type CollectorLimits, type PublicAction } from '#modules/actions/index.ts'
import type { ChosenTarget } from '#modules/messages/index.ts'
import { readLiveOrigin, readPublisher, type Publisher } from '#modules/publisher/index.ts'
import { allSchemes, type AreaFacts } from '#modules/targets/index.ts'
import type { Frame } from './look/layout.ts'
import { Gathered } from './gathered.ts'
import { LookupFailures } from './messages/failures.ts'
import { areasReader, factsReader, findPlaces, targetsReader, type PlaceAnswer, type PlaceQuestion } from './messages/finding.ts'
import { Recent } from './recent.ts'
import { siteWords } from './words/index.ts'

/** What the site's pages work with. It can read what is public and hand in what visitors do; nothing else. */
export interface Site {
  db: Db
  collector: Collector
  secrets: SiteSecrets
  log: Log
  now: () => Date
  /** Seals what only the desk opens. */
  records: Sealer
  /** The origin that mails link to and that shared links have. */
  origin: string
  publisher: Recent<{ publisher: Publisher, practice: boolean }>
  /** Keys are a slug, or a rehearsal's token and a slug. */
  actions: Recent<PublicAction | undefined>
  /** Where visitors live, found for many at once. */
  places: Gathered<PlaceQuestion, PlaceAnswer>
  areas: Recent<AreaFacts | undefined>
  /** Who messages go to, by rules and area. */
  targets: Recent<ChosenTarget[]>
  /** What an action's table says about an area. Keys are both ids. */
  facts: Recent<AreaFactValues>
  failures: LookupFailures
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
  const db = openDb(pool)
  const origin = siteOrigin(config)
  const schemes = new Recent(() => reading(db, allSchemes))
  return {
    db, secrets, log, now, origin, allowBracketed, clickKey: randomBytes(32),
    records: new Sealer(secrets.record), failures: new LookupFailures(db, log),
    places: new Gathered(async (questions) => findPlaces(db, await schemes.get(''), questions, now())), areas: new Recent(areasReader(db)), targets: new Recent(targetsReader(db, now)), facts: new Recent(factsReader(db)),
    collector: new Collector(pool, secrets.contact, now, log, limits),
    publisher: new Recent(() => reading(db, async (tx) => ({ publisher: await readPublisher(tx), practice: await readLiveOrigin(tx) !== origin }))),
    actions: new Recent((key) => {
      const [slug, token] = key.split(' ') as [string, string | undefined]
      return reading(db, (tx) => findPublicAction(tx, slug, now(), token ? tokenHash(token) : undefined))
    }),
  }
}

export interface PathParameters {
  lang?: string
  slug?: string
  rehearsal?: string
  token?: string
}

/** The frame of the page that was asked for, or nothing if the publisher does not have that language. */
export async function frameOf(site: Site, request: FastifyRequest): Promise<Frame | undefined> {
  const { lang, rehearsal } = request.params as PathParameters
  if (rehearsal !== undefined && !isToken(rehearsal)) return undefined
  const { publisher, practice } = await site.publisher.get('')
  const language = lang ?? publisher.defaultLanguage
  if (!publisher.languages.includes(language) && !(site.allowBracketed && language === bracketed)) return undefined
  return { t: siteWords(language), publisher, practice, rehearsal: rehearsal && `/rehearsal/${rehearsal}` }
}

/** The action that was asked for, as it is now or was up to a second ago. */
export async function actionOf(site: Site, request: FastifyRequest): Promise<PublicAction | undefined> {
  const { slug, rehearsal } = request.params as PathParameters
  if (!slug || !/^[a-z0-9-]{1,80}$/.test(slug)) return undefined
  if (rehearsal === undefined) return site.actions.get(slug)
  const action = isToken(rehearsal) ? await site.actions.get(`${slug} ${rehearsal}`) : undefined
  return action?.rehearsing ? action : undefined
}
