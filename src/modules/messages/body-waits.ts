import { sql, type Db, type RawBuilder, type Tx } from '#platform/db.ts'
import { actionOptions, conductIn } from '#modules/actions/index.ts'
import { bodyStandings, type BodyState } from '#modules/targets/index.ts'

/** What an action keeps here for one body, because that does not sit. */
export interface BodyWait {
  actionId: string
  bodyId: string
  name: string
  names: Record<string, string>
  state: Exclude<BodyState, 'sitting'>
  /** The day on which it sits again, if somebody has announced one. */
  until: string | null
  count: number
  /** Of these, those that name who held the office: they wait for staff once somebody else holds it. */
  toHolders: number
  oldest: Date
}

/** What waits for bodies to sit, of one action or of all that send: where the action holds it, or does something else meanwhile. Longest first. */
export async function bodyWaits(db: Db, now: Date, actionId?: string): Promise<BodyWait[]> {
  const away = await bodiesAway(db, now)
  if (away.size === 0) return []
  const { rows } = await sql<{ action_id: string, body_id: string, options: unknown, name: string, names: Record<string, string>, count: number, to_holders: number, oldest: Date }>`
    select messages.action_id, bodies.id as body_id, actions.options, bodies.name, bodies.names, count(*)::int as count, min(messages.promised_at) as oldest,
      count(*) filter (where written_to <> '{}' and coalesce(actions.options ->> 'addressedTo', 'holder') = 'holder')::int as to_holders
    from actions join messages on messages.action_id = actions.id and messages.state = 'queued' and not messages.rehearsal join offices on offices.id = messages.office_id join bodies on bodies.id = offices.body_id
    where actions.kind = 'message' and actions.state <> 'draft' and bodies.id = any (${[...away.keys()]}::text[]) and ${actionId === undefined ? sql`true` : sql`actions.id = ${actionId}`}
    group by messages.action_id, bodies.id, actions.id order by oldest, bodies.name`.execute(db)
  return rows.flatMap((row): BodyWait[] => {
    const { state, until } = away.get(row.body_id)!
    return state === 'sitting' || conductIn(state, actionOptions.parse(row.options)) === 'go-on' ? [] : [{
      actionId: row.action_id, bodyId: row.body_id, name: row.name, names: row.names, state, until, count: row.count, toHolders: row.to_holders, oldest: row.oldest,
    }]
  })
}

/** A condition on `messages`: that they are among what these say. */
export function waitsForBody(waits: Pick<BodyWait, 'actionId' | 'bodyId'>[]): RawBuilder<boolean> {
  return sql<boolean>`(messages.state = 'queued' and not messages.rehearsal and exists (
    select from offices join unnest(${waits.map((each) => each.actionId)}::uuid[], ${waits.map((each) => each.bodyId)}::text[]) as away (action_id, body_id) on away.body_id = offices.body_id
    where offices.id = messages.office_id and away.action_id = messages.action_id))`
}

async function bodiesAway(db: Db, now: Date): Promise<Map<string, { state: BodyState, until: string | null }>> {
  const { rows } = await sql<{ body_id: string }>`select distinct body_id from body_states`.execute(db)
  return new Map([...await bodyStandings(db, rows.map((row) => row.body_id), now)].filter(([, { state }]) => state !== 'sitting'))
}

/** What an action keeps here for a body that does not sit never leaves: staff said so. Returns how many messages that are; none where nothing waits any more. */
export async function dropForBody(tx: Tx, { actionId, bodyId }: { actionId: string, bodyId: string }, now: Date): Promise<number> {
  if (!(await bodyWaits(tx, now, actionId)).some((each) => each.bodyId === bodyId)) return 0
  const { rows } = await sql`
    update messages set state = 'cancelled', problem = 'body-away', ended_at = ${now} from offices
    where messages.action_id = ${actionId} and messages.state = 'queued' and not messages.rehearsal and offices.id = messages.office_id and offices.body_id = ${bodyId} returning 1`.execute(tx)
  return rows.length
}
