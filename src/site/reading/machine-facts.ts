import { eventTimes, type ItemKind } from '#modules/publishing/index.ts'
import type { Readable } from './readable.ts'

/** What schema.org knows of an item by its kind, besides what holds for every page. */
export function machineFacts({ item, shown: { words } }: Readable): object {
  const { event, course, questions, copublishers } = words
  const facts: Partial<Record<ItemKind, () => object>> = {
    event: () => {
      const times = event && eventTimes(event)
      if (!times) return {}
      const places = [event.place && { '@type': 'Place', name: event.place, address: event.place }, event.online && { '@type': 'VirtualLocation', url: event.online }].filter(Boolean)
      return {
        '@type': 'Event', name: words.title, startDate: times.days?.first ?? times.starts, endDate: times.days?.last ?? times.ends, location: places.length > 0 ? places : undefined, eventStatus: `https://schema.org/${event.cancelled ? 'EventCancelled' : 'EventScheduled'}`,
        eventAttendanceMode: `https://schema.org/${event.online ? event.place ? 'MixedEventAttendanceMode' : 'OnlineEventAttendanceMode' : 'OfflineEventAttendanceMode'}`,
      }
    },
    course: () => (course ? { '@type': 'Course', name: words.title, provider: course.provider ? { '@type': 'Organization', name: course.provider } : undefined, timeRequired: course.minutes ? `PT${course.minutes}M` : undefined, inLanguage: course.language || undefined, sameAs: course.url || undefined } : {}),
    'questions-and-answers': () => (questions.length > 0 ? { '@type': 'FAQPage', mainEntity: questions.map(({ question, answer }) => ({ '@type': 'Question', name: question, acceptedAnswer: { '@type': 'Answer', text: answer } })) } : {}),
    'joint-statement': () => ({ author: words.signatories.map(({ name }) => ({ '@type': 'Organization', name })) }),
    report: () => (copublishers.length > 0 ? { contributor: copublishers.map((name) => ({ '@type': 'Organization', name })) } : {}),
  }
  return facts[item.kind]?.() ?? {}
}
