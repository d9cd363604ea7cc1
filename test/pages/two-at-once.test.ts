import assert from 'node:assert/strict'
import { test } from 'node:test'
import { words, writingDesk } from '#test/support/writing.ts'

const { idris, get, write, begun } = await writingDesk()

test('two people edit at once: the second sees what the first wrote, keeps what they typed, and saves over nothing unseen', async () => {
  const id = await begun('Two at a desk', 'text')
  const path = `/items/${id}/en`
  const his = await get(path, idris)
  assert.equal((await write(path, { item_body: 'Hers.' }, 'save')).status, 303)
  const late = await write(path, { item_body: 'His.' }, 'save', idris, his)
  assert.equal(late.status, 409)
  assert.equal((await write(path, { item_body: 'His.', base: '-'.repeat(36) }, 'save', idris, his)).status, 409, 'what only looks like a version is another one')
  assert.match(words(late), /Somebody else saved this.*Hers\./)
  assert.match(late.text, /<textarea[^>]*name="item_body"[^>]*>\nHis\./)
  assert.equal((await write(path, { item_body: 'Hers and his.' }, 'save', idris, late)).status, 303)
  assert.match((await get(path)).text, />\nHers and his\./)
  const history = await get(`${path}/history`)
  assert.equal([...history.text.matchAll(/history\?version=/g)].length, 3, 'every version is kept')
})

test('who has the same text open in two windows is told that it was they themselves who saved meanwhile', async () => {
  const path = `/items/${await begun('Two windows', 'text')}/en`
  const first = await get(path, idris)
  assert.equal((await write(path, { item_body: 'In the other window.' }, 'save', idris)).status, 303)
  const late = await write(path, { item_body: 'In this one.' }, 'save', idris, first)
  assert.equal(late.status, 409)
  assert.match(words(late), /You saved this in another window/)
  assert.doesNotMatch(words(late), /Somebody else/)
})

test('two people change different passages at once: the form has both, and each stays where only one of them changed it', async () => {
  const path = `/items/${await begun('Two at two passages', 'text')}/en`
  assert.equal((await write(path, { item_body: 'One.\n\nTwo.\n\nThree.' }, 'save')).status, 303)
  const his = await get(path, idris)
  assert.equal((await write(path, { item_body: 'One.\n\nTwo.\n\nThree, hers.', standfirst: 'Her summary.' }, 'save')).status, 303)
  const late = await write(path, { item_body: 'One, his.\n\nTwo.\n\nThree.' }, 'save', idris, his)
  assert.equal(late.status, 409)
  assert.match(words(late), /changed different passages.*2 passages that only they changed/)
  assert.match(late.text, /name="item_body"[^>]*>\nOne, his\.\n\nTwo\.\n\nThree, hers\.</)
  assert.match(late.text, /name="standfirst"[^>]*>\nHer summary\.</)
  assert.equal((await write(path, {}, 'save', idris, late)).status, 303)
  assert.match((await get(path)).text, />\nOne, his\.\n\nTwo\.\n\nThree, hers\.</)
})
