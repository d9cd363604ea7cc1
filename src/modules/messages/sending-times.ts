import { sql, type Db, type RawBuilder } from '#platform/db.ts'
import { startOfDay } from '#platform/days.ts'
import { actionOptions, conductIn, type ActionOptions } from '#modules/actions/index.ts'
import { bodyStandings, hoursOfOffices, nextOpening, type BodyStanding, type OfficeFacts, type OfficeHours } from '#modules/targets/index.ts'
import type { DueMessage } from './courier.ts'

/** A condition on an action under which its messages leave now: it sends, and its moment of delivery has come. */
export function sendsNow(now: Date): RawBuilder<boolean> {
  return sql<boolean>`actions.state in ('open', 'closed') and coalesce(actions.deliver_at <= ${now}, true)`
}

/** A condition on a head of the queue: nothing is known that keeps its messages here. */
export function notWaiting(now: Date): RawBuilder<boolean> {
  return sql<boolean>`not exists (select from sending_waits wait where wait.action_id = heads.action_id and wait.office_id = heads.office_id and wait.look_again_at > ${now})`
}

interface Wait {
  actionId: string
  officeId: string
  reason: 'body-state' | 'office-hours'
  until: Date | null
}

/** What has to be known of a message to say whether it may leave. */
type Leaving = Pick<DueMessage, 'actionId' | 'officeId' | 'writtenTo'>

/** What a body or an office is doing may change at any time, so nobody relies on it for longer. */
const lookAgainAfter = 10_000

/**
 * Leaves out the messages that may not leave now: their body does not sit and the action holds them, or their office is closed
 * and the action keeps to its hours. Notes why, for each action and office. Messages that were written to somebody who has left
 * the office go no further: they wait for staff.
 */
export async function mayLeave<Message extends Leaving>(db: Db, due: Message[], offices: Map<string, OfficeFacts>, now: Date): Promise<Message[]> {
  if (due.length === 0) return due
  const options = await optionsOf(db, due)
  const bodies = await bodyStandings(db, [...offices.values()].map((office) => office.body.id), now)
  const kept = new Set(due.flatMap(({ actionId, officeId }) => (options.get(actionId)?.officeHours ? [officeId] : [])))
  const hours = await hoursOfOffices(db, [...kept])
  const waits = due.flatMap((message): Wait[] => {
    const office = offices.get(message.officeId)
    const wait = office && waitOf(options.get(message.actionId)!, bodies.get(office.body.id)!, hours.get(office.id), now)
    return wait ? [{ actionId: message.actionId, officeId: message.officeId, ...wait }] : []
  })
  await noteWaits(db, waits, now)
  const waiting = new Set(waits.map(({ actionId, officeId }) => `${actionId} ${officeId}`))
  const left = due.filter(({ actionId, officeId }) => !waiting.has(`${actionId} ${officeId}`))
  const successors = left.filter((message) => {
    const office = offices.get(message.officeId)
    return office && options.get(message.actionId)!.addressedTo === 'holder' && isForSomebodyElse(message, office)
  })
  await stopForSuccessors(db, successors, offices)
  return left.filter((message) => !successors.includes(message))
}

async function optionsOf(db: Db, due: Leaving[]): Promise<Map<string, ActionOptions>> {
  const rows = await db.selectFrom('actions').select(['id', 'options']).where('id', 'in', [...new Set(due.map(({ actionId }) => actionId))]).execute()
  return new Map(rows.map((row) => [row.id, actionOptions.parse(row.options)]))
}

function waitOf(options: ActionOptions, body: BodyStanding, hours: OfficeHours | undefined, now: Date): Pick<Wait, 'reason' | 'until'> | undefined {
  // Whatever the page offers instead: what was written to a body that does not sit stays here.
  if (body.electionOver || (body.state !== 'sitting' && conductIn(body.state, options) !== 'go-on')) return { reason: 'body-state', until: body.until ? startOfDay(body.until, body.zone) : null }
  if (!options.officeHours || !hours) return undefined
  const opening = nextOpening(hours, now)
  return opening && opening <= now ? undefined : { reason: 'office-hours', until: opening ?? null }
}

