import assert from 'node:assert/strict'
import { fork } from 'node:child_process'
import { readFileSync } from 'node:fs'
import { after, test } from 'node:test'
import { fileURLToPath } from 'node:url'
import { startClarion, until } from '#test/support/clarion.ts'
import { sign } from '#test/support/http.ts'
import { processOf } from '#test/support/processes.ts'

const clarion = await startClarion()
after(() => clarion[Symbol.asyncDispose]())
const port = Number(new URL(clarion.site).port)
const page = `${clarion.site}/actions/no-one-should-vanish`

/** Programs that open lines and keep them, in processes of their own: each may open only so many files. */
function openLines(programs: number, lines: number, drip: boolean) {
  const children = Array.from({ length: programs }, () => {
    const child = fork(fileURLToPath(new URL('idle-lines.ts', import.meta.url)), [], { execArgv: ['--disable-warning=ExperimentalWarning'] })
    const state = { tried: 0, open: 0 }
    child.on('message', (message: typeof state) => Object.assign(state, message))
    child.send({ port, lines, drip })
    return { child, state }
  })
  return {
    tried: () => children.reduce((sum, { state }) => sum + state.tried, 0),
    open: () => children.reduce((sum, { state }) => sum + state.open, 0),
    [Symbol.dispose]: () => { for (const { child } of children) child.kill() },
  }
}

const megabytes = () => Number(/^VmRSS:\s+(\d+) kB/m.exec(readFileSync(`/proc/${processOf(clarion, 'site')!}/status`, 'utf8'))![1]) / 1000

/** Somebody reads and signs; how long the slower of both took, in milliseconds. */
async function served(email: string): Promise<number> {
  const since = Date.now()
  assert.equal((await fetch(page, { headers: { connection: 'close' } })).status, 200)
  assert.equal((await sign(clarion.site, '/actions/no-one-should-vanish', { name: 'Amara', email })).status, 303)
  return Date.now() - since
}

test('20,000 lines on which nothing is said keep nobody out, take a bounded amount of memory, and are closed', { timeout: 60_000 }, async () => {
  await served('before@example.org')
  const before = megabytes()
  // The system lets one process open 20,000 files here: the site holds 16,000 lines and closes the quietest for each one more.
  using lines = openLines(5, 4000, false)
  let slowest = 0
  let most = 0
  let number = 0
  while (lines.tried() < 20_000) {
    slowest = Math.max(slowest, await served(`during-${number++}@example.org`))
    most = Math.max(most, lines.open())
  }
  slowest = Math.max(slowest, await served('all-of-them@example.org'))
  assert.ok(most > 10_000, `${most} stood at once`)
  // Alone it is under a second; here other tests are at work, and five programs that open 4,000 lines each.
  assert.ok(slowest < 10_000, `somebody waited ${slowest} ms`)
  const grown = megabytes() - before
  assert.ok(grown < 300, `${grown} MB more`)
  await until(() => lines.open() === 0, 'them to be closed', 30_000)
  assert.ok(await served('after@example.org') < 5000)
})

test('a thousand clients that send a letter a second are closed within a quarter of a minute, and nobody waits for them', { timeout: 60_000 }, async () => {
  using lines = openLines(1, 1000, true)
  await until(() => lines.open() === 1000, 'them to be there')
  const since = Date.now()
  for (let number = 0; lines.open() > 0; number++) {
    assert.ok(await served(`slow-${number}@example.org`) < 5000)
    assert.ok(Date.now() - since < 20_000, 'they are still there')
  }
})
