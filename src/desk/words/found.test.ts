import assert from 'node:assert/strict'
import { test } from 'node:test'
import { foundSaid } from './found.ts'
import { deskWords } from './index.ts'

test('what the checks for going live found is said in the reader’s language: the day of a backup, and how far clocks are apart', () => {
  const at = new Date('2026-11-27T23:30:00Z')
  assert.equal(foundSaid(deskWords('en'), { name: 'backup', ok: true, at }, 'Europe/Athens'), '28 November 2026')
  assert.equal(foundSaid(deskWords('fr'), { name: 'backup', ok: true, at }, 'Europe/Athens'), '28 novembre 2026')
  const clock = (apart: number) => foundSaid(deskWords('en'), { name: 'clock', ok: true, apart }, 'UTC')
  assert.deepEqual([0.04, 1.2, 7, 600].map(clock), ['The clocks agree to the second', 'The clocks differ by one second', 'The clocks differ by 7 seconds', 'The clocks differ by 10 minutes'])
  assert.equal(foundSaid(deskWords('he'), { name: 'reachable', ok: false, found: 'ECONNREFUSED' }, 'UTC'), 'ECONNREFUSED')
})
