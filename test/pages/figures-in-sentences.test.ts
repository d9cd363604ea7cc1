import assert from 'node:assert/strict'
import { test } from 'node:test'
import { acting } from '#test/support/acting.ts'
import { openPages, rawRequest } from '#test/support/pages.ts'
import { stage } from '#test/support/stage.ts'

const it = await stage()
const { origin } = await openPages(await acting(it))
const get = (path: string) => rawRequest(origin, path)

test('from a figure in a sentence a link leads to who counted and when: on its page, from lists, and on paper; feeds say it without a link', async () => {
  for (const prefix of ['', '/ar']) {
    const item = (await get(`${prefix}/items/clearing-of-delmey`)).text
    const [, to] = /cleared <data value="31"><a class="counted" href="([^"]+)">31 homes</.exec(item)!
    assert.equal(to, `${prefix}/items/clearing-of-delmey#figure-homes-delmey`)
    assert.match(item, /<li id="figure-homes-delmey"><b>31 homes<\/b> <small>Source: the district’s own list · As of 14 August 2026</)
    const list = (await get(`${prefix}/places/marovia`)).text
    assert.ok(list.includes(`<a class="counted" href="${to}">31 homes</a>`), 'a list leads to the page of what it shows')
    assert.match(list, /<section class="figures list"><p[^>]*><b>[^<]+<\/b><\/p><ul class="bare"><li><b>31 homes<\/b> <small>Source: the district’s own list/, 'what is printed says it under each')
    const ids = [...list.matchAll(/ id="(figure-[^"]+)"/g)].map(([, id]) => id)
    assert.deepEqual(ids, ['figure-ridge-front-held'], 'the text of the place has its own on its page')
  }
  const feed = (await get('/places/marovia/feed.atom')).text
  assert.match(feed, /&lt;data value=&quot;31&quot;&gt;31 homes&lt;/)
  assert.match(feed, /Source: the district’s own list · As of 14 August 2026/)
})
