import { sql, type Tx } from '#platform/db.ts'
import { tokenHash } from '#platform/tokens.ts'
import { openContact } from '#modules/people/index.ts'
import type { Taking } from '../intake/entry.ts'
import { standingsOf, type KnownAs, type Yes } from './confirming.ts'
import type { Standing } from './sharing.ts'
import type { Keys } from './workshop.ts'

/** Which person each of these browsers confirmed an address for, not more than 30 days ago. */
export async function knownBrowsers(tx: Tx, tokens: string[], now: Date): Promise<Map<string, string>> {
  if (tokens.length === 0) return new Map()
  const { rows } = await sql<{ token: string, person_id: string }>`
    select asked.token, known.person_id
    from unnest(${tokens}::text[], ${tokens.map(tokenHash)}::bytea[]) as asked (token, token_hash)
    join known_browsers known using (token_hash) where known.expires_at > ${now}`.execute(tx)
  return new Map(rows.map((row) => [row.token, row.person_id]))
}

/** A taking from a browser that has confirmed its address. */
export interface FromKnown {
  taking: Taking
  personId: string
  areaId: string | null
  rehearsalId: string | null
  formHash: Buffer
}

/** Those that are confirmed as they come, and where they stand, by the participation's id. */
export interface AtOnce {
  yes: ReadonlyMap<string, Yes>
  standings: ReadonlyMap<string, Standing>
}

/**
 * Which takings from known browsers are confirmed as they come, so that their rows are written once. Who shares a mailbox is asked by mail also
 * in such a browser, for somebody else confirmed that; and a second click is no new taking. Their people stay locked for this transaction.
 */
export async function confirmedAtOnce(tx: Tx, keys: Keys, known: FromKnown[]): Promise<AtOnce> {
  if (known.length === 0) return { yes: new Map(), standings: new Map() }
  const { rows } = await sql<KnownAs & { id: string, person_id: string, contact: Buffer }>`
    select wanted.id, wanted.person_id, people.contact, people.language, people.country, people.area_id, people.confirmed_at is not null as confirmed
    from unnest(${known.map((each) => each.personId)}::uuid[], ${known.map(({ taking }) => taking.id)}::uuid[], ${known.map((each) => each.formHash)}::bytea[]) as wanted (person_id, id, form_hash)
    join people on people.id = wanted.person_id
    where not exists (select from participations before where before.person_id = wanted.person_id and before.form_hash = wanted.form_hash)
    order by people.id for update of people`.execute(tx)
  const people = new Map(rows.map((row) => [row.id, row]))
  const fresh = known.filter(({ taking }) => people.has(taking.id))
  const all = await Promise.all(fresh.map(async ({ taking, personId, areaId, rehearsalId }): Promise<Yes> => {
    const { contact, ...person } = people.get(taking.id)!
    return {
      personId, id: taking.id, actionId: taking.action, language: taking.language, country: taking.country ?? null, areaId, rehearsal: rehearsalId !== null,
      takenAt: new Date(taking.at), answers: taking.answers, details: { name: taking.name, comment: taking.comment, postcode: taking.postcode },
      contact: await openContact(keys.opener, personId, contact), person,
    }
  }))
  const standings = await standingsOf(tx, keys, all, 'first')
  const yes = all.filter(({ id }) => standings.get(id)!.kind !== 'second')
  return { yes: new Map(yes.map((each) => [each.id, each])), standings: new Map(yes.map(({ id }) => [id, standings.get(id)!])) }
}
