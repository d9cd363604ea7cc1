import { randomUUID } from 'node:crypto'
import { isDay } from '#platform/days.ts'
import { countryNamed } from '#platform/countries.ts'
import { languageNamed } from '#platform/languages.ts'
import { field } from '#platform/http/server.ts'
import { questionsAsTyped } from '#modules/digests/index.ts'
import type { Item, ItemWords } from '#modules/publishing/index.ts'
import { zones } from '../actions/times.ts'
import { countrySaid } from '../countries.ts'
import type { Field, Typed } from '../forms.ts'
import type { DeskWords } from '../words/index.ts'
import { addressAsWritten } from '../pasted-address.ts'
import { choices, languageShown } from './choices.ts'

/** The fields that items of a kind have besides their text. */
export function fieldsOfKind({ kind }: Pick<Item, 'kind'>): Field[] {
  switch (kind) {
    case 'event': return [
      { name: 'event_starts', kind: 'date', narrow: true }, { name: 'event_starts_at', kind: 'time', narrow: true }, { name: 'event_ends', kind: 'date', narrow: true }, { name: 'event_ends_at', kind: 'time', narrow: true }, { name: 'event_zone', kind: 'line', narrow: true, direction: 'ltr', list: zones() },
      { name: 'event_place', kind: 'line', maxLength: 300 }, { name: 'event_online', kind: 'url', maxLength: 2000 }, { name: 'event_cancelled', kind: 'tick' },
    ]
    case 'course': return [
      { name: 'course_minutes', kind: 'number', narrow: true }, { name: 'course_price', kind: 'line', maxLength: 300 }, { name: 'course_provider', kind: 'line', maxLength: 300 }, { name: 'course_url', kind: 'url', maxLength: 2000 },
      { name: 'course_language', kind: 'line', narrow: true, from: choices.languages, maxLength: 60 },
    ]
    case 'questions-and-answers': return [{ name: 'questions', kind: 'text', tall: true }]
    case 'joint-statement': return [{ name: 'signatories', kind: 'text', tall: true }]
    case 'report': return [{ name: 'copublishers', kind: 'text' }]
    case 'press-release': return [{ name: 'contacts', kind: 'text' }, { name: 'editors', kind: 'text' }]
    default: return []
  }
}

/** What stands in them for these words. */
export function typedOfKind(t: DeskWords, words: ItemWords): Typed {
  const { event, course } = words
  return {
    ...(event && { ...typedTime('event_starts', event.starts), ...typedTime('event_ends', event.ends), event_zone: event.zone, event_place: event.place, event_online: event.online, event_cancelled: event.cancelled ? 'yes' : '' }),
    ...(course && { course_minutes: course.minutes === null ? '' : String(course.minutes), course_price: course.price, course_provider: course.provider, course_url: course.url, course_language: languageShown(t, course.language) }),
    questions: questionsAsTyped(words), signatories: words.signatories.map(({ name, country }) => (country ? `${name}; ${countrySaid(t, country)}` : name)).join('\n'), copublishers: words.copublishers.join('\n'), editors: words.editors,
  }
}

/** Words as they were typed into them, to be checked with all others. `zone` is the clock of an event that names none. */
export function readOfKind(body: unknown, { kind }: Pick<Item, 'kind'>, before: ItemWords | undefined, zone: string): object {
  const text = (name: string) => field(body, name).trim()
  const lines = (name: string) => text(name).split('\n').map((line) => line.trim()).filter(Boolean)
  switch (kind) {
    case 'event': {
      const starts = timeOf(text('event_starts'), text('event_starts_at'))
      // Who gives only a time means the same day; and what begins on a day ends on one.
      const ends = text('event_ends_at') && !text('event_ends') ? timeOf(starts.slice(0, 10), text('event_ends_at')) : timeOf(text('event_ends'), isDay(starts) ? '' : text('event_ends_at'))
      const typed = ['event_starts', 'event_starts_at', 'event_ends', 'event_ends_at', 'event_place', 'event_online', 'event_cancelled'].some((name) => text(name))
      return { event: typed ? { starts, ends: isDay(starts) ? ends.slice(0, 10) : ends, zone: text('event_zone') || zone, place: text('event_place'), online: addressAsWritten(text('event_online')), cancelled: text('event_cancelled') === 'yes' } : null }
    }
    case 'course': {
      const typed = ['course_minutes', 'course_price', 'course_provider', 'course_url', 'course_language'].some((name) => text(name))
      return { course: typed ? { minutes: text('course_minutes') ? Number(text('course_minutes')) : null, price: text('course_price'), provider: text('course_provider'), url: addressAsWritten(text('course_url')), language: languageNamed(text('course_language')) ?? text('course_language') } : null }
    }
    case 'questions-and-answers': return { questions: readQuestions(field(body, 'questions').replace(/\r\n?/g, '\n'), before?.questions ?? []) }
    case 'joint-statement': return { signatories: lines('signatories').map((line) => {
      const [, name, country] = /^(.*?)\s*[;؛]\s*([^;؛]*)$/.exec(line) ?? []
      // What is no country fits nowhere, and is said at the field.
      return name ? { name, country: country ? countryNamed(country) ?? country : '' } : { name: line }
    }) }
    case 'report': return { copublishers: lines('copublishers') }
    case 'press-release': return { editors: text('editors') }
    default: return {}
  }
}

/** A day and a time in their two fields. */
function typedTime(name: string, local: string): Typed {
  return { [name]: local.slice(0, 10), [`${name}_at`]: local.slice(11, 16) }
}

function timeOf(day: string, at: string): string {
  return day.includes('T') ? day.slice(0, 16) : at ? `${day}T${at.slice(0, 5)}` : day
}

/** A question begins with ##. One whose words or place stay keeps its id, so that links to it go on working. */
function readQuestions(text: string, before: ItemWords['questions']): object[] {
  const [lead = '', ...parts] = text.split(/^##(?!#)[ \t]*/m)
  // What stands before the first question belongs to none: it is kept as one without words, which is refused.
  const read = [...(lead.trim() ? [`\n${lead}`] : []), ...parts].map((part) => ({ question: part.split('\n')[0]!.trim(), answer: part.split('\n').slice(1).join('\n').trim() }))
  const kept = new Set(read.map(({ question }) => question))
  return read.map((each, place) => {
    const same = before.find(({ question }) => question === each.question) ?? (before[place] && !kept.has(before[place].question) ? before[place] : undefined)
    return { id: same?.id ?? randomUUID().slice(0, 8), ...each }
  })
}

/** The field in which a part of the words that is wrong was typed. */
export function kindFieldOf([first, inner]: string[]): string | undefined {
  if (first === 'event' || first === 'course') return `${first}_${inner ?? (first === 'event' ? 'starts' : 'minutes')}`
  return ['questions', 'signatories', 'copublishers', 'editors'].find((name) => name === first)
}

/** What is wrong there. */
export function kindFault(t: DeskWords, [first, inner]: string[]): string {
  if (first === 'questions' || first === 'signatories') return t(`fault.${first}`)
  switch (inner) {
    case 'ends': return t('fault.event-ends')
    case 'starts': return t('fault.day')
    case 'zone': return t('fault.zone')
    case 'language': return t('fault.language-code')
    case 'online': case 'url': return t('fault.address')
    default: return t('fault.kind-field')
  }
}
