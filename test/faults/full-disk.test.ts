import assert from 'node:assert/strict'
import { spawnSync } from 'node:child_process'
import { closeSync, mkdtempSync, openSync, rmSync, writeSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { after, test } from 'node:test'
import { sql } from '#platform/db.ts'
import { startClarion, until } from '#test/support/clarion.ts'
import { startAlone } from '#test/support/command.ts'
import { ownerDb } from '#test/support/embedded.ts'
import { sign } from '#test/support/http.ts'

const place = mkdtempSync(join(tmpdir(), 'clarion-disk-'))
// A small disk of its own; making one needs root.
const mounted = process.platform === 'linux' && spawnSync('mount', ['-t', 'tmpfs', '-o', 'size=300m', 'none', place]).status === 0
after(() => {
  if (mounted) spawnSync('umount', ['-l', place])
  rmSync(place, { recursive: true, force: true })
})
const skip = !mounted && 'a disk can only be made by root'

const filler = join(place, 'filler')

function fill(): void {
  const file = openSync(filler, 'w')
  try {
    for (const size of [1_000_000, 4096]) {
      try {
        for (;;) writeSync(file, Buffer.alloc(size))
      } catch { /* full */ }
    }
  } finally {
    closeSync(file)
  }
}

test('when the disk is full forms are given back and pages go on; with room again all goes on, and nothing acknowledged is lost', { skip }, async () => {
  await using clarion = await startClarion({ folder: join(place, 'data') })
  const petition = '/actions/no-one-should-vanish'
  let acknowledged = 0
  let last = 0
  const signing = async () => {
    const answer = await sign(clarion.site, petition, { name: 'Amara', email: `disk-${last++}@example.org` })
    assert.ok([303, 503].includes(answer.status), `a visitor was answered ${answer.status}`)
    if (answer.status === 303) acknowledged += 1
    else assert.match(await answer.text(), /value="disk-\d+@example\.org"/, 'what was typed is there to be sent again')
    return answer.status
  }
  assert.equal(await signing(), 303)
  fill()
  await until(async () => await signing() === 503, 'the disk to be full', 60_000)
  assert.equal((await fetch(`${clarion.site}${petition}`)).status, 200)
  rmSync(filler)
  await until(async () => await signing() === 303, 'room again', 60_000)
  await until(async () => {
    await using looking = ownerDb(clarion)
    const { rows } = await sql<{ stored: number, waiting: number }>`select (select count(*) from participations) as stored, (select count(*) from intake) as waiting`.execute(looking.db)
    return rows[0]!.waiting === 0 && rows[0]!.stored >= acknowledged
  }, 'everything to be settled', 30_000)

  await clarion.stop()
  fill()
  const { said, code } = await startAlone({ CLARION_DATA: clarion.folder, PORT: '0', DESK_PORT: '0', INBOX_PORT: '0' })
  assert.match(said, /disk[^\n]* (is )?full|only \d+ MB are free/)
  assert.equal(said.trim().split('\n').length, 1, said)
  assert.notEqual(code, 0)
})
