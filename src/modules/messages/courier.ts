import { createHash } from 'node:crypto'
import { clockTolerance } from '#platform/clock.ts'
import { inTransaction, sql, type Db, type Tx } from '#platform/db.ts'
import type { Log } from '#platform/log.ts'
import type { Delivery } from '#platform/mail/smtp.ts'
import type { Opener } from '#platform/sealing/index.ts'
import { sideBySide } from '#platform/side-by-side.ts'
import { retryAt, type Post } from '#modules/mails/index.ts'
import { domainOf } from '#modules/people/index.ts'
import type { Publisher } from '#modules/publisher/index.ts'
import { noteRefusal, officesById, type OfficeFacts } from '#modules/targets/index.ts'
import { letterTo } from './letter.ts'
import { releaseRuledOut, ruledOut } from './ruled-out.ts'
import { obstacle } from './target-choice.ts'

/** How fast a mailbox is written to. */
export interface Pace {
  /** Between two messages to one mailbox, give or take a quarter. */
  seconds: number
  /** To one domain at once; the next ones wait for the next call. */
  perDomain: number
}

export const usualPace: Pace = { seconds: 20, perDomain: 4 }

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
  const offices = new Map((await officesById(tools.db, [...new Set(due.map((message) => message.officeId))], now.toISOString().slice(0, 10))).map((office) => [office.id, office]))
  const out = await ruledOut(tools.db, due, offices, now)
  const sendable: { message: DueMessage, office: OfficeFacts }[] = []
  for (const message of due) {
    const office = offices.get(message.officeId)
    const problem = office ? obstacle(office) : 'vacant'
    if (!problem && out.has(message.id)) continue
    if (problem) await holdBack(tools.db, message, problem, now)
    else sendable.push({ message, office: office! })
  }
  const claimed = await claim(tools, sendable, now)
  await sideBySide(8, claimed, async ({ message, office }) => {
    const delivery = await send(tools, message, office, now)
    await record(tools, message, office, delivery, now)
  })
  return claimed.length
}

/** The first message of practice, or the first real one, in the queue of every action and office that may send: found by jumping along the queue's index, however long it is. */
async function dueMessages(db: Db, practice: boolean, now: Date): Promise<DueMessage[]> {
  const { rows } = await sql<{ person_id: string, id: string, participation_id: string, action_id: string, office_id: string, own: boolean, rehearsal: boolean, attempts: number, copy: boolean, variant_id: string | null }>`
    with recursive heads (action_id, office_id) as (
      (select sending.id, first.office_id from (select id from actions where state in ('open', 'closed')) sending
        cross join lateral (select office_id from messages where state = 'queued' and practice = ${practice} and action_id = sending.id order by office_id limit 1) first)
      union all
      select heads.action_id, next.office_id from heads
        cross join lateral (select office_id from messages where state = 'queued' and practice = ${practice} and action_id = heads.action_id and office_id > heads.office_id order by office_id limit 1) next)
    select due.* from heads cross join lateral (
      select person_id, id, participation_id, action_id, office_id, own, rehearsal, attempts, copy, variant_id from messages
      where state = 'queued' and practice = ${practice} and action_id = heads.action_id and office_id = heads.office_id and due_at <= ${now}
      order by due_at limit 1) due
    order by random() limit ${mostAtOnce * 4}`.execute(db)
  return rows.map((row) => ({
    personId: row.person_id, id: row.id, participationId: row.participation_id, actionId: row.action_id, officeId: row.office_id,
    own: row.own, rehearsal: row.rehearsal, attempts: row.attempts, copy: row.copy, variantId: row.variant_id,
  }))
}

/** The office has no holder or no address today. The message waits for staff to mend that; nobody's words are thrown away. */
async function holdBack(db: Db, message: DueMessage, problem: 'vacant' | 'no-address', now: Date): Promise<void> {
  await sql`
    update messages set state = 'waiting', waiting_for = ${problem === 'vacant' ? 'holder' : 'address'}, due_at = ${now}
    where person_id = ${message.personId} and id = ${message.id} and state = 'queued'`.execute(db)
}

/** Puts messages back in the queue whose office can be written to again. */
export async function releaseWaiting(db: Db, now: Date): Promise<void> {
  await releaseRuledOut(db, now)
  const { rows } = await sql<{ office_id: string }>`select distinct office_id from messages where state = 'waiting'`.execute(db)
  const reachable = (await officesById(db, rows.map((row) => row.office_id), now.toISOString().slice(0, 10))).filter((office) => obstacle(office) === undefined)
  await sql`update messages set state = 'queued', waiting_for = null where state = 'waiting' and not ruled_out and office_id = any (${reachable.map((office) => office.id)}::text[])`.execute(db)
}

