import { plainDigits } from '#platform/digits.ts'
import { field } from '#platform/http/server.ts'
import { sealable } from '#platform/sealing/index.ts'
import { isUuid } from '#platform/uuid.ts'
import { recordPlace, type DataChange } from '#modules/actions/index.ts'
import { frequencies, normaliseAddress, readAddress } from '#modules/people/index.ts'
import { readName } from '../actions/details-form.ts'
import type { Site } from '../context.ts'
import type { Faults, Typed } from '../forms/fields.ts'
import type { Frame } from '../look/layout.ts'
import { pauses } from './choices.ts'
import type { Ready } from './view.ts'

/** What a form on the page asks for: changes to hand in, in their order, or what is wrong with it. */
export type ReadChanges = { all: DataChange[], fault?: undefined } | { fault: Faults, typed: Typed }

const mostQuestions = 100

/** Reads one form of the page. Questions that stand as they stood change nothing. */
export async function readChanges(site: Site, frame: Frame, body: unknown, ready: Ready | undefined): Promise<ReadChanges> {
  const { t } = frame
  const participation = field(body, 'participation')
  switch (field(body, 'what')) {
    case 'withdraw': return { all: isUuid(participation) ? [{ what: 'withdraw', participation }] : [] }
    case 'no-mail': return { all: [{ what: 'no-mail' }] }
    case 'erase': return { all: [{ what: 'erase' }] }
    case 'name': {
      const read = readName(t, field(body, 'name'))
      return 'fault' in read ? { fault: { name: read.fault }, typed: { name: field(body, 'name').slice(0, 300) } } : { all: [{ what: 'name', name: read.name }] }
    }
    case 'address': {
      const typed = field(body, 'email').trim()
      const email = readAddress(typed)
      if (email && !(ready && normaliseAddress(email) === normaliseAddress(ready.own.email))) return { all: [{ what: 'address', email, language: t.language }] }
      return { fault: { email: t(email ? 'fault.email-same' : typed ? 'fault.email' : 'fault.email-missing') }, typed: { email: typed.slice(0, 300) } }
    }
    case 'record': return { all: isUuid(participation) ? [{ what: 'record', participation, record: await sealedRecord(site, participation, body) }] : [] }
    case 'writing': return { all: writing(site, frame, body, ready) }
    default: return { all: [] }
  }
}

/** Phone and postal address as they are to be, sealed where only the desk opens them; nothing if both are gone. */
async function sealedRecord(site: Site, participation: string, body: unknown): Promise<string | null> {
  const phone = plainDigits(field(body, `phone-${participation}`)).trim().slice(0, 40) || undefined
  const postalAddress = field(body, `address-${participation}`).trim().slice(0, 500) || undefined
  if (!phone && !postalAddress) return null
  const { table, column, row } = recordPlace(participation)
  return (await site.records.context()).seal({ table, column, row }, sealable({ phone, postalAddress })).toString('base64')
}

function writing(site: Site, frame: Frame, body: unknown, ready: Ready | undefined): DataChange[] {
  const answers: DataChange[] = []
  const preferences: { statement: string, topic: string, frequency: (typeof frequencies)[number] }[] = []
  for (let place = 0; place < mostQuestions; place++) {
    const statement = field(body, `statement-${place}`)
    if (!isUuid(statement)) break
    const action = field(body, `action-${place}`)
    const shown = ready?.own.choices.find((choice) => choice.statement === statement && (choice.action?.id ?? '') === action)
    const answer = field(body, `answer-${place}`)
    const stood = shown === undefined || shown.answer === null ? '' : shown.answer === 'yes' ? 'yes' : 'no'
    const wording = field(body, `wording-${place}`)
    if ((answer === 'yes' || answer === 'no') && answer !== stood) answers.push({ what: 'consent', statement, action: isUuid(action) ? action : null, wording: isUuid(wording) ? wording : null, answer })
    const often = (name: string, topic: string) => {
      const frequency = frequencies.find((each) => each === field(body, name))
      const before = topic === '' ? shown?.frequency : shown?.topics.find((each) => each.topic === topic)?.frequency
      if (frequency && frequency !== before) preferences.push({ statement, topic, frequency })
    }
    often(`often-${place}`, '')
    for (const [at, topic] of (shown?.topics ?? []).entries()) if (field(body, `topic-${place}-${at}`) === topic.topic) often(`often-${place}-${at}`, topic.topic)
  }
  const language = field(body, 'language')
  const changed: Extract<DataChange, { what: 'writing' }> = { what: 'writing', preferences, pausedUntil: pausedUntil(site.now(), field(body, 'pause'), ready) }
  if (frame.publisher.languages.includes(language) && language !== ready?.own.language) changed.language = language
  return changed.language !== undefined || changed.pausedUntil !== undefined || preferences.length > 0 ? [changed, ...answers] : answers
}

/** Until when there is no mail; null ends a pause, nothing leaves it as it is. */
function pausedUntil(now: Date, chosen: string, ready: Ready | undefined): string | null | undefined {
  if (chosen === 'no') return ready && !ready.own.pausedUntil ? undefined : null
  const months = pauses.find((each) => each === chosen)
  if (!months) return undefined
  const until = new Date(now)
  until.setUTCMonth(until.getUTCMonth() + Number(months))
  return until.toISOString()
}
