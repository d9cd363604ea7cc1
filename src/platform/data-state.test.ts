import assert from 'node:assert/strict'
import { test } from 'node:test'
import { until } from '#test/support/clarion.ts'
import { stage } from '#test/support/stage.ts'
import { DataState, dataState, type Copy } from './data-state.ts'
import { sql } from './db.ts'

const it = await stage({ template: 'empty' })

/** Data whose state is called as the test says. */
class Data {
  called = 'first'
  readonly state = new DataState(() => Promise.resolve(this.called), { longest: 1000 })

  /** A copy of which it can be told whether it still holds: nothing had changed for a while when it was read. */
  copied(): Promise<Copy> {
    return until(async () => {
      const { copy } = await this.state.read(() => Promise.resolve())
      return await this.state.holds(copy) ? copy : undefined
    }, 'a copy that holds')
  }

  ends(copy: Copy): Promise<unknown> {
    return until(async () => !await this.state.holds(copy), 'its end')
  }
}

test('a copy holds for as long as nothing changes, and for no longer than was said', async () => {
  const data = new Data()
  const copy = await data.copied()
  const { at } = copy
  await until(async () => await data.state.holds(copy) && copy.at > at, 'it is known to hold at a later moment')
  await data.ends(copy)
  assert.ok(performance.now() - copy.readAt > 1000)
})

test('it holds no longer once anything changes; neither does what is read right afterwards, parts of which may be older', async () => {
  const data = new Data()
  const copy = await data.copied()
  data.called = 'second'
  await data.ends(copy)
  const next = (await data.state.read(() => Promise.resolve())).copy
  assert.ok(!await data.state.holds(next))
  assert.equal((await data.copied()).state, 'second')
})

test('what was made while something older was given out is from no one state', async () => {
  const data = new Data()
  await data.copied()
  const { copy } = await data.state.read(() => Promise.resolve(data.state.doubt()))
  assert.ok(!await data.state.holds(copy))
})

test('the state of a database is the same where nothing was written, another after each commit, and another in each minute', async () => {
  let now = new Date('2027-03-01T12:00:59.999Z')
  const { look } = dataState(it.as('site'), () => now)
  // The server of the tests is written to by others all the time.
  const same = await until(async () => {
    const [one, other] = [await look(), await look()]
    return one === other && one
  }, 'a moment in which nobody writes')
  now = new Date('2027-03-01T12:01:00Z')
  const next = await look()
  assert.notEqual(next.split(' ').at(-1), (same as string).split(' ').at(-1))
  await sql`update limits set per_network = per_network + 1`.execute(it.db)
  assert.notEqual(await look(), next)
})
