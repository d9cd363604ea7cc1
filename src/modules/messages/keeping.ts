import { dayIn, startOfDay } from '#platform/days.ts'
import { sql, type Db } from '#platform/db.ts'
import { domainOf } from '#modules/people/index.ts'
import { officesById, type OfficeFacts } from '#modules/targets/index.ts'
import { whereTo } from './addresses.ts'
import { usualDigestHour } from './digest/plan.ts'
import { restsOf } from './health.ts'
import { capsOf, domainKey, mailboxKey } from './pace.ts'
import { sendingRules, type SendingRules } from './sending-rules.ts'

/** A message in the queue, as far as it matters for when it leaves. */
export interface Queued {
  officeId: string
  inDigest: boolean
  promisedAt: Date
  practice: boolean
  /** What its action allows in a day. */
  dailyCap: number | undefined
}

/** Why a message that its action lets go is still here, and from when on it is not kept by that. */
export interface Keeping {
  reason: 'cap' | 'rest' | 'digest' | 'pace'
  from: Date | null
}

/**
 * What keeps each of these here, in their order: the hour of the mail that it goes in, a mailbox or domain that is left alone, the day's
 * limit, or that others go before it. Nothing where its office cannot be written to at all. By the clock of the publisher's `zone`.
 */
export async function whatKeeps(db: Db, queued: Queued[], zone: string, now: Date): Promise<(Keeping | undefined)[]> {
  if (queued.length === 0) return []
  const offices = (await officesById(db, [...new Set(queued.map(({ officeId }) => officeId))], now)).filter((office) => office.email)
  const rules = await sendingRules(db, { offices: offices.map(({ id }) => id), domains: [...new Set(offices.map((office) => domainOf(office.email!)))] })
  const leaving = new Map((await whereTo(db, offices.map((office) => ({ office, alternate: false })), now)).map(({ office, to }) => [office.id, to]))
  const resting = await restingUntil(db, offices, now)
  const today = dayIn(zone, now)
  const sent = await sentOn(db, [...leaving.values()], today)
  const mailed = await digestsOn(db, offices.map(({ id }) => id), today)
  const tomorrow = (): Date => startOfDay(nextDay(today), zone)
  return queued.map((each): Keeping | undefined => {
    if (!offices.some(({ id }) => id === each.officeId)) return undefined
    const to = leaving.get(each.officeId)
    if (to === undefined) return { reason: 'rest', from: resting.get(each.officeId) ?? null }
    if (each.inDigest) {
      const hour = rules.office(each.officeId).digestHour ?? rules.offices.digestHour ?? usualDigestHour
      const leaves = hourOf(today, hour, zone)
      const gone = mailed.has(`${each.officeId} ${each.practice}`) || each.promisedAt >= leaves
      // Once its hour is there, the day's mail is kept by what keeps a message by itself.
      if (gone || leaves > now) return { reason: 'digest', from: gone ? hourOf(nextDay(today), hour, zone) : leaves }
    }
    return full(sent, rules, each, to) ? { reason: 'cap', from: tomorrow() } : { reason: 'pace', from: null }
  })
}

function full(sent: Map<string, number>, rules: SendingRules, { officeId, dailyCap }: Queued, to: string): boolean {
  const { mailbox, domain } = capsOf(rules, { to, officeId, dailyCap })
  return (sent.get(mailboxKey(to)) ?? 0) >= mailbox || (sent.get(domainKey(to)) ?? 0) >= domain
}

/** How many each mailbox and domain of these addresses got on a day, by its key. */
async function sentOn(db: Db, addresses: string[], day: string): Promise<Map<string, number>> {
  const keys = [...new Set(addresses.flatMap((to) => [mailboxKey(to), domainKey(to)]))]
  const { rows } = await sql<{ key: string, sent: number }>`
    select encode(mailbox, 'hex') as key, sent from sent_on(array(select decode(key, 'hex') from unnest(${keys}::text[]) as key), ${day}::date)`.execute(db)
  return new Map(rows.map((row) => [row.key, row.sent]))
}

/** Until when the first address of an office, or its domain, is left alone. */
async function restingUntil(db: Db, offices: OfficeFacts[], now: Date): Promise<Map<string, Date>> {
  const rests = await restsOf(db, offices.map((office) => office.email!))
  return new Map(offices.flatMap(({ id, email }) => {
    const until = [`mailbox ${email!.toLowerCase()}`, `domain ${domainOf(email!)}`].map((name) => rests.get(name)?.restedUntil?.getTime() ?? 0)
    const latest = Math.max(...until)
    return latest > now.getTime() ? [[id, new Date(latest)]] : []
  }))
}

/** Offices to which the day's mail with many messages has left, each with whether that was practice. */
async function digestsOn(db: Db, officeIds: string[], day: string): Promise<Set<string>> {
  const { rows } = await sql<{ office_id: string, practice: boolean }>`
    select office_id, practice from digests where office_id = any (${officeIds}::text[]) and period = ${day}::date and state <> 'queued'`.execute(db)
  return new Set(rows.map((row) => `${row.office_id} ${row.practice}`))
}

function nextDay(day: string): string {
  return Temporal.PlainDate.from(day).add({ days: 1 }).toString()
}

function hourOf(day: string, hour: number, zone: string): Date {
  return new Date(Temporal.PlainDate.from(day).toZonedDateTime({ timeZone: zone, plainTime: Temporal.PlainTime.from({ hour }) }).epochMilliseconds)
}
