import assert from 'node:assert/strict'
import { test } from 'node:test'
import { combined } from './merging.ts'
import { wordsWith } from './item.ts'

const text = (body: string, title = 'A bridge') => wordsWith({ title, body })
const thread = (...told: [id: string, text: string][]) => wordsWith({ title: 'A bridge', paragraphs: told.map(([id, said]) => ({ id, day: '2030-01-02', happened: '', text: said, links: [] })) })

test('what only the other one changed is taken over, passage by passage', () => {
  const base = text('One.\n\nTwo.\n\nThree.')
  assert.deepEqual(combined(base, text('One, mine.\n\nTwo.\n\nThree.'), text('One.\n\nTwo.\n\nThree, theirs.\n\nFour.', 'The bridge')), text('One, mine.\n\nTwo.\n\nThree, theirs.\n\nFour.', 'The bridge'))
  assert.deepEqual(combined(base, text('One.\n\nThree.'), text('One.\n\nTwo.\n\nThree.\n\nFour.')), text('One.\n\nThree.\n\nFour.'), 'what was taken out stays out')
  assert.deepEqual(combined(base, base, text('')), text(''), 'also where all of it was')
})

test('where both changed the same passage, mine stays', () => {
  const base = text('One.\n\nTwo.\n\nThree.')
  assert.equal(combined(base, text('One, mine.\n\nTwo.\n\nThree.'), text('One, theirs.\n\nTwo, theirs.\n\nThree.')).body, 'One, mine.\n\nTwo.\n\nThree.')
  assert.equal(combined(base, text('One, mine.\n\nTwo.\n\nThree.'), text('One, theirs.\n\nTwo.\n\nThree, theirs.')).body, 'One, mine.\n\nTwo.\n\nThree, theirs.')
  assert.equal(combined(text(''), text('Mine.'), text('Theirs.')).body, 'Mine.')
})

test('paragraphs of a thread are known by their ids: both new ones stay, and each change', () => {
  const base = thread(['a', 'First.'], ['b', 'Second.'], ['c', 'Third.'])
  assert.deepEqual(combined(base, thread(['mine', 'New.'], ['a', 'First.'], ['b', 'Second, mine.'], ['c', 'Third.']), thread(['theirs', 'Newer.'], ['a', 'First, theirs.'], ['b', 'Second.'])).paragraphs.map(({ id, text: said }) => `${id} ${said}`).toSorted(),
    ['a First, theirs.', 'b Second, mine.', 'mine New.', 'theirs Newer.'])
})
