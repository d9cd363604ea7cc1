/**
 * Writes docs/privacy.md, what is kept of whom and why, from the inventory and the database's own rights: `npm run docs`.
 * With `--check` it writes nothing and fails if the page is not what they say.
 */
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import { openDb, openPool } from '#platform/db.ts'
import { migrate } from '#platform/migrate.ts'
import { privacyPage } from './privacy-page.ts'
import { throwawayCluster } from './throwaway-cluster.ts'

const target = fileURLToPath(new URL('../docs/privacy.md', import.meta.url))

await using cluster = await throwawayCluster()
const address = await cluster.createDatabase('clarion')
await migrate(address, { site: 'x', worker: 'x', desk: 'x' })
const pool = openPool(address, { name: 'privacy', size: 3 })
const text = await privacyPage(openDb(pool), 'clarion')
await pool.end()
if (process.argv.includes('--check')) {
  if (readFileSync(target, 'utf8') !== text) throw new Error('docs/privacy.md is not what the inventory says: run "npm run docs"')
} else {
  mkdirSync(fileURLToPath(new URL('../docs/', import.meta.url)), { recursive: true })
  writeFileSync(target, text)
}
