import { sql, type Tx } from '#platform/db.ts'
import { sealable, sealingContext, type SealingContext } from '#platform/sealing/index.ts'
import { mailboxesAnswered, promiseMails } from '#modules/mails/index.ts'
import { givenAnswer, liftByConsent, openContact, recordConsents, sealContact, strictIndex, type Contact, type GivenAnswer } from '#modules/people/index.ts'
import { arriving } from '../counting.ts'
import { detailsPlace, type Details } from './details.ts'
import { findErasedDuplicates } from './duplicates.ts'
import { takenPlaces, type Standing } from './sharing.ts'
import type { ConfirmedParticipation, KindHooks, Keys, ParticipationRef } from './workshop.ts'

/** A participation whose owner says yes, with what it brings and what we know of that person. */
export interface Yes extends ParticipationRef {
  actionId: string
  language: string
  country: string | null
  areaId: string | null
  rehearsal: boolean
  takenAt: Date
  answers: GivenAnswer[]
  details: Details
  contact: Contact
  person: KnownAs
}

/** What is known about a person besides their contact. */
export interface KnownAs {
  language: string
  country: string | null
  area_id: string | null
  confirmed: boolean
}

/**
 * The owner of the mailbox says yes. From here on the participation counts, its name and consents are the person's, and its
 * message may be sent. Whoever has taken the action before is not counted twice; two people who share a mailbox are both counted. `browsers` gives the hash of the token that
 * the confirming browser keeps, by participation. Calling it again for the same ones changes nothing.
 */
export async function confirmParticipations(tx: Tx, keys: Keys, hooks: KindHooks, refs: ParticipationRef[], browsers: Map<string, Buffer>, now: Date): Promise<void> {
  if (refs.length === 0) return
  // A double click comes as two of the same: to be confirmed once, and not to be taken for a repetition.
  const waiting = await lockWaiting(tx, keys, [...new Map(refs.map((ref) => [ref.id, ref])).values()])
  if (waiting.length === 0) return
  const standings = await standingsOf(tx, keys, waiting)
  const context = await sealingContext(keys.contact)
  await markConfirmed(tx, context, waiting, standings, now)
  await takeEffect(tx, keys, hooks, context, waiting, standings, browsers, now)
}

/** What follows from being confirmed, for participations that the database has as confirmed or repeated already. */
export async function takeEffect(
  tx: Tx, keys: Keys, hooks: KindHooks, context: SealingContext, confirmed: Yes[], standings: ReadonlyMap<string, Standing>, browsers: Map<string, Buffer>, now: Date,
): Promise<void> {
  if (confirmed.length === 0) return
  const real = confirmed.filter((each) => !each.rehearsal)
  const counting = confirmed.filter(({ id }) => standings.get(id)!.kind !== 'repeated')
  await promotePeople(tx, context, real.filter(({ id }) => standings.get(id)!.place === 0), now)
  await recordConsents(tx, real.flatMap((each) => each.answers.map((given) => ({ personId: each.personId, participationId: each.id, actionId: each.actionId, given, presentedAt: each.takenAt }))), now)
  await liftByConsent(tx, real.filter((each) => each.answers.some(({ answer }) => answer === 'yes')).map((each) => each.personId))
  await askToShowNames(tx, counting.filter((each) => !each.rehearsal), now)
  await rememberBrowsers(tx, confirmed, browsers, now)
  await mailboxesAnswered(tx, confirmed.map((each) => strictIndex(keys.indexKeys, each.contact.email)))
  await promiseMails(tx, counting.map((each) => ({ personId: each.personId, participationId: each.id, kind: 'receipt' })), now)
  await hooks.confirmed(tx, confirmed.map((each): ConfirmedParticipation => ({
    personId: each.personId, id: each.id, actionId: each.actionId, language: each.language, areaId: each.areaId, country: each.country, rehearsal: each.rehearsal,
  })), now)
}

async function lockWaiting(tx: Tx, keys: Keys, refs: ParticipationRef[]): Promise<Yes[]> {
  const { rows } = await sql<{
    person_id: string, id: string, action_id: string, language: string, country: string | null, area_id: string | null, rehearsal_id: string | null
    taken_at: Date, answers: unknown, details: Buffer | null, contact: Buffer, person: KnownAs
  }>`
    select p.person_id, p.id, p.action_id, p.language, p.country, p.area_id, p.rehearsal_id, p.taken_at, p.answers, p.details, people.contact,
      jsonb_build_object('language', people.language, 'country', people.country, 'area_id', people.area_id, 'confirmed', people.confirmed_at is not null) as person
    from unnest(${refs.map((ref) => ref.personId)}::uuid[], ${refs.map((ref) => ref.id)}::uuid[]) as wanted (person_id, id)
    join participations p using (person_id, id) join people on people.id = p.person_id
    where p.state = 'waiting' order by p.person_id, p.taken_at, p.id for update of p, people`.execute(tx)
  return Promise.all(rows.map(async (row) => ({
    personId: row.person_id, id: row.id, actionId: row.action_id, language: row.language, country: row.country, areaId: row.area_id,
    rehearsal: row.rehearsal_id !== null, takenAt: row.taken_at, answers: givenAnswer.array().parse(row.answers),
    details: row.details ? await keys.opener.open<Details>(detailsPlace(row.id), row.details) : {},
    contact: await openContact(keys.opener, row.person_id, row.contact), person: row.person,
  })))
}

/**
 * Where each stands: as the first or the second of its mailbox, or repeating what was confirmed earlier, in this same call, or by somebody who was erased since.
 * `joining` says whose places are taken from then on, for those that come after them.
 */
