import { sql, type Tx } from '#platform/db.ts'
import type { MessageText, TargetRule } from '#modules/actions/index.ts'
import type { OfficeFacts } from '#modules/targets/index.ts'

/**
 * The rules of several actions, and candidates for seats in their bodies beside them: whoever wrote to one of them before a body
 * changed its state wrote to somebody who was offered then.
 */
export async function withCandidates(tx: Tx, rules: Map<string, TargetRule[]>): Promise<Map<string, TargetRule[]>> {
  const all = [...rules.values()].flat()
  const bodies = all.flatMap((rule) => ('body' in rule ? [rule.body] : []))
  const offices = all.flatMap((rule) => ('office' in rule ? [rule.office] : []))
  const { rows } = await sql<{ of: string, kind: 'body' | 'office', id: string }>`
    select candidates_for as of, 'body' as kind, id from bodies where candidates_for = any (${bodies}::text[])
    union all
    select named.id, 'office', theirs.id from offices named join bodies candidacy on candidacy.candidates_for = named.body_id
      join offices theirs on theirs.body_id = candidacy.id and theirs.area_id = named.area_id where named.id = any (${offices}::text[])`.execute(tx)
  const beside = Map.groupBy(rows, (row) => row.of)
  return new Map([...rules].map(([id, its]) => [id, its.flatMap((rule): TargetRule[] => [
    rule, ...('embassyOf' in rule ? [] : beside.get('body' in rule ? rule.body : rule.office) ?? []).map((row): TargetRule => ({ ...(row.kind === 'body' ? { body: row.id } : { office: row.id }), ...(rule.group !== undefined && { group: rule.group }) })),
  ])]))
}

/** Whom a message to an office was written to, as JSON: the officials on its writer's page; where the page did not say, those who hold it now. */
export function writtenTo(text: MessageText, office: OfficeFacts): string {
  const place = text.offices.indexOf(office.id)
  return JSON.stringify(text.holdersOf?.[office.id] ?? text.holders?.[place] ?? office.holders.map((holder) => holder.id))
}
