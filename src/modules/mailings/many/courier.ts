import { sql, type Db } from '#platform/db.ts'
import type { Log } from '#platform/log.ts'
import { sideBySide } from '#platform/side-by-side.ts'
import type { Keys } from '#modules/actions/index.ts'
import { remindingKinds, type Post } from '#modules/mails/index.ts'
import { openContact } from '#modules/people/index.ts'
import type { Publisher } from '#modules/publisher/index.ts'
import { bulletinMoulds } from '../bulletins/mould.ts'
import { judge, type Judged } from './audience.ts'
import { claimRecipients, markAbandonedRecipients, nextMailing, recordRecipients, restOrEnd, type DueRecipient, type RecipientOutcome } from './claim.ts'
import { readHabits } from './habits.ts'
import { mailingLetter, mouldOf, type Mould } from './letter.ts'
import { textsOf, type Mailing } from './mailing.ts'
import { quietUntil } from './quiet.ts'
import { topicOf } from './topics.ts'

export interface MailingTools {
  db: Db
  /** As they are at the moment: keys are exchanged while everything runs. */
  keys: Pick<Keys, 'opener' | 'linkKey'>
  log: Log
  workerId: string
}

/** Lines to the mail server that mailings use, beside those that other mail has for itself. */
export const mailingLines = 6
/** For how long one turn hands over, in milliseconds: a stop holds after that, and a crash leaves no more than this in doubt. */
const turnLength = 400
const mostAtOnce = 400
/** A confirmation that has waited for so long says that the machine has enough to do. */
const confirmationPatience = 2000
const serverAwaySeconds = 30

/** Sends mailings, a fraction of a second in each turn: it knows from the last one how many that are. */
export class MailingCourier {
  readonly #tools: MailingTools
  readonly #moulds = new Map<string, { of: string, moulds: Map<string, Mould> }>()
  #size = mailingLines
  #begun = false
  #unrecorded: RecipientOutcome[] = []

  constructor(tools: MailingTools) {
    this.#tools = tools
  }

