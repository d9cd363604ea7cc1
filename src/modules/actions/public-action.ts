import { sql, type Db, type Tx } from '#platform/db.ts'
import { actionOptions, actionWords, type ActionKind, type ActionOptions, type ActionWords, type ShareChannel } from './action.ts'
import { allSchemes, boundariesPrint, dayHere } from '#modules/targets/index.ts'
import { daysLeft } from './deadline.ts'
import { readTargetRule, type TargetRule } from './rules/leads.ts'
import { standing, type ActionState, type Outcome, type Standing } from './lifecycle.ts'
import { standingWith, targetBodies, type TargetBody } from './target-bodies.ts'
import { targetGroup, type TargetGroup } from './rules/groups.ts'
import { targetRule, type Rule } from './rules/rule.ts'

export interface PublicWords {
  revisionId: string
  words: ActionWords
  askId: string | null
  ask: string
  askNumber: number | null
  from: Date
}

/** A consent statement as it stands under an action, with its newest wording in each language and all wordings there ever were. */
export interface PublicStatement {
  id: string
  purpose: string
  channel: 'email' | 'phone' | 'post' | 'public-name'
  controllerNames: Record<string, string>
  ofPublisher: boolean
  privacyUrl: string | null
  newest: Record<string, { wordingId: string, wording: string }>
  wordingIds: Set<string>
}

export interface PublicImage {
  credit: string
  files: { width: number, height: number, mediaType: string, hash: string }[]
}

/** All of an action that the public may know. */
export interface PublicAction {
  id: string
  slug: string
  kind: ActionKind
  state: ActionState
  standing: Standing
  opensAt: Date | null
  closesAt: Date | null
  zone: string
  options: ActionOptions
  schemeId: string | null
  /** What a code of its scheme looks like. */
  codeExample: string | undefined
  nextActionId: string | null
  shareChannels: ShareChannel[]
  rehearsing: boolean
  /** By language; at least one. */
  words: Record<string, PublicWords>
  image: PublicImage | undefined
  statements: PublicStatement[]
  targets: TargetRule[]
  /** How the bodies of its targets stand, and what the action does because of that. */
  bodies: TargetBody[]
  /** Its messages are kept until then; null once that has come. */
  deliverAt: Date | null
  /** It was closed, and what had not left by then was dropped: a message that is confirmed now is sent to nobody. */
  nothingLeaves: boolean
  /** The action that is offered while this one waits for a body to sit. */
  insteadSlug: string | null
  /** Until it closes, in days on its own calendar: 0 is today. */
  daysLeft: number | undefined
  /** The fingerprint of the boundaries by which a browser can find the supporter's area, where there are any. */
  boundaries?: string
  /** Groups of targets with something special about them. */
  groups: TargetGroup[]
  /** Which words a target gets, or none: the first that fits. */
  rules: Rule[]
  /** Columns of the table of facts about areas. */
  facts: string[]
  /** Why and when it was stopped or closed, where it was. */
  stop: { at: Date, reason: string, outcome: Outcome | null } | undefined
  formerAsks: { id: string, language: string, number: number, ask: string, since: Date }[]
  total: number
  areaTotals: { value: string, total: number }[]
  countryTotals: { value: string, total: number }[]
  /** What staff took out of the count, or put back, with their reason: newest first. */
  countChanges: { removal: string, change: number, people: number, reason: string, at: Date }[]
  sheets: Record<string, string>
}

/**
 * An action by its slug as the public may see it at a moment, or nothing. With the hash of a rehearsal's token it is the action
 * as it stands in the desk, and `tx` has to be a transaction. The database's own views decide what is shown.
 */
export async function findPublicAction(tx: Db, slug: string, now: Date, rehearsal?: Buffer): Promise<PublicAction | undefined> {
  const action = (await publicActions(tx, now, { slug, rehearsal }))[0]
  const bodies = action?.targets.flatMap((rule) => ('body' in rule ? [rule.body] : [])) ?? []
  return action && bodies.length ? { ...action, boundaries: await boundariesPrint(tx, bodies, await dayHere(tx, now)) } : action
}

