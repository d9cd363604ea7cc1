import type { Db } from '#platform/db.ts'
import type { Log } from '#platform/log.ts'
import type { Letter } from '#platform/mail/letter.ts'
import type { Opener } from '#platform/sealing/index.ts'
import { sideBySide } from '#platform/side-by-side.ts'
import { claimMails, recordMailOutcomes, type DueMail, type MailOutcome, type Post } from '#modules/mails/index.ts'
import { ownMails, type OwnMail } from '#modules/people/index.ts'
import type { Publisher } from '#modules/publisher/index.ts'
import { askingLetter, askings, type Asking } from './bulletins/asking.ts'
import { mailFacts, type MailFacts } from './facts.ts'
import { isOwnMail, ownLetter } from './own-letters.ts'
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
  const facts = await mailFacts(tools.db, tools.opener, due.filter((mail) => !isOwnMail(mail.kind) && mail.kind !== 'bulletin'), now)
  const asking = await askings(tools.db, due.filter((mail) => mail.kind === 'bulletin'))
  const own = await ownMails(tools.db, due.filter((mail) => isOwnMail(mail.kind)).map(({ id, personId, participationId }) => ({ id, personId, requestId: participationId })))
  const outcomes = await sideBySide(8, due, (mail) => (mail.kind === 'bulletin' ? deliverAsking(tools, mail, asking.get(mail.id), now) : isOwnMail(mail.kind) ? deliverOwn(tools, mail, own.get(mail.id), now) : deliverOne(tools, mail, facts.get(mail.id), now)))
  await recordMailOutcomes(tools.db, outcomes, now)
  return due.length
}

async function deliverOne(tools: MailingTools, mail: DueMail, facts: MailFacts | undefined, now: Date): Promise<MailOutcome> {
  if (!facts || facts.unwanted || !stillTrue(mail.kind, facts.state)) return { mail, delivery: { outcome: 'cancelled' } }
  return delivered(tools, mail, async () => supporterLetter(facts, tools, now))
}

async function deliverOwn(tools: MailingTools, mail: DueMail, facts: OwnMail | undefined, now: Date): Promise<MailOutcome> {
  // Erased, moved away, or changed their mind since.
  if (!facts || (mail.kind === 'data-link' ? facts.links.length === 0 : !facts.change)) return { mail, delivery: { outcome: 'cancelled' } }
  return delivered(tools, mail, () => ownLetter(mail, facts, tools, now))
}

async function deliverAsking(tools: MailingTools, mail: DueMail, facts: Asking | undefined, now: Date): Promise<MailOutcome> {
  if (!facts || facts.unwanted) return { mail, delivery: { outcome: 'cancelled' } }
  return delivered(tools, mail, () => askingLetter(mail, facts, tools, now))
}

async function delivered(tools: MailingTools, mail: DueMail, write: () => Promise<Letter>): Promise<MailOutcome> {
  try {
    return { mail, delivery: await tools.post.deliver(await write()) }
  } catch (error) {
    tools.log.error('mail not written', { job: mail.kind, error })
    return { mail, delivery: { outcome: 'not-sent', problem: 'not written' } }
  }
}
