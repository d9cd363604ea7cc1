import assert from 'node:assert/strict'
import { test } from 'node:test'
import { pathWithin, wayOf } from './way.ts'

test('an address begins with a rehearsal and a language, or neither, and leads to the same page', () => {
  const known: [url: string, rehearsal: string | undefined, lang: string | undefined, within: string][] = [
    ['/', undefined, undefined, '/'],
    ['/ar', undefined, 'ar', '/'],
    ['/ar?view=text', undefined, 'ar', '/?view=text'],
    ['/ar/actions/a?x=/fr/', undefined, 'ar', '/actions/a?x=/fr/'],
    ['/actions', undefined, undefined, '/actions'],
    ['/rehearsal/abc/actions/a', 'abc', undefined, '/actions/a'],
    ['/rehearsal/abc/fr/actions/a/sign', 'abc', 'fr', '/actions/a/sign'],
    ['/rehearsal/abc', 'abc', undefined, '/'],
    ['/fr/fr/actions', undefined, 'fr', '/fr/actions'],
  ]
  for (const [url, rehearsal, lang, within] of known) {
    assert.deepEqual(wayOf({ originalUrl: url }), { rehearsal, lang }, url)
    assert.equal(pathWithin(url), within)
  }
})

test('numbers lead on from an address that looks like a language, and a rehearsal’s pictures have their own', () => {
  assert.equal(pathWithin('/id/AB-2030-7'), '/id/AB-2030-7')
  assert.equal(pathWithin('/fr/id/7'), '/id/7')
  assert.equal(pathWithin('/rehearsal/abc/files/p.webp'), '/rehearsal/abc/files/p.webp')
})
