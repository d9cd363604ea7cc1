import { inTransaction } from '#platform/db.ts'
import {
  addMailing, findMailing, MailingCourier, mailingNumbers, planMailings, saveAudience, saveText, sendMailing, type Mailing, type MailingNumbers, type MailingText,
} from '#modules/mailings/index.ts'
import type { Post } from '#modules/mails/index.ts'
import type { Taking } from '#modules/actions/index.ts'
import { addStatement, statements, type GivenAnswer } from '#modules/people/index.ts'
import { readPublisher } from '#modules/publisher/index.ts'
import { addStaff } from '#modules/staff/index.ts'
import type { Acting } from './acting.ts'

/** What a mailing of a test is; without an action it is a newsletter. */
export interface Written {
  actionId?: string
  texts?: Record<string, Partial<MailingText>>
  audience?: Partial<Pick<Mailing, 'statements' | 'filter' | 'fallbackLanguage'>>
  quiet?: Mailing['quiet']
  sendAt?: Date
}

/** A staff member who writes mailings, and the worker that plans and sends them one turn at a time. */
export class MailingDesk {
  readonly #play: Acting
  readonly staffId: string
  /** The questions whether somebody wants news of one action, and news of everything. */
  readonly ofAction: string
  readonly ofAll: string
  courier: MailingCourier

  constructor(play: Acting, ids: { staffId: string, ofAction: string, ofAll: string }) {
    this.#play = play
    this.staffId = ids.staffId
    this.ofAction = ids.ofAction
    this.ofAll = ids.ofAll
    this.courier = this.another()
  }

  /** Another worker process, or the same after a crash. */
  another(): MailingCourier {
    const { it } = this.#play
    return new MailingCourier({ db: it.as('worker'), keys: it.keys, log: it.log, workerId: it.workerId })
  }

  async yesTo(...ids: string[]): Promise<GivenAnswer[]> {
    const known = await statements(this.#play.it.db)
    return ids.map((id) => ({ statement: id, wording: known.find((each) => each.id === id)!.wordings.en!.id, answer: 'yes' }))
  }

  /** Somebody signs, says yes and confirms; the mails about that have arrived. */
  async signs(email: string, changes: Partial<Taking> = {}, ...yes: string[]): Promise<string> {
    return (await this.allSign([{ email, ...changes }], ...yes))[0]!
  }

  /** Several sign at once, say yes to the same and confirm. Returns who they are. */
  async allSign(people: Partial<Taking>[], ...yes: string[]): Promise<string[]> {
    const { it } = this.#play
    const answers = await this.yesTo(...yes)
    const signed = await this.#play.takes(...people.map((changes) => this.#play.signature({ answers, ...changes })))
    await this.#play.allConfirm(signed)
    await it.db.updateTable('mails').set({ state: 'accepted', ended_at: this.#play.now }).execute()
    const rows = await it.db.selectFrom('participations').select(['id', 'person_id']).where('id', 'in', signed.map(({ id }) => id)).execute()
    return signed.map(({ id }) => rows.find((row) => row.id === id)!.person_id)
  }

  async writes({ actionId, texts = { en: {} }, audience = {} }: Written = {}): Promise<string> {
    const { it, now } = this.#play
    return inTransaction(it.as('desk'), async (tx) => {
      const id = await addMailing(tx, { kind: actionId ? 'update' : 'newsletter', actionId: actionId ?? null, statements: [actionId ? this.ofAction : this.ofAll], zone: 'UTC', staffId: this.staffId }, now)
      for (const [language, text] of Object.entries(texts)) await saveText(tx, id, language, { subject: 'What came of it', fromName: '', body: 'The assembly has voted.', ...text }, now)
      await saveAudience(tx, id, { statements: [actionId ? this.ofAction : this.ofAll], filter: {}, fallbackLanguage: 'en', ...audience }, now)
      return id
    })
  }

  async plans(): Promise<void> {
    while (await planMailings(this.#play.it.as('worker'), this.#play.practice, this.#play.now)) { /* until nothing waits */ }
  }

  async sends(id: string, { quiet = null, sendAt }: Written = {}): Promise<string> {
    const { it, now, practice } = this.#play
    const sent = await inTransaction(it.as('desk'), (tx) => sendMailing(tx, id, { sendAt: sendAt ?? now, zone: 'UTC', quiet, practice, reason: '', by: { staffId: this.staffId } }, now))
    return sent.outcome === 'incomplete' ? sent.gaps.join() : sent.outcome
  }

  /** Writes one, counts it, sends it off and lists its recipients. */
  async begins(written: Written = {}): Promise<string> {
    const id = await this.writes(written)
    await this.plans()
    const outcome = await this.sends(id, written)
    if (outcome !== 'scheduled') throw new Error(outcome)
    await this.plans()
    return id
  }

  async turn(post: Post): Promise<number> {
    return this.courier.turn({ post, publisher: await readPublisher(this.#play.it.db) }, this.#play.now)
  }

  async turns(post: Post): Promise<void> {
    while (await this.turn(post)) { /* until nothing may leave */ }
  }

  async is(id: string): Promise<Mailing> {
    return (await findMailing(this.#play.it.db, id))!
  }

  async numbers(id: string): Promise<MailingNumbers> {
    return mailingNumbers(this.#play.it.db, id, (await this.is(id)).results)
  }
}

export async function mailingDesk(play: Acting): Promise<MailingDesk> {
  const { it } = play
  const ofAll = (await statements(it.db)).find((each) => each.channel === 'email' && each.about === 'controller')!
  const ofAction = (await statements(it.db)).find((each) => each.channel === 'email' && each.about === 'action')?.id
    ?? await inTransaction(it.db, (tx) => addStatement(tx, { purpose: 'action-updates', channel: 'email', about: 'action', controllerId: ofAll.controllerId, wordings: { en: 'May we write to you about this action?' } }, play.now))
  const staffId = await inTransaction(it.as('desk'), (tx) => addStaff(tx, it.secrets.desk.contact.at(-1)!, { name: 'Salma', email: 'salma@lamplight.example', role: 'administrator', language: 'en' }, play.now))
  return new MailingDesk(play, { staffId, ofAction, ofAll: ofAll.id })
}