/** Takes a place in each mailbox's pace, then marks the messages that got one as being sent, if their action still sends. */
async function claim({ db, pace }: CourierTools, candidates: { message: DueMessage, office: OfficeFacts }[], now: Date): Promise<{ message: DueMessage, office: OfficeFacts }[]> {
  const chosen = new Map<string, { message: DueMessage, office: OfficeFacts }>()
  const perDomain = new Map<string, number>()
  for (const candidate of candidates) {
    const mailbox = mailboxKey(candidate.office.email!)
    const domain = domainOf(candidate.office.email!)
    const busy = perDomain.get(domain) ?? 0
    if (chosen.has(mailbox) || busy >= pace.perDomain || chosen.size >= mostAtOnce) continue
    chosen.set(mailbox, candidate)
    perDomain.set(domain, busy + 1)
  }
  if (chosen.size === 0) return []
  return inTransaction(db, async (tx) => {
    const paced = await takePlaces(tx, pace, [...chosen].map(([mailbox, { message }]) => ({ mailbox, actionId: message.actionId })), now)
    const wanted = [...chosen].filter(([mailbox]) => paced.has(mailbox)).map(([, candidate]) => candidate)
    const { rows } = await sql<{ id: string }>`
      update messages set state = 'sending', sending_at = ${now}, attempts = attempts + 1
      from unnest(${wanted.map(({ message }) => message.personId)}::uuid[], ${wanted.map(({ message }) => message.id)}::uuid[]) as wanted (person_id, id)
      where messages.person_id = wanted.person_id and messages.id = wanted.id and messages.state = 'queued'
        and exists (select from actions where actions.id = messages.action_id and actions.state in ('open', 'closed'))
      returning messages.id`.execute(tx)
    const ours = new Set(rows.map((row) => row.id))
    return wanted.filter(({ message }) => ours.has(message.id))
  })
}

function mailboxKey(address: string): string {
  return createHash('sha256').update(address.toLowerCase()).digest('hex')
}

async function takePlaces(tx: Tx, pace: Pace, wanted: { mailbox: string, actionId: string }[], now: Date): Promise<Set<string>> {
  const day = now.toISOString().slice(0, 10)
  const { rows } = await sql<{ mailbox: Buffer }>`
    insert into paces as known (mailbox, next_at, day, sent_today)
    select decode(wanted.mailbox, 'hex'), ${now}::timestamptz + make_interval(secs => ${pace.seconds} * (0.75 + random() * 0.5)), ${day}, 1
    from unnest(${wanted.map((each) => each.mailbox)}::text[]) as wanted (mailbox) order by 1
    on conflict (mailbox) do update set next_at = excluded.next_at, day = excluded.day, sent_today = case when known.day = excluded.day then known.sent_today + 1 else 1 end
    where known.next_at <= ${now} and (known.day <> excluded.day or known.sent_today < (
      select coalesce(min((actions.options ->> 'dailyCap')::int), 500) from actions
      join unnest(${wanted.map((each) => each.mailbox)}::text[], ${wanted.map((each) => each.actionId)}::uuid[]) as cap (mailbox, action_id) on cap.action_id = actions.id
      where decode(cap.mailbox, 'hex') = known.mailbox))
    returning mailbox`.execute(tx)
  return new Set(rows.map((row) => row.mailbox.toString('hex')))
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

async function record({ db }: CourierTools, message: DueMessage, office: OfficeFacts, delivery: Delivery, now: Date): Promise<void> {
  const again = (delivery.outcome === 'refused' && !delivery.permanent) || delivery.outcome === 'not-sent' ? retryAt(message.attempts, now) : undefined
  const state = delivery.outcome === 'accepted' || delivery.outcome === 'unknown' ? delivery.outcome : again ? 'queued' : 'failed'
  const problem = delivery.outcome === 'refused' ? `refused ${delivery.code}` : delivery.outcome === 'accepted' ? null : delivery.problem
  await sql`
    update messages set state = ${state}, due_at = coalesce(${again ?? null}::timestamptz, due_at), problem = ${problem}, official_id = ${office.holders[0]?.id ?? null},
      ended_at = ${again ? null : now}
    where person_id = ${message.personId} and id = ${message.id} and state = 'sending'`.execute(db)
  if (delivery.outcome === 'refused' && delivery.permanent && delivery.code >= 500 && !message.rehearsal) await noteRefusal(db, { officeId: office.id, address: office.email!, code: delivery.code }, now)
}

/** The clock went back: messages promised, and mailboxes paced, at a moment that is still to come need not wait for it. */
export async function mendMessageClock(db: Db, now: Date): Promise<void> {
  const ahead = new Date(now.getTime() + clockTolerance)
  await sql`update messages set due_at = ${now}, promised_at = ${now} where state = 'queued' and promised_at > ${ahead}`.execute(db)
  await sql`update paces set next_at = ${now} where next_at > ${new Date(now.getTime() + 600_000)}`.execute(db)
}

/** Messages whose worker died while it sent them: they may have arrived, so they are shown as unknown and never sent by themselves. */
export async function markAbandoned(db: Db, now: Date): Promise<number> {
  const { rows } = await sql`
    update messages set state = 'unknown', problem = 'interrupted', ended_at = ${now}
    where state = 'sending' and sending_at < ${new Date(now.getTime() - abandonedMinutes * 60_000)} returning 1`.execute(db)
  return rows.length
}

/** Messages that had not left when a backup was made: they may have left since, so a restored copy shows them as unknown and does not send them. */
export async function markRestored(db: Db, now: Date): Promise<number> {
  const { rows } = await sql`
    update messages set state = 'unknown', waiting_for = null, problem = 'restored', ended_at = ${now}
    where state in ('queued', 'waiting', 'sending') returning 1`.execute(db)
  return rows.length
}
