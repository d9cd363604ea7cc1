import assert from 'node:assert/strict'
import { execFileSync } from 'node:child_process'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { after, test } from 'node:test'
import { fileURLToPath } from 'node:url'
import { permissions, whileLoading } from '#cli/supervise.ts'
import { prepareDataFolder } from '#platform/data-folder.ts'
import { newSecrets, writeSecrets } from '#platform/secrets.ts'

const root = fileURLToPath(new URL('../../', import.meta.url))
const folder = mkdtempSync(join(tmpdir(), 'clarion-permissions-'))
prepareDataFolder(folder)
const secrets = newSecrets()
writeSecrets(folder, secrets)
after(() => {
  for (const path of [folder, `${folder}-elsewhere`]) rmSync(path, { recursive: true, force: true })
})

/** What a program tries that somebody brought into a process, by name: "done", or the code that it was refused with. */
const attempts = `
  import { spawnSync, fork } from 'node:child_process'
  import { Worker } from 'node:worker_threads'
  import * as fs from 'node:fs'
  import { createRequire } from 'node:module'
  import { Session } from 'node:inspector'
  const [folder, root] = process.argv.slice(1)
  const tries = {
    'reads its own program': () => fs.readFileSync(root + 'src/processes/site.ts'),
    'reads the key files': () => fs.readFileSync(folder + '/secrets/worker.json'),
    'reads its own key file': () => fs.readFileSync(folder + '/secrets/site.json'),
    'lists the data folder': () => fs.readdirSync(folder),
    'reads through a link': () => fs.readFileSync(root + 'src/../../../etc/hostname'),
    'reads the environment of others': () => fs.readFileSync('/proc/' + process.ppid + '/environ'),
    'reads the memory of others': () => fs.readFileSync('/proc/' + process.ppid + '/mem'),
    'reads who lives on this machine': () => fs.readFileSync('/etc/passwd'),
    'writes into the data folder': () => fs.writeFileSync(folder + '/mine', 'x'),
    'writes into its own program': () => fs.writeFileSync(root + 'src/mine.ts', 'x'),
    'writes elsewhere': () => fs.writeFileSync(folder + '-elsewhere', 'x'),
    'starts a program': () => { const { error } = spawnSync('/bin/true'); if (error) throw error },
    'starts a process of its own kind': () => fork(root + 'src/processes/child.ts').kill(),
    'starts a thread': () => new Worker('process.exit()', { eval: true }),
    'loads native code': () => createRequire(root + 'package.json')('sharp'),
    'looks into itself': () => { const session = new Session(); session.connect(); session.disconnect() },
  }
  const outcomes = {}
  for (const [name, attempt] of Object.entries(tries)) {
    try { attempt(); outcomes[name] = 'done' } catch (error) { outcomes[name] = error.code ?? error.cause?.code ?? String(error) }
  }
  console.log(JSON.stringify(outcomes))`

function tryAll(flags: string[], program = root): Record<string, string> {
  const output = execFileSync(process.execPath, ['--no-warnings', ...flags, '--input-type=module', '--eval', attempts, '--', folder, program], { encoding: 'utf8', cwd: root })
  return JSON.parse(output.trim().split('\n').at(-1)!) as Record<string, string>
}

test('whoever breaks into the public process finds its program and the network there: no key, no file, no other program', () => {
  const { 'reads its own program': program, ...others } = tryAll(permissions.site)
  assert.equal(program, 'done')
  assert.deepEqual(Object.entries(others).filter(([, outcome]) => !/ERR_ACCESS_DENIED|ERR_DLOPEN_DISABLED/.test(outcome)), [])
})

test('what it may write while it loads, its compiled modules, it may not write once it has', () => {
  const modules = mkdtempSync(join(tmpdir(), 'clarion-modules-'))
  const program = `
    import { writeFileSync } from 'node:fs'
    import { getCompileCacheDir } from 'node:module'
    import { giveUpWriting } from '${root}src/processes/give-up-writing.ts'
    const attempt = (path) => { try { writeFileSync(path, 'x'); return 'done' } catch (error) { return error.code } }
    const places = [getCompileCacheDir() + '/mine', '${modules}/mine', '${folder}/mine']
    const before = places.map(attempt)
    giveUpWriting()
    console.log(JSON.stringify([before, places.map(attempt)]))`
  const output = execFileSync(process.execPath, ['--no-warnings', ...permissions.site, ...whileLoading(modules), '--input-type=module', '--eval', program], { encoding: 'utf8', cwd: root, env: { ...process.env, NODE_COMPILE_CACHE: modules } })
  rmSync(modules, { recursive: true })
  assert.deepEqual(JSON.parse(output), [['done', 'done', 'ERR_ACCESS_DENIED'], ['ERR_ACCESS_DENIED', 'ERR_ACCESS_DENIED', 'ERR_ACCESS_DENIED']])
})

test('without these permissions each of that would work, or fail for another reason', () => {
  const outcomes = tryAll([], `${folder}/`)
  for (const name of ['reads the key files', 'lists the data folder', 'writes elsewhere', 'starts a program', 'starts a thread', 'looks into itself']) assert.equal(outcomes[name], 'done', name)
  assert.ok(!Object.values(outcomes).includes('ERR_ACCESS_DENIED'))
})

test('the public server is handed public halves of keys only, and nothing that makes links, signs mail or indexes addresses', () => {
  const keysOf = (value: unknown): string[] => (typeof value === 'object' && value !== null ? Object.entries(value).flatMap(([name, inner]) => [name, ...keysOf(inner)]) : [])
  assert.deepEqual([...new Set(keysOf(secrets.site))].toSorted(), ['contact', 'database', 'password', 'publicKey', 'purpose', 'record'])
  const text = JSON.stringify(secrets.site)
  for (const secret of [secrets.owner.password, secrets.worker.database.password, secrets.desk.database.password, secrets.worker.linkKey, secrets.worker.installId, secrets.inbox.inboxKey]) assert.ok(!text.includes(secret))
})
