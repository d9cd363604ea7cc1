import assert from 'node:assert/strict'
import { test } from 'node:test'
import fc from '#test/support/property.ts'
import { grantPlaces, type Place } from './pace.ts'
import type { SendingRule, SendingRules } from './sending-rules.ts'
import { awake, restAfter, standingOf } from './health.ts'

const nothing = { perMinute: null, dailyCap: null, digest: null, digestHour: null }
const rules = (changes: Partial<Record<'offices' | 'domains', Partial<SendingRule>>> & { office?: Record<string, Partial<SendingRule>>, domain?: Record<string, Partial<SendingRule>> } = {}): SendingRules => ({
  offices: { ...nothing, ...changes.offices }, domains: { ...nothing, ...changes.domains }, office: (id) => ({ ...nothing, ...changes.office?.[id] }), domain: (name) => ({ ...nothing, ...changes.domain?.[name] }),
})
const pace = { seconds: 20, perDomain: 4, domainSeconds: 0.25 }
const usual = () => 1

/** Writes as fast as it may for so many seconds, and says when what went where. */
function sendFor(seconds: number, addresses: string[], given: SendingRules, jitter = usual, dailyCap?: number) {
  const places = new Map<string, Place>()
  const sent: { to: string, at: number }[] = []
  const start = Date.parse('2027-03-01T12:00:00Z')
  for (let at = 0; at < seconds * 1000; at += 250) {
    const { granted, changed } = grantPlaces(addresses.map((to, place) => ({ to, officeId: `office-${place}`, dailyCap })), places, given, pace, 50, { now: new Date(start + at), day: '2027-03-01' }, jitter)
    for (const [key, place] of changed) places.set(key, place)
    sent.push(...granted.map(({ to }) => ({ to, at })))
  }
  return sent
}

test('a mailbox is written to three times a minute unless the desk says otherwise, and never twice within three quarters of that', () => {
  assert.equal(sendFor(60, ['a@one.example'], rules()).length, 3)
  assert.equal(sendFor(60, ['a@one.example'], rules({ offices: { perMinute: 30 } })).length, 30)
  assert.equal(sendFor(60, ['a@one.example'], rules({ offices: { perMinute: 30 }, office: { 'office-0': { perMinute: 1 } } })).length, 1, 'the rule of the office is the nearer one')
  fc.assert(fc.property(fc.infiniteStream(fc.double({ min: 0.75, max: 1.25, noNaN: true })), (stream) => {
    const times = sendFor(120, ['a@one.example'], rules(), () => stream.next().value as number).map(({ at }) => at)
    assert.ok(times.every((at, place) => place === 0 || at - times[place - 1]! >= 15_000))
  }), { numRuns: 50 })
})

test('all mailboxes of a domain together keep the domain’s pace, other domains go on', () => {
  const many = Array.from({ length: 100 }, (_, place) => `m${place}@one.example`)
  const sent = sendFor(60, [...many, 'a@two.example'], rules({ domain: { 'one.example': { perMinute: 12 } } }))
  assert.ok(Math.abs(sent.filter(({ to }) => to.endsWith('@one.example')).length - 12) <= 1)
  assert.equal(sent.filter(({ to }) => to === 'a@two.example').length, 3)
  const usually = sendFor(60, many, rules())
  assert.ok(usually.length >= 230 && usually.length <= 244, `four a second: ${usually.length} in a minute`)
})

test('the day’s cap holds for a mailbox and for a domain, and a new day begins anew', () => {
  assert.equal(sendFor(600, ['a@one.example'], rules({ offices: { perMinute: 60, dailyCap: 7 } })).length, 7)
  assert.equal(sendFor(600, ['a@one.example'], rules({ offices: { perMinute: 60, dailyCap: 7 } }), usual, 2).length, 2, 'the action’s own cap is lower')
  assert.equal(sendFor(600, ['a@one.example', 'b@one.example'], rules({ domains: { dailyCap: 9 } })).length, 9)
  const late = new Map([['x', { nextAt: 0, day: '2027-02-28', sent: 500 }]])
  assert.equal(grantPlaces([{ to: 'a@one.example', officeId: 'o', dailyCap: 1 }], late, rules(), pace, 50, { now: new Date('2027-03-01T00:00:01Z'), day: '2027-03-01' }, usual).granted.length, 1)
})

test('who refuses again and again is left alone, each time for longer, and is as before once it takes something', () => {
  const now = new Date('2027-03-01T12:00:00Z')
  const refused = { answer: 'refused' as const, problem: 'refused 550' }
  let rest = restAfter(awake, 'domain', [refused, refused, refused, refused], now)
  assert.equal(standingOf(rest, 'domain', now), 'open')
  const pauses: number[] = []
  for (let at = now, times = 0; times < 6; times++) {
    rest = restAfter(rest, 'domain', [refused], at)
    assert.equal(standingOf(rest, 'domain', at), 'resting')
    pauses.push((rest.restedUntil!.getTime() - at.getTime()) / 60_000)
    at = rest.restedUntil!
    assert.equal(standingOf(rest, 'domain', at), 'trying', 'one alone may try')
  }
  assert.deepEqual(pauses, [15, 60, 240, 720, 1440, 1440])
  assert.deepEqual(restAfter(rest, 'domain', [{ answer: 'unknown', problem: '' }], now), rest, 'what nobody knows changes nothing')
  assert.equal(standingOf(restAfter(rest, 'domain', [{ answer: 'accepted', problem: '' }], now), 'domain', now), 'open')
})
