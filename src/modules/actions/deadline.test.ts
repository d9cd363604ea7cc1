import assert from 'node:assert/strict'
import { test } from 'node:test'
import { daysLeft } from './deadline.ts'

const zoneAt = (offset: string) => Intl.supportedValuesOf('timeZone').find((zone) => Temporal.ZonedDateTime.from(`2027-03-20T12:00[${zone}]`).offset === offset)!

test('days until the end are counted on the action’s own calendar, and midnight belongs to the day before', () => {
  const closes = new Date('2027-03-23T12:00:00Z')
  assert.equal(daysLeft(closes, 'UTC', new Date('2027-03-20T23:59:00Z')), 3)
  assert.equal(daysLeft(closes, 'UTC', new Date('2027-03-21T00:00:00Z')), 2)
  assert.equal(daysLeft(closes, 'UTC', new Date('2027-03-23T00:00:00Z')), 0)
  assert.equal(daysLeft(closes, zoneAt('+12:00'), new Date('2027-03-20T12:00:00Z')), 2, 'there it is the 21st, and closes late on the 23rd')
  assert.equal(daysLeft(closes, zoneAt('-10:00'), new Date('2027-03-21T00:00:00Z')), 3, 'there it is still the 20th')
  assert.equal(daysLeft(new Date('2027-03-23T00:00:00Z'), 'UTC', new Date('2027-03-22T12:00:00Z')), 0)
  assert.equal(daysLeft(closes, 'UTC', closes), undefined)
  assert.equal(daysLeft(null, 'UTC', closes), undefined)
})

test('a day on which clocks change is a day', () => {
  for (const zone of Intl.supportedValuesOf('timeZone')) {
    const change = Temporal.ZonedDateTime.from(`2027-01-01T00:00[${zone}]`).getTimeZoneTransition('next')
    if (change?.year !== 2027) continue
    const closes = new Date(change.toPlainDate().add({ days: 1 }).toZonedDateTime({ timeZone: zone, plainTime: '12:00' }).epochMilliseconds)
    const asked = new Date(change.toPlainDate().subtract({ days: 1 }).toZonedDateTime({ timeZone: zone, plainTime: '12:00' }).epochMilliseconds)
    assert.equal(daysLeft(closes, zone, asked), 2, zone)
  }
})
