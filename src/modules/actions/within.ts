import { sql, type Db, type RawBuilder } from '#platform/db.ts'
import type { Reach } from '#modules/staff/index.ts'

/**
 * Whether a row of `actions` lies within what somebody looks after: it was assigned to them, it is addressed to a body of a country
 * that was, or the page of a place that was leads to it. Stands in a query that has the table `actions`.
 */
export function withinReach(reach: Reach): RawBuilder<boolean> {
  if (reach === 'everywhere') return sql`true`
  const named = (kind: string) => reach.flatMap((place) => (place.startsWith(`${kind}:`) ? [place.slice(kind.length + 1)] : []))
  return sql`(actions.id::text = any (${named('action')}::text[]) or exists (
    select from action_targets target left join offices on offices.id = target.office_id join bodies on bodies.id = coalesce(target.body_id, offices.body_id)
    where target.action_id = actions.id and bodies.country = any (${named('place')}::text[]))
    or exists (select from subject_actions join subjects on subjects.id = subject_actions.subject_id
      where subject_actions.action_id = actions.id and subjects.kind = 'place' and subjects.code = any (${named('place')}::text[])))`
}

export async function actionWithin(db: Db, reach: Reach, actionId: string): Promise<boolean> {
  const { rows } = await sql`select from actions where id = ${actionId} and ${withinReach(reach)}`.execute(db)
  return rows.length > 0
}
