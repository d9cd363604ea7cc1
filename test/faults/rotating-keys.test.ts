import assert from 'node:assert/strict'
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { after, test } from 'node:test'
import { sql } from '#platform/db.ts'
import { keyId, Opener } from '#platform/sealing/index.ts'
import { readSecrets } from '#platform/secrets.ts'
import { openContact } from '#modules/people/index.ts'
import { startClarion, until, type RunningClarion } from '#test/support/clarion.ts'
import { clarionCommand } from '#test/support/command.ts'
import { Crowd } from '#test/support/crowd.ts'
import { ownerDb } from '#test/support/embedded.ts'
import { processOf } from '#test/support/processes.ts'

const place = mkdtempSync(join(tmpdir(), 'clarion-keys-'))
const clarion = await startClarion()
after(async () => {
  await clarion[Symbol.asyncDispose]()
  rmSync(place, { recursive: true, force: true })
})
writeFileSync(join(place, 'passphrase.txt'), 'seven lanterns in a row\n')
const backup = [join(place, 'before.backup'), '--passphrase-file', join(place, 'passphrase.txt')]

interface Standing {
  waiting: number
  stored: number
  people: number
  moving: number
}

async function standing(it: Pick<RunningClarion, 'folder'>): Promise<Standing> {
  await using looking = ownerDb(it)
  const { rows } = await sql<Standing>`
    select (select count(*)::int from intake) as waiting, (select count(*)::int from participations) as stored, (select count(distinct person_id)::int from participations) as people,
      (select count(*)::int from key_rotations where ended_at is null and kind <> 'index') + (select count(*)::int from people where not exists (select from email_indexes where person_id = people.id and key_id = (select max(key_id) from email_indexes))) as moving`.execute(looking.db)
  return rows[0]!
}

test('keys are exchanged while a crowd signs and whatever is killed half-way: nobody who was thanked is lost, and all of it lies under the new ones', async () => {
  await using crowd = await Crowd.at(clarion.site)
  crowd.start(4)
  await crowd.more(30)
  assert.equal((await clarionCommand(clarion, 'backup', ...backup, '--with-keys')).code, 0)
  const old = readSecrets(clarion.folder)
  for (const [kind, victim] of [['contact', 'worker'], ['record', 'desk'], ['index', 'worker']] as const) {
    const { code, said, out } = await clarionCommand(clarion, 'keys', 'rotate', kind)
    assert.deepEqual([code, said], [0, ''])
    assert.match(out, /print it anew today/)
    process.kill(processOf(clarion, victim)!, 'SIGKILL')
    await crowd.more(30)
  }
  await crowd.stop()

  // Another new key, and everything is killed in the same moment: the files say what is to be done.
  await clarionCommand(clarion, 'keys', 'rotate', 'contact')
  for (const name of ['worker', 'site', 'desk'] as const) process.kill(processOf(clarion, name)!, 'SIGKILL')
  await clarion.stop('SIGKILL')
  await using again = await clarion.again()
  await until(async () => {
    const { waiting, moving } = await standing(again)
    return waiting === 0 && moving === 0
  }, 'everything to be settled and moved', 60_000)

  const { stored, people } = await standing(again)
  assert.equal(stored, people, 'each person once')
  assert.ok(stored >= crowd.acknowledged.length && stored <= crowd.acknowledged.length + crowd.turnedAway, `${crowd.acknowledged.length} acknowledged, ${crowd.turnedAway} turned away, ${stored} stored`)
  const fresh = readSecrets(clarion.folder)
  assert.equal(fresh.worker.contact.length, 3)
  const newest = new Opener([fresh.worker.contact.at(-1)!])
  {
    await using looking = ownerDb(again)
    const { rows } = await sql<{ id: string, contact: Buffer }>`select id, contact from people`.execute(looking.db)
    const emails = new Set(await Promise.all(rows.map(async ({ id, contact }) => (await openContact(newest, id, contact)).email)))
    assert.deepEqual(crowd.acknowledged.filter((email) => !emails.has(email)), [])
  }

  const destroyed = await clarionCommand(again, 'keys', 'destroy', 'contact', keyId(old.site.contact))
  assert.deepEqual([destroyed.code, destroyed.said], [0, ''])
  assert.ok(!readSecrets(clarion.folder).worker.contact.some((key) => keyId(key) === keyId(old.site.contact)))
  assert.match((await clarionCommand(again, 'keys', 'destroy', 'contact', keyId(fresh.site.contact))).said, /no such old key/)
})

test('a backup from before the rotation is restored with the keys that it was made under', async () => {
  const folder = join(place, 'restored')
  const restored = await clarionCommand({ folder }, 'restore', ...backup)
  assert.equal(restored.code, 0, restored.said)
  const { worker } = readSecrets(folder)
  assert.equal(worker.contact.length, 1)
  assert.match((await clarionCommand({ folder }, 'keys')).out, new RegExp(`contact  ${keyId(worker.contact[0]!)} in use`))
})
