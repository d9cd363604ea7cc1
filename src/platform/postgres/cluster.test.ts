import assert from 'node:assert/strict'
import { chmodSync, cpSync, existsSync, mkdirSync, mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { after, test } from 'node:test'
import { openCluster, spareOf } from './cluster.ts'

const place = mkdtempSync(join(tmpdir(), 'clarion-cluster-'))
// Where root starts it, the server runs as somebody else.
chmodSync(place, 0o711)
after(() => rmSync(place, { recursive: true, force: true }))

/** Makes a database in a folder of this name, starts it, signs in as its owner and stops it. Returns its files. */
async function made(name: string, prepared?: string): Promise<string> {
  const sockets = join(place, name, 'run')
  mkdirSync(sockets, { recursive: true, mode: 0o700 })
  await (await openCluster(join(place, name), sockets, `password-of-${name}`, { prepared })).stop()
  return join(place, name, 'postgres')
}

test('the first database takes the spare copy of the one that was prepared, each after it makes a copy of its own, and each has its own password', async () => {
  const prepared = await made('prepared')
  cpSync(prepared, spareOf(prepared), { recursive: true })
  writeFileSync(join(spareOf(prepared), 'spare'), '')
  const [first, second] = [await made('first', prepared), await made('second', prepared)]
  assert.ok(existsSync(join(first, 'spare')))
  assert.ok(!existsSync(spareOf(prepared)))
  assert.ok(!existsSync(join(second, 'spare')))
  assert.ok(existsSync(join(prepared, 'PG_VERSION')), 'what was prepared is there for the next')
})

test('what a first start left that was killed while it made its database is gone with the next', async () => {
  const half = join(place, 'third', 'postgres.new-0a1b2c3d')
  mkdirSync(half, { recursive: true })
  for (const file of [join(half, 'PG_VERSION'), `${half}.password`]) writeFileSync(file, '18')
  await made('third')
  assert.deepEqual(readdirSync(join(place, 'third')).filter((each) => each.includes('.new-')), [])
})
