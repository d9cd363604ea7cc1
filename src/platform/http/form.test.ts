import assert from 'node:assert/strict'
import { test } from 'node:test'
import fc from 'fast-check'
import { readForm } from './form.ts'

/** The same by the platform's own reader. */
function known(body: string): Record<string, string | string[]> {
  const all = new URLSearchParams(body)
  return Object.fromEntries([...new Set(all.keys())].map((name) => [name, all.getAll(name).length > 1 ? all.getAll(name) : all.get(name)!]))
}
const read = (body: string) => ({ ...readForm(Buffer.from(body), 1000) })

test('a form is read as the platform reads it, whatever was posted', () => {
  for (const body of ['', '&', '=', 'a', 'a=1&a=2&b=', 'a+b=c+d', 'a=%', 'a=%4', 'a=%zz%41', 'a=%F0%9F%95%AF&%D7%A0=%d7%a8', 'a=%ff%00', 'a=b=c', '&&a=1&&', '__proto__=x', 'a=نور', 'a=%E2%82']) assert.deepEqual(read(body), known(body), body)
  const sign = fc.constantFrom('a', 'b', '=', '&', '+', '%', '%2', '%26', '%e2%80%9c', '%C3', '\n')
  fc.assert(fc.property(fc.array(sign, { maxLength: 40 }).map((signs) => signs.join('')), (body) => assert.deepEqual(read(body), known(body))), { seed: 7 })
})

test('a form with more fields than there can be is refused as a whole: half of what was typed is not all of it', () => {
  assert.equal(readForm(Buffer.from('a=1&b=2&&c=3'), 2), undefined)
  assert.deepEqual(Object.keys(readForm(Buffer.from('a=1&b=2&&c=3'), 3)!), ['a', 'b', 'c'])
})
