import assert from 'node:assert/strict'
import { test } from 'node:test'
import { acting } from '#test/support/acting.ts'
import { formOn, sign, write } from '#test/support/http.ts'
import { mailSink } from '#test/support/mail-sink.ts'
import { each, linkTokens, openPages, postRaw } from '#test/support/pages.ts'
import { stage } from '#test/support/stage.ts'

const it = await stage()
const act = await acting(it)
const { origin } = await openPages(act)
const petition = '/actions/no-one-should-vanish'
const message = '/actions/write-to-your-representative'

/** Names as they were typed, and as the reader of a mail sees them. */
const names: [typed: string, seen: string][] = [
  ['Y', 'Y'], ["O'Venn", "O'Venn"], ['Dara “Dee” O’Venn, PhD', 'Dara “Dee” O’Venn, PhD'], ['أمينة فيل', 'أمينة فيل'], ['محمد Amara 田中', 'محمد Amara 田中'], ['नूर', 'नूर'], ['👩🏽‍⚕️ Noor 🕯️', '👩🏽‍⚕️ Noor 🕯️'],
  ['x'.repeat(200), 'x'.repeat(200)], ['ع'.repeat(200), 'ع'.repeat(200)], ['Ama\u202era\u202c', 'Amara'], ['\u2066Amara\u2069', 'Amara'], ['Ilse\r\nBcc: somebody@else', 'Ilse Bcc: somebody@else'], ['Ilse\u2028\u0085\u0000Lund', 'Ilse Lund'],
  ['Tab\tBell\u0007', 'Tab Bell'], ['<b>Jun</b>', '<b>Jun</b>'], ['"Amara" <amara@elsewhere.example>', '"Amara" <amara@elsewhere.example>'], ['{area} {name} $& $1', '{area} {name} $& $1'], ['=?utf-8?q?Amara?=', '= ?utf-8?q?Amara?='],
  ['cafe\u0301', 'café'], ['Amara; DROP TABLE people', 'Amara; DROP TABLE people'], ['%0d%0aX-Evil: 1', '%0d%0aX-Evil: 1'],
]

test('a name of one letter or two hundred, in any script, stands in the mail as it was typed', async () => {
  await each(names, async ([typed], place) => {
    const answer = await write(origin, message, { name: typed, email: `name.${place}@example.org`, postcode: 'AR 110' }, { subject: `About ${typed}`.slice(0, 200) })
    assert.equal(answer.status, 303, typed)
  })
  await act.settle()
  await each(await linkTokens(act), async (token) => assert.equal((await postRaw(origin, `/confirm/${token}`, '')).status, 303))
  await act.settle()
  const sink = await mailSink()
  const post = act.post(sink)
  await act.mails(post)
  while (await act.messages(post)) act.later({ minutes: 10 })
  const mails = await sink.mails()
  await sink.stop()
  for (const [place, [, seen]] of names.entries()) {
    const [first, ...others] = mails.filter((mail) => mail.replyTo?.some((each) => each.address === `name.${place}@example.org`))
    assert.ok(first && others.length === 0, `one message to their own representative from ${seen}`)
    assert.equal(first.from!.name, `${seen} via Lamplight`)
    assert.equal(first.from!.address, 'actions@lamplight.example')
    assert.equal(first.replyTo![0]!.name, seen)
    assert.equal(first.subject!.replaceAll(/[\u202a-\u202e\u2066-\u2069]/g, ''), `About ${seen}`.slice(0, 200))
    assert.ok(first.text!.includes(`Yours sincerely,\n${seen.replace('= ?', '=?')}\n`), `signed by ${seen}`)
    assert.equal(first.to!.length, 1)
    assert.equal(first.cc, undefined)
    const receipt = mails.find((mail) => mail.envelopeTo === `name.${place}@example.org`)!
    assert.equal(receipt.to![0]!.name, seen)
  }
})

test('a longer name, or one that nobody can see, is said to be so, and nothing that was typed is lost', async () => {
  for (const [name, says] of [['x'.repeat(201), 'at most 200 characters'], ['\u200b\u200d', 'give your name'], ['\u2800', 'give your name'], ['   ', 'give your name'], ['\u202e', 'give your name']] as const) {
    const answer = await sign(origin, petition, { name, email: 'Amara <amara', comment: 'For my "sister" & <all>', postcode: 'AR 110' })
    const text = await answer.text()
    assert.equal(answer.status, 422)
    for (const [field, wrong] of [['name', says], ['email', 'does not look like an e-mail address']] as const) {
      assert.match(text, new RegExp(`<div class="errors" role="alert"[\\s\\S]*<a href="#${field}">[^<]*${wrong}`), 'said above the form, with a link')
      assert.match(text, new RegExp(`<input id="${field}"[^>]*aria-describedby="[^"]*${field}-wrong"[^>]*aria-invalid="true"`), 'and marked at the field')
      assert.match(text, new RegExp(`<p class="wrong" id="${field}-wrong">[^<]*${wrong}`))
    }
    const again = new Map(formOn(text, '/sign').fields)
    assert.equal(again.get('email'), 'Amara <amara')
    assert.equal(again.get('comment'), 'For my "sister" & <all>')
    assert.equal(again.get('postcode'), 'AR 110')
    assert.match(text, /<details open>/, 'what was typed is not hidden')
  }
})

test('a fault in the second step keeps every word of the message', async () => {
  const answer = await write(origin, message, { name: 'Amara', email: 'amara@example.org', postcode: 'AR 110' }, { subject: ' ', body: 'My own words, with <tags> & "quotes".\n\nTwo paragraphs.' })
  assert.equal(answer.status, 422)
  const text = await answer.text()
  assert.match(text, /<a href="#subject">/)
  assert.equal(new Map(formOn(text, '/send').fields).get('body'), 'My own words, with <tags> & "quotes".\n\nTwo paragraphs.')
  const long = await write(origin, message, { name: 'Amara', email: 'amara@example.org', postcode: 'AR 110' }, { subject: 'x'.repeat(201), body: 'y'.repeat(20_001) })
  assert.equal(long.status, 422)
  const kept = new Map(formOn(await long.text(), '/send').fields)
  assert.deepEqual([kept.get('subject')!.length, kept.get('body')!.length], [201, 20_001])
})
