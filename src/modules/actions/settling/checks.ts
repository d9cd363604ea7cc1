import { sql, type Tx } from '#platform/db.ts'
import { erasedAmong, erasedAt, normaliseAddress, type IndexedAddresses } from '#modules/people/index.ts'
import { findAreas } from '#modules/targets/index.ts'
import type { SettledTaking } from './takings.ts'

export interface CheckedTaking extends SettledTaking {
  areaId: string | null
  rehearsalId: string | null
}

/**
 * Holds takings against what exists: action, ask, rehearsal, statements, area. The public server checked them before; this is
 * for the day when it is not our code that runs there.
 */
export async function checkTakings(tx: Tx, takings: SettledTaking[], now: Date): Promise<{ good: CheckedTaking[], bad: SettledTaking[] }> {
  const actions = await knownActions(tx, takings)
  const asks = await knownAsks(tx, takings)
  const wordings = await knownWordings(tx, takings)
  const rehearsals = await openRehearsals(tx, takings, now)
  const areas = await areasOf(tx, takings, actions, now)
  const good: CheckedTaking[] = []
  const bad: SettledTaking[] = []
  for (const each of takings) {
    const { taking } = each
    const action = actions.get(taking.action)
    const rehearsalId = taking.rehearsal ? rehearsals.get(`${taking.rehearsal} ${taking.action}`) : null
    const askFits = action?.kind === 'petition' ? taking.ask !== undefined && asks.has(`${taking.ask} ${taking.action}`) : taking.ask === undefined
    const messageFits = (action?.kind === 'message') === (taking.message !== undefined)
    if (!action || !askFits || !messageFits || rehearsalId === undefined) {
      bad.push(each)
      continue
    }
    const answers = taking.answers.filter(({ statement, wording }) => wording === null || wordings.get(wording) === statement)
    good.push({ ...each, taking: { ...taking, answers }, rehearsalId, areaId: areas.get(taking.id) ?? null })
  }
  return { good, bad }
}

/**
 * What is left once those are gone who asked to be erased after they had handed this in: an erasure reaches what nobody has settled yet,
 * and what a restored copy settles again.
 */
export async function withoutErased(tx: Tx, addresses: IndexedAddresses, takings: SettledTaking[]): Promise<SettledTaking[]> {
  const erased = await erasedAt(tx, addresses)
  const alone = await erasedAmong(tx, takings.map(({ taking }) => taking.id))
  return erased.size + alone.size === 0 ? takings : takings.filter(({ taking }) => !alone.has(taking.id) && !(erased.get(normaliseAddress(taking.email))! > new Date(taking.at)))
}

interface KnownAction {
  kind: string
  scheme_id: string | null
}

function distinct<Value>(values: (Value | undefined | null)[]): Value[] {
  return [...new Set(values.filter((value) => value !== undefined && value !== null))] as Value[]
}

async function knownActions(tx: Tx, takings: SettledTaking[]): Promise<Map<string, KnownAction>> {
  const { rows } = await sql<KnownAction & { id: string }>`
    select id, kind, scheme_id from actions where id = any (${distinct(takings.map(({ taking }) => taking.action))}::uuid[])`.execute(tx)
  return new Map(rows.map((row) => [row.id, row]))
}

async function knownAsks(tx: Tx, takings: SettledTaking[]): Promise<Set<string>> {
  const { rows } = await sql<{ id: string, action_id: string }>`
    select id, action_id from asks where id = any (${distinct(takings.map(({ taking }) => taking.ask))}::uuid[])`.execute(tx)
  return new Set(rows.map((row) => `${row.id} ${row.action_id}`))
}

async function knownWordings(tx: Tx, takings: SettledTaking[]): Promise<Map<string, string>> {
  const { rows } = await sql<{ id: string, statement_id: string }>`
    select id, statement_id from consent_wordings where id = any (${distinct(takings.flatMap(({ taking }) => taking.answers.map((given) => given.wording)))}::uuid[])`.execute(tx)
  return new Map(rows.map((row) => [row.id, row.statement_id]))
}

async function openRehearsals(tx: Tx, takings: SettledTaking[], now: Date): Promise<Map<string, string>> {
  const hashes = distinct(takings.map(({ taking }) => taking.rehearsal))
  if (hashes.length === 0) return new Map()
  const { rows } = await sql<{ id: string, action_id: string, token_hash: Buffer }>`
    select id, action_id, token_hash from rehearsals
    where token_hash = any (${hashes.map((hash) => Buffer.from(hash, 'base64url'))}::bytea[]) and expires_at > ${now}`.execute(tx)
  return new Map(rows.map((row) => [`${row.token_hash.toString('base64url')} ${row.action_id}`, row.id]))
}

/** The area of each taking by its id: the one that was chosen, or the only one that its postcode lies in. */
async function areasOf(tx: Tx, takings: SettledTaking[], actions: Map<string, KnownAction>, now: Date): Promise<Map<string, string>> {
  const chosen = distinct(takings.map(({ taking }) => taking.area))
  const { rows } = await sql<{ id: string }>`select id from areas where id = any (${chosen}::text[])`.execute(tx)
  const exist = new Set(rows.map((row) => row.id))
  const areas = new Map<string, string>()
  const toFind: { scheme: string, code: string, id: string }[] = []
  for (const { taking } of takings) {
    const scheme = actions.get(taking.action)?.scheme_id
    if (taking.area && exist.has(taking.area)) areas.set(taking.id, taking.area)
    else if (taking.postcode && scheme) toFind.push({ scheme, code: taking.postcode, id: taking.id })
  }
  const found = await findAreas(tx, toFind.map(({ scheme, code }) => ({ scheme, code })), now)
  toFind.forEach(({ id }, place) => {
    const area = found[place]
    if (area) areas.set(id, area)
  })
  return areas
}
