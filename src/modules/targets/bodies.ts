import { sql, type Db } from '#platform/db.ts'

/** A body as somebody sees it who keeps its offices right. */
export interface BodySummary {
  id: string
  name: string
  names: Record<string, string>
  offices: number
  vacant: number
  /** The day of the newest file that was loaded about it, as YYYY-MM-DD; null where all was entered by hand. */
  asOf: string | null
}

/** All bodies, by name, as of a day: a page of them, and how many there are. */
export async function bodySummaries(db: Db, page: { after: number, size: number }, on: string): Promise<{ bodies: BodySummary[], count: number }> {
  const { rows } = await sql<BodySummary & { count: number }>`
    select bodies.id, name, names, count(offices.id)::int as offices,
      count(offices.id) filter (where not exists (select from terms where terms.office_id = offices.id and coalesce(since <= ${on}, true) and coalesce(until > ${on}, true)))::int as vacant,
      (select max(as_of)::text from loaded_files where subject = 'body ' || bodies.id) as "asOf", count(*) over ()::int as count
    from bodies left join offices on offices.body_id = bodies.id and coalesce(offices.valid_until > ${on}, true)
    group by bodies.id order by name, bodies.id offset ${page.after} limit ${page.size}`.execute(db)
  return { bodies: rows.map(({ count: _count, ...body }) => body), count: rows[0]?.count ?? 0 }
}
