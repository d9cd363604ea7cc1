import assert from 'node:assert/strict'
import { test } from 'node:test'
import { catalogue, isolate } from './words.ts'

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

test('what runs against a sentence is isolated in it: words of the other direction, and from right to left the groups of a number', () => {
  for (const text of ['Noor', 'office@lamplight.example', '+00 555 0100', '(00) 555-0100', '12/4']) assert.equal(isolate(text, 'rtl'), `⁨${text}⁩`)
  for (const text of ['نور', 'شارع المنارة 12-14', '1,204', '٣٫٥', '7']) assert.equal(isolate(text, 'rtl'), text)
  for (const text of ['Noor', '+00 555 0100', 'the words “Stronger” – and more…']) assert.equal(isolate(text, 'ltr'), text)
  assert.equal(isolate('⁨office@lamplight.example⁩ · شارع', 'rtl'), '⁨office@lamplight.example⁩ · شارع', 'once')
})
