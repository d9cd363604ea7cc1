import ical, { ICalCalendarMethod, ICalEventStatus } from 'ical-generator'
import { reading } from '#platform/db.ts'
import { html, type Html } from '#platform/html/html.ts'
import { eventTimes, shownItem, shownItems, type ShownSubject } from '#modules/publishing/index.ts'
import { publisherTexts } from '#modules/publisher/index.ts'
import type { Site } from '../context.ts'
import { localPath, type Frame } from '../look/layout.ts'
import { itemPath, readables, type Readable } from './readable.ts'
import { subjectName } from './subjects.ts'

const most = 200
const type = 'text/calendar; charset=utf-8'

/** One event for a calendar (RFC 5545); nothing where there is none, or nobody has said when it is. */
export async function eventCalendar(site: Site, frame: Frame, slug: string): Promise<{ type: string, body: string } | undefined> {
  const readable = await reading(site.db, async (tx) => {
    const item = await shownItem(tx, { slug })
    return item?.kind === 'event' ? (await readables(tx, frame, [item], { still: true }))[0] : undefined
  })
  return readable && hasTimes(readable) ? { type, body: calendar(site, frame, readable.shown.words.title, [readable]) } : undefined
}

/** The events of a place or topic, for calendars that look again by themselves. One that is cancelled says so there too. */
export async function subjectCalendar(site: Site, frame: Frame, subject: ShownSubject): Promise<{ type: string, body: string }> {
  const events = await reading(site.db, async (tx) => readables(tx, frame, (await shownItems(tx, { subjectId: subject.id, kind: 'event' }, { most })).items, { still: true }))
  return { type, body: calendar(site, frame, `${subjectName(frame, subject).name} – ${publisherTexts(frame.publisher, frame.t.language).name}`, events.filter(hasTimes)) }
}

/** The way from an event's page into a calendar. */
export function calendarLink(frame: Frame, readable: Readable): Html | false {
  return readable.item.kind === 'event' && hasTimes(readable) && html`<p class="noprint"><a class="plain" href="${localPath(frame, itemPath(readable.item, '.ics'))}">${frame.t('event.calendar')}</a></p>`
}

function hasTimes({ shown }: Readable): boolean {
  return Boolean(shown.words.event && eventTimes(shown.words.event))
}

// The library escapes what events say and not the name, and leaves out the end of the last line, which RFC 5545 asks for.
function calendar(site: Site, frame: Frame, name: string, events: Readable[]): string {
  const made = ical({ name: name.replace(/[\\;,]/g, '\\$&'), method: ICalCalendarMethod.PUBLISH, prodId: { company: 'Clarion', product: 'Clarion', language: frame.t.language.toUpperCase() } })
  for (const { item, shown } of events) {
    const event = shown.words.event!
    const { starts, ends, days } = eventTimes(event)!
    const url = `${site.origin}${localPath(frame, itemPath(item))}`
    made.createEvent({
      id: `${item.id}@${new URL(site.origin).hostname}`, ...(days ? { allDay: true, start: midnight(days.first), end: new Date(midnight(days.last).getTime() + 86_400_000) } : { start: starts, end: ends ?? null }), summary: shown.words.title, description: [shown.words.summary, event.online, url].filter(Boolean).join('\n\n'), url,
      location: event.place || event.online || null, status: event.cancelled ? ICalEventStatus.CANCELLED : ICalEventStatus.CONFIRMED, stamp: shown.from, created: item.publishedAt, lastModified: item.updatedAt, sequence: Math.floor(shown.from.getTime() / 1000) % 2_147_483_647,
    })
  }
  return `${made.toString().trimEnd()}\r\n`
}

/** A whole day is the same day wherever its calendar is opened: the library reads it by UTC. */
function midnight(day: string): Date {
  return new Date(`${day}T00:00:00Z`)
}
