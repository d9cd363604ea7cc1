import { sql, type Tx } from '#platform/db.ts'
import { currentIndexKey, sealable, sealingContext, type SealingContext } from '#platform/sealing/index.ts'
import { tokenHash } from '#platform/tokens.ts'
import { promiseConfirmations } from '#modules/mails/index.ts'
import { findOrAddPeople, IndexedAddresses, normaliseAddress, strictIndex } from '#modules/people/index.ts'
import type { Taking } from '../intake/entry.ts'
import { codeHash, linkHash, shortCode } from '../links.ts'
import { arriving } from '../counting.ts'
import { checkTakings, withoutErased } from './checks.ts'
import { sealDetails, takeEffect } from './confirming.ts'
import { messagePlace, type MessageText } from './details.ts'
import { formHash } from './form-hash.ts'
import { confirmedAtOnce, knownBrowsers, type AtOnce } from './known-browsers.ts'
import { likenesses } from './likeness.ts'
import { nameIndex, takenPlaces, type Standing } from './sharing.ts'
import type { KindHooks, Keys } from './workshop.ts'

export interface SettledTaking {
  taking: Taking
  record: Buffer | undefined
}

interface Row extends SettledTaking {
  personId: string
  areaId: string | null
  rehearsalId: string | null
  held: 'link-in-name' | 'surge' | null
  formHash: Buffer
  /** Whether it comes from a browser that has confirmed this address. */
  known: boolean
}

/**
 * Turns what the public server took in into participations, in a number of statements that does not grow with the number of
 * takings. New, repeated and held ones travel together; only the mailbox's owner learns the difference. Returns those that
 * cannot be: their action, ask or rehearsal does not exist.
 */
export async function settleTakings(tx: Tx, keys: Keys, hooks: KindHooks, takings: SettledTaking[], practice: boolean, now: Date): Promise<SettledTaking[]> {
  if (takings.length === 0) return []
  const addresses = new IndexedAddresses(keys.indexKeys, takings.map(({ taking }) => taking.email))
  const { good, bad } = await checkTakings(tx, await withoutErased(tx, addresses, takings), now)
  if (good.length === 0) return bad
  const context = await sealingContext(keys.contact)
  const people = await findOrAddPeople(tx, addresses, context, good.map(({ taking }) => taking), now)
  const browsers = await knownBrowsers(tx, good.flatMap(({ taking }) => (taking.known ? [taking.known] : [])), now)
  const rows = good.map((each): Row => {
    const personId = people.get(normaliseAddress(each.taking.email))!
    return {
      ...each, personId, held: hasLink(each.taking.name) ? 'link-in-name' : each.taking.surge ? 'surge' : null, formHash: formHash(each.taking),
      known: each.taking.known !== undefined && browsers.get(each.taking.known) === personId,
    }
  })

  // Before anything refers to them: whoever refers to an ask holds it, and two that did so waited for each other.
  await numberAsks(tx, rows, now)
  const atOnce = await confirmedAtOnce(tx, keys, rows.filter((row) => row.known && row.held === null))
  const kept = await insertParticipations(tx, keys, context, rows, atOnce, practice, now)
  await insertLinks(tx, keys, kept, now)
  await insertMessageTexts(tx, kept, (id, text) => context.seal(messagePlace('contact', id), sealable(text)))

  await takeEffect(tx, keys, hooks, context, kept.flatMap(({ taking }) => atOnce.yes.get(taking.id) ?? []), atOnce.standings, new Map(), now)
  await askToConfirm(tx, keys, await standings(tx, keys, kept.filter((row) => row.held === null && !atOnce.yes.has(row.taking.id))), practice, now)
  return bad
}

/** A link where a name should be is what spam looks like; staff decide. */
function hasLink(name: string): boolean {
  return /https?:|www\.|[\p{L}\p{N}-]+\.(com|net|org|info|biz|ru|cn|io|xyz|top|site|online|shop|link|click)\b/iu.test(name)
}

