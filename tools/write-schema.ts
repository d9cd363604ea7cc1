/**
 * Writes src/platform/schema.ts, the types of all tables and views, from the migrations: `npm run schema`.
 * With `--check` it writes nothing and fails if the file is not what the migrations say.
 */
import { readFileSync, writeFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import pg from 'pg'
import { clientSettings } from '#platform/db.ts'
import { migrate } from '#platform/migrate.ts'
import { throwawayCluster } from './throwaway-cluster.ts'

const target = fileURLToPath(new URL('../src/platform/schema.ts', import.meta.url))

interface Column {
  relation: string
  column: string
  type: string
  nullable: boolean
  has_default: boolean
  is_view: boolean
}

const columnsOfEverything = `
  select c.relname as relation, a.attname as "column", format_type(a.atttypid, null) as type,
    case when c.relkind = 'v' then not coalesce((
      select bool_and(source.attnotnull) from information_schema.view_column_usage used
      join pg_class origin on origin.relname = used.table_name and origin.relkind = 'r' and origin.relnamespace = c.relnamespace
      join pg_attribute source on source.attrelid = origin.oid and source.attname = used.column_name
      where used.view_name = c.relname and used.column_name = a.attname), false)
      and not (c.relname || '.' || a.attname = any ($1)) or c.relname || '.' || a.attname = any ($2)
      else not a.attnotnull end as nullable,
    a.atthasdef or a.attidentity <> '' as has_default, c.relkind = 'v' as is_view
  from pg_class c join pg_attribute a on a.attrelid = c.oid and a.attnum > 0 and not a.attisdropped
  where c.relnamespace = 'public'::regnamespace and c.relkind in ('r', 'v')
  order by c.relname, a.attnum`

// PostgreSQL does not know which columns of a view can be null; where the tables beneath do not tell either, this does.
const neverNull = [
  'public_action_words.revision_id', 'public_action_words.from_at', 'public_actions.rehearsing', 'public_statements.of_publisher', 'public_statements.wording_id',
  'public_statements.controller_names', 'public_asks.number', 'public_asks.first_signed_at',
  'public_count_changes.removal_id', 'public_count_changes.people', 'public_count_changes.happened_at',
  'public_item_words.item_id', 'public_item_words.language', 'public_item_words.revision_id', 'public_item_words.from_at', 'public_item_words.dated', 'public_item_words.saved_at',
  'public_items.id', 'public_items.slug', 'public_items.kind', 'public_items.thread', 'public_items.pinned', 'public_items.demo', 'public_items.dated', 'public_items.languages', 'public_items.published_at', 'public_items.updated_at',
  'public_subjects.id', 'public_subjects.kind', 'public_subjects.slug', 'public_subjects.code', 'public_subjects.item_id', 'public_former_slugs.kind', 'public_former_slugs.slug', 'public_former_slugs.now_slug',
  'public_records.revision_id', 'public_sources.revision_id', 'public_sources.language', 'public_sources.saved_at', 'public_corrections.made_in', 'public_corrections.corrected_saved_at',
]
const sometimesNull = ['public_action_words.ask']

const types: Record<string, string> = {
  uuid: 'string', text: 'string', bytea: 'Buffer', integer: 'number', smallint: 'number', bigint: 'number', numeric: 'string', boolean: 'boolean', tsvector: 'string',
  date: 'string', jsonb: 'Json', 'timestamp with time zone': 'Date', 'text[]': 'string[]', 'uuid[]': 'string[]', 'timestamp with time zone[]': 'Date[]',
}

function typeOf(column: Column): string {
  const type = types[column.type]
  if (!type) throw new Error(`No TypeScript type for ${column.type} (${column.relation}.${column.column})`)
  const orNull = column.nullable ? `${type} | null` : type
  return column.has_default && !column.is_view && type !== 'Json' ? `Generated<${orNull}>` : orNull
}

function pascal(name: string): string {
  return name.replace(/(^|_)([a-z])/g, (_, __, letter: string) => letter.toUpperCase())
}

function write(columns: Column[]): string {
  const relations = Map.groupBy(columns, (column) => column.relation)
  const tables = [...relations].map(([relation, its]) =>
    `export interface ${pascal(relation)}Row {\n${its.map((each) => `  ${each.column}: ${typeOf(each)}`).join('\n')}\n}\n`)
  const schema = [...relations.keys()].map((relation) => `  ${relation}: ${pascal(relation)}Row`)
  return `// Written by tools/write-schema.ts from the migrations: run "npm run schema" after changing them.
import type { ColumnType, Generated } from 'kysely'

/** Goes in as anything that JSON can say, comes out unchecked: read it with a zod schema. */
export type Json = ColumnType<unknown, unknown, unknown>

${tables.join('\n')}
export interface Schema {
${schema.join('\n')}
}
`
}

await using cluster = await throwawayCluster()
const address = await cluster.createDatabase('clarion')
await migrate(address, { site: 'x', worker: 'x', desk: 'x' })
const client = new pg.Client(clientSettings(address))
await client.connect()
const { rows } = await client.query<Column>(columnsOfEverything, [neverNull, sometimesNull])
await client.end()
const text = write(rows)
if (process.argv.includes('--check')) {
  if (readFileSync(target, 'utf8') !== text) throw new Error('src/platform/schema.ts is not what the migrations say: run "npm run schema"')
} else {
  writeFileSync(target, text)
}
