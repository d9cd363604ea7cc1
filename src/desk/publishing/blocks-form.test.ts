import assert from 'node:assert/strict'
import { test } from 'node:test'
import { itemWords } from '#modules/publishing/index.ts'
import { deskWords } from '../words/index.ts'
import { blockFields, moveBlocks, readBlocks, typedBlocks } from './blocks-form.ts'

const blocks = itemWords.shape.blocks.parse([
  { id: 'a', kind: 'text', title: 'Why', text: 'Because.' }, { id: 'b', kind: 'asks', actions: ['one', 'two'] },
  { id: 'c', kind: 'count', value: 12, unit: 'x', who: 'y', sourceUrl: 'https://z.example/', asOf: '2026' },
])

test('blocks come out of their form as they went in', () => {
  assert.deepEqual(itemWords.shape.blocks.parse(readBlocks(deskWords('en'), typedBlocks(deskWords('en'), blocks))), blocks)
})

test('a count of others may have decimals and digits of the own keyboard', () => {
  const value = (language: 'en' | 'fr' | 'ar', typed: string) => (readBlocks(deskWords(language), { ...typedBlocks(deskWords(language), blocks), 'block_count.c': typed })[2] as { value: number }).value
  assert.deepEqual([value('en', '12,500'), value('fr', '12,5'), value('ar', '١٢٬٥٠٠')], [12500, 12.5, 12500])
})

test('blocks move up and down, go, and are added, with everything that was typed', () => {
  const order = (then: string) => moveBlocks({ ...typedBlocks(deskWords('en'), blocks), title: 'kept' }, then)
  assert.deepEqual(order('block-up:b')!.blocks, ['b', 'a', 'c'])
  assert.deepEqual(order('block-down:b')!.blocks, ['a', 'c', 'b'])
  assert.deepEqual(order('block-up:a')!.blocks, ['a', 'b', 'c'])
  assert.deepEqual(order('block-drop:a')!.blocks, ['b', 'c'])
  assert.equal(order('block-add:items')!.blocks!.length, 4)
  assert.equal(order('block-drop:a')!.title, 'kept')
  assert.equal(order('publish'), undefined)
})

test('a block that was taken out is put back where it stood, with everything that was typed', () => {
  const start = typedBlocks(deskWords('en'), blocks)
  const without = moveBlocks(moveBlocks(start, 'block-drop:b')!, 'block-drop:a')!
  assert.deepEqual(without.blocks, ['c'])
  const shown = blockFields(deskWords('en'), without, {}).text
  assert.match(shown, /“\P{L}*Why\P{L}*” is taken out[^]*name="block_text.a" value="Because."[^]*value="block-back:a:0"/u)
  const back = moveBlocks(moveBlocks(without, 'block-back:a:0')!, 'block-back:b:1')!
  assert.deepEqual(readBlocks(deskWords('en'), back), readBlocks(deskWords('en'), start))
  assert.doesNotMatch(blockFields(deskWords('en'), back, {}).text, /is taken out/)
})

test('a count without who, where and when is refused, and a pasted address is its slug', () => {
  const typed = { ...typedBlocks(deskWords('en'), blocks), 'organisation.c': '', 'block_actions.b': 'https://act.example/ar/actions/no-one\n two' }
  const read = readBlocks(deskWords('en'), typed)
  assert.ok(!itemWords.shape.blocks.safeParse(read).success)
  assert.deepEqual((read[1] as { actions: string[] }).actions, ['no-one', 'two'])
})
