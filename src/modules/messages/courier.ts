import { clockTolerance } from '#platform/clock.ts'
import { inTransaction, sql, type Db } from '#platform/db.ts'
import type { Log } from '#platform/log.ts'
import type { Delivery } from '#platform/mail/smtp.ts'
import type { Opener } from '#platform/sealing/index.ts'
import { sideBySide } from '#platform/side-by-side.ts'
import { retryAt, type Post } from '#modules/mails/index.ts'
import type { Publisher } from '#modules/publisher/index.ts'
import { noteRefusal, officesById, type OfficeFacts } from '#modules/targets/index.ts'
import { whereTo, type Addressed } from './addresses.ts'
import { noteAnswers } from './health.ts'
import { letterTo } from './letter.ts'
import { giveBack, takePlaces, type Pace } from './pace.ts'
import { releaseRuledOut, ruledOut } from './ruled-out.ts'
import { mayLeave, notWaiting, releaseToHolders, sendsNow } from './sending-times.ts'
import { markOffices } from './tallies.ts'
import { obstacle, type Obstacle } from './target-choice.ts'

export interface CourierTools {
  db: Db
  opener: Opener
  post: Post
  publisher: Publisher
  log: Log
  pace: Pace
}

export interface DueMessage {
  personId: string
  id: string
  participationId: string
  actionId: string
  officeId: string
  own: boolean
  rehearsal: boolean
  attempts: number
  /** The officials whom its writer had before them; none where it is for whoever holds the office. */
  writtenTo: string[]
  /** Whether its office's first address has refused it for good. */
  alternate: boolean
  /** A copy for information, and the words that the supporter saw for this office. */
  copy: boolean
  variantId: string | null
}

const mostAtOnce = 50
/** A message that has been under way for so long belonged to a worker that died. */
const abandonedMinutes = 10

/**
 * Sends messages that are due, one to a mailbox at the most. A message is marked as being sent, and that is committed, before
 * its first word goes out; so it is sent at most once, and where the line breaks nobody claims to know. Returns how many went out.
 */
export async function deliverMessages(tools: CourierTools, now: Date): Promise<number> {
  const due = await dueMessages(tools.db, tools.post.practice, now)
  if (due.length === 0) return 0
  const offices = new Map((await officesById(tools.db, [...new Set(due.map((message) => message.officeId))], now)).map((office) => [office.id, office]))
  const sendable: Candidate[] = []
  const held = new Map<string, Obstacle>()
  const leaving = await mayLeave(tools.db, due, offices, now)
  const out = await ruledOut(tools.db, leaving, offices, now)
  for (const message of leaving) {
    const office = offices.get(message.officeId)
    const problem = office ? obstacle(office) : 'vacant'
    if (problem) held.set(message.officeId, problem)
    else if (!out.has(message.id)) sendable.push({ message, office: office!, alternate: message.alternate })
  }
  await holdBack(tools.db, held, now)
  const claimed = await claim(tools, await whereTo(tools.db, sendable, now), now)
  const deliveries = await sideBySide(8, claimed, async (each) => {
    const delivery = await send(tools, each.message, each.office, now)
    await record(tools, each, delivery, now)
    return { to: each.to, delivery }
  })
  await giveBack(tools.db, tools.publisher.zone, deliveries, now)
  // What goes to a staff member in a rehearsal says nothing about the office's server.
  await noteAnswers(tools.db, deliveries.filter((_, place) => !claimed[place]!.message.rehearsal), now)
  await markOffices(tools.db, claimed.filter(({ message }, place) => !message.rehearsal && deliveries[place]!.delivery.outcome === 'accepted').map(({ office }) => office.id))
  return claimed.length
}

interface Candidate {
  message: DueMessage
  office: OfficeFacts
  alternate: boolean
}

