import assert from 'node:assert/strict'
import { test } from 'node:test'
import { renderForMail, textForMail } from './markdown-mail.ts'

const leads = (href: string) => (href.startsWith('/') ? `https://act.example${href}` : href)

test('a mail in plain text keeps lists, quotes and links readable, each link on a line of its own', () => {
  const text = '# News\n\nRead [this](/a) and [that](https://b.example/?x=1&y=2), [this](/a) again.\n\n1. first\n2. second\n   - within\n\n> said\n> so\n\n---\n\n    code\n\nhttps://c.example and [write](mailto:a@b.example)\\\nbye'
  assert.equal(textForMail(text, leads), [
    'News', 'Read this [1] and that [2], this [1] again.', '1. first\n2. second\n  – within', '> said\n> so', '* * *', 'code', 'https://c.example and write [3]\nbye', '[1] https://act.example/a\n[2] https://b.example/?x=1&y=2\n[3] a@b.example',
  ].join('\n\n'))
})

test('a mail in HTML has links as they were typed, and nothing that would be fetched or run', () => {
  const made = renderForMail('[a](/x) ![p](https://t.example/p.gif) <img src=x onerror=alert(1)> [bad](javascript:alert(1))', leads, 'ltr').text
  assert.match(made, /<a href="https:\/\/act\.example\/x">a<\/a>/)
  assert.doesNotMatch(made, /<img|<script|href="javascript/)
})

test('an address that is typed as it is can be pressed, and stands in plain text as it was typed', () => {
  const text = 'See https://example.org/a_b?x=1&y=2. Write to office@lamplight.example, not to example.org'
  assert.equal(renderForMail(text, (href) => href, 'ltr').text, '<p>See <a href="https://example.org/a_b?x=1&amp;y=2" dir="ltr">https://example.org/a_b?x=1&amp;y=2</a>. Write to <a href="mailto:office@lamplight.example" dir="ltr">office@lamplight.example</a>, not to example.org</p>\n')
  assert.equal(textForMail(text, (href) => href), text)
})

test('what is wholly in the other direction stands in its own, and what has words of both in that of the mail', () => {
  const text = '## اكتبوا الآن\n\nOnly this one runs the other way.\n\nهذه الفقرة عن Lamplight.\n\n- One item\n- بند\n\nhttps://act.example/x'
  const made = renderForMail(text, leads, 'rtl').text
  assert.match(made, /<h2>اكتبوا/)
  assert.match(made, /<p dir="ltr">Only this one/)
  assert.match(made, /<p>هذه الفقرة/)
  assert.match(made, /<p><a href="https:\/\/act\.example\/x" dir="ltr">/)
  assert.match(made, /<li dir="ltr">One item<\/li>\n<li>بند/)
  assert.match(renderForMail(text, leads, 'ltr').text, /<h2 dir="rtl">[\s\S]*<p>Only[\s\S]*<p>هذه[\s\S]*<li dir="rtl">بند/)
})

test('a telephone number in a plain text from right to left stands as a whole', () => {
  assert.equal(textForMail('اتصلوا بنا: +00 555 0100 20', leads), 'اتصلوا بنا: ⁨+00 555 0100 20⁩')
  assert.equal(textForMail('Call us: +00 555 0100 20', leads), 'Call us: +00 555 0100 20')
})