export async function standingsOf(tx: Tx, keys: Keys, waiting: Yes[], joining: 'all' | 'first' = 'all'): Promise<Map<string, Standing>> {
  const places = await takenPlaces(tx, keys.indexKeys, waiting)
  const erased = await findErasedDuplicates(tx, keys.indexKeys, waiting.map((each) => ({ id: each.id, actionId: each.actionId, email: each.contact.email })))
  return new Map(waiting.map((each): [string, Standing] => {
    if (each.rehearsal) return [each.id, { kind: 'first', place: 0 }]
    if (erased.has(each.id)) return [each.id, { kind: 'repeated', place: 0 }]
    const who = { personId: each.personId, actionId: each.actionId, name: each.details.name ?? '' }
    const standing = places.standingOf(who)
    if (standing.kind === 'first' || (standing.kind === 'second' && joining === 'all')) places.join(who, standing.place)
    return [each.id, standing]
  }))
}

/** The name stays with each, sealed: it is what this person signed with, whoever else shares the mailbox. */
async function markConfirmed(tx: Tx, context: SealingContext, waiting: Yes[], standings: Map<string, Standing>, now: Date): Promise<void> {
  const details = waiting.map((each) => sealDetails(context, each.id, each.details, standings.get(each.id)!))
  await sql`
    with confirmed as (update participations p set state = result.state, place = result.place, confirmed_at = ${now}, counted = result.state = 'confirmed' and p.rehearsal_id is null, answers = '[]', details = result.details, cookie_hash = null, code_hash = null
    from unnest(${waiting.map((each) => each.personId)}::uuid[], ${waiting.map((each) => each.id)}::uuid[],
      ${waiting.map(({ id }) => (standings.get(id)!.kind === 'repeated' ? 'repeated' : 'confirmed'))}::text[], ${waiting.map(({ id }) => standings.get(id)!.place)}::smallint[], ${details}::bytea[])
      as result (person_id, id, state, place, details)
    where p.person_id = result.person_id and p.id = result.id
    returning p.action_id, p.country, p.area_id, p.source, p.language, p.confirmed_at, p.counted),
    ${arriving('confirmed')}
    select`.execute(tx)
}

/** What a confirmed participation keeps of its details; null if that is nothing. */
export function sealDetails(context: SealingContext, id: string, { name, comment, postcode }: Details, { kind }: Standing): Buffer | null {
  const kept: Details = kind === 'repeated' ? { comment, postcode } : { name, comment, postcode }
  return kept.name || kept.comment || kept.postcode ? context.seal(detailsPlace(id), sealable(kept)) : null
}

/** The newest confirmed name is the person's name; what they left out this time stays as it was. */
async function promotePeople(tx: Tx, context: SealingContext, confirmed: Yes[], now: Date): Promise<void> {
  const latest = new Map(confirmed.map((each) => [each.personId, each]))
  const all = [...latest.values()].filter(bringsNews)
  if (all.length === 0) return
  await sql`
    update people set contact = newest.contact, language = newest.language, country = coalesce(newest.country, people.country),
      area_id = coalesce(newest.area_id, people.area_id), confirmed_at = coalesce(people.confirmed_at, ${now})
    from unnest(${all.map((each) => each.personId)}::uuid[],
      ${all.map(({ personId, contact, details }) => sealContact(context, personId, { email: contact.email, name: details.name ?? contact.name }))}::bytea[],
      ${all.map((each) => each.language)}::text[], ${all.map((each) => each.country)}::text[], ${all.map((each) => each.areaId)}::text[])
      as newest (id, contact, language, country, area_id)
    where people.id = newest.id`.execute(tx)
}

/** Whether a person is not known like this already: most who come again are, and their rows are left alone. */
function bringsNews({ details, contact, language, country, areaId, person }: Yes): boolean {
  return !person.confirmed || (details.name ?? contact.name) !== contact.name || language !== person.language
    || (country ?? person.country) !== person.country || (areaId ?? person.area_id) !== person.area_id
}

/** Names that their owners want on the page wait there until staff have looked at them. */
async function askToShowNames(tx: Tx, confirmed: Yes[], now: Date): Promise<void> {
  const { rows } = await sql<{ id: string }>`
    select id from consent_statements where channel = 'public-name' and id = any (${[...new Set(confirmed.flatMap((each) => each.answers.map((given) => given.statement)))]}::uuid[])`.execute(tx)
  const statements = new Set(rows.map((row) => row.id))
  const asking = confirmed.filter((each) => each.details.name && each.answers.some((given) => given.answer === 'yes' && statements.has(given.statement)))
  if (asking.length === 0) return
  await sql`
    insert into public_names (person_id, participation_id, action_id, shown_name, comment, state, asked_at)
    select person_id, id, action_id, shown_name, comment, 'waiting', ${now} from unnest(
      ${asking.map((each) => each.personId)}::uuid[], ${asking.map((each) => each.id)}::uuid[], ${asking.map((each) => each.actionId)}::uuid[],
      ${asking.map((each) => each.details.name!)}::text[], ${asking.map((each) => each.details.comment ?? '')}::text[]) as row (person_id, id, action_id, shown_name, comment)
    on conflict do nothing`.execute(tx)
}

const rememberDays = 30

async function rememberBrowsers(tx: Tx, waiting: Yes[], browsers: Map<string, Buffer>, now: Date): Promise<void> {
  const remembered = waiting.filter((each) => browsers.has(each.id))
  if (remembered.length === 0) return
  await sql`
    insert into known_browsers (token_hash, person_id, expires_at)
    select token_hash, person_id, ${new Date(now.getTime() + rememberDays * 86_400_000)} from unnest(
      ${remembered.map((each) => browsers.get(each.id)!)}::bytea[], ${remembered.map((each) => each.personId)}::uuid[]) as browser (token_hash, person_id)
    on conflict do nothing`.execute(tx)
}
