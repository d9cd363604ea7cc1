/**
 * Runs tests: `node tools/test.ts [file …]`, all of them without a file. Starts one database server, prepares the templates that
 * every test file clones, and ends with the runner's own summary.
 */
import { spawn } from 'node:child_process'
import { globSync } from 'node:fs'
import { migrate } from '#platform/migrate.ts'
import { openDb, openPool } from '#platform/db.ts'
import { loadWorld } from '#world/load.ts'
import { rolePassword, rolePrefix, type TestCluster } from '#test/support/cluster.ts'
import { throwawayCluster } from './throwaway-cluster.ts'

const given = process.argv.slice(2).filter((word) => !word.startsWith('-'))
const flags = process.argv.slice(2).filter((word) => word.startsWith('-'))
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
const run = other ? files.filter((file) => !(file in aboutTheEmbeddedServer)) : files
for (const file of files) if (!run.includes(file)) console.log(`Left out: ${file}: ${aboutTheEmbeddedServer[file]}.`)
const runner = spawn(process.execPath, ['--disable-warning=ExperimentalWarning', '--test', '--test-concurrency=2', '--test-timeout=180000', ...flags, ...run], {
  stdio: 'inherit', env: { ...process.env, CLARION_TEST_CLUSTER: JSON.stringify({ socketFolder, password, folder: cluster.folder, other } satisfies TestCluster) },
})
process.exitCode = await new Promise<number>((resolve) => runner.on('exit', (code) => resolve(code ?? 1)))
