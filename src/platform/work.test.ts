import assert from 'node:assert/strict'
import { randomBytes } from 'node:crypto'
import { test } from 'node:test'
import { solve, Works } from './work.ts'

const minute = 60_000
const kind = { bits: 8, waitSeconds: 15 }
const start = Date.parse('2027-03-01T12:00:00Z')

test('work that was done lets its form through, once', () => {
  const works = new Works(randomBytes(32))
  const asked = works.ask('a form', kind, start)
  const solution = solve(asked)
  assert.equal(works.check(asked.text, 'another form', solution, start + 1000), 'no')
  assert.equal(works.check(asked.text, 'a form', solution, start + 1000), 'solved')
  assert.equal(works.check(asked.text, 'a form', solution, start + 1000), 'no', 'the same again')
  assert.equal(works.check(asked.text, 'a form', '', start + 14 * minute), 'no', 'nor by waiting')
})

test('every site takes what another one asked, and nobody takes what none of them did', () => {
  const key = randomBytes(32)
  const asked = new Works(key).ask('a form', kind, start)
  assert.equal(new Works(key).check(asked.text, 'a form', solve(asked), start), 'solved')
  assert.equal(new Works(randomBytes(32)).check(asked.text, 'a form', solve(asked), start), 'no')
  const easier = asked.text.replace('.8.15.', '.1.0.')
  assert.equal(new Works(key).check(easier, 'a form', solve(asked), start + minute), 'no')
  for (const text of ['', '...', 'a.b.c.d.e', asked.text.slice(0, -1), `${asked.text}x`]) assert.equal(new Works(key).check(text, 'a form', solve(asked), start), 'no', text)
})

test('whoever cannot work waits, and is told how long it still takes', () => {
  const works = new Works(randomBytes(32))
  const asked = works.ask('a form', kind, start)
  const early = works.check(asked.text, 'a form', '', start + 5000)
  assert.ok(typeof early === 'object' && early.tooEarlyBy === 10)
  assert.equal(works.check(asked.text, 'a form', 'nonsense', start + 15_000), 'waited')
  assert.equal(works.check(asked.text, 'a form', '', start + 16_000), 'no')
})

test('a challenge holds for a quarter of an hour', () => {
  const works = new Works(randomBytes(32))
  const asked = works.ask('a form', kind, start)
  assert.equal(works.check(asked.text, 'a form', solve(asked), start + 16 * minute), 'no')
})

test('when the clock goes back, work is still taken, once, and waiting starts again', () => {
  const works = new Works(randomBytes(32))
  const [worked, waited] = [works.ask('a form', kind, start), works.ask('a form', kind, start)]
  assert.equal(works.check(waited.text, 'a form', '', start - 60 * minute), 'no')
  assert.equal(works.check(worked.text, 'a form', solve(worked), start - 60 * minute), 'solved')
  assert.equal(works.check(worked.text, 'a form', solve(worked), start - 60 * minute), 'no')
})

test('however many are used, no more than a quarter of an hour of them is remembered, and none is good twice', () => {
  const works = new Works(randomBytes(32))
  const easy = { bits: 0, waitSeconds: 0 }
  const first = works.ask('a form', easy, start)
  assert.equal(works.check(first.text, 'a form', '', start), 'waited')
  for (let time = 1; time <= 200_001; time++) works.check(works.ask('a form', easy, start + time).text, 'a form', '', start + time)
  assert.equal(works.check(first.text, 'a form', '', start + 200_002), 'no')
})
