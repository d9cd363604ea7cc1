import assert from 'node:assert/strict'
import { test } from 'node:test'
import { inTransaction, sql } from '#platform/db.ts'
import { actionOptions, changeAction, newestRevisions, publishWords, saveWords, setTargets } from '#modules/actions/index.ts'
import { acting, mailFor } from '#test/support/acting.ts'
import { post, formOn, submitForm } from '#test/support/http.ts'
import { openPages, rawRequest } from '#test/support/pages.ts'
import { stage } from '#test/support/stage.ts'

const it = await stage()
const act = await acting(it)
const { sink, post: way } = await mailFor(act)
const path = '/actions/write-to-your-representative'
// The form asks for the code only to find out who represents somebody, as most do.
await inTransaction(it.db, (tx) => changeAction(tx, act.message, { options: actionOptions.parse({ country: 'no', postcode: 'no' }) }))
const { origin } = await openPages(act)
const written = async (postcode: string) => (await submitForm(origin, (await rawRequest(origin, path)).text, '/write', { name: 'Amara', email: 'amara@example.org', postcode })).text()

test('the code that led to the office stands in its letter as on the page', async () => {
  const page = await written(' ar110 ')
  assert.match(page, /Yours sincerely,\s*Amara\s*AR 110/)
  const again = await (await submitForm(origin, page, '/send', { body: '' })).text()
  assert.match(again, /Amara\s*AR 110/, 'also after a mistake')
  assert.equal((await submitForm(origin, again, '/send', { body: 'My own words.' })).status, 303)
  await act.settle()
  const { rows: [taken] } = await sql<{ id: string }>`select id from participations`.execute(it.db)
  await act.uses({ ...act.letter(), id: taken!.id }, 'confirmation')
  await act.messages(way)
  const mails = await sink.mails()
  assert.deepEqual(mails.map((mail) => mail.text!.trim().split('\n').at(-1)), ['AR 110', 'AR 110'])
})

test('where a code lies in several areas, it stands in the words of whoever chose theirs, and in what is said by phone', async () => {
  await sql`update contact_details set kind = 'phone', value = '555 0100' where kind = 'email'`.execute(it.db)
  const present = (await newestRevisions(it.db, act.message)).find((each) => each.language === 'en')!
  await inTransaction(it.db, async (tx) => {
    const revisionId = await saveWords(tx, { actionId: act.message, language: 'en', words: { ...present.words, script: 'I live at {postcode}.' }, staffId: null }, act.now)
    await publishWords(tx, { actionId: act.message, language: 'en', revisionId, staffId: null }, new Date(Date.now() - 1000))
    await setTargets(tx, act.message, [{ body: 'marovia-assembly' }])
  })
  const site = (await openPages(act)).origin
  const asked = await (await submitForm(site, (await rawRequest(site, path)).text, '/write', { name: 'Amara', email: 'amara@example.org', postcode: 'bc150' })).text()
  const area = /name="area" value="([^"]+)"/.exec(asked)![1]!
  const told = await (await post(site, `${path}/write`, [...formOn(asked, '/write').fields.filter(([name]) => name !== 'area'), ['area', area]])).text()
  assert.match(told, /I live at BC 150\./)
  const office = /value="phone ([^"]+)"/.exec(told)![1]!
  assert.match(await (await submitForm(site, told, '/reported', { report: `phone ${office}` })).text(), /I live at BC 150\./i, 'also when the page comes back')
})
