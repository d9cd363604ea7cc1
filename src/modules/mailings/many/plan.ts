import { randomUUID } from 'node:crypto'
import { inTransaction, sql, type Db, type Tx } from '#platform/db.ts'
import { approvalOf, needsApproval } from '#modules/staff/index.ts'
import { readPublisher } from '#modules/publisher/index.ts'
import { judge, nextFitting, type Audience, type Judged } from './audience.ts'
import { fingerprintOf, mailingFrom, reachOf, textsOf, type Counted, type Mailing, type MailingRow } from './mailing.ts'

/** People who are looked at in one transaction. */
const atOnce = 2000

/**
 * One turn of the worker on what is not being sent yet: counts whom drafts would go to, lets go what a second person said yes to, and lists the
 * recipients of what is due. Works in batches that each stand by themselves, so it can end anywhere. Returns how many there were.
 */
export async function planMailings(db: Db, practice: boolean, now: Date): Promise<number> {
  let done = 0
  const { rows } = await sql<MailingRow>`select * from mailings where count_asked_at is not null or state in ('waiting', 'scheduled', 'planning') order by changed_at`.execute(db)
  for (const mailing of rows.map(mailingFrom)) {
    if (mailing.countAskedAt) done += await count(db, mailing, practice, now)
    else if (mailing.state === 'waiting') done += await release(db, mailing, now)
    else if (mailing.practice === practice && mailing.sendAt! <= now) done += await plan(db, mailing, now)
  }
  return done
}

async function audienceOf(db: Db, mailing: Mailing, practice: boolean): Promise<Audience> {
  return { mailing, languages: mailing.edition ? (await readPublisher(db)).languages : [...(await textsOf(db, mailing.id)).keys()], practice }
}

/** Counts whom a draft would go to. What is changed meanwhile is counted again. */
async function count(db: Db, mailing: Mailing, practice: boolean, now: Date): Promise<number> {
  const audience = await audienceOf(db, mailing, practice)
  const counted: Counted = { byLanguage: {}, leftOut: {} }
  for (let after: string | null = null; ;) {
    const ids: string[] = await nextFitting(db, audience, after, atOnce)
    tally(counted, await judge(db, audience, ids, now))
    if (ids.length < atOnce) break
    after = ids.at(-1)!
  }
  const { rows } = await sql`
    update mailings set counted = ${JSON.stringify(counted)}, counted_at = ${now}, count_asked_at = null where id = ${mailing.id} and count_asked_at = ${mailing.countAskedAt} returning 1`.execute(db)
  return rows.length
}

function tally({ byLanguage, leftOut }: Counted, judged: Judged[]): void {
  for (const each of judged) {
    if (each.leftOut) leftOut[each.leftOut] = (leftOut[each.leftOut] ?? 0) + 1
    else byLanguage[each.language] = (byLanguage[each.language] ?? 0) + 1
  }
}

/** What waits for a second person goes on once they said yes, or their delay is over, and is a draft again after a no. */
async function release(db: Db, mailing: Mailing, now: Date): Promise<number> {
  // Where the limit has been raised since, nobody needs to be asked any more.
  const answer = await needsApproval(db, 'mailing', reachOf(mailing)) ? await answerFor(db, mailing, now) : 'approved'
  const to = answer === 'approved' ? 'scheduled' : answer === 'refused' && !mailing.listing ? 'draft' : answer === 'refused' ? 'stopped' : undefined
  if (!to) return 0
  const { rows } = await sql`update mailings set state = ${to}, ended_at = ${to === 'stopped' ? now : null} where id = ${mailing.id} and state = 'waiting' returning 1`.execute(db)
  return rows.length
}

async function answerFor(db: Db, mailing: Mailing, now: Date) {
  return (await approvalOf(db, { kind: 'mailing', subjectId: mailing.id, fingerprint: fingerprintOf(mailing, await textsOf(db, mailing.id)) }, now)).state
}

/** Lists the recipients, some in each transaction; those who fit now, whatever was counted before. Two workers that plan the same mailing take turns. */
async function plan(db: Db, { id }: Mailing, now: Date): Promise<number> {
  for (let listed = 0; ;) {
    const batch = await inTransaction(db, (tx) => planBatch(tx, id, now))
    listed += batch.listed
    if (batch.over) return listed
  }
}

async function planBatch(tx: Tx, id: string, now: Date): Promise<{ listed: number, over: boolean }> {
  const { rows: [row] } = await sql<MailingRow>`select * from mailings where id = ${id} and state in ('scheduled', 'planning') for update`.execute(tx)
  const mailing = row && mailingFrom(row)
  if (!mailing) return { listed: 0, over: true }
  if (mailing.planned) return { listed: 1, over: await begin(tx, mailing, now) }
  const audience = await audienceOf(tx, mailing, mailing.practice!)
  const after = row.planned_after
  const counted: Counted = after ? mailing.counted! : { byLanguage: {}, leftOut: {} }
  const ids = await nextFitting(tx, audience, after, atOnce)
  const judged = await judge(tx, audience, ids, now)
  tally(counted, judged)
  await list(tx, id, judged.filter((each) => !each.leftOut), now)
  const over = ids.length < atOnce
  await sql`
    update mailings set state = 'planning', counted = ${JSON.stringify(counted)}, counted_at = ${now}, planned_after = ${ids.at(-1) ?? after}, planned_at = ${over ? now : null} where id = ${id}`.execute(tx)
  return { listed: judged.length, over: over && await begin(tx, { ...mailing, counted }, now) }
}

async function list(tx: Tx, mailingId: string, judged: Judged[], now: Date): Promise<void> {
  await sql`
    insert into mailing_recipients (person_id, mailing_id, id, participation_id, language, state, due_at)
    select person_id, ${mailingId}, id, participation_id, language, 'queued', ${now}
    from unnest(${judged.map((each) => each.personId)}::uuid[], ${judged.map(() => randomUUID())}::uuid[], ${judged.map((each) => each.participationId)}::uuid[], ${judged.map((each) => each.language)}::text[])
      as fitting (person_id, id, participation_id, language)
    on conflict do nothing`.execute(tx)
}

/** The list is whole. If it has become longer than one person may send to, it waits for the second. */
async function begin(tx: Tx, mailing: Mailing, now: Date): Promise<true> {
  // What a bulletin tells has been published by whoever may do that.
  const alone = !mailing.edition && await needsApproval(tx, 'mailing', reachOf(mailing)) && await answerFor(tx, mailing, now) !== 'approved'
  await sql`update mailings set state = ${alone ? 'waiting' : 'sending'}, next_at = ${now}, started_at = coalesce(started_at, ${alone ? null : now}::timestamptz) where id = ${mailing.id}`.execute(tx)
  return true
}