/** Actions that the public may see, newest first. */
export async function publicActions(tx: Db, now: Date, only: { slug?: string, rehearsal?: Buffer } = {}): Promise<PublicAction[]> {
  if (only.rehearsal) await sql`select set_config('clarion.rehearsal', ${only.rehearsal.toString('hex')}, true)`.execute(tx)
  const rows = await tx.selectFrom('public_actions').selectAll().$if(only.slug !== undefined, (query) => query.where('slug', '=', only.slug!)).orderBy('created_at', 'desc').limit(200).execute()
  if (rows.length === 0) return []
  const ids = rows.map((row) => row.id)
  const [words, statements, targets, choices, stops, asks, tallies, changes, sheets, times, bodies, images, schemes] = await Promise.all([
    tx.selectFrom('public_action_words').selectAll().where('action_id', 'in', ids).execute(),
    tx.selectFrom('public_statements').selectAll().where('action_id', 'in', ids).orderBy('position').orderBy('version').execute(),
    tx.selectFrom('public_action_targets').selectAll().where('action_id', 'in', ids).orderBy('position').execute(),
    tx.selectFrom('public_target_choices').selectAll().where('action_id', 'in', ids).execute(),
    tx.selectFrom('public_stops').selectAll().where('action_id', 'in', ids).execute(),
    tx.selectFrom('public_asks').selectAll().where('action_id', 'in', ids).orderBy('number').execute(),
    tx.selectFrom('public_tallies').selectAll().where('action_id', 'in', ids).orderBy('total', 'desc').execute(),
    tx.selectFrom('public_count_changes').selectAll().where('action_id', 'in', ids).orderBy('happened_at', 'desc').execute(),
    tx.selectFrom('public_sheets').selectAll().where('action_id', 'in', ids).execute(),
    tx.selectFrom('public_action_times').selectAll().where('action_id', 'in', ids).execute(),
    targetBodies(tx, rows.flatMap((row) => (row.kind === 'message' ? [{ id: row.id, options: actionOptions.parse(row.options) }] : [])), now),
    imagesOf(tx, rows.flatMap((row) => (row.image_id ? [row.image_id] : []))),
    rows.some((row) => row.scheme_id) ? allSchemes(tx) : [],
  ])
  const [wordsOf, statementsBy, targetsOf, choicesOf, stopsOf, asksOf, talliesOf, changesOf, sheetsOf, timesOf] = [byAction(words), byAction(statements), byAction(targets), byAction(choices), byAction(stops), byAction(asks), byAction(tallies), byAction(changes), byAction(sheets), byAction(times)]
  return rows.flatMap((row): PublicAction[] => {
    const action = { state: row.state as ActionState, opensAt: row.opens_at, closesAt: row.closes_at }
    const its = Object.fromEntries(wordsOf(row.id).map((each) => [each.language, {
      revisionId: each.revision_id, words: actionWords.parse(each.words), askId: each.ask_id, ask: each.ask ?? '', askNumber: each.ask_number, from: each.from_at,
    }]))
    if (Object.keys(its).length === 0) return []
    const stop = stopsOf(row.id)[0]
    const totals = talliesOf(row.id)
    const time = timesOf(row.id)[0]
    const writtenTo = bodies.get(row.id) ?? []
    return [{
      ...action, id: row.id, slug: row.slug, kind: row.kind as ActionKind, standing: standingWith(writtenTo, standing(action, now)), zone: row.zone,
      options: actionOptions.parse(row.options), schemeId: row.scheme_id, codeExample: schemes.find(({ id }) => id === row.scheme_id)?.example, nextActionId: row.next_action_id, shareChannels: row.share_channels as ShareChannel[],
      rehearsing: row.rehearsing, words: its, image: row.image_id ? images.get(row.image_id) : undefined,
      statements: statementsOf(statementsBy(row.id)),
      targets: targetsOf(row.id).map(readTargetRule), ...readChoices(choicesOf(row.id)[0]),
      bodies: writtenTo, deliverAt: time?.deliver_at && time.deliver_at > now ? time.deliver_at : null, nothingLeaves: time?.nothing_leaves === true, insteadSlug: time?.instead_slug ?? null, daysLeft: daysLeft(row.closes_at, row.zone, now),
      stop: stop && (row.state === 'suspended' || row.state === 'closed') ? { at: stop.happened_at, reason: stop.reason, outcome: stop.outcome as Outcome | null } : undefined,
      formerAsks: asksOf(row.id).filter((ask) => its[ask.language]?.askId !== ask.id).map((ask) => ({ id: ask.id, language: ask.language, number: ask.number, ask: ask.ask, since: ask.first_signed_at })),
      total: totals.find((each) => each.dimension === 'all')?.total ?? 0,
      areaTotals: totals.filter((each) => each.dimension === 'area'), countryTotals: totals.filter((each) => each.dimension === 'country'),
      countChanges: changesOf(row.id).map((each) => ({ removal: each.removal_id, change: each.change, people: each.people, reason: each.reason, at: each.happened_at })),
      sheets: Object.fromEntries(sheetsOf(row.id).map((sheet) => [sheet.language, sheet.hash.toString('hex')])),
    }]
  })
}

