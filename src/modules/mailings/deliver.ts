import type { Db } from '#platform/db.ts'
import type { Log } from '#platform/log.ts'
import type { Opener } from '#platform/sealing/index.ts'
import { sideBySide } from '#platform/side-by-side.ts'
import { claimMails, recordMailOutcomes, type DueMail, type MailOutcome, type Post } from '#modules/mails/index.ts'
import type { Publisher } from '#modules/publisher/index.ts'
import { mailFacts, type MailFacts } from './facts.ts'
import { stillTrue, supporterLetter } from './letters.ts'

export interface MailingTools {
  db: Db
  opener: Opener
  linkKey: string
  post: Post
  publisher: Publisher
  log: Log
  workerId: string
}

const mostAtOnce = 100

/** Writes and sends mails that are due, about a hundred at most. What was promised and has no point any more is cancelled. Returns how many there were. */
export async function deliverMails(tools: MailingTools, now: Date): Promise<number> {
  const due = await claimMails(tools.db, tools.workerId, tools.post.practice, mostAtOnce, now)
  if (due.length === 0) return 0
  const facts = await mailFacts(tools.db, tools.opener, due, now)
  const outcomes = await sideBySide(8, due, (mail) => deliverOne(tools, mail, facts.get(mail.id), now))
  await recordMailOutcomes(tools.db, outcomes, now)
  return due.length
}

async function deliverOne(tools: MailingTools, mail: DueMail, facts: MailFacts | undefined, now: Date): Promise<MailOutcome> {
  if (!facts || facts.unwanted || !stillTrue(mail.kind, facts.state)) return { mail, delivery: { outcome: 'cancelled' } }
  try {
    return { mail, delivery: await tools.post.deliver(supporterLetter(facts, tools, now)) }
  } catch (error) {
    tools.log.error('mail not written', { job: mail.kind, error })
    return { mail, delivery: { outcome: 'not-sent', problem: 'not written' } }
  }
}
