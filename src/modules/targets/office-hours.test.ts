import assert from 'node:assert/strict'
import { test } from 'node:test'
import fc from '#test/support/property.ts'
import { nextOpening, readHolidays, type OfficeHours, type OpenHours } from './index.ts'

const week: OpenHours = { weekdays: [1, 2, 3, 4, 5], from: '09:00', until: '17:00' }
const office = (changes: Partial<OfficeHours> = {}): OfficeHours => ({ zone: 'UTC', hours: week, holidays: new Set(), ...changes })
const opens = (at: string, changes: Partial<OfficeHours> = {}) => nextOpening(office(changes), new Date(at))?.toISOString()

/** The zones of the world whose clocks change, both ways and by less than an hour too. */
const changing = Intl.supportedValuesOf('timeZone').filter((zone) => {
  const change = Temporal.ZonedDateTime.from(`2027-01-01T00:00[${zone}]`).getTimeZoneTransition('next')
  return change && change.year === 2027
})

/** A zone that puts its clock forward, or back, at some hour of 2027, with the moment of it. */
function changeOf(way: 'forward' | 'back', zone: string): Temporal.ZonedDateTime | undefined {
  let change = Temporal.ZonedDateTime.from(`2027-01-01T00:00[${zone}]`).getTimeZoneTransition('next')
  for (; change && change.year === 2027; change = change.getTimeZoneTransition('next')) {
    const before = change.subtract({ minutes: 1 })
    if ((change.offsetNanoseconds > before.offsetNanoseconds) === (way === 'forward')) return change
  }
  return undefined
}

test('an office that is open is written to now; one that is closed when it opens, over nights, weekends and holidays', () => {
  assert.equal(opens('2027-03-03T10:00:00Z'), '2027-03-03T10:00:00.000Z')
  assert.equal(opens('2027-03-03T17:00:00Z'), '2027-03-04T09:00:00.000Z', 'it closes on the minute')
  assert.equal(opens('2027-03-05T18:00:00Z'), '2027-03-08T09:00:00.000Z')
  assert.equal(opens('2027-03-05T18:00:00Z', { holidays: new Set(['2027-03-08']) }), '2027-03-09T09:00:00.000Z')
  assert.equal(opens('2027-03-05T18:00:00Z', { hours: { weekdays: [7, 1], from: '08:30', until: '24:00' } }), '2027-03-07T08:30:00.000Z', 'a week that begins on Sunday')
  assert.equal(opens('2027-03-03T10:00:00Z', { hours: undefined }), '2027-03-03T10:00:00.000Z', 'without hours it is always open')
  assert.equal(opens('2027-03-03T10:00:00Z', { hours: undefined, holidays: new Set(['2027-03-03']) }), '2027-03-04T00:00:00.000Z', 'but on holidays')
  assert.equal(opens('2027-03-03T10:00:00Z', { hours: { weekdays: [3], from: '09:00', until: '10:00' }, holidays: new Set(Array.from({ length: 60 }, (_, week) => new Date(Date.UTC(2027, 2, 3 + 7 * week)).toISOString().slice(0, 10))) }), undefined, 'nobody waits for ever')
})

test('a holiday is a day on the office’s own calendar', () => {
  const zone = changing.find((each) => Temporal.ZonedDateTime.from(`2027-01-15T12:00[${each}]`).offset === '+13:00')!
  const there = { zone, holidays: new Set(['2027-01-15']), hours: { ...week, from: '00:00', until: '24:00' } }
  assert.equal(opens('2027-01-14T10:59:00Z', there), '2027-01-14T10:59:00.000Z', 'still the 14th there')
  assert.equal(opens('2027-01-14T11:00:00Z', there), '2027-01-17T11:00:00.000Z', 'the 15th is a holiday, and a weekend follows')
})

test('the clock on the wall decides across clock changes: an opening that is skipped comes with the change', () => {
  let seen = 0
  for (const zone of changing) {
    const change = changeOf('forward', zone)
    // Where midnight itself is skipped, the office is open already, on the day before.
    if (!change || change.subtract({ minutes: 1 }).day !== change.day) continue
    seen += 1
    const skipped = change.subtract({ minutes: 1 }).toPlainDateTime().add({ minutes: 16 }).toPlainTime().toString({ smallestUnit: 'minute' })
    const opening = nextOpening(office({ zone, hours: { weekdays: [1, 2, 3, 4, 5, 6, 7], from: skipped, until: '24:00' } }), new Date(change.epochMilliseconds - 5 * 60_000))
    assert.equal(opening?.getTime(), change.epochMilliseconds, `${zone} opens at ${skipped}`)
  }
  assert.ok(seen > 20)
})

test('and where an hour comes twice, the office opens when the clock first shows it and is closed again until it shows it once more', () => {
  let seen = 0
  for (const zone of changing) {
    const change = changeOf('back', zone)
    if (!change || change.hour !== 1 || change.minute !== 0 || change.subtract({ minutes: 1 }).hour !== 1) continue
    seen += 1
    const hours = { weekdays: [1, 2, 3, 4, 5, 6, 7], from: '01:30', until: '05:00' }
    const at = (minutes: number) => new Date(change.epochMilliseconds + minutes * 60_000)
    assert.equal(nextOpening(office({ zone, hours }), at(-45))?.getTime(), at(-30).getTime(), zone)
    assert.equal(nextOpening(office({ zone, hours }), at(-1))?.getTime(), at(-1).getTime())
    assert.equal(nextOpening(office({ zone, hours }), at(0))?.getTime(), at(30).getTime(), 'the clock shows one again')
  }
  assert.ok(seen > 10)
})

