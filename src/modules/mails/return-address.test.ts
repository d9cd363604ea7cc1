import assert from 'node:assert/strict'
import { randomUUID } from 'node:crypto'
import { test } from 'node:test'
import { readReturnAddress, returnAddress, type ReturnAbout, type ReturnUse } from './return-address.ts'

const key = Buffer.alloc(32, 1).toString('base64url')

test('an address of ours says what came back, whatever a server did to its capitals', () => {
  for (const use of ['bounce', 'unsubscribe', 'reply'] as ReturnUse[]) {
    for (const about of ['mail', 'message', 'digest', 'mailing', 'participation'] as ReturnAbout[]) {
      const id = randomUUID()
      const address = returnAddress(key, { use, about, id }, 'lamplight.example')
      assert.ok(address.indexOf('@') <= 64)
      assert.deepEqual(readReturnAddress(key, address), { use, about, id })
      assert.deepEqual(readReturnAddress(key, address.toUpperCase()), { use, about, id })
    }
  }
})

test('nobody makes one without the key, from another one, or out of anything else', () => {
  const id = randomUUID()
  const address = returnAddress(key, { use: 'bounce', about: 'mail', id }, 'lamplight.example')
  const other = Buffer.alloc(32, 2).toString('base64url')
  assert.equal(readReturnAddress(other, address), undefined)
  for (const changed of [
    address.replace('bounce+', 'unsubscribe+'), address.replace('+m', '+o'), address.replace(/.@/, (end) => (end === 'a@' ? 'b@' : 'a@')), address.replace('+m', '+m='), `bounce+${id}@lamplight.example`, `x${address}`, `${address}\r\nBcc: x@example.org`, address.replace('@', '\n@'), '', '@', 'bounce+@x',
    `bounce+m${'a'.repeat(42)}@x`, `bounce+m${'a'.repeat(4_000_000)}@x`,
  ]) assert.equal(readReturnAddress(key, changed), undefined, changed.slice(0, 80))
})
