import { inTransaction, sql, type Db, type Tx } from '#platform/db.ts'
import type { Delivery } from '#platform/mail/smtp.ts'
import { domainOf } from '#modules/people/index.ts'

export type HealthScope = 'domain' | 'mailbox'

/** How a domain or mailbox has been refusing since it last took something. */
export interface Rest {
  inARow: number
  rests: number
  restedUntil: Date | null
  problem: string
}

export const awake: Rest = { inARow: 0, rests: 0, restedUntil: null, problem: '' }

/** Refusals one after the other before it is left alone. A domain has many mailboxes, of which some may be closed. */
const patience: Record<HealthScope, number> = { mailbox: 3, domain: 5 }
const latelyDays = 7
const cameBack = /^bounced /
const pauseMinutes = [15, 60, 240, 720, 1440]

/** What became of something that was handed to a server: its own words, nothing of ours. */
export type Answered = 'accepted' | 'refused' | 'deferred' | 'unknown'

/** How their server answered, or nothing where it was not asked. */
export function answerOf(delivery: Delivery): Answered | undefined {
  if (delivery.outcome === 'not-sent' || (delivery.outcome === 'refused' && delivery.code === 0)) return undefined
  return delivery.outcome === 'refused' ? (delivery.permanent ? 'refused' : 'deferred') : delivery.outcome
}

/** The same after some more answers, in their order. After a pause one more refusal is enough for the next, longer one. */
export function restAfter(rest: Rest, scope: HealthScope, answers: { answer: Answered, problem: string }[], now: Date): Rest {
  const after = answers.reduce((sum, { answer, problem }): Rest => {
    // Whose servers take what they send back later have to be waited for: only the next one that they take says that it is over.
    if (answer === 'accepted' && cameBack.test(sum.problem)) return { ...sum, problem: 'tried', restedUntil: new Date(now.getTime() + pauseMinutes[0]! * 60_000) }
    if (answer === 'accepted') return awake
    return answer === 'unknown' ? sum : { ...sum, inARow: sum.inARow + 1, problem }
  }, rest)
  if (after.inARow < patience[scope] || after.inARow === rest.inARow) return after
  const minutes = pauseMinutes[Math.min(after.rests, pauseMinutes.length - 1)]!
  return { ...after, rests: after.rests + 1, restedUntil: new Date(now.getTime() + minutes * 60_000) }
}

/** Whether something may go there: as usual, one alone to see how it is, or nothing for now. */
export function standingOf(rest: Rest | undefined, scope: HealthScope, now: Date): 'open' | 'trying' | 'resting' {
  if (!rest || rest.inARow < patience[scope]) return 'open'
  return rest.restedUntil && rest.restedUntil > now ? 'resting' : 'trying'
}

const subjectsOf = (address: string): [HealthScope, string][] => [['mailbox', address.toLowerCase()], ['domain', domainOf(address)]]

interface RestRow {
  scope: HealthScope
  subject: string
  in_a_row: number
  rests: number
  rested_until: Date | null
  problem: string
}

/** The rests of some addresses and their domains: by scope and subject, with a space between. */
export async function restsOf(db: Db, addresses: string[], lock = sql``): Promise<Map<string, Rest>> {
  const subjects = addresses.flatMap(subjectsOf)
  const { rows } = await sql<RestRow>`
    select scope, subject, in_a_row, rests, rested_until, problem from sending_rests
    where (scope, subject) in (select scope, subject from unnest(${subjects.map(([scope]) => scope)}::text[], ${subjects.map(([, subject]) => subject)}::text[]) as wanted (scope, subject))
    order by scope, subject ${lock}`.execute(db)
  return new Map(rows.map((row) => [`${row.scope} ${row.subject}`, { inARow: row.in_a_row, rests: row.rests, restedUntil: row.rested_until, problem: row.problem }]))
}

