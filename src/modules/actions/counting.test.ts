import assert from 'node:assert/strict'
import { randomUUID } from 'node:crypto'
import { test } from 'node:test'
import { sql } from '#platform/db.ts'
import { acting } from '#test/support/acting.ts'
import { stage } from '#test/support/stage.ts'
import { countStates } from './counting.ts'

const it = await stage()
const play = await acting(it)

test('how many are in each state is what counting the rows gives, before a tick and after it, whatever happens to them', async () => {
  const agree = async (when: string, confirmed: number) => {
    for (const ticked of [false, true]) {
      if (ticked) await play.count()
      for (const among of [sql`select id from actions`, sql`select id from actions where id = ${play.petition}`]) {
        const { rows } = await sql<{ state: string, count: number }>`select state, count(*)::int as count from participations where action_id in (${among}) group by state`.execute(it.db)
        const found = await countStates(it.as('desk'), among)
        assert.deepEqual(new Map(found.map(({ state, count }) => [state, count])), new Map(rows.map(({ state, count }) => [state, count])), `${when}, ${ticked ? 'counted' : 'not counted yet'}`)
      }
    }
    const all = await countStates(it.as('desk'), sql`select id from actions`)
    assert.equal(all.find(({ state }) => state === 'confirmed')?.count ?? 0, confirmed, when)
  }
  await agree('nobody has signed', 0)
  const takings = await play.takes(...Array.from({ length: 6 }, (_, number) => play.signature({ email: `person-${number}@example.org` })), play.letter())
  await agree('nobody has confirmed', 0)
  await play.allConfirm(takings.slice(0, 4))
  await play.confirms(takings.at(-1)!)
  await agree('five have confirmed', 5)
  await play.uses(takings[0]!, 'withdrawal')
  await agree('one has taken it back', 4)
  await sql`update participations set state = 'removed', removed_from = 'confirmed' where id = ${takings[1]!.id}`.execute(it.db)
  await agree('one was removed', 3)
  await sql`update participations set rehearsal_id = ${randomUUID()} where id = ${takings[2]!.id}`.execute(it.db)
  await agree('one was a rehearsal', 3)
})
