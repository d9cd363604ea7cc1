import assert from 'node:assert/strict'
import { test } from 'node:test'
import { addressOf } from './slug.ts'

test('a long title makes an address of whole words', () => {
  for (const [title, address] of [
    ['Two teachers are home', 'two-teachers-are-home'],
    ['Two teachers of Hollin are back home after forty days without a word', 'two-teachers-of-hollin-are-back-home-after-forty-days'],
    ['Two teachers of Hollin are back home and after fortyone days, at last', 'two-teachers-of-hollin-are-back-home-and-after-fortyone-days'],
    ['x'.repeat(70), 'x'.repeat(60)],
  ] as const) assert.equal(addressOf(title), address)
})
