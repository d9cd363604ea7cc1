import assert from 'node:assert/strict'
import { test } from 'node:test'
import { Guard, type SignUp } from './guard.ts'
import type { Limits } from './limits.ts'

const limits: Limits = { active: true, minutes: 10, perNetwork: 20, perMailbox: 10, perPattern: 20, perDomain: 300, far: 20, waitSeconds: 15, hold: true, localNetworks: false }
const minute = 60_000

/** People who sign one after the other, each let through. Returns how the guard saw the last one. */
function sign(guard: Guard, times: number, who: (place: number) => Partial<SignUp>, now = 0): ReturnType<Guard['look']> {
  let seen: ReturnType<Guard['look']> | undefined
  for (let place = 0; place < times; place++) {
    seen = guard.look({ action: 'petition', network: `quiet ${place}`, email: `${letters(place)}@example.org`, ...who(place) }, limits, now)
    guard.count(seen)
  }
  return seen!
}

/** A name without numbers. */
const letters = (place: number) => place.toString(26).replace(/\d/g, (digit) => 'qrstuvwxyz'[Number(digit)]!)

test('fifty thousand from one network get work and nobody a wall, and others notice nothing', () => {
  const guard = new Guard()
  const before = process.memoryUsage().arrayBuffers
  assert.equal(sign(guard, 20, () => ({ network: 'carrier' })).nearness, 'far-off')
  assert.equal(sign(guard, 1, () => ({ network: 'carrier' })).nearness, 'near')
  // Two people to a domain: ten to each of five thousand domains would fill enough places of the sketch that one stranger in fifty thousand shares both of theirs.
  assert.equal(sign(guard, 50_000, (place) => ({ network: 'carrier', email: `${letters(place)}@${letters(place % 25_000)}.example` })).nearness, 'beyond')
  assert.ok(process.memoryUsage().arrayBuffers - before < 100_000, 'in no more memory than before')
  const elsewhere = Array.from({ length: 2000 }, (_, place) => guard.look({ action: 'petition', network: `elsewhere ${place}`, email: `somebody@elsewhere${place}.example` }, limits, 0).nearness)
  assert.deepEqual([...new Set(elsewhere)], ['far-off'])
  assert.equal(guard.look({ action: 'another', network: 'carrier', email: 'amara@quiet.example' }, limits, 0).nearness, 'far-off', 'another action counts for itself')
  assert.equal(guard.look({ action: 'petition', network: 'carrier', email: 'amara@quiet.example' }, limits, 20 * minute).nearness, 'far-off', 'after a while it is forgotten')
})

test('one mailbox in many spellings is one', () => {
  const guard = new Guard()
  assert.equal(sign(guard, 10, (place) => ({ email: `a.ma.ra+${place}@example.org` })).nearness, 'far-off')
  assert.equal(sign(guard, 1, () => ({ email: 'AMARA@example.org' })).nearness, 'near')
})

test('addresses that were counted up are known by it from whatever networks they come, and far beyond they look like one hand', () => {
  const guard = new Guard()
  assert.equal(sign(guard, 20, (place) => ({ email: `voter${place}@example.org` })).nearness, 'far-off')
  const many = sign(guard, 390, (place) => ({ email: `voter${place + 20}@example.org` }))
  assert.deepEqual([many.nearness, many.countedUp], ['beyond', true])
  assert.equal(guard.look({ action: 'petition', network: 'quiet', email: 'voter@example.org' }, limits, 0).nearness, 'far-off')
})

test('a burst of one domain alone asks nobody for anything; it makes a network’s limit a quarter', () => {
  const guard = new Guard()
  assert.equal(sign(guard, 600, () => ({})).nearness, 'far-off')
  assert.equal(sign(guard, 5, () => ({ network: 'office' })).nearness, 'far-off')
  assert.equal(sign(guard, 1, () => ({ network: 'office' })).nearness, 'near')
  assert.equal(sign(guard, 1, () => ({ network: 'office', email: 'amara@quiet.example' })).nearness, 'far-off')
})

test('a look costs next to nothing', () => {
  const guard = new Guard()
  sign(guard, 20_000, () => ({}))
  const startedAt = performance.now()
  sign(guard, 20_000, () => ({}))
  const each = (performance.now() - startedAt) * 1000 / 20_000
  // A limit that a machine under load still keeps; measured alone it is a twentieth of this.
  assert.ok(each < 60, `${each.toFixed(1)} µs`)
})
