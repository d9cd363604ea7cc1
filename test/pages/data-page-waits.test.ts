import assert from 'node:assert/strict'
import { test } from 'node:test'
import { settle } from '#modules/actions/index.ts'
import { writeCapsules } from '#modules/own-data/index.ts'
import { ownDataStage } from '#test/support/own-data.ts'
import { openPages, postRaw, rawRequest } from '#test/support/pages.ts'

const { play, worker, signs, tokenOf } = await ownDataStage()
const { origin } = await openPages(play)

test('whoever changes something while the worker is slow waits on a page that looks again, and is told in the end what was saved', async () => {
  const page = `/my-data/${tokenOf(await signs())}`
  const changed = await postRaw(origin, `${page}/change`, 'what=writing&pause=3')
  assert.equal(changed.status, 303)
  const cookie = String(changed.headers['set-cookie']).split(';')[0]!
  const waiting = await rawRequest(origin, changed.headers.location!, { headers: { cookie } })
  assert.equal(waiting.status, 202)
  assert.doesNotMatch(waiting.text, /Your choice is saved/)
  const again = /url=(\S+)/.exec(String(waiting.headers.refresh))![1]!
  assert.ok(waiting.text.includes(`action="${again}"`), 'its button leads where it goes by itself')

  await settle(play.tools, play.now)
  await writeCapsules(worker, play.now)
  for (const answer of [await rawRequest(origin, again, { headers: { cookie } }), await postRaw(origin, again, '')]) {
    assert.equal(answer.status, 200)
    assert.match(answer.text, /Your choice is saved\./)
    assert.match(answer.text, /No mail until/)
  }
})
