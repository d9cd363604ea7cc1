import { sql, type Db } from '#platform/db.ts'
import type { RoleName } from '#platform/migrate.ts'

/** What one role may do with a table or view of ours: columns by right, and rights to the whole. */
export interface Rights {
  relation: string
  kind: 'table' | 'view'
  columns: string[]
  reads: string[]
  adds: string[]
  changes: string[]
  /** Of delete, truncate, references and trigger. */
  whole: string[]
}

/** Asks the database what a role may do with every table and view, its own rights and those of everybody. */
export async function rightsOf(db: Db, roleInDatabase: string): Promise<Rights[]> {
  const { rows } = await sql<Rights>`
    select relname as relation, case relkind when 'v' then 'view' else 'table' end as kind,
      array_agg(attname::text order by attnum) as columns,
      coalesce(array_agg(attname::text order by attnum) filter (where has_column_privilege(${roleInDatabase}, relation.oid, attnum, 'select')), '{}') as reads,
      coalesce(array_agg(attname::text order by attnum) filter (where has_column_privilege(${roleInDatabase}, relation.oid, attnum, 'insert')), '{}') as adds,
      coalesce(array_agg(attname::text order by attnum) filter (where has_column_privilege(${roleInDatabase}, relation.oid, attnum, 'update')), '{}') as changes,
      (select coalesce(array_agg(priv), '{}') from unnest(array['delete', 'truncate', 'references', 'trigger']) priv where has_table_privilege(${roleInDatabase}, relation.oid, priv)) as whole
    from pg_class relation join pg_attribute on attrelid = relation.oid and attnum > 0 and not attisdropped
    where relnamespace = 'public'::regnamespace and relkind in ('r', 'p', 'v', 'm', 'f')
    group by relation.oid, relname, relkind order by relname`.execute(db)
  return rows
}

/** Rights in short: a relation's name where all of its columns are meant, else with the columns. */
export function inShort(rights: Rights[], right: 'reads' | 'adds' | 'changes'): string[] {
  return rights.flatMap((each) => (each[right].length === 0 ? [] : each[right].length === each.columns.length ? [each.relation] : [`${each.relation} (${each[right].join(' ')})`]))
}

export const byRole = <Value>(make: (role: RoleName) => Value): Record<RoleName, Value> => ({ site: make('site'), worker: make('worker'), desk: make('desk') })
