import { sql, type Db } from '#platform/db.ts'
import { decide, knownSupporter, knownTarget, rulesOf } from '#modules/actions/index.ts'
import { officesById, type OfficeFacts } from '#modules/targets/index.ts'
import type { DueMessage } from './courier.ts'

type Asked = Pick<DueMessage, 'personId' | 'id' | 'participationId' | 'actionId' | 'officeId' | 'copy' | 'variantId'>

/**
 * Holds messages that are about to leave against their action's rules once more: the office may have another holder by now, and
 * staff may have changed the rules. A message whose office gets other words today than its writer saw, or none, waits; nobody's
 * words go to somebody they were not meant for. Returns the ids of those that wait.
 */
export async function ruledOut(db: Db, messages: Asked[], offices: Map<string, OfficeFacts>, now: Date): Promise<Set<string>> {
  const out = new Set(await contradicted(db, messages, offices))
  const held = messages.filter((message) => out.has(message.id))
  if (held.length) {
    await sql`
      update messages set state = 'waiting', waiting_for = null, ruled_out = true, due_at = ${now}
      from unnest(${held.map((each) => each.personId)}::uuid[], ${held.map((each) => each.id)}::uuid[]) as held (person_id, id)
      where messages.person_id = held.person_id and messages.id = held.id and messages.state = 'queued'`.execute(db)
  }
  return out
}

async function contradicted(db: Db, messages: Asked[], offices: Map<string, OfficeFacts>): Promise<string[]> {
  const rules = await rulesOf(db, [...new Set(messages.map((message) => message.actionId))])
  const ruled = messages.filter((message) => rules.has(message.actionId) && offices.has(message.officeId))
  if (ruled.length === 0) return []
  const { rows } = await sql<{ id: string, country: string | null, language: string, area: { id: string, name: string, names: Record<string, string> } | null }>`
    select p.id, p.country, p.language, case when areas.id is not null then json_build_object('id', areas.id, 'name', areas.name, 'names', areas.names) end as area
    from unnest(${ruled.map((each) => each.personId)}::uuid[], ${ruled.map((each) => each.participationId)}::uuid[]) as asked (person_id, id)
    join participations p using (person_id, id) left join areas on areas.id = p.area_id`.execute(db)
  const supporters = new Map(rows.map((row) => [row.id, knownSupporter(row)]))
  return ruled.filter((message) => {
    const decision = decide(rules.get(message.actionId)!, knownTarget(offices.get(message.officeId)!), supporters.get(message.participationId) ?? {})
    if (message.copy) return decision.answer === 'skip'
    return decision.answer !== 'write' || decision.variant !== message.variantId
  }).map((message) => message.id)
}

const mostAtOnce = 2000

/** Puts messages back in the queue that the rules, or the holder of the office, no longer contradict. */
export async function releaseRuledOut(db: Db, now: Date): Promise<void> {
  const { rows } = await sql<{ person_id: string, id: string, participation_id: string, action_id: string, office_id: string, copy: boolean, variant_id: string | null }>`
    select person_id, id, participation_id, action_id, office_id, copy, variant_id from messages where state = 'waiting' and ruled_out order by random() limit ${mostAtOnce}`.execute(db)
  if (rows.length === 0) return
  const messages = rows.map((row): Asked => ({ personId: row.person_id, id: row.id, participationId: row.participation_id, actionId: row.action_id, officeId: row.office_id, copy: row.copy, variantId: row.variant_id }))
  const offices = new Map((await officesById(db, [...new Set(messages.map((message) => message.officeId))], now)).map((office) => [office.id, office]))
  const still = new Set(await contradicted(db, messages, offices))
  const free = messages.filter((message) => !still.has(message.id) && offices.has(message.officeId))
  await sql`
    update messages set state = 'queued', ruled_out = false
    from unnest(${free.map((each) => each.personId)}::uuid[], ${free.map((each) => each.id)}::uuid[]) as free (person_id, id)
    where messages.person_id = free.person_id and messages.id = free.id and messages.state = 'waiting' and messages.ruled_out`.execute(db)
}
