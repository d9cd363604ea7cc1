import assert from 'node:assert/strict'
import { test } from 'node:test'
import { goalFor } from './index.ts'

test('on the ladder the next goal always lies ahead', () => {
  for (const [count, goal] of [[0, 100], [1, 100], [99, 100], [100, 200], [499, 500], [500, 600], [999, 1000], [1000, 2000], [9999, 10_000], [10_000, 15_000], [50_000, 75_000], [99_999, 100_000], [100_000, 200_000], [1_234_567, 1_300_000]] as const) {
    assert.equal(goalFor({ kind: 'ladder' }, count), goal, String(count))
  }
  for (let count = 0; count < 300_000; count += 17) assert.ok(goalFor({ kind: 'ladder' }, count)! > count)
})

test('a fixed goal stays, and no goal is none', () => {
  assert.equal(goalFor({ kind: 'fixed', value: 50 }, 80), 50)
  assert.equal(goalFor({ kind: 'none' }, 80), undefined)
})
