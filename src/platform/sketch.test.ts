import assert from 'node:assert/strict'
import { test } from 'node:test'
import { hsiphash, Sketch } from './sketch.ts'

const window = 600_000

test('the hash is the one that Linux has, by its published values', () => {
  // lib/tests/siphash_kunit.c: bytes 0, 1, 2 … under the key 0, 1, … 7. Ours takes two bytes at a time.
  const bytes = (count: number) => String.fromCharCode(...Array.from({ length: count / 2 }, (_, place) => 2 * place | ((2 * place + 1) << 8)))
  assert.equal(hsiphash(0x03020100, 0x07060504, ''), 0x5814c896)
  assert.equal(hsiphash(0x03020100, 0x07060504, bytes(2)), 0xbc4b0e30)
  assert.notEqual(hsiphash(1, 2, 'one'), hsiphash(1, 3, 'one'))
})

test('what came within the window is counted, and what is older is forgotten bit by bit', () => {
  const sketch = new Sketch()
  sketch.pass(0, window)
  const spot = sketch.at('somewhere')
  for (let time = 0; time < 40; time++) sketch.add(spot)
  assert.equal(sketch.count(spot), 40)
  sketch.pass(window * 1.5, window)
  assert.equal(sketch.count(spot), 20)
  sketch.pass(window * 2, window)
  assert.equal(sketch.count(spot), 0)
})

test('a clock that goes back, or leaps ahead by years, stops nothing', () => {
  const sketch = new Sketch()
  sketch.pass(window * 10, window)
  const spot = sketch.at('somewhere')
  for (let time = 0; time < 10; time++) sketch.add(spot)
  sketch.pass(window * 9, window)
  assert.equal(sketch.count(spot), 10, 'what is known stays known')
  sketch.pass(window * 10, window)
  assert.equal(sketch.count(spot), 10, 'and ages from then on')
  sketch.pass(window * 11, window)
  assert.equal(sketch.count(spot), 0)
  sketch.pass(window * 1e6, window)
  assert.equal(sketch.count(sketch.at('somewhere')), 0)
})

test('fifty thousand from one place are not counted against anybody else', () => {
  // A key that is drawn anew counts three for one of them about once in two thousand times.
  const sketch = new Sketch(() => Buffer.from('any key.'))
  sketch.pass(0, window)
  for (let time = 0; time < 50_000; time++) sketch.add(sketch.at('crowded'))
  for (let place = 0; place < 20_000; place++) sketch.add(sketch.at(`quiet ${place}`))
  const others = Array.from({ length: 20_000 }, (_, place) => sketch.count(sketch.at(`quiet ${place}`)))
  assert.ok(Math.max(...others) <= 2, `${Math.max(...others)}`)
  assert.ok(sketch.count(sketch.at('crowded')) >= 50_000)
})

test('after a day the places are others, so that nothing can be followed from one day to the next', () => {
  const sketch = new Sketch()
  sketch.pass(0, window)
  const before = sketch.at('somewhere')
  sketch.pass(86_400_000, window)
  assert.notEqual(sketch.at('somewhere'), before)
})