/** The first message of practice, or the first real one, in the queue of every action and office that may send: found by jumping along the queue's index, however long it is. */
async function dueMessages(db: Db, practice: boolean, now: Date): Promise<DueMessage[]> {
  const { rows } = await sql<{ person_id: string, id: string, participation_id: string, action_id: string, office_id: string, own: boolean, rehearsal: boolean, attempts: number, alternate: boolean, written_to: string[], copy: boolean, variant_id: string | null }>`
    with recursive heads (action_id, office_id) as (
      (select sending.id, first.office_id from (select id from actions where ${sendsNow(now)}) sending
        cross join lateral (select office_id from messages where state = 'queued' and not in_digest and practice = ${practice} and action_id = sending.id order by office_id limit 1) first)
      union all
      select heads.action_id, next.office_id from heads
        cross join lateral (select office_id from messages where state = 'queued' and not in_digest and practice = ${practice} and action_id = heads.action_id and office_id > heads.office_id order by office_id limit 1) next)
    select due.* from heads cross join lateral (
      select person_id, id, participation_id, action_id, office_id, own, rehearsal, attempts, alternate, written_to, copy, variant_id from messages
      where state = 'queued' and not in_digest and practice = ${practice} and action_id = heads.action_id and office_id = heads.office_id and due_at <= ${now}
      order by due_at limit 1) due
    where ${notWaiting(now)}
    order by random() limit ${mostAtOnce * 4}`.execute(db)
  return rows.map((row) => ({
    personId: row.person_id, id: row.id, participationId: row.participation_id, actionId: row.action_id, officeId: row.office_id,
    own: row.own, rehearsal: row.rehearsal, attempts: row.attempts, alternate: row.alternate, writtenTo: row.written_to, copy: row.copy, variantId: row.variant_id,
  }))
}

const waitingFor: Record<Obstacle, string> = { vacant: 'holder', 'no-address': 'address', 'opted-out': 'opt-out' }

/** These offices cannot be written to today. All that is queued for them waits until that is mended; nobody's words are thrown away. */
export async function holdBack(db: Db, offices: Map<string, Obstacle>, now: Date): Promise<void> {
  if (offices.size === 0) return
  await sql`
    update messages set state = 'waiting', waiting_for = held.waiting_for, due_at = ${now}
    from unnest(${[...offices.keys()]}::text[], ${[...offices.values()].map((problem) => waitingFor[problem])}::text[]) as held (office_id, waiting_for)
    where messages.office_id = held.office_id and messages.state = 'queued'`.execute(db)
}

/** Puts messages back in the queue whose office can be written to again. */
export async function releaseWaiting(db: Db, now: Date): Promise<void> {
  await releaseRuledOut(db, now)
  const { rows } = await sql<{ office_id: string }>`select distinct office_id from messages where state = 'waiting'`.execute(db)
  const reachable = (await officesById(db, rows.map((row) => row.office_id), now)).filter((office) => obstacle(office) === undefined)
  await sql`update messages set state = 'queued', waiting_for = null where state = 'waiting' and not ruled_out and waiting_for <> 'successor' and office_id = any (${reachable.map((office) => office.id)}::text[])`.execute(db)
  await releaseToHolders(db, reachable)
}

/** Takes places in the paces of mailboxes and domains, then marks the messages that got one as being sent, if their action still sends and their office is still written to. */
async function claim({ db, pace, publisher }: CourierTools, candidates: (Candidate & Addressed)[], now: Date): Promise<(Candidate & Addressed)[]> {
  if (candidates.length === 0) return []
  return inTransaction(db, async (tx) => {
    const caps = await sql<{ id: string, cap: number | null }>`
      select id, (options ->> 'dailyCap')::int as cap from actions where id = any (${[...new Set(candidates.map(({ message }) => message.actionId))]}::uuid[])`.execute(tx)
    const capOf = new Map(caps.rows.map((row) => [row.id, row.cap ?? undefined]))
    const wanted = await takePlaces(tx, { pace, zone: publisher.zone }, candidates.map((each) => ({ ...each, officeId: each.office.id, dailyCap: capOf.get(each.message.actionId) })), mostAtOnce, now)
    const { rows } = await sql<{ id: string }>`
      update messages set state = 'sending', sending_at = ${now}, attempts = attempts + 1
      from unnest(${wanted.map(({ message }) => message.personId)}::uuid[], ${wanted.map(({ message }) => message.id)}::uuid[]) as wanted (person_id, id)
      where messages.person_id = wanted.person_id and messages.id = wanted.id and messages.state = 'queued'
        and exists (select from actions where actions.id = messages.action_id and ${sendsNow(now)})
        and not exists (select from public_opt_outs opted where opted.office_id = messages.office_id and coalesce(opted.until > ${now}::date, true))
      returning messages.id`.execute(tx)
    const ours = new Set(rows.map((row) => row.id))
    return wanted.filter(({ message }) => ours.has(message.id))
  })
}

