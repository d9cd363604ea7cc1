import assert from 'node:assert/strict'
import { test } from 'node:test'
import type { Answer } from '#test/support/pages.ts'
import { saidOf, words, writingDesk } from '#test/support/writing.ts'

const { salma, get, write, begun, shown } = await writingDesk()

test('an event that ends before it begins is not saved, and the field says why', async () => {
  const path = `/items/${await begun('A lantern evening', 'text', 'event')}/en`
  const times = { event_starts: '2027-06-01T18:00', event_place: 'Town hall', item_body: 'Bring a lantern.' }
  const refused = await write(path, { ...times, event_ends: '2027-06-01T17:00' }, 'publish')
  assert.equal(refused.status, 422)
  assert.match(words(refused), /This must be later than the beginning/)
  assert.equal(saidOf(await write(path, { ...times, event_ends: '2027-06-01T20:00' }, 'publish', salma, refused)), 'published')
  assert.deepEqual((await shown('a-lantern-evening'))!.words.en!.words.event, { starts: '2027-06-01T18:00', ends: '2027-06-01T20:00', zone: 'UTC', place: 'Town hall', online: '', cancelled: false })
})

test('the blocks of a campaign are added and moved by buttons, and a number of others is not shown without who counted it, where and when', async () => {
  const path = `/items/${await begun('Names and numbers', 'text', 'campaign')}/en`
  const press = async (page: Answer, then: string, typed: Record<string, string> = {}) => {
    const answer = await write(path, typed, then, salma, page)
    assert.equal(answer.status, 200)
    return answer
  }
  const field = (page: Answer, name: string) => [...page.text.matchAll(new RegExp(`name="(${name}\\.[a-z0-9-]+)"`, 'g'))].at(-1)![1]!
  const withCount = await press(await get(path), 'block-add:count')
  const withText = await press(withCount, 'block-add:text')
  const count = field(withText, 'block_count')
  const moved = await press(withText, `block-up:${field(withText, 'block_text').split('.')[1]}`, { [count]: '12,500', [field(withText, 'block_text')]: 'We count **people**.' })
  assert.ok(moved.text.indexOf('name="block_text.') < moved.text.indexOf('name="block_count.'))
  const refused = await write(path, {}, 'publish', salma, moved)
  assert.equal(refused.status, 422)
  assert.match(words(refused), /Please fill this in/)
  const done = await write(path, { [field(refused, 'unit')]: 'cases', [field(refused, 'organisation')]: 'Others', [field(refused, 'source_url')]: 'https://others.example/count', [field(refused, 'holds_on')]: '2026-11' }, 'publish', salma, refused)
  assert.equal(saidOf(done), 'published', words(done))
  assert.deepEqual((await shown('names-and-numbers'))!.words.en!.words.blocks.map((each) => (each.kind === 'count' ? each.value : each.kind)), ['text', 12_500])
})
