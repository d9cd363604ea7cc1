import { inTransaction, sql, stillTrue, type Db } from '#platform/db.ts'
import type { Delivery } from '#platform/mail/smtp.ts'
import { linkToken } from '#modules/actions/index.ts'
import { retryAt } from '#modules/mails/index.ts'
import { officesById, type OfficeFacts } from '#modules/targets/index.ts'
import { whereTo, type Addressed } from '../addresses.ts'
import { holdBack, type CourierTools } from '../courier.ts'
import { noteAnswers } from '../health.ts'
import { giveBack, takePlaces } from '../pace.ts'
import { ruledOut } from '../ruled-out.ts'
import { mayLeave, sendsNow } from '../sending-times.ts'
import { markOffices } from '../tallies.ts'
import { obstacle, type Obstacle } from '../target-choice.ts'
import { gather, type Gathered, type GatheredMessage } from './gather.ts'
import { digestLetter } from './letter.ts'

export interface DigestTools extends CourierTools {
  linkKey: string
}

interface DueDigest {
  id: string
  officeId: string
  attempts: number
  alternate: boolean
}

type Candidate = { digest: DueDigest, office: OfficeFacts, alternate: boolean } & Addressed

/** Digests that are looked at in one turn. Each is opened, written and sent before the next one, so that memory holds one at a time. */
const mostAtOnce = 20
/** Messages in one mail; the others go with the next day's. */
const mostInOne = 1000

/**
 * Sends the digests that are due. One and all messages in it are marked as being sent, and that is committed, before its first word
 * goes out; so it is sent at most once, and where the line breaks nobody claims to know. Returns how many went out.
 */
export async function deliverDigests(tools: DigestTools, now: Date): Promise<number> {
  const due = await dueDigests(tools.db, tools.post.practice, now)
  if (due.length === 0) return 0
  const offices = new Map((await officesById(tools.db, due.map(({ officeId }) => officeId), now)).map((office) => [office.id, office]))
  const held = new Map<string, Obstacle>()
  const sendable = due.flatMap((digest) => {
    const office = offices.get(digest.officeId)
    const problem = office ? obstacle(office) : 'vacant'
    if (problem) held.set(digest.officeId, problem)
    return problem ? [] : [{ digest, office: office!, alternate: digest.alternate }]
  })
  await holdBack(tools.db, held, now)
  await forgetPlans(tools.db, due.filter(({ officeId }) => held.has(officeId)).map(({ id }) => id))
  let sent = 0
  for (const candidate of await whereTo(tools.db, sendable, now)) {
    const messages = await claim(tools, candidate, now)
    if (messages.length === 0) continue
    const delivery = await send(tools, candidate, messages, now)
    await record(tools.db, candidate, delivery, now)
    await giveBack(tools.db, tools.publisher.zone, [{ to: candidate.to, delivery }], now)
    await noteAnswers(tools.db, [{ to: candidate.to, delivery }], now)
    if (delivery.outcome === 'accepted') await markOffices(tools.db, [candidate.office.id])
    sent += 1
  }
  return sent
}

async function dueDigests(db: Db, practice: boolean, now: Date): Promise<DueDigest[]> {
  const { rows } = await sql<{ id: string, office_id: string, attempts: number, alternate: boolean }>`
    select id, office_id, attempts, alternate from digests where state = 'queued' and practice = ${practice} and due_at <= ${now} order by random() limit ${mostAtOnce}`.execute(db)
  return rows.map((row) => ({ id: row.id, officeId: row.office_id, attempts: row.attempts, alternate: row.alternate }))
}

/** What was planned and has nothing to go in it, or nowhere to go, is planned anew when that changes. */
async function forgetPlans(db: Db, ids: string[]): Promise<void> {
  if (ids.length) await sql`delete from digests where id = any (${ids}::uuid[]) and state = 'queued'`.execute(db)
}