function byAction<Row extends { action_id: string | null }>(rows: Row[]): (id: string) => Row[] {
  const grouped = Map.groupBy(rows, (row) => row.action_id)
  return (id) => grouped.get(id) ?? []
}

function readChoices(row: { groups: unknown, rules: unknown, facts: unknown } | undefined): Pick<PublicAction, 'groups' | 'rules' | 'facts'> {
  return row ? { groups: targetGroup.array().parse(row.groups), rules: targetRule.array().parse(row.rules), facts: row.facts as string[] } : { groups: [], rules: [], facts: [] }
}

type StatementRow = Awaited<ReturnType<typeof statementRows>>[number]
function statementRows(tx: Tx) {
  return tx.selectFrom('public_statements').selectAll().execute()
}

function statementsOf(rows: StatementRow[]): PublicStatement[] {
  const statements = new Map<string, PublicStatement>()
  for (const row of rows) {
    const statement = statements.get(row.statement_id) ?? {
      id: row.statement_id, purpose: row.purpose, channel: row.channel as PublicStatement['channel'], controllerNames: row.controller_names as Record<string, string>,
      ofPublisher: row.of_publisher, privacyUrl: row.privacy_url, newest: {}, wordingIds: new Set<string>(),
    }
    // Ordered by version: the last one of a language is the newest.
    statement.newest[row.language] = { wordingId: row.wording_id, wording: row.wording }
    statement.wordingIds.add(row.wording_id)
    statements.set(row.statement_id, statement)
  }
  return [...statements.values()]
}

async function imagesOf(db: Db, ids: string[]): Promise<Map<string, PublicImage>> {
  if (ids.length === 0) return new Map()
  const rows = await db.selectFrom('images').innerJoin('image_files', 'image_files.image_id', 'images.id')
    .select(['images.id', 'images.credit', 'image_files.width', 'image_files.height', 'image_files.media_type', 'image_files.hash'])
    .where('images.id', 'in', ids).orderBy('image_files.width').execute()
  const images = new Map<string, PublicImage>()
  for (const row of rows) {
    const image = images.get(row.id) ?? { credit: row.credit, files: [] }
    image.files.push({ width: row.width, height: row.height, mediaType: row.media_type, hash: row.hash.toString('hex') })
    images.set(row.id, image)
  }
  return images
}

/** The words of an action in a language, or in another one where there are none; says which. */
export function wordsIn(action: PublicAction, language: string, fallback: string): PublicWords & { language: string } {
  const chosen = action.words[language] ? language : action.words[fallback] ? fallback : Object.keys(action.words)[0]!
  return { ...action.words[chosen]!, language: chosen }
}