/** Notes how servers answered: by day, for the desk; and in a row, to leave alone who refuses again and again. */
export async function noteAnswers(db: Db, deliveries: { to: string, delivery: Delivery }[], now: Date): Promise<void> {
  const answers = new Map<string, { scope: HealthScope, subject: string, answers: { answer: Answered, problem: string }[] }>()
  for (const { to, delivery } of deliveries) {
    const answer = answerOf(delivery)
    if (!answer) continue
    for (const [scope, subject] of subjectsOf(to)) {
      const known = answers.get(`${scope} ${subject}`) ?? { scope, subject, answers: [] }
      known.answers.push({ answer, problem: delivery.outcome === 'refused' ? `refused ${delivery.code}` : '' })
      answers.set(`${scope} ${subject}`, known)
    }
  }
  if (answers.size === 0) return
  await inTransaction(db, async (tx) => {
    await countAnswers(tx, [...answers.values()], now)
    const rests = await restsOf(tx, deliveries.map(({ to }) => to), sql`for update`)
    const changed = [...answers].flatMap(([name, { scope, subject, answers: given }]) => {
      const before = rests.get(name)
      const after = restAfter(before ?? awake, scope, given, now)
      return before || after !== awake ? [{ scope, subject, ...after }] : []
    }).toSorted((one, other) => `${one.scope} ${one.subject}`.localeCompare(`${other.scope} ${other.subject}`))
    if (changed.length) await keepRests(tx, changed, now)
  })
}

/** The share of what was accepted in a week that has to come back before they are left alone. */
const bounceShare = 0.8

/** Their server took something and sent it back afterwards. Where that happens to nearly all, the mailbox or domain is left alone, each time for longer. */
export async function noteBounce(tx: Tx, to: string, status: string, now: Date): Promise<void> {
  const subjects = subjectsOf(to).toSorted(([one], [other]) => one.localeCompare(other))
  const names = [sql`${subjects.map(([scope]) => scope)}::text[]`, sql`${subjects.map(([, subject]) => subject)}::text[]`]
  await sql`
    insert into sending_days as known (scope, subject, day, bounced) select scope, subject, ${now.toISOString().slice(0, 10)}::date, 1 from unnest(${sql.join(names)}) as it (scope, subject)
    on conflict (scope, subject, day) do update set bounced = known.bounced + 1`.execute(tx)
  const { rows } = await sql<{ scope: HealthScope, subject: string, accepted: number, bounced: number }>`
    select scope, subject, sum(accepted)::int as accepted, sum(bounced)::int as bounced from sending_days
    where (scope, subject) in (select scope, subject from unnest(${sql.join(names)}) as it (scope, subject)) and day > ${now}::date - ${latelyDays}::int group by scope, subject`.execute(tx)
  const resting = rows.filter(({ scope, accepted, bounced }) => bounced >= patience[scope] && bounced >= accepted * bounceShare).map(({ scope, subject, bounced }) => {
    const rests = Math.floor(bounced / patience[scope])
    return { scope, subject, inARow: bounced, rests, restedUntil: new Date(now.getTime() + pauseMinutes[Math.min(rests, pauseMinutes.length) - 1]! * 60_000), problem: `bounced ${status}`.trimEnd() }
  }).toSorted((one, other) => `${one.scope} ${one.subject}`.localeCompare(`${other.scope} ${other.subject}`))
  if (resting.length) await keepRests(tx, resting, now)
}

async function keepRests(tx: Tx, changed: (Rest & { scope: HealthScope, subject: string })[], now: Date): Promise<void> {
  await sql`
    insert into sending_rests (scope, subject, in_a_row, rests, rested_until, problem, changed_at)
    select scope, subject, in_a_row, rests, rested_until, problem, ${now} from unnest(
      ${changed.map((each) => each.scope)}::text[], ${changed.map((each) => each.subject)}::text[], ${changed.map((each) => each.inARow)}::int[], ${changed.map((each) => each.rests)}::int[],
      ${changed.map((each) => each.restedUntil)}::timestamptz[], ${changed.map((each) => each.problem)}::text[]) as rest (scope, subject, in_a_row, rests, rested_until, problem)
    on conflict (scope, subject) do update set in_a_row = excluded.in_a_row, rests = excluded.rests, rested_until = excluded.rested_until, problem = excluded.problem, changed_at = excluded.changed_at`.execute(tx)
}

