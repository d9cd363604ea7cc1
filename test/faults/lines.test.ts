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

/**
 * Lines that the site holds. Whoever opened one and says nothing need not know that it is gone: where they come faster than they are taken in, the
 * system forgets some of which the other end believes that they stand.
 */
function held(): number {
  const ending = `:${port.toString(16).toUpperCase().padStart(4, '0')}`
  return ['tcp', 'tcp6'].flatMap((name) => readFileSync(`/proc/net/${name}`, 'utf8').split('\n')).filter((line) => {
    const [, local, , state] = line.trim().split(/\s+/)
    return state === '01' && local?.endsWith(ending)
  }).length
}

/** Somebody reads and signs. */
async function served(email: string): Promise<void> {
  assert.equal((await fetch(page, { headers: { connection: 'close' } })).status, 200)
  assert.equal((await sign(clarion.site, '/actions/no-one-should-vanish', { name: 'Amara', email })).status, 303)
}

// No limit here says how fast the machine is, on which other tests are at work too: whoever were kept out would be served only after the lines had been closed, or never.
test('20,000 lines on which nothing is said keep nobody out, take a bounded amount of memory, and are closed', { timeout: 300_000 }, async () => {
  await served('before@example.org')
  const before = megabytes()
  // The system lets one process open 20,000 files here: the site holds 16,000 lines and closes the quietest for each one more.
  using lines = openLines(5, 4000, false)
  let most = 0
  let number = 0
  while (lines.tried() < 20_000) {
    await served(`during-${number++}@example.org`)
    most = Math.max(most, lines.open())
  }
  await served('all-of-them@example.org')
  assert.ok(number > 0 && most > 0, 'they stood while somebody signed')
  const grown = megabytes() - before
  assert.ok(grown < 300, `${grown} MB more for ${most} lines`)
  // A browser that reads and signs keeps one for a while.
  await until(() => held() < 20, 'them to be closed', 120_000)
  await served('after@example.org')
})

test('a thousand clients that send a letter a second are closed although they go on, and nobody waits for them', { timeout: 300_000 }, async () => {
  using lines = openLines(1, 1000, true)
  await until(() => lines.open() > 500, 'them to be there')
  assert.ok(held() > 100, 'the site holds them')
  await served('beside-them@example.org')
  assert.ok(lines.open() > 0, 'somebody was served only when they had gone')
  await until(() => lines.open() === 0, 'them to be closed', 120_000)
  await served('after-them@example.org')
})