async function send(tools: CourierTools, message: DueMessage, office: OfficeFacts, now: Date): Promise<Delivery> {
  try {
    const letter = await letterTo(tools, message, office, now)
    return letter ? await tools.post.deliver(letter) : { outcome: 'refused', permanent: true, code: 0 }
  } catch (error) {
    tools.log.error('message not written', { action: message.actionId, error })
    return { outcome: 'not-sent', problem: 'not written' }
  }
}

async function record({ db }: CourierTools, { message, office, alternate, second }: Candidate & Addressed, delivery: Delivery, now: Date): Promise<void> {
  const refused = delivery.outcome === 'refused'
  // Refused for good is known not to have arrived: then, and only then, the office's other address may have it.
  const elsewhere = refused && delivery.permanent && delivery.code !== 0 && second !== undefined
  const again = elsewhere ? now : (refused && !delivery.permanent) || delivery.outcome === 'not-sent' ? retryAt(message.attempts, now) : undefined
  const state = delivery.outcome === 'accepted' || delivery.outcome === 'unknown' ? delivery.outcome : again ? 'queued' : 'failed'
  const problem = refused ? `refused ${delivery.code}` : delivery.outcome === 'accepted' ? null : delivery.problem
  await sql`
    update messages set state = ${state}, due_at = coalesce(${again ?? null}::timestamptz, due_at), problem = ${problem}, official_id = ${office.holders[0]?.id ?? null},
      alternate = ${alternate || elsewhere}, ended_at = ${again ? null : now}
    where person_id = ${message.personId} and id = ${message.id} and state = 'sending'`.execute(db)
  if (delivery.outcome === 'refused' && delivery.permanent && delivery.code >= 500 && !message.rehearsal) await noteRefusal(db, { officeId: office.id, address: office.email!, code: delivery.code }, now)
}

/** The clock went back: messages promised, and mailboxes paced, at a moment that is still to come need not wait for it. */
export async function mendMessageClock(db: Db, now: Date): Promise<void> {
  const ahead = new Date(now.getTime() + clockTolerance)
  await sql`update messages set due_at = ${now}, promised_at = ${now} where state = 'queued' and promised_at > ${ahead}`.execute(db)
  await sql`update paces set next_at = ${now} where next_at > ${new Date(now.getTime() + 600_000)}`.execute(db)
  await sql`update sending_rests set rested_until = null where rested_until > ${new Date(now.getTime() + 2 * 86_400_000)}`.execute(db)
}

/** Messages whose worker died while it sent them: they may have arrived, so they are shown as unknown and never sent by themselves. */
export async function markAbandoned(db: Db, now: Date): Promise<number> {
  const { rows } = await sql`
    update messages set state = 'unknown', problem = 'interrupted', ended_at = ${now}
    where state = 'sending' and sending_at < ${new Date(now.getTime() - abandonedMinutes * 60_000)} returning 1`.execute(db)
  await sql`update digests set state = 'unknown', problem = 'interrupted', ended_at = ${now} where state = 'sending' and sending_at < ${new Date(now.getTime() - abandonedMinutes * 60_000)}`.execute(db)
  return rows.length
}

/** Messages that had not left when a backup was made: they may have left since, so a restored copy shows them as unknown and does not send them. */
export async function markRestored(db: Db, now: Date): Promise<number> {
  const { rows } = await sql`
    update messages set state = 'unknown', waiting_for = null, problem = 'restored', ended_at = ${now}
    where state in ('queued', 'waiting', 'sending') returning 1`.execute(db)
  await sql`update digests set state = 'unknown', problem = 'restored', ended_at = ${now} where state in ('queued', 'sending')`.execute(db)
  return rows.length
}
