import assert from 'node:assert/strict'
import { test } from 'node:test'
import { Log } from './log.ts'
import { startLoop } from './loop.ts'

/** Runs a loop whose first turns fail in these ways, until one does not, and hands back what was logged. */
async function eventsOf(failures: Error[]): Promise<string[]> {
  const lines: string[] = []
  const left = [...failures]
  await new Promise<void>((resolve) => {
    const loop = startLoop('settle', async () => {
      const failure = left.shift()
      if (failure) throw failure
      void loop.stop().then(resolve)
      return 0
    }, { idle: 0, log: new Log('worker', (line) => void lines.push((JSON.parse(line) as { event: string }).event)) })
  })
  return lines
}

const away = () => new Error('timeout exceeded when trying to connect')

test('a moment without the database is no line in the log, a longer one is one, and a fault of ours is always one', async () => {
  assert.deepEqual(await eventsOf([away()]), [])
  assert.deepEqual(await eventsOf([away(), away(), away()]), ['database does not answer'])
  assert.deepEqual(await eventsOf([new Error('no such column'), new Error('no such column')]), ['loop failed', 'loop failed'])
})
