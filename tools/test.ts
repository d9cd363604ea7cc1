/**
 * Runs tests: `node tools/test.ts [file …] [--name=PATTERN]`, all of them without a file. Starts one database server, prepares the templates that
 * every test file clones and the folder that every story begins with, and ends with the runner's own summary.
 */
import { globSync, readFileSync, rmSync } from 'node:fs'
import { run } from 'node:test'
import { spec } from 'node:test/reporters'
import { fileURLToPath } from 'node:url'
import { migrate } from '#platform/migrate.ts'
import { openDb, openPool } from '#platform/db.ts'
import { loadWorld } from '#world/load.ts'
import { emptyFolder, startClarion } from '#test/support/clarion.ts'
import { rolePassword, rolePrefix, type TestCluster } from '#test/support/cluster.ts'
import { throwawayCluster } from './throwaway-cluster.ts'

const given = process.argv.slice(2).filter((word) => !word.startsWith('-'))
const names = process.argv.slice(2).flatMap((word) => /^--name=(.+)$/.exec(word)?.[1] ?? [])
const files = (given.length ? given : globSync(['src/**/*.test.ts', 'test/**/*.test.ts'])).toSorted()

/** What has nothing to say about another server. */
const aboutTheEmbeddedServer: Record<string, string> = {
  'test/faults/starting.test.ts': 'about starting, adopting and recovering the embedded server',
  'test/faults/full-disk.test.ts': 'about the folder of the embedded server on a full disk',
  'test/faults/under-load.test.ts': 'kills the embedded server, which only our supervisor starts again; database-away.test.ts does the like to this one',
}
const other = Boolean(process.env.CLARION_TEST_POSTGRES)

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

const failed = await new Promise<boolean>((resolve) => {
  let any = false
  run({ files: longestFirst(chosen), concurrency: 3, timeout: 300_000, execArgv: ['--disable-warning=ExperimentalWarning'], testNamePatterns: names })
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

/** Stories and faults take longest, and whatever runs alone in the end keeps everybody waiting. */
function longestFirst(all: string[]): string[] {
  const order = ['test/stories/', 'test/smtp/', 'test/faults/', 'test/proxies/', 'test/pages/', 'src/', 'test/promises/']
  return all.toSorted((one, another) => order.findIndex((start) => one.startsWith(start)) - order.findIndex((start) => another.startsWith(start)))
}
