import assert from 'node:assert/strict'
import { test } from 'node:test'
import fc from '#test/support/property.ts'
import { normaliseAddress, readAddress, strictAddress } from './address.ts'

test('addresses of all sorts are welcome', () => {
  for (const address of ['a@b.test', "o'brien+news@example.org", 'amara@sub.domain.example', '用户@例子.公司', 'δοκιμή@παράδειγμα.ελ', '用户@例子。公司', 'x_y-z%1@ex-ample.test', `${'a'.repeat(64)}@example.org`]) assert.equal(readAddress(address), address)
  assert.equal(readAddress('  mailto:amara@example.org '), 'amara@example.org')
})

test('what is no address, or could break a header, is none', () => {
  for (const typed of ['', 'amara', '@example.org', 'amara@', 'amara@example', 'a b@example.org', 'a@exa mple.org', 'a@b..co', '.a@example.org', 'a.@example.org', 'a..b@example.org', 'a@example.org\r\nBcc: b@example.org',
    'a@example.org, b@example.org', '<a@example.org>', '"a b"@example.org', 'a@[127.0.0.1]', 'a@-b.example', `${'a'.repeat(65)}@example.org`, `a@${'b'.repeat(250)}.org`, 'a\u0000@example.org', 'a@example.org\u202e', 'a@exam\nple.org', 'a@example.org/\nBcc: b@example.org', 'a@example.org?b', 'a@exa%6dple.org']) {
    assert.equal(readAddress(typed), undefined, JSON.stringify(typed))
  }
})

test('one mailbox spelt in two ways is one person; a dot or a plus tag is another mailbox', () => {
  assert.equal(normaliseAddress('Amara@EXAMPLE.org'), normaliseAddress('amara@example.ORG'))
  assert.equal(normaliseAddress('x@BÜCHER.example'), normaliseAddress('x@xn--bcher-kva.example'))
  assert.equal(normaliseAddress('e\u0301@example.org'), normaliseAddress('\u00e9@example.org'))
  assert.notEqual(normaliseAddress('a.mara@example.org'), normaliseAddress('amara@example.org'))
  assert.notEqual(normaliseAddress('amara+1@example.org'), normaliseAddress('amara@example.org'))
  assert.equal(strictAddress('A.Ma.ra+anything@Example.org'), strictAddress('amara@example.org'))
})

test('reading and normalising never throw, and both can be done twice', () => {
  fc.assert(fc.property(fc.string({ unit: 'grapheme' }), (typed) => {
    const address = readAddress(typed)
    if (address === undefined) return
    assert.equal(readAddress(address), address)
    assert.equal(normaliseAddress(normaliseAddress(address)), normaliseAddress(address))
    assert.ok(!/[\r\n<>,;\s]/.test(address))
  }))
})
