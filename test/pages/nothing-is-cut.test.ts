import assert from 'node:assert/strict'
import { test } from 'node:test'
import { inTransaction } from '#platform/db.ts'
import { actionOptions, changeAction } from '#modules/actions/index.ts'
import { acting } from '#test/support/acting.ts'
import { formOn, sign, submitForm } from '#test/support/http.ts'
import { openPages, rawRequest } from '#test/support/pages.ts'
import { stage } from '#test/support/stage.ts'

const it = await stage()
const act = await acting(it)
await inTransaction(it.db, (tx) => changeAction(tx, act.message, { options: actionOptions.parse({ postcode: 'required', postalAddress: 'required' }) }))
const { origin } = await openPages(act)
const petition = '/actions/no-one-should-vanish'
const message = '/actions/write-to-your-representative'

const typedInto = (html: string, form: string, name: string) => formOn(html, form).fields.find(([each]) => each === name)?.[1]

test('a comment that is too long is named, with its length, and comes back whole', async () => {
  const comment = `${'Because nobody should vanish. '.repeat(34)}End.`
  assert.equal(comment.length, 1024)
  const answer = await sign(origin, petition, { name: 'Amara', email: 'amara@example.org', comment })
  const text = await answer.text()
  assert.equal(answer.status, 422)
  assert.match(text, /<div class="errors" role="alert"[\s\S]*<a href="#comment">Please keep your comment to 1,000 characters; it has 1,024\./)
  assert.equal(typedInto(text, '/sign', 'comment'), comment)
  assert.equal(typedInto(text, '/sign', 'name'), 'Amara')
  assert.equal((await submitForm(origin, text, '/sign', { comment: comment.slice(0, 1000) })).status, 303)
  await act.settle()
  assert.deepEqual(await act.states(), ['waiting'])
})

test('a postal address that is too long is named and comes back whole', async () => {
  const address = `${'Rue des Lanternes 7, '.repeat(25)}Arden`
  const first = await submitForm(origin, (await rawRequest(origin, message)).text, '/write', { name: 'Amara', email: 'amara@example.org', postcode: 'AR 110', address })
  const text = await first.text()
  assert.equal(first.status, 422)
  assert.match(text, /<a href="#address">Please give a postal address of at most 500 characters\./)
  assert.equal(typedInto(text, '/write', 'address'), address)
  assert.equal((await submitForm(origin, text, '/write', { address: address.slice(0, 500) })).status, 200)
})

test('no box for many words cuts what is pasted into it', async () => {
  const write = await submitForm(origin, (await rawRequest(origin, message)).text, '/write', { name: 'Amara', email: 'amara@example.org', postcode: 'AR 110', address: 'Rue des Lanternes 7' })
  for (const html of [(await rawRequest(origin, petition)).text, (await rawRequest(origin, message)).text, await write.text()]) {
    const boxes = [...html.matchAll(/<textarea\b[^>]*>/g)].map(([tag]) => tag)
    assert.ok(boxes.length > 0)
    assert.deepEqual(boxes.filter((tag) => tag.includes('maxlength')), [])
  }
})