  /** One turn: opens who is next, looks once more whether each may be written to, and hands over. Returns how many were dealt with. */
  async turn({ post, publisher }: { post: Post, publisher: Publisher }, now: Date): Promise<number> {
    const { db, workerId } = this.#tools
    if (!this.#begun) await markAbandonedRecipients(db, now, workerId)
    this.#begun = true
    // What was handed over while the database was away is written down before anything else goes out.
    await this.#record(now)
    const mailing = await nextMailing(db, post.practice, now)
    if (!mailing || await confirmationsWait(db, post.practice, now)) return 0
    const { perMinute } = await readHabits(db)
    const quiet = quietUntil(mailing.quiet, mailing.zone, now)
    if (quiet) {
      await sql`update mailings set next_at = ${quiet} where id = ${mailing.id} and state = 'sending'`.execute(db)
      return 0
    }
    const claimed = await claimRecipients(db, mailing.id, workerId, this.#size, perMinute, now)
    if (claimed === 'not-sending') return 0
    if (claimed.length === 0) {
      await restOrEnd(db, mailing.id, now)
      return 0
    }
    await this.#send(mailing, claimed, post, publisher, now)
    return claimed.length
  }

  async #send(mailing: Mailing, claimed: DueRecipient[], post: Post, publisher: Publisher, now: Date): Promise<void> {
    const { db, keys: { opener, linkKey }, log } = this.#tools
    let facts: Facts
    let moulds: Map<string, Mould>
    try {
      // A bulletin says what is public at this moment: whatever was withdrawn since it was due does not go out.
      moulds = mailing.edition ? await bulletinMoulds(db, mailing.edition, publisher.languages, { publisher, origin: post.origin }, now) : await this.#mouldsOf(mailing, post.origin, publisher)
      facts = await factsOf(db, mailing, mailing.edition ? publisher.languages : [...moulds.keys()], claimed, now)
    } catch (error) {
      this.#unrecorded = claimed.map((recipient) => ({ recipient, result: { outcome: 'not-begun' } }))
      throw error
    }
    const startedAt = performance.now()
    let handedOver = 0
    const outcomes = await sideBySide(mailingLines, claimed, async (recipient): Promise<RecipientOutcome> => {
      if (performance.now() - startedAt > turnLength * 1.5) return { recipient, result: { outcome: 'not-begun' } }
      const found = facts.get(recipient.id)
      if (!found || found.leftOut) return { recipient, result: { outcome: 'left-out', why: found?.leftOut ?? 'gone' } }
      const mould = moulds.get(found.language)
      if (!mould) return { recipient, result: { outcome: 'left-out', why: 'empty' } }
      try {
        const contact = await openContact(opener, recipient.personId, found.contact)
        const letter = mailingLetter(mould, { id: recipient.id, to: { name: contact.name, address: contact.email }, participationId: found.participationId!, consent: found.consent }, { publisher, post, linkKey, listId: listOf(mailing) }, now)
        handedOver += 1
        return { recipient, result: await post.deliver(letter) }
      } catch (error) {
        log.error('mailing not written', { job: 'mailings', error })
        return { recipient, result: { outcome: 'not-sent', problem: 'not written' } }
      }
    })
    const took = Math.max(1, performance.now() - startedAt)
    this.#size = Math.round(Math.min(mostAtOnce, Math.max(mailingLines, this.#size / 2, Math.min(this.#size * 2, Math.max(1, handedOver) * turnLength / took))))
    // Nobody's tries are used up while the server is away: all of it waits.
    const away = outcomes.length > 0 && outcomes.every(({ result }) => result.outcome === 'not-sent' && result.problem !== 'not written')
    this.#unrecorded = away ? outcomes.map(({ recipient }) => ({ recipient, result: { outcome: 'not-begun' } })) : outcomes
    if (away) await sql`update mailings set next_at = ${new Date(now.getTime() + serverAwaySeconds * 1000)} where id = ${mailing.id}`.execute(db)
    await this.#record(now)
  }

  async #record(now: Date): Promise<void> {
    await recordRecipients(this.#tools.db, this.#unrecorded, now)
    this.#unrecorded = []
  }

  /** Rendered once for each mailing; its words cannot change while it is sent. */
  async #mouldsOf(mailing: Mailing, origin: string, { defaultLanguage }: Publisher): Promise<Map<string, Mould>> {
    const { id } = mailing
    const known = this.#moulds.get(id)
    if (known?.of === origin) return known.moulds
    const moulds = new Map<string, Mould>()
    for (const [language, text] of await textsOf(this.#tools.db, id)) moulds.set(language, mouldOf(text, language, origin, await topicOf(this.#tools.db, mailing, language, defaultLanguage)))
    if (this.#moulds.size > 20) this.#moulds.clear()
    this.#moulds.set(id, { of: origin, moulds })
    return moulds
  }
}

/** Confirmations and receipts go first: as long as they wait, mailings do. */
async function confirmationsWait(db: Db, practice: boolean, now: Date): Promise<boolean> {
  const { rows } = await sql`select from mails where state = 'queued' and practice = ${practice} and kind not in ${remindingKinds} and due_at < ${new Date(now.getTime() - confirmationPatience)} limit 1`.execute(db)
  return rows.length > 0
}

type Facts = Map<string, Judged & { contact: Buffer, consent: { since: Date, wording: string } | undefined }>

/** All that some mails are written from, as it is at this moment, by the id of the mail. Opened are only those that are about to be sent. */
async function factsOf(db: Db, mailing: Mailing, languages: string[], claimed: DueRecipient[], now: Date): Promise<Facts> {
  const judged = new Map((await judge(db, { mailing, languages, practice: mailing.practice! }, claimed.map((each) => each.personId), now)).map((each) => [each.personId, each]))
  const fit = [...judged.values()].filter((each) => !each.leftOut)
  const { rows } = await sql<{ id: string, contact: Buffer, wording: string | null }>`
    select people.id, people.contact, (
      select wording.wording from consents said join consent_wordings wording on wording.id = said.wording_id
      where said.person_id = people.id and said.statement_id = fit.statement_id and said.answer = 'yes' and said.recorded_at <= fit.since
      order by said.recorded_at desc, said.id desc limit 1) as wording
    from unnest(${fit.map((each) => each.personId)}::uuid[], ${fit.map((each) => each.statementId)}::uuid[], ${fit.map((each) => each.since)}::timestamptz[]) as fit (id, statement_id, since) join people on people.id = fit.id`.execute(db)
  const opened = new Map(rows.map((row) => [row.id, row]))
  return new Map(claimed.flatMap((recipient) => {
    const each = judged.get(recipient.personId)
    const row = opened.get(recipient.personId)
    if (!each || (!each.leftOut && !row)) return []
    const consent = row?.wording && each.since ? { since: each.since, wording: row.wording } : undefined
    return [[recipient.id, { ...each, contact: row?.contact ?? Buffer.alloc(0), consent }] as const]
  }))
}

/** What mail programs sort by: the same for every mailing of its kind (RFC 2919), of one place, topic or action where it is about one. */
function listOf({ edition, filter, actionId }: Mailing): string {
  return edition?.subjectId ?? filter.topic ?? actionId ?? 'newsletter'
}
