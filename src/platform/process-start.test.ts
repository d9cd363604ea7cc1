import assert from 'node:assert/strict'
import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { readFileSync } from 'node:fs'
import { test } from 'node:test'
import { until } from '#test/support/clarion.ts'
import { processStart } from './process-start.ts'

test('a process is known by its start, and a number that nobody has by nothing', () => {
  assert.ok(processStart(process.pid))
  assert.equal(processStart(2 ** 22 + 1), undefined)
})

test('one that was killed and that nobody has buried yet is none', { skip: process.platform !== 'linux' }, async () => {
  // What was the shell does not ask how its child ended.
  const parent = spawn('sh', ['-c', 'sleep 60 & echo $!; exec sleep 60'], { stdio: ['ignore', 'pipe', 'ignore'] })
  try {
    const [line] = await once(parent.stdout, 'data') as [Buffer]
    const child = Number(String(line))
    assert.ok(processStart(child))
    await until(() => readFileSync(`/proc/${parent.pid}/comm`, 'utf8').trim() === 'sleep', 'the shell to be gone')
    process.kill(child, 'SIGKILL')
    await until(() => readFileSync(`/proc/${child}/stat`, 'utf8').includes(') Z '), 'it to be unburied')
    assert.equal(processStart(child), undefined)
  } finally {
    parent.kill('SIGKILL')
  }
})
