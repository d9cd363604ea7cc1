import { sql } from '#platform/db.ts'
import { plainDigits } from '#platform/digits.ts'
import { field } from '#platform/http/server.ts'
import { recordKeys } from '#platform/secrets.ts'
import { titleIn } from '#modules/actions/index.ts'
import { canSayYes, choicesFor, correctedRecord, type OwnChoice, type TakenDown } from '#modules/own-data/index.ts'
import { bulletinFrequencies, frequencies, readAddress } from '#modules/people/index.ts'
import { readPublisher } from '#modules/publisher/index.ts'
import type { Desk } from '../context.ts'
import { emailFault, type Faults } from '../forms.ts'
import type { Visit } from '../pages.ts'

/** What can be taken down for a supporter who does not do it on their own page. Erasing has a form of its own. */
export const wishes = ['link', 'answer', 'often', 'withdraw', 'no-mail', 'name', 'address', 'phone', 'postal', 'language', 'pause'] as const
const longestPauseDays = 366

type WishField = 'request_participation' | 'request_question' | 'request_answer' | 'request_topic' | 'request_often' | 'request_phone' | 'request_postal' | 'request_name' | 'request_email' | 'request_language' | 'request_until'

/** What is to be filled in for each. */
export const fieldsOf: Record<(typeof wishes)[number], WishField[]> = {
  link: ['request_language'], answer: ['request_question', 'request_answer'], often: ['request_question', 'request_topic', 'request_often'], withdraw: ['request_participation'], 'no-mail': [], name: ['request_name'],
  address: ['request_email', 'request_language'], phone: ['request_participation', 'request_phone'], postal: ['request_participation', 'request_postal'], language: ['request_language'], pause: ['request_until'],
}

/** Reads the one thing that is asked for, or what is missing to it. A phone number or postal address is sealed here, beside what is kept already: for that the record is opened, against a line in the log. */
export async function readWish(desk: Desk, visit: Visit, personId: string, reason: string): Promise<{ change: TakenDown } | { faults: Faults }> {
  const { t, body, now } = visit
  const publisher = await readPublisher(desk.db)
  const language = publisher.languages.find((each) => each === field(body, 'request_language')) ?? publisher.defaultLanguage
  switch (field(body, 'request_what')) {
    case 'link': return { change: { what: 'link', language } }
    case 'no-mail': return { change: { what: 'no-mail' } }
    case 'language': return { change: { what: 'writing', language } }
    case 'name': {
      const name = field(body, 'request_name').replace(/\s+/g, ' ').trim().slice(0, 200)
      return name ? { change: { what: 'name', name } } : { faults: { request_name: t('fault.request-name') } }
    }
    case 'address': {
      const email = readAddress(field(body, 'request_email'))
      return email ? { change: { what: 'address', email, language } } : { faults: { request_email: emailFault(t, field(body, 'request_email')) } }
    }
    case 'pause': {
      const until = new Date(`${field(body, 'request_until')}T00:00:00Z`)
      const days = (until.getTime() - now.getTime()) / 86_400_000
      return days > 0 && days <= longestPauseDays ? { change: { what: 'writing', pausedUntil: until.toISOString() } } : { faults: { request_until: t('fault.request-until') } }
    }
    case 'answer': {
      const { choice, faults } = await questionOf(desk, visit, personId)
      const answer = (['yes', 'no'] as const).find((each) => each === field(body, 'request_answer'))
      if (!choice || !answer) return { faults: { ...faults, ...(!answer && { request_answer: t('fault.choose') }) } }
      if (answer === 'yes' && !canSayYes(choice)) return { faults: { request_answer: t('fault.request-yes') } }
      return { change: { what: 'consent', statement: choice.statement, action: choice.action?.id ?? null, wording: choice.wording?.id ?? null, answer } }
    }
    case 'often': {
      const { choice, faults } = await questionOf(desk, visit, personId)
      const topic = field(body, 'request_topic')
      const known = topic === '' ? !choice?.byTopic : choice?.topics.some((each) => each.topic === topic)
      const frequency = (choice?.byTopic ? [...bulletinFrequencies, 'never' as const] : frequencies).find((each) => each === field(body, 'request_often'))
      if (!choice || !known || !frequency) return { faults: { ...faults, ...(choice && !known && { request_topic: t('fault.choose') }), ...(!frequency && { request_often: t('fault.choose') }) } }
      return { change: { what: 'writing', preferences: [{ statement: choice.statement, topic, frequency }] } }
    }
    case 'phone': case 'postal': {
      const own = (await participationsOf(desk, personId, t.language)).find(({ id }) => id === field(body, 'request_participation'))
      if (!own) return { faults: { request_participation: t('fault.choose') } }
      // Nothing is opened for a request that is not complete.
      if (!reason) return { faults: {} }
      const corrected = field(body, 'request_what') === 'phone' ? { phone: plainDigits(field(body, 'request_phone')).trim().slice(0, 40) } : { postalAddress: field(body, 'request_postal').trim().slice(0, 500) }
      const tools = { db: desk.db, opener: desk.opener, record: recordKeys(desk.secrets).at(-1)! }
      return { change: { what: 'record', participation: own.id, record: await correctedRecord(tools, own.id, corrected, { staffId: visit.staff.id, behalfOf: visit.behalfOf, reason }) } }
    }
    case 'withdraw': {
      const own = (await participationsOf(desk, personId, t.language)).find(({ id }) => id === field(body, 'request_participation'))
      return own ? { change: { what: 'withdraw', participation: own.id } } : { faults: { request_participation: t('fault.choose') } }
    }
    default: return { faults: { request_what: t('fault.choose') } }
  }
}

/** A question in a form: its statement, and the action that it is about where it is about one. */
export function named({ statement, action }: OwnChoice): string {
  return `${statement}${action ? ` ${action.id}` : ''}`
}

async function questionOf(desk: Desk, { t, body }: Visit, personId: string): Promise<{ choice: OwnChoice | undefined, faults: Faults }> {
  const choice = (await choicesFor(desk.db, personId)).find((each) => named(each) === field(body, 'request_question'))
  return { choice, faults: choice ? {} : { request_question: t('fault.choose') } }
}

/** What somebody takes part in and can take back or correct. */
export async function participationsOf(desk: Desk, personId: string, language: string): Promise<{ id: string, title: string }[]> {
  const { rows } = await sql<{ id: string, title: string }>`
    select p.id, ${titleIn(language)} as title from participations p join actions on actions.id = p.action_id
    where p.person_id = ${personId} and p.state in ('waiting', 'held', 'confirmed', 'repeated') and p.rehearsal_id is null order by taken_at desc limit 200`.execute(desk.db)
  return rows
}
