import assert from 'node:assert/strict'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { after, test } from 'node:test'
import { DataState } from '../data-state.ts'
import { PageCache } from './page-cache.ts'

/** A server whose pages are as long as their address says, and how often each was made. */
async function pagesOf(mostBytes: number) {
  const made = new Map<string, number>()
  const cache = new PageCache(new DataState(async () => 'the same'), {}, { mostBytes })
  const server = createServer((request, response) => {
    const path = request.url!
    if (cache.serve(request, response)) return
    void cache.make(path, async () => {
      made.set(path, (made.get(path) ?? 0) + 1)
      return { type: 'text/html; charset=utf-8', body: `${path} `.repeat(Number(path.split('/')[1]) / (path.length + 1)), compress: !path.endsWith('.zip') }
    }, request).then((send) => send!(request, response))
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  after(() => server.close())
  const origin = `http://127.0.0.1:${(server.address() as AddressInfo).port}`
  const get = (path: string, encoding: string) => fetch(`${origin}${path}`, { headers: { 'accept-encoding': encoding } })
  return {
    made, ask: async (path: string, encoding = 'br') => (await get(path, encoding)).text(),
    codingOf: async (path: string, encoding: string) => {
      const answer = await get(path, encoding)
      await answer.text()
      return answer.headers.get('content-encoding')
    },
  }
}

test('whoever goes through all pages of a large site fills no memory: what was asked for last is kept, and the rest is made again', async () => {
  const { made, ask } = await pagesOf(100_000)
  for (let page = 0; page < 50; page += 1) await ask(`/10000/${page}`)
  await ask('/10000/49')
  assert.equal(made.get('/10000/49'), 1)
  await ask('/10000/0')
  assert.equal(made.get('/10000/0'), 2)
})

test('what is larger than all that is kept together is sent whole, and is no harm to the next page', async () => {
  const { made, ask } = await pagesOf(100_000)
  assert.equal((await ask('/300000/large.zip')).length, 300_000 - 300_000 % '/300000/large.zip '.length)
  await ask('/5000/small')
  await ask('/5000/small')
  assert.equal(made.get('/5000/small'), 1)
})

test('a page is the same in every encoding that a browser takes', async () => {
  const { ask } = await pagesOf(100_000)
  const pages = await Promise.all(['br', 'gzip', 'identity'].map((encoding) => ask('/20000/page', encoding)))
  assert.equal(new Set(pages).size, 1)
})

test('everybody gets the best coding that they take, and it is one page, made once', async () => {
  const { codingOf, made } = await pagesOf(100_000)
  for (const [accepted, coding] of [['gzip, deflate', 'gzip'], ['gzip, deflate, br', 'br'], ['br', 'br'], ['gzip', 'gzip'], ['identity', null]] as const) assert.equal(await codingOf('/20000/page', accepted), coding, accepted)
  assert.equal(made.get('/20000/page'), 1)
  assert.equal(await codingOf('/20000/archive.zip', 'gzip, deflate, br'), null, 'what is compressed already stays as it is')
})
