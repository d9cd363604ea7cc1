import assert from 'node:assert/strict'
import { test } from 'node:test'
import PostalMime from 'postal-mime'
import { compose, type Letter } from './letter.ts'

const letter: Letter = {
  from: { name: 'Lamplight, “the” group', address: 'office@lamplight.example' }, to: { name: 'نور "النور"', address: 'noor@example.org' }, replyTo: { address: 'answers@lamplight.example' },
  returnPath: 'bounce@lamplight.example', messageId: 'one@lamplight.example', subject: 'ما الذي حدث بعد ذلك في المجلس، ومن الذي يقرر الآن؟', text: '', language: 'ar', date: new Date('2026-05-03T10:00:00Z'),
  headers: { 'List-Unsubscribe': `<https://lamplight.example/unsubscribe/${'a'.repeat(90)}>` },
}

test('a mail says what was written, whatever is in it, in lines that every server carries', async () => {
  const text = `Dear Noor,\n\n.\n. a dot before all else\n${'long '.repeat(400)}\n${'x'.repeat(2000)}\nعمارة = "100 %"; spaces at the end  \t\n=20 stays\u2028as it is \u{1f56f}`
  for (const html of [undefined, `<!doctype html><p title="=3D">${'نور '.repeat(300)}</p>\n.\n<p>${'y'.repeat(1500)}</p>`]) {
    const bytes = (await compose({ ...letter, text, html })).toString('latin1')
    // RFC 2045 section 6.7; of a header no word is broken, and RFC 5322 section 2.1.1 has room for it.
    const [headers, body] = [bytes.slice(0, bytes.indexOf('\r\n\r\n')), bytes.slice(bytes.indexOf('\r\n\r\n'))].map((part) => part.split('\r\n'))
    assert.ok(headers!.every((line) => line.length <= 998) && body!.every((line) => line.length <= 76))
    assert.ok(!/[^\r\n\t\x20-\x7e]/.test(bytes))
    assert.ok(bytes.endsWith('\r\n'))
    const mail = await PostalMime.parse(bytes)
    assert.equal(mail.text!.trimEnd(), text)
    assert.equal(mail.html?.trimEnd(), html)
    assert.equal(mail.subject, letter.subject)
    assert.deepEqual([mail.from, mail.to?.[0], mail.replyTo?.[0]?.address].map((each) => (typeof each === 'object' ? { name: each.name, address: each.address } : each)), [letter.from, letter.to, letter.replyTo!.address])
    assert.equal(mail.messageId, '<one@lamplight.example>')
    assert.equal(mail.date, '2026-05-03T10:00:00.000Z')
  }
})

test('line ends of every kind are line ends, and none of them begins a header', async () => {
  const bytes = (await compose({ ...letter, subject: 'One\r\nBcc: two@example.org', from: { name: 'Lamp\nX-Evil: 1', address: 'office@lamplight.example' }, text: 'one\rtwo\nthree\r\nfour' })).toString('latin1')
  assert.ok(!/^(Bcc|X-Evil):/m.test(bytes))
  assert.ok(!/\r(?!\n)|(?<!\r)\n/.test(bytes))
  assert.equal((await PostalMime.parse(bytes)).text!.trimEnd(), 'one\ntwo\nthree\nfour')
})