async function countAnswers(tx: Tx, answers: { scope: HealthScope, subject: string, answers: { answer: Answered }[] }[], now: Date): Promise<void> {
  const sorted = answers.toSorted((one, other) => `${one.scope} ${one.subject}`.localeCompare(`${other.scope} ${other.subject}`))
  const count = (answer: Answered) => sorted.map((each) => each.answers.filter((given) => given.answer === answer).length)
  await sql`
    insert into sending_days as known (scope, subject, day, accepted, refused, deferred, unknown)
    select scope, subject, ${now.toISOString().slice(0, 10)}::date, accepted, refused, deferred, unknown from unnest(
      ${sorted.map((each) => each.scope)}::text[], ${sorted.map((each) => each.subject)}::text[], ${count('accepted')}::int[], ${count('refused')}::int[], ${count('deferred')}::int[], ${count('unknown')}::int[])
      as answered (scope, subject, accepted, refused, deferred, unknown)
    on conflict (scope, subject, day) do update set accepted = known.accepted + excluded.accepted, refused = known.refused + excluded.refused,
      deferred = known.deferred + excluded.deferred, unknown = known.unknown + excluded.unknown`.execute(tx)
}

/** How a domain or mailbox has taken what came in the last week. */
export interface Health {
  scope: HealthScope
  subject: string
  accepted: number
  refused: number
  deferred: number
  unknown: number
  /** Of those that were accepted, how many came back afterwards. */
  bounced: number
  inARow: number
  restedUntil: Date | null
  problem: string
}

/** The health of some addresses and their domains, or of all domains and of mailboxes that refuse, worst first. */
export async function healthOf(db: Db, of: { addresses: string[] } | 'all', now: Date): Promise<Health[]> {
  const subjects = of === 'all' ? [] : of.addresses.flatMap(subjectsOf)
  const where = of === 'all' ? sql`true`
    : sql`(scope, subject) in (select scope, subject from unnest(${subjects.map(([scope]) => scope)}::text[], ${subjects.map(([, subject]) => subject)}::text[]) as wanted (scope, subject))`
  const { rows } = await sql<Health>`
    select scope, subject, coalesce(accepted, 0)::int as accepted, coalesce(refused, 0)::int as refused, coalesce(deferred, 0)::int as deferred, coalesce(unknown, 0)::int as unknown, coalesce(bounced, 0)::int as bounced,
      coalesce(in_a_row, 0) as "inARow", case when rested_until > ${now} then rested_until end as "restedUntil", coalesce(problem, '') as problem
    from (select scope, subject, sum(accepted) as accepted, sum(refused) as refused, sum(deferred) as deferred, sum(unknown) as unknown, sum(bounced) as bounced from sending_days
      where ${where} and day > ${now}::date - ${latelyDays}::int group by scope, subject) lately
    full join (select scope, subject, in_a_row, rested_until, problem from sending_rests where ${where}) rests using (scope, subject)
    where ${of !== 'all'} or scope = 'domain' or in_a_row > 0
    order by "restedUntil" desc nulls last, "inARow" desc, refused desc, subject limit 200`.execute(db)
  return rows
}

/** Staff let a domain or mailbox be tried at once instead of after its pause. The next refusal begins a longer one. */
export async function endRest(tx: Tx, scope: HealthScope, subject: string): Promise<void> {
  await tx.updateTable('sending_rests').set({ rested_until: null }).where('scope', '=', scope).where('subject', '=', subject).execute()
}
