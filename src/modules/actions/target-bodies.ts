import { calendar, daysAround } from '#platform/days.ts'
import { sql, type Db } from '#platform/db.ts'
import { periodsOf, stateOn, zoneOf, type BodyState, type StatePeriod } from '#modules/targets/index.ts'
import type { ActionOptions, Conduct } from './action.ts'
import type { Standing } from './lifecycle.ts'
import type { TargetRule } from './rules/leads.ts'

/** A body that an action's targets belong to, how it stands, and what the action does because of that. */
export interface TargetBody {
  id: string
  name: string
  names: Record<string, string>
  state: BodyState
  since: string | null
  /** The day on which it sits again, if somebody has announced one. */
  until: string | null
  /** `candidates` only while there is an election to come with candidates that we know; before and after, messages are held. */
  conduct: Conduct
  /** Bodies whose offices are candidacies for this one. */
  candidates: string[]
  /** For a named office of it, the candidacies in the same area. */
  candidateOffices: Record<string, string[]>
}

interface BodyRow {
  action_id: string
  id: string
  name: string
  names: Record<string, string>
  zone: string
  periods: StatePeriod[]
  offices: string[]
  candidates: { id: string, electionOn: string | null, offices: { id: string, of: string }[] }[]
}

/** What an action does in a state, as its staff chose. */
export function conductIn(state: BodyState, options: Pick<ActionOptions, 'whenRecess' | 'whenDissolved'>): Conduct {
  return state === 'recess' ? options.whenRecess : state === 'dissolved' ? options.whenDissolved : 'go-on'
}

/** The bodies of some actions' targets at a moment, by action. In one statement. The public server reads what is public; staff see drafts too. */
export async function targetBodies(db: Db, actions: { id: string, options: ActionOptions }[], now: Date, targets: 'public_action_targets' | 'action_targets' = 'public_action_targets'): Promise<Map<string, TargetBody[]>> {
  if (actions.length === 0) return new Map()
  const { first } = daysAround(now)
  const { rows } = await sql<BodyRow>`
    with written as (
      select action_id, coalesce(target.body_id, offices.body_id) as body_id, array_remove(array_agg(target.office_id), null) as offices
      from ${sql.table(targets)} target left join offices on offices.id = target.office_id where action_id = any (${actions.map(({ id }) => id)}::uuid[]) group by 1, 2)
    select written.action_id, bodies.id, bodies.name, bodies.names, ${zoneOf('bodies')} as zone, written.offices, ${periodsOf('bodies', first)} as periods,
      coalesce((select jsonb_agg(jsonb_build_object('id', candidacy.id, 'electionOn', candidacy.election_on, 'offices', coalesce((
          select jsonb_agg(jsonb_build_object('id', theirs.id, 'of', named.id)) from offices named join offices theirs on theirs.area_id = named.area_id and theirs.body_id = candidacy.id
          where named.id = any (written.offices)), '[]')))
        from bodies candidacy where candidacy.candidates_for = bodies.id and coalesce(candidacy.election_on >= ${first}, true)), '[]') as candidates
    from written join bodies on bodies.id = written.body_id order by bodies.name`.execute(db)
  const options = new Map(actions.map((action) => [action.id, action.options]))
  const dayOf = calendar(now)
  const byAction = Map.groupBy(rows, (row) => row.action_id)
  return new Map([...byAction].map(([id, its]) => [id, its.map((row) => targetBody(row, options.get(id)!, dayOf(row.zone)))]))
}

function targetBody(row: BodyRow, options: ActionOptions, today: string): TargetBody {
  const standing = stateOn(row.periods, today)
  const standingFor = row.candidates.filter(({ electionOn }) => electionOn === null || electionOn >= today)
  const chosen = conductIn(standing.state, options)
  return {
    id: row.id, name: row.name, names: row.names, ...standing, conduct: chosen === 'candidates' && standingFor.length === 0 ? 'hold' : chosen,
    candidates: standingFor.map((each) => each.id),
    candidateOffices: Object.fromEntries(row.offices.map((office) => [office, standingFor.flatMap((each) => each.offices.filter(({ of }) => of === office).map(({ id }) => id))])),
  }
}

/** An open action takes nothing while a body that it writes to does not sit and its staff chose so. */
export function standingWith(bodies: TargetBody[], standing: Standing): Standing {
  return standing === 'open' && bodies.some(({ conduct }) => conduct === 'pause' || conduct === 'petition') ? 'adjourned' : standing
}

/** Whom an action's rules lead to as its bodies stand: candidates in the place of those whose body is dissolved, where staff chose so. */
export function rulesNow(rules: TargetRule[], bodies: TargetBody[]): TargetRule[] {
  const elected = bodies.filter(({ conduct }) => conduct === 'candidates')
  if (elected.length === 0) return rules
  return rules.flatMap((rule): TargetRule[] => {
    if ('embassyOf' in rule) return [rule]
    const body = elected.find((each) => ('body' in rule ? each.id === rule.body : rule.office in each.candidateOffices))
    if (!body) return [rule]
    const group = rule.group === undefined ? {} : { group: rule.group }
    return 'body' in rule ? body.candidates.map((id) => ({ body: id, ...group })) : body.candidateOffices[rule.office]!.map((office) => ({ office, ...group }))
  })
}
