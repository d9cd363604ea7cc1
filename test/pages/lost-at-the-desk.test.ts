import assert from 'node:assert/strict'
import { test } from 'node:test'
import { sql } from '#platform/db.ts'
import { rawRequest } from '#test/support/pages.ts'
import { writingDesk } from '#test/support/writing.ts'

const { it, origin, signedIn } = await writingDesk()

test('where there is no such page, who is signed in has their menu and their language; who is not has neither', async () => {
  const cookie = await signedIn('translator')
  await sql`update staff set language = 'ar'`.execute(it.db)
  const get = (path: string, who: string) => rawRequest(origin, path, { headers: { cookie: who, 'accept-language': 'en' } })
  const lost = await get('/nowhere', cookie)
  assert.equal(lost.status, 404)
  assert.match(lost.text, /<html lang="ar" dir="rtl">/)
  assert.match(lost.text, /<a href="\/actions"/)
  assert.doesNotMatch(lost.text, /<a href="\/supporters"/, 'the menu of what they may do')
  const closed = await get('/supporters', cookie)
  assert.equal(closed.status, 404)
  assert.equal(closed.text, lost.text, 'what is not for them does not exist')
  const stranger = await get('/nowhere', '')
  assert.match(stranger.text, /<html lang="en"/)
  assert.doesNotMatch(stranger.text, /<a href="\/actions"/)
})
