import { sql, type Tx } from '#platform/db.ts'
import { currentIndexKey } from '#platform/sealing/index.ts'
import { reindexLinks } from '#modules/people/index.ts'
import { detailsPlace, type Details } from './details.ts'
import { likenesses } from './likeness.ts'
import { nameIndex } from './sharing.ts'
import type { Keys } from './workshop.ts'

interface Row {
  person_id: string
  id: string
  details: Buffer | null
  name_index: Buffer | null
  domain_index: Buffer | null
  pattern_index: Buffer | null
}

/** From an index of a likeness under an older key to the same under the newest. */
export interface LikenessPair {
  old: Buffer
  fresh: Buffer
}

/**
 * Makes the indexes of some people's participations again, under the newest key: of names, of domains and of shapes of addresses. Safe to
 * repeat. Returns what likenesses were called before and are called now.
 */
export async function reindexParticipations(tx: Tx, keys: Pick<Keys, 'opener' | 'indexKeys'>, emails: Map<string, string>): Promise<LikenessPair[]> {
  const { rows } = await sql<Row>`
    select p.person_id, p.id, p.details, p.name_index, p.domain_index, p.pattern_index from participations p join people on people.id = p.person_id
    where p.person_id = any (${[...emails.keys()]}::uuid[]) and (p.name_index is not null or p.domain_index is not null) order by p.person_id, p.taken_at, p.id for update of p, people`.execute(tx)
  if (rows.length === 0) return []
  const likenessOf = likenesses(keys.indexKeys)
  const pairs = new Map<string, LikenessPair>()
  const renamed = (old: Buffer | null, fresh: Buffer | null): Buffer | null => {
    if (!old || !fresh) return old
    if (!old.equals(fresh)) pairs.set(old.toString('hex'), { old, fresh })
    return fresh
  }
  // What was taken back no longer says its name; another participation of the same name does.
  const names = new Map<string, { personId: string, old: Buffer, fresh: Buffer }>()
  const nameOf = ({ person_id: personId, name_index: name }: Row) => `${personId} ${name?.toString('hex')}`
  await Promise.all(rows.map(async (row) => {
    const { name } = row.details && row.name_index ? await keys.opener.open<Details>(detailsPlace(row.id), row.details).catch((): Details => ({})) : {}
    if (name !== undefined) names.set(nameOf(row), { personId: row.person_id, old: row.name_index!, fresh: nameIndex(currentIndexKey(keys.indexKeys), row.person_id, name) })
  }))
  const fresh = rows.map((row) => {
    const alike = likenessOf(emails.get(row.person_id)!)
    return {
      name: names.get(nameOf(row))?.fresh ?? row.name_index,
      domain: renamed(row.domain_index, alike.domain), pattern: renamed(row.pattern_index, alike.pattern),
    }
  })
  await sql`
    update participations p set name_index = fresh.name_index, domain_index = fresh.domain_index, pattern_index = fresh.pattern_index
    from unnest(${rows.map((row) => row.person_id)}::uuid[], ${rows.map((row) => row.id)}::uuid[], ${fresh.map((each) => each.name)}::bytea[], ${fresh.map((each) => each.domain)}::bytea[], ${fresh.map((each) => each.pattern)}::bytea[])
      as fresh (person_id, id, name_index, domain_index, pattern_index)
    where p.person_id = fresh.person_id and p.id = fresh.id`.execute(tx)
  await reindexLinks(tx, [...names.values()])
  return [...pairs.values()]
}
