/**
 * Runs the tests against Debian's PostgreSQL 15 instead of the embedded server: `npm run test:postgres [-- file …]`. Installs it where it is
 * missing; the server that the tests use is one of their own, on a Unix socket in a temporary folder.
 */
import { spawnSync } from 'node:child_process'
import { fileURLToPath } from 'node:url'
import { needPackages } from './debian.ts'

const programs = '/usr/lib/postgresql/15/bin'
needPackages(['postgresql-15'], [`${programs}/postgres`, `${programs}/initdb`])
const { status } = spawnSync(process.execPath, [fileURLToPath(new URL('test.ts', import.meta.url)), ...process.argv.slice(2)], { stdio: 'inherit', env: { ...process.env, CLARION_TEST_POSTGRES: programs } })
process.exitCode = status ?? 1
