import { z } from 'zod'
import { isDay } from '#platform/days.ts'
import { edgeOfPeriod, isZone } from '#platform/local-time.ts'

const line = z.string().max(300).default('')
const web = z.union([z.literal(''), z.string().max(2000).refine((text) => /^https?:\/\/[^\s/]/i.test(text))]).default('')
/** A time by the clocks of a place, or a whole day. */
const local = z.union([z.literal(''), z.string().regex(/^\d{4}-\d{2}-\d{2}(T\d{2}:\d{2})?$/).refine((text) => text.length > 10 || isDay(text))]).default('')

/** What items of some kinds have besides their text. All of it is part of an item's words: versions, languages, schedules and corrections hold for it too. */
export const kindFields = {
  /** When and where something takes place, by the clocks there. */
  event: z.object({ starts: local, ends: local, zone: z.string().refine(isZone), place: line, online: web, cancelled: z.boolean().default(false) })
    .refine(endsLater, { path: ['ends'] }).nullable().default(null),
  course: z.object({ minutes: z.int().positive().max(100_000).nullable().default(null), price: line, provider: line, url: web, language: z.union([z.literal(''), z.string().regex(/^[a-z]{2,3}$/)]).default('') }).nullable().default(null),
  /** Each with an id that stays, for links to it. */
  questions: z.array(z.object({ id: z.string().regex(/^[a-z0-9-]{1,40}$/), question: z.string().min(1).max(500), answer: z.string().max(20_000) })).max(200).default([]),
  /** Files that it offers, each in one language. The bytes are kept under their hash. */
  documents: z.array(z.object({ id: z.string().regex(/^[a-z0-9-]{1,40}$/), hash: z.string().regex(/^[0-9a-f]{64}$/), mediaType: z.string().max(200), size: z.int().nonnegative(), title: z.string().min(1).max(300), language: z.string().regex(/^[a-z]{2,3}$/) })).max(100).default([]),
  /** Who signed a joint statement. */
  signatories: z.array(z.object({ name: z.string().min(1).max(300), country: z.union([z.literal(''), z.string().regex(/^[A-Z]{2}$/)]).default('') })).max(2000).default([]),
  /** Who published a report with us. */
  copublishers: z.array(z.string().min(1).max(300)).max(50).default([]),
  /** What a press release says to editors only. */
  editors: z.string().max(10_000).default(''),
}

type Event = NonNullable<z.infer<typeof kindFields.event>>

export interface EventTimes {
  starts: Date
  ends: Date | undefined
  /** The first and last day of one that takes whole days: no clock is said of it. */
  days?: { first: string, last: string }
}

/** The moments between which an event takes place; nothing where nobody has said when. */
export function eventTimes({ starts, ends, zone }: Event): EventTimes | undefined {
  const whole = isDay(starts)
  const from = edgeOfPeriod(whole ? `${starts}T00:00` : starts, zone, 'from')
  if (!from) return undefined
  return whole ? { starts: from, ends: edgeOfPeriod(`${ends || starts}T23:59`, zone, 'until'), days: { first: starts, last: ends || starts } } : { starts: from, ends: edgeOfPeriod(ends, zone, 'until') }
}

/** By the clocks of one place: what reads later is later, but for the hour in which they are put back. One day may be all of it; and what begins at a time ends at one. */
function endsLater({ starts, ends }: { starts: string, ends: string }): boolean {
  return starts === '' || ends === '' || (ends.length === starts.length && (ends > starts || (ends === starts && isDay(ends))))
}
