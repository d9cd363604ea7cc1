import { sql, type Tx } from '#platform/db.ts'
import { currentIndexKey, keyedIndex, type IndexKey } from '#platform/sealing/index.ts'

/** How many people of one mailbox an action counts: a couple, a parent and a child. More names with one address look like one person. */
const mostPlaces = 2

/** The index of a name, for telling apart who shares a mailbox: spaces, case, marks and punctuation make no difference. */
export function nameIndex(key: IndexKey, personId: string, name: string): Buffer {
  return keyedIndex(key, 'name', `${personId}\n${name.normalize('NFKD').toLowerCase().replace(/[^\p{L}\p{N}]/gu, '')}`).subarray(0, 16)
}

export interface Named {
  personId: string
  actionId: string
  name: string
}

/** Where somebody stands among those who took the action with the same mailbox and confirmed it. */
export type Standing = { kind: 'first' | 'second', place: number } | { kind: 'repeated', place: number }

/** Who of each mailbox has taken an action; those that join it are remembered, so that the next ones are held against them too. */
export class Places {
  readonly #keys: IndexKey[]
  readonly #taken: Map<string, { place: number, name: string | undefined }[]>

  constructor(keys: IndexKey[], taken: Map<string, { place: number, name: string | undefined }[]>) {
    this.#keys = keys
    this.#taken = taken
  }

  standingOf({ personId, actionId, name }: Named): Standing {
    const taken = this.#taken.get(`${personId} ${actionId}`)
    if (!taken?.length) return { kind: 'first', place: 0 }
    const names = new Set(this.#keys.map((key) => nameIndex(key, personId, name).toString('latin1')))
    // Whoever confirmed before names were told apart has no index: then it is taken for the same person.
    const same = taken.find((each) => each.name === undefined || names.has(each.name))
    if (same || taken.length >= mostPlaces) return { kind: 'repeated', place: same?.place ?? 0 }
    return { kind: 'second', place: taken[0]!.place === 0 ? 1 : 0 }
  }

  join(who: Named, place: number): void {
    const key = `${who.personId} ${who.actionId}`
    this.#taken.set(key, [...this.#taken.get(key) ?? [], { place, name: nameIndex(currentIndexKey(this.#keys), who.personId, who.name).toString('latin1') }])
  }
}

/** The places that are taken by those who have confirmed. */
export async function takenPlaces(tx: Tx, keys: IndexKey[], asked: { personId: string, actionId: string }[]): Promise<Places> {
  const { rows } = await sql<{ person_id: string, action_id: string, place: number, name_index: Buffer | null }>`
    select distinct done.person_id, done.action_id, done.place, done.name_index
    from unnest(${asked.map((each) => each.personId)}::uuid[], ${asked.map((each) => each.actionId)}::uuid[]) as asked (person_id, action_id)
    join participations done on done.person_id = asked.person_id and done.action_id = asked.action_id and done.state = 'confirmed' and done.rehearsal_id is null`.execute(tx)
  const taken = new Map<string, { place: number, name: string | undefined }[]>()
  for (const row of rows) {
    const key = `${row.person_id} ${row.action_id}`
    taken.set(key, [...taken.get(key) ?? [], { place: row.place, name: row.name_index?.toString('latin1') }])
  }
  return new Places(keys, taken)
}
