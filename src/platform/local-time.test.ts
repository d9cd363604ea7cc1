import assert from 'node:assert/strict'
import { test } from 'node:test'
import fc from '#test/support/property.ts'
import { clockTime, readLocal, toLocal, whichOfTwo } from './local-time.ts'

const zones = Intl.supportedValuesOf('timeZone')
/** A zone whose clock goes forward on the last Sunday of March 2027 at two, and back on the last one of October at three. */
const zone = zones.find((each) => Temporal.ZonedDateTime.from(`2027-03-28T01:59[${each}]`).add({ minutes: 1 }).hour === 3 && Temporal.ZonedDateTime.from(`2027-10-31T02:59[${each}]`).offset === '+02:00')!

test('a time means one moment on a clock; one that the clock skips means none, one that it shows twice means two', () => {
  assert.deepEqual(readLocal('2027-06-01T12:00', zone), { reading: 'once', moment: new Date('2027-06-01T10:00:00Z') })
  assert.deepEqual(readLocal('2027-03-28T02:30', zone), { reading: 'skipped', before: new Date('2027-03-28T00:59:00Z'), after: new Date('2027-03-28T01:00:00Z') })
  assert.deepEqual(readLocal('2027-03-28T03:00', zone), { reading: 'once', moment: new Date('2027-03-28T01:00:00Z') })
  assert.deepEqual(readLocal('2027-10-31T02:30', zone), { reading: 'twice', first: new Date('2027-10-31T00:30:00Z'), second: new Date('2027-10-31T01:30:00Z') })
  assert.equal(whichOfTwo(new Date('2027-10-31T00:30:00Z'), zone), 'first')
  assert.equal(whichOfTwo(new Date('2027-10-31T01:30:00Z'), zone), 'second')
  assert.equal(whichOfTwo(new Date('2027-10-31T02:30:00Z'), zone), undefined)
  for (const text of ['', 'soon', '2027-02-30T12:00', '2027-13-01T00:00']) assert.deepEqual(readLocal(text, zone), { reading: 'none' })
})

test('what a field shows is read as the moment that it was, in every zone and across every change of clocks', () => {
  fc.assert(fc.property(fc.constantFrom('UTC', ...zones), fc.integer({ min: Date.UTC(2026, 0, 1) / 60_000, max: Date.UTC(2029, 0, 1) / 60_000 }), (where, minutes) => {
    const moment = new Date(minutes * 60_000)
    const read = readLocal(toLocal(moment, where), where)
    const meant = read.reading === 'once' ? read.moment : read.reading === 'twice' ? read[whichOfTwo(moment, where)!] : undefined
    assert.deepEqual(meant, moment)
  }), { numRuns: 2000 })
})

test('a time on a clock is read as people type it, in digits of any keyboard', () => {
  for (const [typed, meant] of [['9', '09:00'], ['9:05', '09:05'], ['21.30', '21:30'], ['21 h 30', '21:30'], ['٢١:٠٠', '21:00'], ['２１：００', '21:00'], ['24:00', '24:00']]) assert.equal(clockTime(typed!), meant)
  for (const none of ['', 'noon', '9:5', '123', '-1']) assert.equal(clockTime(none), none)
})
