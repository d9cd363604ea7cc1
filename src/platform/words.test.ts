import assert from 'node:assert/strict'
import { test } from 'node:test'
import { catalogue } from './words.ts'

test('a moment names its clock as it is in that season, so that nobody who reads it elsewhere is an hour off', () => {
  const words = catalogue<string>({ en: {}, ar: {}, es: {}, fr: {}, he: {} })
  const changing = Intl.supportedValuesOf('timeZone').filter((zone) => {
    const offset = (day: string) => Temporal.Instant.from(`${day}T12:00Z`).toZonedDateTimeISO(zone).offset
    return offset('2027-01-15') !== offset('2027-07-15')
  })
  assert.ok(changing.length > 50)
  for (const zone of changing) {
    for (const language of ['en', 'ar', 'es', 'fr', 'he']) {
      const named = (day: string) => words(language).moment(new Date(`${day}T12:00Z`), zone).replace(/^.*\(/, '')
      assert.notEqual(named('2027-01-15'), named('2027-07-15'), `${zone} in ${language}`)
    }
  }
})
