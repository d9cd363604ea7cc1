import assert from 'node:assert/strict'
import { test } from 'node:test'
import { aboutAsWished, looksAfter, type PlacesWithin } from './reach.ts'
import type { Subject } from './subjects.ts'

const subject = (id: string, kind: Subject['kind']): Subject => ({ id, kind, slug: id, code: id.toUpperCase(), parentId: null, names: [] })
const all = [subject('here', 'place'), subject('there', 'place'), subject('fishing', 'topic')]
const about = (within: PlacesWithin, before: string[], wanted: string[]) => aboutAsWished(all, { within, before, wanted })

test('whoever looks after one place puts things on its page and under topics, and leaves the pages of others as they are', () => {
  assert.deepEqual(about(['HERE'], [], ['here', 'there', 'fishing']), ['here', 'fishing'])
  assert.deepEqual(about(['HERE'], ['here', 'there', 'fishing'], ['here']), ['here', 'there'])
  assert.equal(about(['HERE'], ['here', 'there'], ['there', 'fishing']), undefined, 'it would be out of their sight')
  assert.equal(about([], [], ['fishing']), undefined, 'a topic is of nobody alone')
  assert.deepEqual(about(undefined, ['here'], []), [], 'where somebody looks after everything, it may be about nothing')
  assert.equal(looksAfter(['FISHING'], [all[2]!]), false, 'a topic whose short code is that of a place is none')
})
