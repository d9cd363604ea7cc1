import assert from 'node:assert/strict'
import { test } from 'node:test'
import { endOfDay, isDay, startOfDay } from './days.ts'

test('a day is one that the calendar and the database have', () => {
  for (const day of ['2024-02-29', '2000-02-29', '0001-01-01', '9999-12-31']) assert.ok(isDay(day), day)
  for (const none of ['2023-02-29', '1900-02-29', '2024-02-30', '2024-13-01', '2024-00-10', '2024-01-00', '0000-01-01', '24-01-01', '2024-1-1', '']) assert.ok(!isDay(none), none)
})

test('a day in which clocks change is over after 23 or 25 hours', () => {
  const hours = (day: string) => (endOfDay(day, 'Europe/Madrid').getTime() - startOfDay(day, 'Europe/Madrid').getTime()) / 3_600_000
  assert.deepEqual(['2026-03-28', '2026-03-29', '2026-10-25'].map(hours), [24, 23, 25])
})
