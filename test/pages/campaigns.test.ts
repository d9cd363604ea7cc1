import assert from 'node:assert/strict'
import { test } from 'node:test'
import { inTransaction } from '#platform/db.ts'
import { createItem, publishItem, saveItem, wordsWith } from '#modules/publishing/index.ts'
import { acting } from '#test/support/acting.ts'
import { until } from '#test/support/clarion.ts'
import { openPages, rawRequest } from '#test/support/pages.ts'
import { stage } from '#test/support/stage.ts'

const it = await stage()
const { origin } = await openPages(await acting(it))
const get = (path: string) => rawRequest(origin, path)
const marovia = (await it.db.selectFrom('subjects').select('id').where('slug', '=', 'marovia').executeTakeFirstOrThrow()).id

test('a campaign that is not translated keeps its own direction block by block, and a feed of it has its blocks', async () => {
  await inTransaction(it.as('desk'), async (tx) => {
    const itemId = await createItem(tx, { kind: 'campaign', wanted: 'open-registers', subjects: [marovia] }, new Date())
    const saved = await saveItem(tx, {
      itemId, language: 'en', staffId: null, words: wordsWith({
        title: 'Open registers', blocks: [
          { id: 'a', kind: 'asks', title: 'Act now', actions: ['no-one-should-vanish'], elsewhere: [] },
          { id: 'b', kind: 'count', title: '', value: 12_500, unit: 'cases', who: 'The Records Society', sourceUrl: 'https://records.example/', asOf: '2026-10' },
          { id: 'c', kind: 'items', title: '', items: ['the-quarry-report'] },
        ],
      }),
    }, new Date())
    await publishItem(tx, { revisionId: 'revisionId' in saved ? saved.revisionId : '', staffId: null, zone: 'UTC' }, new Date())
  })
  await until(async () => (await get('/ar/campaigns/open-registers')).status === 200, 'the campaign to be public')
  assert.match((await get('/ar/campaigns/open-registers')).text, /<section class="block" id="block-b"><div lang="en" dir="ltr"><p class="figure" lang="ar" dir="rtl"><b>[^<]+<bdi lang="en" dir="ltr">cases/)
  const entry = (JSON.parse((await get('/kinds/campaign/feed.json')).text) as { items: { title: string, content_html: string }[] }).items.find(({ title }) => title.includes('Open registers'))!
  assert.match(entry.content_html, /Act now.*\/actions\/no-one-should-vanish.*No one should vanish.*12,500 cases.*\/items\/the-quarry-report/s)
})
