import { randomUUID } from 'node:crypto'
import { inTransaction, sql, type Db, type Tx } from '#platform/db.ts'
import { titleIn, type LikenessPair } from '#modules/actions/index.ts'
import { integrityWords } from './words/index.ts'

export type SurgeKind = 'rate' | 'domain' | 'pattern' | 'unconfirmed'

/** Something about an action that is not as usual. It names nobody. */
export interface Surge {
  id: string
  actionId: string
  kind: SurgeKind
  since: Date
  noticedAt: Date
  /** How many there were, and how many there would have been as usual. */
  recent: number
  usual: number
  seenAt: Date | null
}

const windowMinutes = 10
/** Fewer than this many in the window are never a surge. */
const fewest = 50
/** How many earlier ones a share is held against. */
const sample = 5000
/** One of a kind for an action in so many hours. */
const quietHours = 6
// The number is arbitrary and used for nothing else.
const watchLock = 740165

interface Noticed {
  kind: SurgeKind
  recent: number
  usual: number
  alike?: Buffer
}

/**
 * Holds what came in the last ten minutes against what came to the same action in the two hours before, and writes down what is
 * not as usual: many more than before, most of one domain, many of one shape of address, or hardly any that are confirmed. Each is written down
 * once, however many workers look. Returns how many.
 */
export function watchForSurges(db: Db, now: Date): Promise<number> {
  return inTransaction(db, async (tx) => {
    const { rows: [mine] } = await sql<{ mine: boolean }>`select pg_try_advisory_xact_lock(${watchLock}) as mine`.execute(tx)
    return mine!.mine ? watch(tx, now) : 0
  })
}

async function watch(db: Tx, now: Date): Promise<number> {
  const since = new Date(now.getTime() - windowMinutes * 60_000)
  const before = new Date(since.getTime() - 120 * 60_000)
  const { rows } = await sql<{ id: string, recent: number, usual: number, is_new: boolean, quiet: SurgeKind[] }>`
    select actions.id, recent.count as recent, earlier.count * ${windowMinutes} / 120 as usual,
      coalesce((select min(p.taken_at) from participations p where p.action_id = actions.id) >= ${before}, true) as is_new,
      array(select kind from surges where surges.action_id = actions.id and noticed_at > ${new Date(now.getTime() - quietHours * 3_600_000)}) as quiet
    from actions
    cross join lateral (select count(*)::int as count from participations p where p.action_id = actions.id and p.taken_at > ${since} and p.rehearsal_id is null) recent
    cross join lateral (select count(*)::int as count from participations p where p.action_id = actions.id and p.taken_at > ${before} and p.taken_at <= ${since} and p.rehearsal_id is null) earlier
    where actions.state in ('open', 'suspended')`.execute(db)
  let written = 0
  for (const action of rows) {
    const noticed = [
      // An action that has just begun has no past that it could be held against.
      !action.is_new && action.recent >= fewest && action.recent >= 5 * Math.max(action.usual, 10) ? { kind: 'rate' as const, recent: action.recent, usual: action.usual } : undefined,
      action.recent >= fewest ? await alike(db, action.id, 'domain', since, before, (share, usual) => share >= 0.5 && (usual === undefined ? share >= 0.8 : share >= 2 * usual)) : undefined,
      action.recent >= fewest ? await alike(db, action.id, 'pattern', since, before, (share, usual) => share >= 0.1 && share >= 5 * (usual ?? 0)) : undefined,
      await unconfirmed(db, action.id, now),
    ].filter((each): each is Noticed => each !== undefined && !action.quiet.includes(each.kind))
    for (const each of noticed) await note(db, action.id, each, since, now)
    written += noticed.length
  }
  return written
}

/** The domain, or the shape of address, that most of the newest have, if that is not as it was. */
async function alike(db: Db, actionId: string, kind: 'domain' | 'pattern', since: Date, before: Date, isUnusual: (share: number, usual: number | undefined) => boolean): Promise<Noticed | undefined> {
  const column = sql.ref(`${kind}_index`)
  const { rows: [top] } = await sql<{ alike: Buffer, count: number, all_rows: number, earlier: number, earlier_all: number }>`
    with newest as (select ${column} as alike from participations where action_id = ${actionId} and taken_at > ${since} and rehearsal_id is null order by taken_at desc limit ${sample}),
      earlier as (select ${column} as alike from participations where action_id = ${actionId} and taken_at > ${before} and taken_at <= ${since} and rehearsal_id is null order by taken_at desc limit ${sample}),
      top as (select alike, count(*)::int as count from newest where alike is not null group by alike order by 2 desc limit 1)
    select top.alike, top.count, (select count(*)::int from newest) as all_rows,
      (select count(*)::int from earlier where earlier.alike = top.alike) as earlier, (select count(*)::int from earlier) as earlier_all from top`.execute(db)
  if (!top || top.count < 20) return undefined
  const usual = top.earlier_all >= fewest ? top.earlier / top.earlier_all : undefined
  return isUnusual(top.count / top.all_rows, usual) ? { kind, recent: top.count, usual: Math.round((usual ?? 0) * top.all_rows), alike: top.alike } : undefined
}

