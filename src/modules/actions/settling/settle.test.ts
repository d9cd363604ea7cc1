import assert from 'node:assert/strict'
import { randomUUID } from 'node:crypto'
import { test } from 'node:test'
import { sql } from '#platform/db.ts'
import { newToken, tokenHash } from '#platform/tokens.ts'
import { stage } from '#test/support/stage.ts'
import { Collector, countTick, linkHash, settle, type KindHooks, type Taking } from '../index.ts'

const it = await stage()
const now = () => new Date()
const collector = new Collector(it.poolOf('site'), it.keys.contact, now, it.log)
const hooks: KindHooks = { confirmed: async () => {}, ended: async () => {} }
const tools = { db: it.as('worker'), keys: it.keys, hooks, log: it.log, workerId: it.workerId, practice: async () => true }

const petition = await it.db.selectFrom('public_actions').selectAll().where('slug', '=', 'no-one-should-vanish').executeTakeFirstOrThrow()
const words = await it.db.selectFrom('public_action_words').selectAll().where('action_id', '=', petition.id).where('language', '=', 'en').executeTakeFirstOrThrow()

function taking(changes: Partial<Taking> = {}): Taking {
  return {
    kind: 'taking', id: randomUUID(), action: petition.id, ask: words.ask_id!, language: 'en', email: 'amara@example.org', name: 'Amara', answers: [],
    form: newToken(), at: new Date().toISOString(), ...changes,
  }
}

async function settleAll(): Promise<void> {
  while (await settle(tools, now())) { /* until nothing waits */ }
}

async function states(): Promise<string[]> {
  return (await it.db.selectFrom('participations').select('state').orderBy('taken_at').execute()).map((row) => row.state)
}

test('a signature is kept, settled, confirmed and counted', async () => {
  const signed = taking({ postcode: 'ar 110', country: 'AA' })
  assert.equal(await collector.submit(signed), 'kept')
  await settleAll()
  assert.deepEqual(await states(), ['waiting'])
  assert.deepEqual((await it.db.selectFrom('mails').select(['kind', 'state']).execute()), [{ kind: 'confirm', state: 'queued' }])
  assert.equal(await countTick(it.as('worker'), now()), 0)

  await collector.submit({ kind: 'confirmation', link: linkHash(it.keys.linkKey, signed.id).toString('base64url'), known: tokenHash(newToken()).toString('base64url'), at: new Date().toISOString() })
  await settleAll()
  assert.deepEqual(await states(), ['confirmed'])
  assert.equal(await countTick(it.as('worker'), now()), 1)
  const tallies = await it.db.selectFrom('tallies').select(['dimension', 'value', 'total']).orderBy('dimension').execute()
  assert.deepEqual(tallies.filter((each) => each.dimension !== 'day'), [
    { dimension: 'all', value: '', total: 1 }, { dimension: 'area', value: 'marovia:AR', total: 1 }, { dimension: 'country', value: 'AA', total: 1 }, { dimension: 'language', value: 'en', total: 1 },
  ])
  assert.equal((await sql<{ n: number }>`select count(*)::int as n from intake`.execute(it.db)).rows[0]!.n, 0)
})
