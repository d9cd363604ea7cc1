import { randomUUID } from 'node:crypto'
import { sql, type Db, type Tx } from '#platform/db.ts'
import { actionOptions, actionWords, type ActionKind, type ActionOptions, type ActionWords, type ShareChannel } from './action.ts'
import type { ActionState } from './lifecycle.ts'

/** An action as staff see it. */
export interface Action {
  id: string
  slug: string
  kind: ActionKind
  state: ActionState
  opensAt: Date | null
  closesAt: Date | null
  zone: string
  options: ActionOptions
  schemeId: string | null
  imageId: string | null
  nextActionId: string | null
  /** Its messages are kept until then. */
  deliverAt: Date | null
  /** What is offered while it waits for a body to sit. */
  insteadActionId: string | null
  shareChannels: ShareChannel[]
  demo: boolean
  createdAt: Date
}

export async function findAction(db: Db, where: { id: string } | { slug: string }): Promise<Action | undefined> {
  const query = db.selectFrom('actions').selectAll()
  const row = await ('id' in where ? query.where('id', '=', where.id) : query.where('slug', '=', where.slug)).executeTakeFirst()
  return row && {
    id: row.id, slug: row.slug, kind: row.kind as ActionKind, state: row.state as ActionState, opensAt: row.opens_at, closesAt: row.closes_at, zone: row.zone,
    options: actionOptions.parse(row.options), schemeId: row.scheme_id, imageId: row.image_id, nextActionId: row.next_action_id, deliverAt: row.deliver_at, insteadActionId: row.instead_action_id,
    shareChannels: row.share_channels as ShareChannel[], demo: row.demo, createdAt: row.created_at,
  }
}

export type NewAction = Pick<Action, 'slug' | 'kind' | 'zone'> & Partial<Pick<Action, 'options' | 'schemeId' | 'imageId' | 'shareChannels' | 'demo' | 'opensAt' | 'closesAt'>>

/** Makes a draft. The caller has chosen a slug that is free; the database refuses one that is not. */
export async function createAction(tx: Tx, action: NewAction, now: Date): Promise<string> {
  const id = randomUUID()
  await tx.insertInto('actions').values({
    id, slug: action.slug, kind: action.kind, state: 'draft', zone: action.zone, options: JSON.stringify(action.options ?? actionOptions.parse({})),
    opens_at: action.opensAt ?? null, closes_at: action.closesAt ?? null, scheme_id: action.schemeId ?? null, image_id: action.imageId ?? null,
    share_channels: action.shareChannels ?? ['copy', 'qr', 'email', 'whatsapp', 'telegram'], demo: action.demo ?? false, created_at: now,
  }).execute()
  return id
}

export type ActionChanges = Partial<Pick<Action, 'slug' | 'opensAt' | 'closesAt' | 'zone' | 'options' | 'schemeId' | 'imageId' | 'nextActionId' | 'shareChannels' | 'deliverAt' | 'insteadActionId'>>

export async function changeAction(tx: Tx, id: string, changes: ActionChanges): Promise<void> {
  const columns = {
    ...(changes.slug !== undefined && { slug: changes.slug }), ...(changes.opensAt !== undefined && { opens_at: changes.opensAt }),
    ...(changes.closesAt !== undefined && { closes_at: changes.closesAt }), ...(changes.zone !== undefined && { zone: changes.zone }),
    ...(changes.options !== undefined && { options: JSON.stringify(changes.options) }), ...(changes.schemeId !== undefined && { scheme_id: changes.schemeId }),
    ...(changes.imageId !== undefined && { image_id: changes.imageId }), ...(changes.nextActionId !== undefined && { next_action_id: changes.nextActionId }),
    ...(changes.shareChannels !== undefined && { share_channels: changes.shareChannels }),
    ...(changes.deliverAt !== undefined && { deliver_at: changes.deliverAt }), ...(changes.insteadActionId !== undefined && { instead_action_id: changes.insteadActionId }),
  }
  if (Object.keys(columns).length) await tx.updateTable('actions').set(columns).where('id', '=', id).execute()
}

export interface Revision {
  id: string
  language: string
  words: ActionWords
  askId: string | null
  ask: string
  askNumber: number | null
  savedAt: Date
  /** Whether this is what the public sees now. */
  published: boolean
}

