import assert from 'node:assert/strict'
import { test } from 'node:test'
import { changed, KeyFault, mended } from './key-changes.ts'
import { keyId } from './sealing/index.ts'
import { newSecrets, publicHalf, type Secrets } from './secrets.ts'

const now = new Date('2027-03-01T12:00:00Z')
const before = newSecrets()

/** What the files say after a crash in the middle of writing them: the desk's first, then the worker's, then the site's. */
function torn(from: Secrets, to: Secrets, written: number): Secrets {
  const at = (place: number) => (place < written ? to : from)
  return { ...from, desk: at(0).desk, worker: at(1).worker, site: at(2).site }
}

test('whatever a crash leaves half written, everybody who opens has every key that somebody seals for, and it is one change or none', () => {
  const rotated = changed(before, { do: 'rotate', kind: 'contact' }, now)
  const outside = changed(before, { do: 'keep-outside', record: before.desk.record.map(publicHalf) }, now)
  const next = changed(before, { do: 'rotate', kind: 'dkim' }, now)
  const changes: [Secrets, Secrets][] = [
    [before, rotated], [before, changed(before, { do: 'rotate', kind: 'record' }, now)], [before, changed(before, { do: 'rotate', kind: 'index' }, now)], [before, outside], [before, next],
    [rotated, changed(rotated, { do: 'destroy', kind: 'contact', key: keyId(before.site.contact) }, now)], [outside, changed(outside, { do: 'bring-back', record: before.desk.record }, now)],
    [next, changed(next, { do: 'switch-dkim' }, now)],
  ]
  for (const [from, to] of changes) {
    for (const written of [0, 1, 2, 3]) {
      const whole = mended(torn(from, to, written))
      assert.deepEqual(whole.worker.contact, whole.desk.contact)
      assert.ok(whole.desk.contact.some((key) => keyId(key) === keyId(whole.site.contact)))
      assert.equal(keyId(whole.site.record), keyId(whole.worker.record))
      assert.equal(whole.worker.dkim.selector, whole.desk.dkim.selector)
      if (whole.desk.dkimNext) assert.equal(whole.worker.dkimNext?.selector, whole.desk.dkimNext.selector)
      assert.ok([from, to].some((each) => JSON.stringify([each.site, each.desk]) === JSON.stringify([whole.site, whole.desk])), 'one or the other')
    }
  }
})

test('a change that does not fit is refused and changes nothing', () => {
  const outside = changed(before, { do: 'keep-outside', record: before.desk.record.map(publicHalf) }, now)
  assert.throws(() => changed(outside, { do: 'rotate', kind: 'record' }, now), KeyFault)
  assert.throws(() => changed(before, { do: 'switch-dkim' }, now), KeyFault)
  assert.throws(() => changed(before, { do: 'keep-outside', record: [] }, now), KeyFault)
  assert.throws(() => changed(before, { do: 'keep-outside', record: newSecrets().desk.record.map(publicHalf) }, now), /lacks a record key/)
  assert.deepEqual(changed(before, { do: 'destroy', kind: 'contact', key: keyId(before.site.contact) }, now).desk.contact, before.desk.contact, 'never the last one')
})

test('signing keys of one day have different names, however many there are', () => {
  let secrets = before
  const names = new Set([secrets.desk.dkim.selector])
  for (let times = 0; times < 3; times += 1) {
    const next = changed(secrets, { do: 'rotate', kind: 'dkim' }, now)
    names.add(next.desk.dkimNext!.selector)
    secrets = changed(next, { do: 'switch-dkim' }, now)
    assert.notEqual(secrets.desk.dkim.selector, secrets.desk.dkimFormer!.selector)
  }
  assert.ok(names.size > 2)
})