async function noteWaits(db: Db, waits: Wait[], now: Date): Promise<void> {
  if (waits.length === 0) return
  const lookAgain = waits.map(({ until }) => new Date(Math.min(until?.getTime() ?? Infinity, now.getTime() + lookAgainAfter)))
  await sql`
    insert into sending_waits as known (action_id, office_id, reason, until, look_again_at)
    select * from unnest(${waits.map((each) => each.actionId)}::uuid[], ${waits.map((each) => each.officeId)}::text[], ${waits.map((each) => each.reason)}::text[],
      ${waits.map((each) => each.until)}::timestamptz[], ${lookAgain}::timestamptz[]) order by 1, 2
    on conflict (action_id, office_id) do update set reason = excluded.reason, until = excluded.until, look_again_at = excluded.look_again_at`.execute(db)
}

function isForSomebodyElse(message: Leaving, office: OfficeFacts): boolean {
  return message.writtenTo.length > 0 && office.holders.length > 0 && !office.holders.some((holder) => message.writtenTo.includes(holder.id))
}

/** Stops all that was written to former holders of these offices, however much of it is in the queue. */
async function stopForSuccessors(db: Db, messages: Leaving[], offices: Map<string, OfficeFacts>): Promise<void> {
  if (messages.length === 0) return
  await sql`
    update messages set state = 'waiting', waiting_for = 'successor'
    from unnest(${messages.map((each) => each.actionId)}::uuid[], ${messages.map((each) => each.officeId)}::text[], ${messages.map((each) => holdersOf(offices.get(each.officeId)!))}::text[]) as stopped (action_id, office_id, holders)
    where messages.state = 'queued' and messages.action_id = stopped.action_id and messages.office_id = stopped.office_id
      and messages.written_to <> '{}' and not messages.written_to && array(select jsonb_array_elements_text(stopped.holders::jsonb))`.execute(db)
}

function holdersOf(office: OfficeFacts): string {
  return JSON.stringify(office.holders.map((holder) => holder.id))
}

/**
 * Puts back in the queue what waited because somebody else holds the office: where the one it was written to holds it after all,
 * or the action has come to say that the office is what matters.
 */
export async function releaseToHolders(db: Db, offices: OfficeFacts[]): Promise<void> {
  await sql`
    update messages set state = 'queued', waiting_for = null
    from unnest(${offices.map((office) => office.id)}::text[], ${offices.map(holdersOf)}::text[]) as held (office_id, holders)
    where messages.state = 'waiting' and messages.waiting_for = 'successor' and messages.office_id = held.office_id
      and (messages.written_to && array(select jsonb_array_elements_text(held.holders::jsonb))
        or exists (select from actions where actions.id = messages.action_id and actions.options ->> 'addressedTo' = 'office'))`.execute(db)
}

/** Cancels what was written to candidates of an election that is over. Notes of waiting that nobody will look at again go too. */
export async function tidySendingTimes(db: Db, now: Date): Promise<void> {
  const { rows } = await sql<{ id: string }>`select id from bodies where candidates_for is not null and election_on is not null`.execute(db)
  const over = [...(await bodyStandings(db, rows.map((row) => row.id), now)).values()].filter((body) => body.electionOver).map((body) => body.id)
  if (over.length) {
    await sql`
      update messages set state = 'cancelled', waiting_for = null, problem = 'election-over', ended_at = ${now}
      where state in ('queued', 'waiting') and office_id in (select id from offices where body_id = any (${over}::text[]))`.execute(db)
  }
  await sql`delete from sending_waits where look_again_at < ${new Date(now.getTime() - lookAgainAfter)}`.execute(db)
}

/** What staff decide about messages whose office somebody else holds now: they go to whoever holds it, or to nobody. */
export async function decideSuccessors(db: Db, of: { actionId: string, officeId: string }, decision: 'send' | 'cancel', now: Date): Promise<number> {
  const { rows } = decision === 'send'
    ? await sql`
      update messages set state = 'queued', waiting_for = null, written_to = '{}', due_at = ${now}
      where state = 'waiting' and waiting_for = 'successor' and action_id = ${of.actionId} and office_id = ${of.officeId} returning 1`.execute(db)
    : await sql`
      update messages set state = 'cancelled', waiting_for = null, problem = 'holder-left', ended_at = ${now}
      where state = 'waiting' and waiting_for = 'successor' and action_id = ${of.actionId} and office_id = ${of.officeId} returning 1`.execute(db)
  return rows.length
}
