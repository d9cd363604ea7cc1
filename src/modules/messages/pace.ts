import { createHash } from 'node:crypto'
import { dayIn } from '#platform/days.ts'
import { sql, type Db, type Tx } from '#platform/db.ts'
import type { Delivery } from '#platform/mail/smtp.ts'
import { domainOf } from '#modules/people/index.ts'
import { sendingRules, type SendingRules } from './sending-rules.ts'

/** How fast is written where no rule of the desk says otherwise. */
export interface Pace {
  /** Between two messages to one mailbox, give or take a quarter. */
  seconds: number
  /** To one domain at once; the next ones wait for the next call. */
  perDomain: number
  /** Between two messages to one domain on average; nothing if left out. */
  domainSeconds?: number
}

export const usualPace: Pace = { seconds: 20, perDomain: 4, domainSeconds: 0.25 }

/** Something that wants to go to an address of an office. */
export interface Wanted {
  to: string
  officeId: string
  /** What its action allows in a day. */
  dailyCap: number | undefined
}

/** What is known of a mailbox or domain: when it may be written to next, and how many it got on a day. */
export interface Place {
  nextAt: number
  day: string
  sent: number
}

export function mailboxKey(address: string): string {
  return createHash('sha256').update(address.toLowerCase()).digest('hex')
}

/** No address begins with the sign that domains have here. */
export function domainKey(address: string): string {
  return createHash('sha256').update(`@${domainOf(address)}`).digest('hex')
}

/**
 * Who of those that want to may go now, in their order, and what mailboxes and domains are like afterwards. One to a mailbox; to a
 * domain at most what its pace has saved up within a second. What a day allows begins anew with each `day`. `jitter` is a number between 0.75 and 1.25, drawn anew each time.
 */
export function grantPlaces<Each extends Wanted>(wanted: Each[], places: Map<string, Place>, rules: SendingRules, pace: Pace, most: number, { now, day }: { now: Date, day: string }, jitter: () => number): { granted: Each[], changed: Map<string, Place> } {
  const at = now.getTime()
  const changed = new Map<string, Place>()
  const placeOf = (key: string): Place => {
    const place = changed.get(key) ?? places.get(key) ?? { nextAt: at, day, sent: 0 }
    return place.day === day ? place : { ...place, day, sent: 0 }
  }
  const atOnce = new Map<string, number>()
  const granted: Each[] = []
  for (const each of wanted) {
    if (granted.length >= most) break
    const [mailbox, domain] = [mailboxKey(each.to), domainKey(each.to)]
    const office = rules.office(each.officeId)
    const rule = rules.domain(domainOf(each.to))
    const mailboxPlace = placeOf(mailbox)
    const domainPlace = placeOf(domain)
    const interval = between(office.perMinute ?? rules.offices.perMinute) ?? pace.seconds
    const domainInterval = between(rule.perMinute ?? rules.domains.perMinute) ?? pace.domainSeconds ?? 0
    const savedUp = domainInterval === 0 ? 0 : Math.min(pace.perDomain, Math.max(1, Math.floor(1 / domainInterval))) - 1
    const caps = capsOf(rules, each)
    if (changed.has(mailbox) || mailboxPlace.nextAt > at || mailboxPlace.sent >= caps.mailbox) continue
    if ((atOnce.get(domain) ?? 0) >= pace.perDomain || domainPlace.nextAt - savedUp * domainInterval * 1000 > at || domainPlace.sent >= caps.domain) continue
    changed.set(mailbox, { nextAt: at + interval * 1000 * jitter(), day, sent: mailboxPlace.sent + 1 })
    changed.set(domain, { nextAt: Math.max(domainPlace.nextAt, at) + domainInterval * 1000 * jitter(), day, sent: domainPlace.sent + 1 })
    atOnce.set(domain, (atOnce.get(domain) ?? 0) + 1)
    granted.push(each)
  }
  return { granted, changed }
}

/** What is known not to have arrived, and is tried again, has used up nothing of the day on which it was tried; when its mailbox is written to next stays. */
export async function giveBack(db: Db, zone: string, tried: { to: string, delivery: Delivery }[], now: Date): Promise<void> {
  const keys = tried.filter(({ delivery }) => delivery.outcome === 'not-sent' || (delivery.outcome === 'refused' && !delivery.permanent)).flatMap(({ to }) => [mailboxKey(to), domainKey(to)])
  if (keys.length === 0) return
  await sql`
    update paces set sent_today = greatest(0, sent_today - back.count) from (select key, count(*)::int as count from unnest(${keys}::text[]) as key group by key) back
    where paces.mailbox = decode(back.key, 'hex') and paces.day = ${dayIn(zone, now)}`.execute(db)
}

/** How many a day the mailbox and the domain of something may get. */
export function capsOf(rules: SendingRules, { to, officeId, dailyCap }: Wanted): { mailbox: number, domain: number } {
  return {
    mailbox: Math.min(rules.office(officeId).dailyCap ?? rules.offices.dailyCap ?? Infinity, dailyCap ?? Infinity),
    domain: rules.domain(domainOf(to)).dailyCap ?? rules.domains.dailyCap ?? Infinity,
  }
}

function between(perMinute: number | null): number | undefined {
  return perMinute === null ? undefined : 60 / perMinute
}

/** Takes places for as many of those that want to go as their mailboxes and domains have room for. Two workers that want the same take turns. The day is that of the publisher's `zone`. */
export async function takePlaces<Each extends Wanted>(tx: Tx, { pace, zone }: { pace: Pace, zone: string }, wanted: Each[], most: number, now: Date): Promise<Each[]> {
  if (wanted.length === 0) return []
  const rules = await sendingRules(tx, { offices: [...new Set(wanted.map((each) => each.officeId))], domains: [...new Set(wanted.map((each) => domainOf(each.to)))] })
  const day = dayIn(zone, now)
  const keys = [...new Set(wanted.flatMap(({ to }) => [mailboxKey(to), domainKey(to)]))].toSorted()
  await sql`
    insert into paces (mailbox, next_at, day, sent_today) select decode(key, 'hex'), ${now}, ${day}, 0 from unnest(${keys}::text[]) as key order by 1
    on conflict do nothing`.execute(tx)
  const { rows } = await sql<{ key: string, next_at: Date, day: string, sent_today: number }>`
    select encode(mailbox, 'hex') as key, next_at, day, sent_today from paces where mailbox in (select decode(key, 'hex') from unnest(${keys}::text[]) as key) order by mailbox for update`.execute(tx)
  const places = new Map(rows.map((row) => [row.key, { nextAt: row.next_at.getTime(), day: row.day, sent: row.sent_today }]))
  const { granted, changed } = grantPlaces(wanted, places, rules, pace, most, { now, day }, () => 0.75 + Math.random() * 0.5)
  const all = [...changed]
  await sql`
    update paces set next_at = changed.next_at, day = changed.day, sent_today = changed.sent
    from unnest(${all.map(([key]) => key)}::text[], ${all.map(([, place]) => new Date(place.nextAt))}::timestamptz[], ${all.map(([, place]) => place.day)}::date[], ${all.map(([, place]) => place.sent)}::int[])
      as changed (key, next_at, day, sent)
    where paces.mailbox = decode(changed.key, 'hex')`.execute(tx)
  return granted
}
