import { isZone, offsetAt, readLocal, toLocal, whichOfTwo } from '#platform/local-time.ts'
import type { Field } from '../forms.ts'
import type { DeskWords } from '../words/index.ts'

/** Time zones that are offered; others that there are can be typed. */
export function zones(): string[] {
  return ['UTC', ...Intl.supportedValuesOf('timeZone')]
}

export interface ReadTime {
  moment: Date | null
  fault?: string
}

/** Nobody plans further ahead: a year beyond it was mistyped. */
const farthestYears = 5

/** What to say of a moment whose year was mistyped. */
export function tooFar(t: DeskWords, moment: Date, now: Date): string | undefined {
  return moment.getTime() > now.getTime() + farthestYears * 366 * 86_400_000 ? t('fault.time-far', { count: farthestYears }) : undefined
}

/**
 * The moment that a date-and-time field means by the clock of a zone. A time that clocks skip that night is refused, with the
 * times around it, and so is one that is years away; one that they show twice is asked about. What nobody has touched stays what it was.
 */
export function readTime(t: DeskWords, { text, which, zone, present }: { text: string, which: string, zone: string, present: Date | null }, now: Date): ReadTime {
  const read = readOnClock(t, { text, which, zone, present })
  const fault = read.moment && toLocal(present, zone) !== text ? tooFar(t, read.moment, now) : undefined
  return fault ? { moment: null, fault } : read
}

function readOnClock(t: DeskWords, { text, which, zone, present }: { text: string, which: string, zone: string, present: Date | null }): ReadTime {
  if (!text) return { moment: null }
  const read = readLocal(text, zone)
  switch (read.reading) {
    case 'once': return { moment: read.moment }
    case 'none': return { moment: null, fault: t('fault.time') }
    case 'skipped': return { moment: null, fault: t('fault.time-skipped', { time: clock(text), before: clock(toLocal(read.before, zone)), after: clock(toLocal(read.after, zone)) }) }
    case 'twice': {
      if (which === 'first' || which === 'second') return { moment: read[which] }
      return toLocal(present, zone) === text ? { moment: present } : { moment: null, fault: t('fault.time-twice', { time: clock(text) }) }
    }
  }
}

/** Asks which of two is meant, where the clock shows a time twice; otherwise there is nothing to ask. */
export function whichField(t: DeskWords, as: string, text: string, zone: string): Field | false {
  const read = isZone(zone) ? readLocal(text, zone) : undefined
  return read?.reading === 'twice' && {
    name: 'which_time', as, kind: 'choice',
    choices: [{ value: 'first', label: t('time.first', { offset: offsetAt(read.first, zone) }) }, { value: 'second', label: t('time.second', { offset: offsetAt(read.second, zone) }) }],
  }
}

export { toLocal, whichOfTwo }

function clock(text: string): string {
  return text.slice(11, 16)
}