test('whenever it is asked and wherever: the answer is not before, is open, and nothing between was', () => {
  const minute = fc.integer({ min: 0, max: 24 * 60 })
  const text = (minutes: number) => `${String(Math.floor(minutes / 60)).padStart(2, '0')}:${String(minutes % 60).padStart(2, '0')}`
  const isOpen = ({ zone, hours, holidays }: OfficeHours, at: number) => {
    const there = Temporal.Instant.fromEpochMilliseconds(at).toZonedDateTimeISO(zone)
    const clock = text(there.hour * 60 + there.minute)
    return hours!.weekdays.includes(there.dayOfWeek) && !holidays.has(there.toPlainDate().toString()) && clock >= hours!.from && clock < hours!.until
  }
  fc.assert(fc.property(
    fc.constantFrom(...changing), fc.constantFrom('forward' as const, 'back' as const), fc.uniqueArray(fc.integer({ min: 1, max: 7 }), { minLength: 1 }), minute, minute, fc.array(fc.integer({ min: -3, max: 3 })), fc.integer({ min: -3 * 1440, max: 3 * 1440 }),
    (zone, way, weekdays, one, other, holidays, shift) => {
      const change = changeOf(way, zone)
      if (!change || one === other) return
      const it: OfficeHours = { zone, hours: { weekdays, from: text(Math.min(one, other)), until: text(Math.max(one, other)) }, holidays: new Set(holidays.map((days) => change.toPlainDate().add({ days }).toString())) }
      const now = change.epochMilliseconds + shift * 60_000
      const opening = nextOpening(it, new Date(now))
      assert.ok(opening, 'somebody opens within a year')
      assert.ok(opening.getTime() >= now)
      assert.ok(isOpen(it, opening.getTime()))
      for (let at = now; at < Math.min(opening.getTime(), now + 4 * 86_400_000); at += 15 * 60_000) assert.ok(!isOpen(it, at), `${zone}: open at ${new Date(at).toISOString()} already`)
    },
  ), { numRuns: 300 })
})

test('holidays are read from a pasted list, and from a file as calendar programs write it; what cannot be read is named by its line', () => {
  assert.deepEqual(readHolidays('2027-12-25 Winter holiday\n\n2027-01-01\n2027-12-26,"Day after"\r\n', '2027-01-01'), {
    holidays: [{ day: '2027-01-01', name: '' }, { day: '2027-12-25', name: 'Winter holiday' }, { day: '2027-12-26', name: 'Day after' }], unread: [],
  })
  assert.deepEqual(readHolidays('2027-12-25 one\n25 December\n2027-02-30 never', '2027-01-01').unread, [2, 3])
  const file = ['BEGIN:VCALENDAR', 'BEGIN:VEVENT', 'DTSTART;VALUE=DATE:20271225', 'DTEND;VALUE=DATE:20271227', 'SUMMARY:Winter\\, both', '  days', 'END:VEVENT', 'BEGIN:VEVENT', 'SUMMARY:No day', 'END:VEVENT', 'END:VCALENDAR'].join('\r\n')
  assert.deepEqual(readHolidays(file, '2027-01-01'), { holidays: [{ day: '2027-12-25', name: 'Winter, both days' }, { day: '2027-12-26', name: 'Winter, both days' }], unread: [7] })
})

test('a holiday that a calendar file has once, with a rule that it comes each year, holds this year and the next ones', () => {
  const file = (...events: string[][]) => ['BEGIN:VCALENDAR', ...events.flatMap((lines) => ['BEGIN:VEVENT', ...lines, 'END:VEVENT']), 'END:VCALENDAR'].join('\r\n')
  const days = (...lines: string[]) => readHolidays(file(lines), '2027-03-01').holidays.map(({ day }) => day)
  assert.deepEqual(days('DTSTART;VALUE=DATE:20151225', 'RRULE:FREQ=YEARLY'), ['2027-12-25', '2028-12-25', '2029-12-25', '2030-12-25', '2031-12-25'])
  assert.deepEqual(days('DTSTART;VALUE=DATE:20151225', 'RRULE:FREQ=YEARLY;UNTIL=20281231', 'EXDATE;VALUE=DATE:20271225'), ['2028-12-25'])
  assert.deepEqual(days('DTSTART;VALUE=DATE:20200525', 'RRULE:FREQ=YEARLY;BYMONTH=5;BYDAY=-1MO').slice(0, 2), ['2027-05-31', '2028-05-29'])
  assert.deepEqual(days('DTSTART;VALUE=DATE:20240229', 'RRULE:FREQ=YEARLY'), ['2028-02-29'])
  assert.deepEqual(days('DTSTART;VALUE=DATE:20271225', 'STATUS:CANCELLED'), [])
  assert.deepEqual(readHolidays(file(['DTSTART;VALUE=DATE:20270104', 'RRULE:FREQ=WEEKLY'], ['DTSTART:20270105T090000Z', 'SUMMARY:A meeting']), '2027-03-01'), { holidays: [], unread: [2, 6] }, 'what is not read is named')
})
