import assert from 'node:assert/strict'
import { test } from 'node:test'
import { inTransaction, sql } from '#platform/db.ts'
import { workOnRemovals } from '#modules/integrity/index.ts'
import { messageHooks } from '#modules/messages/index.ts'
import { addStaff, openSession } from '#modules/staff/index.ts'
import { acting } from '#test/support/acting.ts'
import { submitForm } from '#test/support/http.ts'
import { openDeskPages, rawRequest } from '#test/support/pages.ts'
import { stage } from '#test/support/stage.ts'

const it = await stage()
const act = await acting(it)
const { origin } = await openDeskPages(it, () => act.now)
const cookie = await inTransaction(it.as('desk'), async (tx) => `clarion-desk=${await openSession(tx, await addStaff(tx, it.secrets.desk.contact.at(-1)!, { name: 'Salma', email: 'salma@lamplight.example', role: 'administrator', language: 'en' }, act.now), act.now)}`)
const get = async (path: string) => (await rawRequest(origin, path, { headers: { cookie } })).text
const words = (html: string) => html.replace(/<style>[\s\S]*?<\/style>|<[^>]+>/g, ' ').replace(/\s+/g, ' ')
const work = async () => {
  while (await workOnRemovals({ db: it.as('worker'), keys: it.keys, hooks: messageHooks(it.keys) }, act.now)) { /* until there is nothing left to do */ }
}
const press = async (path: string, button: string, typed: Record<string, string> = {}) => (await submitForm(origin, await get(path), button, typed, { cookie })).headers.get('location')!.split('?')[0]!

test('a removal says in its words what fits, what was taken out, and what stays where it is cancelled; the rest is gone on with', async () => {
  const takings = await act.takes(...['a', 'b', 'c'].map((name) => act.signature({ email: `${name}@example.org` })))
  for (const taking of takings.slice(1)) await act.confirms(taking)
  act.later({ minutes: 1 })
  const path = await press(`/actions/${act.petition}/removals`, '/removals', { removal_from: '2027-02-28T00:00', removal_until: '2027-03-02T00:00', removal_reason: 'A program made them.' })
  await work()
  assert.match(words(await get(path)), /counted, not begun 3 fit; 2 of them are in the count\. /)
  await press(path, '/start')
  assert.match(words(await get(path)), /at work 0 of 3/)
  await press(path, '/cancel')
  assert.match(words(await get(path)), /cancelled 3 fitted; 2 of them were in the count\. .*Go on with the 3 that are left/)
  await sql`update removals set removed = 1`.execute(it.db)
  const cancelled = words(await get(path))
  assert.match(cancelled, /It was cancelled on the way: what fitted and had not been taken out yet stays in the count\./)
  assert.match(cancelled, /Taken out 1 .*Go on with the 2 that are left Put back what was taken out/)

  act.later({ minutes: 1 })
  const next = await press(path, '/go-on')
  assert.notEqual(next, path)
  assert.match(words(await get(next)), /being counted Goes on with one that was cancelled on its way/)
  assert.match(words(await get(path)), /Somebody has gone on with what was left/)
  assert.doesNotMatch(await get(path), /\/go-on"/)
  await work()
  await press(next, '/start')
  await work()
  assert.match(words(await get(next)), /done 3 fitted; 2 of them were in the count\. .*Taken out 3 Put back what was taken out/)
  assert.equal(await act.total(), 0)
  assert.match(words(await get(`/actions/${act.petition}/removals`)), /Earlier ones .*done .*cancelled/)
})