/** People need minutes to confirm, some an hour: of those who came one to three hours ago hardly any did, though earlier ones had. */
async function unconfirmed(db: Db, actionId: string, now: Date): Promise<Noticed | undefined> {
  const hours = (count: number) => new Date(now.getTime() - count * 3_600_000)
  const { rows: [counts] } = await sql<{ recent: number, confirmed: number, earlier: number, earlier_confirmed: number }>`
    select (count(*) filter (where newer))::int as recent, (count(*) filter (where newer and done))::int as confirmed,
      (count(*) filter (where not newer))::int as earlier, (count(*) filter (where not newer and done))::int as earlier_confirmed
    from (select taken_at > ${hours(3)} as newer, confirmed_at is not null as done from participations
      where action_id = ${actionId} and rehearsal_id is null and taken_at <= ${hours(1)} and taken_at > ${hours(27)} order by taken_at desc limit ${4 * sample}) taken`.execute(db)
  if (!counts || counts.recent < fewest || counts.confirmed >= counts.recent / 10) return undefined
  const usual = counts.earlier >= fewest ? counts.earlier_confirmed / counts.earlier : 0.5
  return usual >= 0.3 ? { kind: 'unconfirmed', recent: counts.recent - counts.confirmed, usual: Math.round(counts.recent * (1 - usual)) } : undefined
}

async function note(db: Db, actionId: string, { kind, recent, usual, alike: index }: Noticed, since: Date, now: Date): Promise<void> {
  await db.insertInto('surges').values({ id: randomUUID(), action_id: actionId, kind, since, noticed_at: now, recent, usual, alike: index ?? null }).execute()
}

/** Surges of one action or of all, newest first, with what their actions are called in a language. */
export async function surges(db: Db, language: string, which: { actionId?: string, id?: string, unseen?: boolean } = {}): Promise<(Surge & { title: string })[]> {
  const { rows } = await sql<Surge & { title: string }>`
    select surges.id, action_id as "actionId", surges.kind, since, noticed_at as "noticedAt", recent, usual, seen_at as "seenAt", ${titleIn(language)} as title
    from surges join actions on actions.id = surges.action_id
    where (${which.actionId ?? null}::uuid is null or action_id = ${which.actionId ?? null}::uuid) and (${which.id ?? null}::uuid is null or surges.id = ${which.id ?? null}::uuid)
      and (not ${which.unseen ?? false}::boolean or seen_at is null)
    order by noticed_at desc, surges.id limit 100`.execute(db)
  return rows
}

/** Somebody has looked at it: it leaves the first page. */
export async function surgeSeen(tx: Tx, id: string, staffId: string, now: Date): Promise<void> {
  await tx.updateTable('surges').set({ seen_at: now, seen_by: staffId }).where('id', '=', id).where('seen_at', 'is', null).execute()
}

/** A surge in the words of a language. */
export function surgeInWords(language: string, { kind, title, recent, usual }: Pick<Surge, 'kind' | 'recent' | 'usual'> & { title: string }): string {
  return integrityWords(language)(`surge.${kind}`, { title, recent, usual })
}

/** Lets what was noticed, and what is to be removed, go by what likenesses are called now. */
export async function renameLikenesses(tx: Tx, pairs: LikenessPair[]): Promise<void> {
  if (pairs.length === 0) return
  const renamed = sql`unnest(${pairs.map((each) => each.old)}::bytea[], ${pairs.map((each) => each.fresh)}::bytea[]) as pair (old, fresh)`
  await sql`update surges set alike = pair.fresh from ${renamed} where alike = pair.old`.execute(tx)
  await sql`update removals set domain_index = pair.fresh from ${renamed} where domain_index = pair.old`.execute(tx)
  await sql`update removals set pattern_index = pair.fresh from ${renamed} where pattern_index = pair.old`.execute(tx)
}