async function insertParticipations(tx: Tx, keys: Keys, context: SealingContext, rows: Row[], atOnce: AtOnce, practice: boolean, now: Date): Promise<Row[]> {
  const key = currentIndexKey(keys.indexKeys)
  const standing = ({ taking }: Row) => atOnce.standings.get(taking.id)
  const waits = (row: Row) => standing(row) === undefined
  const alike = rows.map(({ taking }) => taking.email).map(likenesses(keys.indexKeys))
  const { rows: inserted } = await sql<{ id: string }>`
    with inserted as (insert into participations (person_id, id, action_id, ask_id, language, country, area_id, source, state, place, confirmed_at, held_reason, rehearsal_id, taken_at,
      form_hash, cookie_hash, code_hash, answers, details, record, name_index, domain_index, pattern_index, practice, counted)
    select person_id, id, action_id, ask_id, language, country, area_id, source, state, place, case when state in ('confirmed', 'repeated') then ${now}::timestamptz end, held_reason, rehearsal_id, taken_at,
      form_hash, cookie_hash, code_hash, answers::jsonb, details, record, name_index, domain_index, pattern_index, ${practice}, state = 'confirmed' and rehearsal_id is null
    from unnest(
      ${rows.map((row) => row.personId)}::uuid[], ${rows.map(({ taking }) => taking.id)}::uuid[], ${rows.map(({ taking }) => taking.action)}::uuid[],
      ${rows.map(({ taking }) => taking.ask ?? null)}::uuid[], ${rows.map(({ taking }) => taking.language)}::text[], ${rows.map(({ taking }) => taking.country ?? null)}::text[],
      ${rows.map((row) => row.areaId)}::text[], ${rows.map(({ taking }) => taking.source ?? null)}::text[],
      ${rows.map((row) => stateOf(row, standing(row)))}::text[], ${rows.map((row) => standing(row)?.place ?? 0)}::smallint[], ${rows.map((row) => row.held)}::text[],
      ${rows.map((row) => row.rehearsalId)}::uuid[], ${rows.map(({ taking }) => taking.at)}::timestamptz[], ${rows.map((row) => row.formHash)}::bytea[],
      ${rows.map((row) => (waits(row) && row.taking.cookie ? tokenHash(row.taking.cookie) : null))}::bytea[],
      ${rows.map((row) => (waits(row) && row.taking.cookie ? codeHash(shortCode(keys.linkKey, row.taking.id), row.taking.cookie) : null))}::bytea[],
      ${rows.map((row) => (waits(row) ? JSON.stringify(row.taking.answers) : '[]'))}::text[],
      ${rows.map((row) => sealDetails(context, row.taking.id, row.taking, standing(row) ?? { kind: 'first', place: 0 }))}::bytea[], ${rows.map((row) => row.record ?? null)}::bytea[],
      ${rows.map(({ personId, taking }) => nameIndex(key, personId, taking.name))}::bytea[], ${alike.map(({ domain }) => domain)}::bytea[], ${alike.map(({ pattern }) => pattern)}::bytea[])
    as row (person_id, id, action_id, ask_id, language, country, area_id, source, state, place, held_reason, rehearsal_id, taken_at, form_hash, cookie_hash, code_hash, answers, details, record, name_index, domain_index, pattern_index)
    on conflict do nothing returning id, action_id, country, area_id, source, language, confirmed_at, counted),
    ${arriving('inserted')}
    select id from inserted`.execute(tx)
  const ids = new Set(inserted.map((row) => row.id))
  return rows.filter(({ taking }) => ids.has(taking.id))
}

function stateOf(row: Row, standing: Standing | undefined): string {
  if (standing) return standing.kind === 'repeated' ? 'repeated' : 'confirmed'
  return row.held ? 'held' : 'waiting'
}

async function insertLinks(tx: Tx, keys: Keys, rows: Row[], now: Date): Promise<void> {
  await sql`
    insert into links (token_hash, person_id, participation_id, created_at)
    select token_hash, person_id, participation_id, ${now} from unnest(
      ${rows.map(({ taking }) => linkHash(keys.linkKey, taking.id))}::bytea[], ${rows.map((row) => row.personId)}::uuid[], ${rows.map(({ taking }) => taking.id)}::uuid[])
    as link (token_hash, person_id, participation_id)`.execute(tx)
}

async function insertMessageTexts(tx: Tx, rows: Row[], seal: (id: string, text: MessageText) => Buffer): Promise<void> {
  const written = rows.filter(({ taking }) => taking.message)
  if (written.length === 0) return
  await sql`
    insert into message_texts (person_id, participation_id, contact)
    select * from unnest(${written.map((row) => row.personId)}::uuid[], ${written.map(({ taking }) => taking.id)}::uuid[],
      ${written.map(({ taking }) => seal(taking.id, { name: taking.name, ...taking.message! }))}::bytea[])`.execute(tx)
}

/** The first signature under an ask gives it a number, and from then on it cannot change. */
async function numberAsks(tx: Tx, rows: Row[], now: Date): Promise<void> {
  const asks = [...new Set(rows.flatMap(({ taking, rehearsalId }) => (taking.ask && !rehearsalId ? [taking.ask] : [])))].sort()
  if (asks.length === 0) return
  const fresh = await sql<{ id: string, action_id: string, language: string }>`
    select id, action_id, language from asks where id = any (${asks}::uuid[]) and number is null order by action_id, language, created_at`.execute(tx)
  for (const ask of fresh.rows) {
    await sql`select pg_advisory_xact_lock(hashtextextended(${`ask ${ask.action_id} ${ask.language}`}, 0))`.execute(tx)
    await sql`
      update asks set first_signed_at = ${now},
        number = 1 + coalesce((select max(other.number) from asks other where other.action_id = ${ask.action_id} and other.language = ${ask.language}), 0)
      where id = ${ask.id} and number is null`.execute(tx)
  }
}

interface Going {
  row: Row
  standing: Standing
}

/** Where each stands among those of the same mailbox who have confirmed. In a rehearsal everybody is the first. */
async function standings(tx: Tx, keys: Keys, rows: Row[]): Promise<Going[]> {
  if (rows.length === 0) return []
  const places = await takenPlaces(tx, keys.indexKeys, rows.map((row) => ({ personId: row.personId, actionId: row.taking.action })))
  return rows.map((row) => ({
    row, standing: row.rehearsalId ? { kind: 'first', place: 0 } : places.standingOf({ personId: row.personId, actionId: row.taking.action, name: row.taking.name }),
  }))
}

/** Promises the mail that asks the mailbox's owner, who alone is told if this repeats what they did before. */
async function askToConfirm(tx: Tx, keys: Keys, going: Going[], practice: boolean, now: Date): Promise<void> {
  await promiseConfirmations(tx, going.map(({ row, standing }) => ({
    personId: row.personId, participationId: row.taking.id, strictIndex: strictIndex(keys.indexKeys, row.taking.email),
    kind: standing.kind === 'repeated' ? 'already' as const : 'confirm' as const,
  })), now, practice)
}
