import assert from 'node:assert/strict'
import { generateKeyPairSync, verify } from 'node:crypto'
import { test } from 'node:test'
import { relaxedBody, relaxedHeader, signed } from './dkim.ts'

// The examples of RFC 6376 section 3.4.5.
test('headers and bodies are made plain as the standard does it', () => {
  assert.deepEqual(['A: X', 'B : Y\t\r\n\tZ  '].map(relaxedHeader), ['a:X', 'b:Y Z'])
  assert.equal(relaxedBody(' C \r\nD \t E\r\n\r\n\r\n'), ' C\r\nD E\r\n')
  assert.equal(relaxedBody('no line end'), 'no line end\r\n')
  assert.deepEqual(['', '\r\n', ' \r\n\r\n'].map(relaxedBody), ['', '', ''])
})

test('a mail is signed over the headers that it has and its body, and its own bytes stay as they were', async () => {
  const { privateKey, publicKey } = generateKeyPairSync('rsa', { modulusLength: 2048 })
  const message = Buffer.from('From: a@b.example\r\nSubject: Folded\r\n  here\r\nX-Other: no\r\nList-Unsubscribe: <https://b.example/u>\r\n\r\nWords.\r\n')
  const mail = (await signed(message, { domain: 'bücher.example', selector: 's1', privateKey })).toString('latin1')
  assert.ok(mail.endsWith(message.toString('latin1')))
  const header = mail.slice(0, -message.length)
  assert.match(header, /^DKIM-Signature: /)
  assert.ok(header.split('\r\n').every((line) => line.length < 998))
  const tags = new Map(header.slice('DKIM-Signature:'.length).replaceAll(/\s/g, '').split(';').map((tag): [string, string] => [tag.slice(0, tag.indexOf('=')), tag.slice(tag.indexOf('=') + 1)]))
  assert.equal(tags.get('d'), 'xn--bcher-kva.example')
  assert.equal(tags.get('h'), 'From:Subject:List-Unsubscribe')
  const own = relaxedHeader(header.slice(0, header.lastIndexOf('b=') + 2))
  const said = `from:a@b.example\r\nsubject:Folded here\r\nlist-unsubscribe:<https://b.example/u>\r\n${own}`
  assert.ok(verify('sha256', Buffer.from(said), publicKey, Buffer.from(tags.get('b')!, 'base64')))
})
