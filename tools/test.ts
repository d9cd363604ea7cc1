/**
 * Runs tests: `node tools/test.ts [file …] [--name=PATTERN]`, all of them without a file. Starts one database server, prepares the templates that
 * every test file clones and the folder that every story begins with, and ends with the runner's own summary.
 */
import { existsSync, globSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join, resolve } from 'node:path'
import { run } from 'node:test'
import { spec } from 'node:test/reporters'
import { fileURLToPath, pathToFileURL } from 'node:url'
import { migrate } from '#platform/migrate.ts'
import { openDb, openPool } from '#platform/db.ts'
import { loadWorld } from '#world/load.ts'
import { emptyFolder, startClarion } from '#test/support/clarion.ts'
import { rolePassword, rolePrefix, type TestCluster } from '#test/support/cluster.ts'
import { throwawayCluster } from './throwaway-cluster.ts'
import { throwawayPlace } from './throwaway-place.ts'

const given = process.argv.slice(2).filter((word) => !word.startsWith('-'))
const names = process.argv.slice(2).flatMap((word) => /^--name=(.+)$/.exec(word)?.[1] ?? [])
const absent = given.filter((file) => !existsSync(file))
if (absent.length > 0) {
  console.error(`There is no ${absent.join(', ')}.`)
  process.exit(2)
}
const files = (given.length ? given : globSync(['src/**/*.test.ts', 'test/**/*.test.ts'])).toSorted()

/** What has nothing to say about another server. */
const aboutTheEmbeddedServer: Record<string, string> = {
  'test/faults/starting.test.ts': 'about starting, adopting and recovering the embedded server',
  'test/faults/full-disk.test.ts': 'about the folder of the embedded server on a full disk',
  'test/faults/away.test.ts': 'holds the embedded server; database-away.test.ts stops this one',
  'test/faults/under-load.test.ts': 'kills the embedded server, which only our supervisor starts again; database-away.test.ts does the like to this one',
}
/** What looks at the process that it runs in. */
const byItself = ['test/promises/public-process.test.ts', 'test/promises/canary.test.ts']
const other = Boolean(process.env.CLARION_TEST_POSTGRES)

using place = throwawayPlace()
process.env.TMPDIR = place.folder
await using cluster = await throwawayCluster()
const passwords = { site: rolePassword, worker: rolePassword, desk: rolePassword }
await migrate(await cluster.createDatabase('template_empty'), passwords, { rolePrefix })
const world = await cluster.createDatabase('template_world', 'template_empty')
const pool = openPool(world, { name: 'templates', size: 1 })
await loadWorld(openDb(pool), new Date())
await pool.end()

const { socketFolder, password } = cluster.address('postgres') as { socketFolder: string, password: string }
const chosen = other ? files.filter((file) => !(file in aboutTheEmbeddedServer)) : files
for (const file of files) if (!chosen.includes(file)) console.log(`Left out: ${file}: ${aboutTheEmbeddedServer[file]}.`)

using prepared = other || !chosen.some((file) => readFileSync(file, 'utf8').includes('startClarion(')) ? undefined : await preparedFolder()
process.env.CLARION_TEST_CLUSTER = JSON.stringify({ socketFolder, password, folder: cluster.folder, other, prepared: prepared?.folder } satisfies TestCluster)
// Every file loads much of the same program.
process.env.NODE_COMPILE_CACHE ??= fileURLToPath(new URL('../node_modules/.cache/modules', import.meta.url))

using together = names.length ? { files: chosen, [Symbol.dispose]: () => {} } : groups(chosen)

const failed = await new Promise<boolean>((resolve) => {
  let any = false
  run({ files: together.files, concurrency: 4, timeout: 900_000, execArgv: ['--disable-warning=ExperimentalWarning'], testNamePatterns: names })
    .on('test:fail', () => { any = true })
    .compose(spec)
    .on('end', () => resolve(any))
    .pipe(process.stdout)
})
process.exitCode = failed ? 1 : 0

/** A folder in which a Clarion has been started once and stopped. */
async function preparedFolder(): Promise<{ folder: string } & Disposable> {
  const folder = emptyFolder()
  await (await startClarion({ folder })).stop()
  return { folder, [Symbol.dispose]: () => rmSync(folder, { recursive: true, force: true }) }
}

/**
 * What runs in one process each: every story and fault by itself, rules and pages some dozen after the other, because each process would load most of the
 * program for itself. A file is a test there, with everything in it beneath. Whatever runs alone in the end keeps everybody waiting.
 */
function groups(all: string[]): { files: string[] } & Disposable {
  const shared = all.filter((file) => /^(src|test\/pages|test\/promises)\//.test(file) && !byItself.includes(file))
  const folder = mkdtempSync(join(tmpdir(), 'clarion-tests-'))
  const dispose = () => rmSync(folder, { recursive: true, force: true })
  const count = Math.min(6, Math.ceil(shared.length / 6))
  const made = Array.from({ length: count }, (_, place) => {
    const its = shared.filter((_file, at) => at % count === place)
    const group = join(folder, `group-${place + 1}.test.ts`)
    writeFileSync(group, `import { test } from 'node:test'\n${its.map((file) => `await test(${JSON.stringify(file)}, { timeout: Infinity }, async () => { await import(${JSON.stringify(pathToFileURL(resolve(file)).href)}) })`).join('\n')}\n`)
    return group
  })
  const alone = longestFirst(all.filter((file) => !shared.includes(file)))
  const waiting = alone.filter((file) => file.startsWith('test/faults/'))
  return { files: [...alternating(made, waiting), ...alone.filter((file) => !waiting.includes(file))], [Symbol.dispose]: dispose }
}

/** Groups compute all the time, and faults wait for most of it: side by side they leave no core idle. */
function alternating(some: string[], others: string[]): string[] {
  const each = Math.ceil(others.length / Math.max(1, some.length))
  return [...some.flatMap((file, place) => [file, ...others.slice(place * each, (place + 1) * each)]), ...others.slice(some.length * each)]
}

function longestFirst(all: string[]): string[] {
  const order = ['test/stories/', 'test/smtp/', 'test/faults/', 'test/proxies/', 'test/promises/']
  return all.toSorted((one, another) => order.findIndex((start) => one.startsWith(start)) - order.findIndex((start) => another.startsWith(start)))
}
