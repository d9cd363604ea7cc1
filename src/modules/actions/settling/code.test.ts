import assert from 'node:assert/strict'
import { test } from 'node:test'
import { sql } from '#platform/db.ts'
import { newToken, tokenHash } from '#platform/tokens.ts'
import { acting } from '#test/support/acting.ts'
import { stage } from '#test/support/stage.ts'
import { codeHash, shortCode } from '../links.ts'
import type { Taking } from '../intake/entry.ts'

const it = await stage()
const play = await acting(it)

/** What the site is told when this browser types a code; as the site's own role asks. */
async function type(cookie: string, code: string): Promise<string> {
  const { rows } = await sql<{ outcome: string }>`select outcome from try_code(${tokenHash(cookie)}, ${codeHash(code, cookie)}, ${play.now})`.execute(it.as('site'))
  return rows[0]!.outcome
}

const codeOf = (taking: Taking) => shortCode(it.keys.linkKey, taking.id)
const wrong = (taking: Taking) => (codeOf(taking) === '000000' ? '000001' : '000000')

test('the code of a mail confirms in the browser that signed, and in no other', async () => {
  const cookie = newToken()
  const [signature] = await play.takes(play.signature({ email: 'code@example.org', cookie }))
  assert.equal(await type(newToken(), codeOf(signature!)), 'nothing-waiting')
  assert.equal(await type(cookie, wrong(signature!)), 'wrong')
  assert.equal(await type(cookie, codeOf(signature!)), 'right')
})

test('five wrong codes are enough, and a right one for oneself buys no more of them', async () => {
  const cookie = newToken()
  const [own, other] = await play.takes(play.signature({ email: 'own@example.org', cookie }), play.signature({ email: 'other@example.org', cookie }))
  for (let tries = 0; tries < 5; tries++) {
    assert.equal(await type(cookie, wrong(other!)), 'wrong')
    if (tries < 4) assert.equal(await type(cookie, codeOf(own!)), 'right')
  }
  assert.equal(await type(cookie, codeOf(other!)), 'too-many')
})

test('a signature whose mailbox gets no more mails has no code either, so that signing again and again buys no guesses', async () => {
  const cookie = newToken()
  const takings: Taking[] = []
  for (let time = 0; time < 8; time++) takings.push((await play.takes(play.signature({ email: 'crowded@example.org', cookie: time < 5 ? newToken() : cookie })))[0]!)
  for (const taking of takings.slice(5)) assert.equal(await type(cookie, codeOf(taking)), 'wrong')
})

test('a code is good for a day', async () => {
  const cookie = newToken()
  const [signature] = await play.takes(play.signature({ email: 'late@example.org', cookie }))
  play.later({ days: 1, minutes: 1 })
  assert.equal(await type(cookie, codeOf(signature!)), 'nothing-waiting')
})
