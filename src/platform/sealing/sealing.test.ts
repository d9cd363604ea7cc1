import assert from 'node:assert/strict'
import { test } from 'node:test'
import { KDF_HKDF_SHA256 } from 'hpke'
import { hkdfSha256 } from './hkdf.ts'
import { generateKey, KeyElsewhere, keyId, keyFromPrivate, Opener, sealable, sealingContext, sealOne } from './index.ts'

const key = generateKey('contact')
const other = generateKey('contact')
const place = { purpose: 'contact', table: 'people', column: 'contact', row: '1' } as const
const publicHalf = { purpose: key.purpose, publicKey: key.publicKey }

test('what is sealed with the public half opens with the private half, at its place and nowhere else', async () => {
  const sealed = await sealOne(publicHalf, place, { email: 'amara@example.org' })
  const opener = new Opener([key])
  assert.deepEqual(await opener.open(place, sealed), { email: 'amara@example.org' })
  for (const elsewhere of [{ ...place, row: '2' }, { ...place, column: 'name' }, { ...place, table: 'staff' }]) await assert.rejects(opener.open(elsewhere, sealed))
  await assert.rejects(new Opener([other]).open(place, sealed), /No contact key/)
  await assert.rejects(opener.open({ ...place, purpose: 'record' }, sealed))
  assert.ok(!sealed.includes('amara'))
})

test('what was prepared opens without waiting, and nothing else does', async () => {
  const sealed = await sealOne(publicHalf, place, { email: 'amara@example.org' })
  const opener = new Opener([key])
  const nothing = await opener.prepare({ contact: [], record: [] })
  assert.throws(() => nothing.open(place, sealed), /Not prepared/)
  const ready = await opener.prepare({ contact: [null, sealed], record: [] })
  assert.deepEqual(ready.open(place, sealed), { email: 'amara@example.org' })
  assert.throws(() => ready.open({ ...place, row: '2' }, sealed))
  await assert.rejects(opener.prepare({ contact: [], record: [sealed] }), KeyElsewhere)
})

test('a list stays prepared while others are, in each of which everything was sealed alone', async () => {
  const opener = new Opener([key])
  const alone = () => Promise.all(Array.from({ length: 1500 }, () => sealOne(publicHalf, place, 'alone')))
  const [first, second] = [await alone(), await alone()]
  const ready = await opener.prepare({ contact: first, record: [] })
  await opener.prepare({ contact: second, record: [] })
  assert.deepEqual(first.map((sealed) => ready.open(place, sealed)), first.map(() => 'alone'))
})

test('a bit changed anywhere is noticed', async () => {
  const sealed = await sealOne(publicHalf, place, 'words')
  for (let at = 0; at < sealed.length; at += 7) {
    const altered = Buffer.from(sealed)
    altered[at]! ^= 1
    await assert.rejects(new Opener([key]).open(place, altered), `byte ${at}`)
  }
  await assert.rejects(new Opener([key]).open(place, sealed.subarray(0, 40)))
})

test('two rows of one batch never share a nonce, two batches never share a secret', async () => {
  const one = await sealingContext(publicHalf)
  const two = await sealingContext(publicHalf)
  const rows = [one, one, two].map((context) => context.seal(place, sealable('same')))
  assert.equal(new Set(rows.map((row) => row.toString('hex', 37, 49))).size, 2, 'counters')
  assert.equal(new Set(rows.map((row) => row.toString('hex', 5, 37))).size, 2, 'encapsulated secrets')
  assert.equal(new Set(rows.map((row) => row.toString('hex', 49))).size, 3, 'ciphertexts')
})

test('after a new key has been made the old one still opens what it sealed', async () => {
  const before = await sealOne(publicHalf, place, 'old')
  const after = await sealOne({ purpose: other.purpose, publicKey: other.publicKey }, place, 'new')
  const opener = new Opener([key, other])
  assert.deepEqual([await opener.open(place, before), await opener.open(place, after)], ['old', 'new'])
})

test('a key can be made again from its private half alone', () => {
  assert.equal(keyId(keyFromPrivate('contact', key.privateKey)), keyId(key))
})

test('hashing here gives what RFC 5869 and the library give', async () => {
  const [ours, theirs] = [hkdfSha256(), KDF_HKDF_SHA256()]
  const [ikm, salt, info] = [Buffer.alloc(22, 0x0b), Buffer.from('000102030405060708090a0b0c', 'hex'), Buffer.from('f0f1f2f3f4f5f6f7f8f9', 'hex')]
  const prk = await ours.Extract(salt, ikm)
  assert.equal(Buffer.from(await ours.Expand(prk, info, 42)).toString('hex'), '3cb25f25faacd57a90434f64d0362f2a2d2d0a90cf1a5a4c5db02d56ecc4c5bf34007208d5b887185865')
  assert.deepEqual(await ours.Extract(new Uint8Array(), ikm), await theirs.Extract(new Uint8Array(), ikm))
  for (const length of [1, 32, 33, 64, 100]) assert.deepEqual(await ours.Expand(prk, info, length), await theirs.Expand(prk, info, length))
})