/**
 * Saves an action's words in one language as a new revision; what was saved before stays. A changed ask becomes an ask of its
 * own: people who signed the former one signed that. Returns the revision's id, or the present one's where nothing changed.
 */
export async function saveWords(tx: Tx, saved: { actionId: string, language: string, words: ActionWords, ask?: string, staffId: string | null }, now: Date): Promise<string> {
  await sql`select 1 from actions where id = ${saved.actionId} for update`.execute(tx)
  const present = await newestRevision(tx, saved.actionId, saved.language)
  const ask = saved.ask === undefined ? undefined : saved.ask.replace(/\r\n?/g, '\n').trim()
  if (present && ask === (present.askId ? present.ask : undefined) && JSON.stringify(present.words) === JSON.stringify(saved.words)) return present.id
  const askId = ask === undefined ? null : await keepAsk(tx, saved.actionId, saved.language, ask, present, now)
  return addRevision(tx, { ...saved, askId, after: present?.savedAt }, now)
}

/** A revision with an ask that there is. `after`: when the one before it was saved. */
export async function addRevision(tx: Tx, { actionId, language, words, askId, staffId, after }: { actionId: string, language: string, words: ActionWords, askId: string | null, staffId: string | null, after: Date | undefined }, now: Date): Promise<string> {
  const id = randomUUID()
  await tx.insertInto('action_revisions').values({
    id, action_id: actionId, language, words: JSON.stringify(words), ask_id: askId,
    // Two saves within a millisecond still have an order.
    created_at: after && after >= now ? new Date(after.getTime() + 1) : now, staff_id: staffId,
  }).execute()
  return id
}

async function keepAsk(tx: Tx, actionId: string, language: string, ask: string, present: Revision | undefined, now: Date): Promise<string> {
  if (present?.askId && present.ask === ask) return present.askId
  const id = randomUUID()
  await tx.insertInto('asks').values({ id, action_id: actionId, language, ask, created_at: now }).execute()
  return id
}

export async function newestRevision(db: Db, actionId: string, language: string): Promise<Revision | undefined> {
  return (await newestRevisions(db, actionId)).find((revision) => revision.language === language)
}

/** The newest saved words of an action in each of its languages, the publisher's first language first. */
export async function newestRevisions(db: Db, actionId: string): Promise<Revision[]> {
  const { rows } = await sql<{ id: string, language: string, words: unknown, ask_id: string | null, ask: string | null, number: number | null, created_at: Date, published: boolean }>`
    with newest as (select distinct on (revision.language) revision.id, revision.language, revision.words, revision.ask_id, asks.ask, asks.number, revision.created_at,
      revision.id = (select revision_id from action_publications where action_id = revision.action_id and language = revision.language and from_at <= now() order by from_at desc limit 1) as published
    from action_revisions revision left join asks on asks.id = revision.ask_id
    where revision.action_id = ${actionId} order by revision.language, revision.created_at desc)
    select * from newest order by language = (select default_language from publisher) desc, language`.execute(db)
  return rows.map((row) => ({
    id: row.id, language: row.language, words: actionWords.parse(row.words), askId: row.ask_id, ask: row.ask ?? '', askNumber: row.number,
    savedAt: row.created_at, published: row.published,
  }))
}

/** Makes a revision public from a moment on; nothing else does. Without a revision the language is withdrawn. */
export async function publishWords(tx: Tx, published: { actionId: string, language: string, revisionId: string | null, staffId: string | null }, from: Date): Promise<void> {
  await sql`
    insert into action_publications (action_id, language, from_at, revision_id, staff_id)
    values (${published.actionId}, ${published.language}, greatest(${from}::timestamptz, (
      select max(from_at) + interval '1 millisecond' from action_publications where action_id = ${published.actionId} and language = ${published.language})),
      ${published.revisionId}, ${published.staffId})`.execute(tx)
}

export async function setStatements(tx: Tx, actionId: string, statementIds: string[]): Promise<void> {
  await tx.deleteFrom('action_statements').where('action_id', '=', actionId).execute()
  if (statementIds.length) await tx.insertInto('action_statements').values(statementIds.map((id, position) => ({ action_id: actionId, position, statement_id: id }))).execute()
}

export async function statementIds(db: Db, actionId: string): Promise<string[]> {
  const rows = await db.selectFrom('action_statements').select('statement_id').where('action_id', '=', actionId).orderBy('position').execute()
  return rows.map((row) => row.statement_id)
}
