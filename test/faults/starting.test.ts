import assert from 'node:assert/strict'
import { chmodSync, existsSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { createServer, type AddressInfo } from 'node:net'
import { getPriority, tmpdir } from 'node:os'
import { join } from 'node:path'
import { after, test } from 'node:test'
import { sql } from '#platform/db.ts'
import { startClarion } from '#test/support/clarion.ts'
import { clarionCommand, startAlone } from '#test/support/command.ts'
import { ownerDb } from '#test/support/embedded.ts'
import { databaseProcess, processOf } from '#test/support/processes.ts'

const places = mkdtempSync(join(tmpdir(), 'clarion-places-'))
after(() => rmSync(places, { recursive: true, force: true }))
const place = (name: string) => join(places, name)

/** One line for people, on standard error, and nothing else. */
async function refuses(environment: Record<string, string>, line: RegExp, user?: number): Promise<void> {
  const { code, said } = await startAlone({ CLARION_DATA: place(`empty-${Math.random()}`), PORT: '0', DESK_PORT: '0', INBOX_PORT: '0', ...environment }, user)
  assert.match(said, line)
  assert.equal(said.trim().split('\n').length, 1, said)
  assert.ok(code !== 0 && code !== null, 'it ends with a code that says so')
}

test('a setting that makes no sense is named, and so is each of several', async () => {
  await refuses({ PORT: 'three' }, /^PORT: must be a port/)
  const { said } = await startAlone({ PORT: '99999', CLARION_ORIGIN: 'act.example.org', CLARION_DATA: place('none') })
  assert.match(said, /PORT: [^\n]+\nCLARION_ORIGIN: "act\.example\.org" is not an origin/)
})

test('whoever asks what a verb does is told so, and it is not done', async () => {
  const nowhere = { folder: place('nowhere') }
  const verbs = [['migrate', /up to this program/], ['backup', /--passphrase-file/], ['signin-link', /name@/], ['keys', /rotate/]] as const
  for (const [answer, say] of await Promise.all(verbs.map(async ([verb, say]) => [await clarionCommand(nowhere, verb, '--help'), say] as const))) {
    assert.match(answer.out, say)
    assert.equal(answer.code, 0)
  }
  assert.equal((await clarionCommand(nowhere, 'demo', 'now')).code, 2)
  assert.equal(existsSync(nowhere.folder), false)
})

test('a taken port is named', async () => {
  const server = createServer().listen(0)
  await refuses({ PORT: String((server.address() as AddressInfo).port) }, /^PORT: port \d+ is taken by another program/)
  server.close()
})

test('a folder that cannot be written, or is none, is named', { skip: process.getuid?.() !== 0 && 'only root can stand in for another user' }, async () => {
  writeFileSync(place('file'), '')
  await refuses({ CLARION_DATA: place('file') }, /^CLARION_DATA: \S+file is not a folder/)
  mkdirSync(place('foreign'), { mode: 0o755 })
  chmodSync(places, 0o755)
  await refuses({ CLARION_DATA: place('foreign') }, /^CLARION_DATA: \S+foreign cannot be written/, 65534)
})

test('a database that nobody answers for, or that refuses us, is named without its password', async () => {
  await refuses({ DATABASE_URL: 'postgres://clarion:hidden@127.0.0.1:9/clarion' }, /^DATABASE_URL: no database answers at 127\.0\.0\.1:9\.$/m)
})

test('an installation goes through its life: started twice, stopped, killed, of another time, with other keys', async () => {
  await using clarion = await startClarion({ folder: place('life') })
  const twice = await startAlone({ CLARION_DATA: clarion.folder, PORT: '0', DESK_PORT: '0', INBOX_PORT: '0' })
  assert.match(twice.said, /already|runs/i)
  assert.notEqual(twice.code, 0)

  const database = databaseProcess(clarion)
  await clarion.stop('SIGKILL')
  await using again = await clarion.again()
  assert.equal(databaseProcess(again), database, 'the database that went on running is adopted')
  assert.equal((await fetch(`${again.site}/actions/no-one-should-vanish`)).status, 200)
  assert.ok(getPriority(processOf(again, 'worker')) > getPriority(processOf(again, 'site')), 'where the machine is full, whoever signs is answered before mails are written')
  assert.ok(again.signinLink, 'nobody has used the link yet: there is a new one')
  {
    await using looking = ownerDb(again)
    await sql`insert into migrations (step, name, checksum) values (9999, 'of tomorrow', 'x')`.execute(looking.db)
  }
  assert.equal(await again.stop(), 0)
  const ports = { PORT: '0', DESK_PORT: '0', INBOX_PORT: '0' }
  const newer = await startAlone({ CLARION_DATA: clarion.folder, ...ports })
  assert.match(newer.said, /newer than this program/)
  assert.equal(newer.said.trim().split('\n').length, 1)
  assert.equal(newer.code, 3)

  rmSync(join(clarion.folder, 'secrets', 'inbox.json'))
  const partly = await startAlone({ CLARION_DATA: clarion.folder, ...ports })
  assert.match(partly.said, /inbox\.json cannot be found/)
  for (const part of ['site', 'worker', 'desk', 'owner']) assert.doesNotThrow(() => chmodSync(join(clarion.folder, 'secrets', `${part}.json`), 0o600))
})

test('where user namespaces are blocked, and nothing is there to do without them, root can start it all the same', { skip: process.getuid?.() !== 0 && 'only root needs another user for the database' }, async () => {
  mkdirSync(place('no-programs'))
  await using clarion = await startClarion({ folder: place('blocked'), environment: { PATH: place('no-programs') } })
  assert.equal((await fetch(clarion.site)).status, 200)
})