/** Takes a place in the pace of the mailbox, and marks the digest and the messages that still may go as being sent. Empty if it cannot go now. */
async function claim({ db, pace, post, publisher }: DigestTools, { digest, office, to, alternate }: Candidate, now: Date): Promise<GatheredMessage[]> {
  return inTransaction(db, async (tx) => {
    if ((await takePlaces(tx, { pace, zone: publisher.zone }, [{ to, officeId: office.id, dailyCap: undefined }], 1, now)).length === 0) return []
    const { rows: [ours] } = await sql<{ id: string }>`
      update digests set state = 'sending', sending_at = ${now}, attempts = attempts + 1, alternate = ${alternate}, official_id = ${office.holders[0]?.id ?? null}
      where id = ${digest.id} and state = 'queued' and not exists (select from public_opt_outs opted where opted.office_id = digests.office_id and coalesce(opted.until > ${now}::date, true))
      returning id`.execute(tx)
    if (!ours) return []
    const { rows: due } = await sql<{ person_id: string, id: string, participation_id: string, action_id: string, written_to: string[], variant_id: string | null }>`
      select person_id, due.id, participation_id, due.action_id, written_to, variant_id from (select id from actions where ${sendsNow(now)}) sending cross join lateral (
        select person_id, id, participation_id, action_id, written_to, variant_id, promised_at from messages where state = 'queued' and in_digest and practice = ${post.practice} and action_id = sending.id and office_id = ${office.id}
        order by promised_at limit ${mostInOne}) due
      order by promised_at limit ${mostInOne}`.execute(tx)
    const offices = new Map([[office.id, office]])
    const open = await mayLeave(tx, due.map((row) => ({
      personId: row.person_id, id: row.id, participationId: row.participation_id, actionId: row.action_id, officeId: office.id, writtenTo: row.written_to, copy: false, variantId: row.variant_id,
    })), offices, now)
    const out = await ruledOut(tx, open, offices, now)
    const leaving = open.filter((each) => !out.has(each.id))
    const { rows } = await sql<{ person_id: string, id: string, participation_id: string, action_id: string }>`
      update messages set state = 'sending', sending_at = ${now}, attempts = attempts + 1, digest_id = ${digest.id}
      from unnest(${leaving.map((each) => each.personId)}::uuid[], ${leaving.map((each) => each.id)}::uuid[]) as due (person_id, id)
      where messages.person_id = due.person_id and messages.id = due.id and ${stillTrue(sql`messages.state = 'queued'`)}
        and exists (select from actions where actions.id = messages.action_id and ${sendsNow(now)})
      returning messages.person_id, messages.id, messages.participation_id, messages.action_id`.execute(tx)
    if (rows.length === 0) await sql`delete from digests where id = ${digest.id}`.execute(tx)
    else await sql`update digests set messages = ${rows.length} where id = ${digest.id}`.execute(tx)
    return rows.map((row) => ({ personId: row.person_id, id: row.id, participationId: row.participation_id, actionId: row.action_id, officeId: office.id }))
  })
}

async function send(tools: DigestTools, { digest, office }: Candidate, messages: GatheredMessage[], now: Date): Promise<Delivery> {
  try {
    const gathered = await gather(tools.db, tools.opener, messages, tools.publisher.defaultLanguage)
    await keepTexts(tools.db, digest.id, gathered)
    if (gathered.actions.length === 0) return { outcome: 'refused', permanent: true, code: 0 }
    return await tools.post.deliver(digestLetter(gathered, { id: digest.id, token: linkToken(tools.linkKey, digest.id) }, office, tools, now))
  } catch (error) {
    tools.log.error('digest not written', { error })
    return { outcome: 'not-sent', problem: 'not written' }
  }
}

/** Keeps for the office's page how many used which words, before the mail that leads there leaves. */
async function keepTexts(db: Db, digestId: string, { texts, lost }: Gathered): Promise<void> {
  await inTransaction(db, async (tx) => {
    await sql`delete from digest_texts where digest_id = ${digestId}`.execute(tx)
    await sql`
      insert into digest_texts (digest_id, revision_id, unchanged, changed) select ${digestId}, revision_id, unchanged, changed from unnest(
        ${texts.map((each) => each.revisionId)}::uuid[], ${texts.map((each) => each.unchanged)}::int[], ${texts.map((each) => each.changed)}::int[]) as text (revision_id, unchanged, changed)`.execute(tx)
    if (lost.length === 0) return
    await sql`update messages set state = 'failed', problem = 'not written', digest_id = null, ended_at = sending_at where digest_id = ${digestId} and id = any (${lost}::uuid[])`.execute(tx)
    await sql`update digests set messages = messages - ${lost.length} where id = ${digestId}`.execute(tx)
  })
}

async function record(db: Db, { digest, alternate, second, office }: Candidate, delivery: Delivery, now: Date): Promise<void> {
  const refused = delivery.outcome === 'refused'
  // Refused for good is known not to have arrived: then, and only then, the office's other address may have it.
  const elsewhere = refused && delivery.permanent && delivery.code !== 0 && second !== undefined
  const again = elsewhere ? now : (refused && !delivery.permanent) || delivery.outcome === 'not-sent' ? retryAt(digest.attempts, now) : undefined
  const state = delivery.outcome === 'accepted' || delivery.outcome === 'unknown' ? delivery.outcome : again ? 'queued' : 'failed'
  const problem = refused ? `refused ${delivery.code}` : delivery.outcome === 'accepted' ? null : delivery.problem
  await inTransaction(db, async (tx) => {
    await sql`
      update digests set state = ${state}, due_at = coalesce(${again ?? null}::timestamptz, due_at), problem = ${problem}, alternate = ${alternate || elsewhere}, ended_at = ${again ? null : now}
      where id = ${digest.id} and state = 'sending'`.execute(tx)
    // What goes again takes with it whoever has not taken their words back by then.
    await sql`
      update messages set state = ${state}, problem = ${problem}, official_id = ${office.holders[0]?.id ?? null}, ended_at = ${again ? null : now}, digest_id = case when ${again !== undefined} then null else digest_id end
      where digest_id = ${digest.id} and state = 'sending'`.execute(tx)
  })
}
