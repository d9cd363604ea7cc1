import assert from 'node:assert/strict'
import { readFileSync } from 'node:fs'
import { test } from 'node:test'
import { sql } from '#platform/db.ts'
import { roleFor, roleNames } from '#platform/migrate.ts'
import { inventory, views, type DataClass } from '#modules/privacy/index.ts'
import { rolePrefix } from '#test/support/cluster.ts'
import { rightsOf } from '#test/support/rights.ts'
import { stage } from '#test/support/stage.ts'
import { privacyPage } from '../../tools/privacy-page.ts'

const it = await stage({ template: 'empty' })

interface Column {
  table: string
  column: string
  type: string
}

const tables = inventory.flatMap(({ tables }) => Object.entries(tables))
const classOf = new Map(tables.flatMap(([table, { columns }]) => columns.flatMap(([dataClass, names]) => names.split(' ').map((name): [string, DataClass] => [`${table}.${name}`, dataClass]))))

async function realColumns(kind: 'r' | 'v'): Promise<Column[]> {
  const { rows } = await sql<Column>`
    select relname::text as table, attname::text as column, format_type(atttypid, null) as type from pg_class join pg_attribute on attrelid = pg_class.oid and attnum > 0 and not attisdropped
    where relnamespace = 'public'::regnamespace and relkind = ${kind} order by 1, attnum`.execute(it.db)
  return rows
}

test('every column of the database is listed in the inventory once, and nothing else is', async () => {
  const listed = tables.flatMap(([table, { columns }]) => columns.flatMap(([, names]) => names.split(' ').map((name) => `${table}.${name}`)))
  assert.deepEqual(listed.toSorted(), (await realColumns('r')).map(({ table, column }) => `${table}.${column}`).toSorted())
  assert.deepEqual(Object.keys(views).toSorted(), [...new Set((await realColumns('v')).map(({ table }) => table))].toSorted())
  for (const [name, { about, kept, columns }] of tables) for (const text of [about, kept, ...columns.map(([, , purpose]) => purpose)]) assert.ok(text.trim(), name)
})

test('there are no tables of ours outside of it: the queue’s schema holds ids only and no other schema holds anything', async () => {
  const { rows } = await sql<{ schema: string }>`select distinct nspname as schema from pg_class join pg_namespace on pg_namespace.oid = relnamespace where relkind in ('r', 'p', 'm', 'f') and nspname !~ '^(pg_|information_schema)' order by 1`.execute(it.db)
  assert.deepEqual(rows.map(({ schema }) => schema), ['pgboss', 'public'])
})

test('what is sealed, and every fingerprint, is bytes; no other class hides in bytes but files and public keys', async () => {
  const bytes = new Set(['sealed', 'index', 'token'])
  const plainBytes = new Set(['files.hash', 'files.bytes', 'cards.png', 'bulletin_sheets.pdf', 'file_texts.hash', 'file_pages.hash', 'image_files.hash', 'revision_files.hash', 'action_sheets.hash', 'publisher.logo', 'imports.file', 'digest_imports.file', 'passkeys.id', 'passkeys.public_key', 'duplicate_salts.salt', 'audit_chain.hash'])
  for (const { table, column, type } of await realColumns('r')) {
    const name = `${table}.${column}`
    assert.equal(type === 'bytea', bytes.has(classOf.get(name)!) || plainBytes.has(name), `${name} is ${classOf.get(name)} and ${type}`)
  }
})

test('the public server reads nothing that is about a person; the worker and the desk read what their work needs of what identifies one', async () => {
  const may: Record<string, DataClass[]> = { site: ['public', 'internal'], worker: ['public', 'internal', 'staff', 'personal', 'shown', 'sealed', 'index', 'token', 'secret'], desk: ['public', 'internal', 'staff', 'personal', 'shown', 'sealed', 'token', 'secret'] }
  const found: Record<string, string[]> = {}
  for (const role of roleNames) {
    const reads = (await rightsOf(it.db, roleFor(rolePrefix, role))).filter(({ kind }) => kind === 'table').flatMap(({ relation, reads }) => reads.map((column) => `${relation}.${column}`))
    assert.deepEqual(reads.filter((name) => !may[role]!.includes(classOf.get(name)!)), [], role)
    found[role] = reads.filter((name) => ['sealed', 'secret', 'token'].includes(classOf.get(name)!))
  }
  assert.deepEqual(found, {
    site: [],
    worker: ['address_changes.token_hash', 'address_changes.contact', 'capsules.token_hash', 'capsules.token', 'capsules.contents', 'capsules.record_contents', 'code_tries.cookie_hash', 'data_links.token_hash', 'digests.token_hash', 'duplicate_salts.salt', 'intake.contact', 'intake.record', 'intake_refused.contact', 'intake_refused.record', 'known_browsers.token_hash', 'links.token_hash',
      'message_texts.contact', 'message_texts.record', 'participations.cookie_hash', 'participations.code_hash', 'participations.details', 'participations.record', 'people.contact', 'person_searches.query',
      'recovery_keys.index_keys', 'rehearsals.token_hash', 'removals.domain', 'returned_letters.contact', 'returned_letters.record', 'returned_mails.contact', 'staff.contact', 'supporter_requests.change', 'suppression_requests.query'],
    desk: ['capsules.token_hash', 'capsules.token', 'capsules.record_contents', 'desk_sessions.token_hash', 'passkey_challenges.token_hash', 'passkey_challenges.challenge', 'person_searches.query', 'recovery_codes.code_hash', 'recovery_keys.index_keys', 'rehearsals.token_hash', 'signin_links.token_hash',
      'staff.contact', 'staff.password_hash', 'staff.one_time_secret', 'supporter_requests.change'],
  })
})

test('no view shows bytes but those of public files', async () => {
  assert.deepEqual((await realColumns('v')).filter(({ type }) => type === 'bytea').map(({ table, column }) => `${table}.${column}`), ['public_bulletin_sheets.pdf', 'public_cards.png', 'public_file_pages.hash', 'public_files.hash', 'public_files.bytes', 'public_sheets.hash'])
})

test('docs/privacy.md is what the inventory and the database say', async () => {
  assert.equal(readFileSync('docs/privacy.md', 'utf8'), await privacyPage(it.db, rolePrefix), 'run "npm run docs"')
})
