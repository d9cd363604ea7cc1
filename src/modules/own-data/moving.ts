import { sql, type Tx } from '#platform/db.ts'
import { currentIndexKey, sealingContext } from '#platform/sealing/index.ts'
import { detailsPlace, nameIndex, takenPlaces, type Details, type KindHooks, type Keys } from '#modules/actions/index.ts'
import { findOrAddPeople, IndexedAddresses, normaliseAddress, openContact, sealContact } from '#modules/people/index.ts'
import { copyHold, endExports, setApart } from '#modules/privacy/index.ts'
import { isTheirs, type Scope } from './scope.ts'

interface Tools {
  keys: Keys
  hooks: KindHooks
}

interface Row {
  id: string
  actionId: string
  state: string
  /** As on the page, while it is known. */
  name: string | undefined
  nameIndex: Buffer | null
  place: number
}

/**
 * Makes what is one name's in a mailbox another mailbox's, which has just said yes to it. Where that mailbox has taken part itself, both
 * become one: what it had signed too under the same name counts once from now on. If nobody else used the old mailbox, all that
 * hangs on it moves too. That no mail was wanted, and a legal hold, go with whoever moves.
 */
export async function moveTo(tx: Tx, tools: Tools, scope: Scope, to: { email: string, language: string }, now: Date): Promise<void> {
  const { keys } = tools
  if (!scope.alone && scope.nameIndex === null) return
  const { rows: [from] } = await sql<PersonRow>`select contact, language, country, area_id, confirmed_at, paused_until from people where id = ${scope.personId} for update`.execute(tx)
  if (!from) return
  const context = await sealingContext(keys.contact)
  const people = await findOrAddPeople(tx, new IndexedAddresses(keys.indexKeys, [to.email]), context, [to], now)
  const target = people.get(normaliseAddress(to.email))!
  if (target === scope.personId) return
  const { rows: [there] } = await sql<{ contact: Buffer }>`select contact from people where id = ${target} for update`.execute(tx)
  await endExports(tx, [scope.personId], now)
  const moved = await moveRows(tx, tools, scope, target, now)
  await moveRefusals(tx, scope, target)
  await copyHold(tx, scope.personId, target)
  const contact = await openContact(keys.opener, target, there!.contact)
  const name = contact.name ?? (scope.alone ? (await openContact(keys.opener, scope.personId, from.contact)).name : moved.find((row) => row.name)?.name)
  await sql`
    update people set contact = ${sealContact(context, target, { email: contact.email, name })}, language = ${to.language}, confirmed_at = coalesce(confirmed_at, ${now}),
      country = coalesce(country, ${from.country}), area_id = coalesce(area_id, ${from.area_id}), paused_until = greatest(paused_until, ${from.paused_until}::timestamptz)
    where id = ${target}`.execute(tx)
  if (scope.alone) await moveMailbox(tx, scope.personId, target)
}

interface PersonRow {
  contact: Buffer
  language: string
  country: string | null
  area_id: string | null
  confirmed_at: Date | null
  paused_until: Date | null
}

/** Sets what is one name's apart from the mailbox, so that it can be erased without the others. Returns under whom. */
export async function moveToNobody(tx: Tx, { keys }: Tools, { personId, nameIndex: name }: Scope, now: Date): Promise<string> {
  const { rows } = await sql<{ id: string }>`select id from participations where person_id = ${personId} and name_index = ${name} for update`.execute(tx)
  return setApart(tx, keys, personId, rows.map(({ id }) => id), now)
}

/** Moves participations and what hangs on each. Whatever the other person has taken part in under the same name is repeated from now on. */
async function moveRows(tx: Tx, { keys }: Tools, scope: Scope, to: string, now: Date): Promise<Row[]> {
  const from = scope.personId
  const rows = (await rowsOf(tx, keys, from)).filter((row) => isTheirs(scope, row.nameIndex))
  const ids = rows.map(({ id }) => id)
  const places = await takenPlaces(tx, keys.indexKeys, rows.map(({ actionId }) => ({ personId: to, actionId })))
  const index = currentIndexKey(keys.indexKeys)
  const arrived = rows.map((row) => {
    const who = { personId: to, actionId: row.actionId, name: row.name ?? '' }
    const standing = row.state === 'confirmed' ? places.standingOf(who) : undefined
    if (standing && standing.kind !== 'repeated') places.join(who, standing.place)
    return { ...row, state: standing?.kind === 'repeated' ? 'repeated' : row.state, place: standing?.place ?? row.place, index: row.name === undefined ? null : nameIndex(index, to, row.name) }
  })
  await sql`
    update participations p set person_id = ${to}, state = moved.state, place = moved.place, name_index = moved.name_index
    from unnest(${ids}::uuid[], ${arrived.map((row) => row.state)}::text[], ${arrived.map((row) => row.place)}::smallint[], ${arrived.map((row) => row.index)}::bytea[]) as moved (id, state, place, name_index)
    where p.person_id = ${from} and p.id = moved.id`.execute(tx)
  for (const table of ['links', 'message_texts', 'mails', 'public_names', 'consents'] as const) {
    await sql`update ${sql.table(table)} set person_id = ${to} where person_id = ${from} and participation_id = any (${ids}::uuid[])`.execute(tx)
  }
  // Whose name is gone may be somebody else: their old link must not follow to an address that they do not know.
  const nameless = rows.filter((row) => row.nameIndex === null).map(({ id }) => id)
  if (nameless.length < rows.length) await sql`delete from links where person_id = ${to} and participation_id = any (${nameless}::uuid[])`.execute(tx)
  await moveMessages(tx, from, to, ids, now)
  await sql`delete from data_links where person_id = ${from} and (${scope.alone} or name_index = ${scope.nameIndex})`.execute(tx)
  return arrived
}

/** An office that both had written to in one action is not written to again; what has gone out already stays, each on a place of its own. */
async function moveMessages(tx: Tx, from: string, to: string, ids: string[], now: Date): Promise<void> {
  const twice = sql`exists (select from messages there where there.person_id = ${to} and there.action_id = messages.action_id and there.office_id = messages.office_id and there.state <> 'cancelled' and not there.rehearsal)`
  await sql`update messages set state = 'cancelled', ended_at = ${now} where person_id = ${from} and participation_id = any (${ids}::uuid[]) and state in ('queued', 'waiting') and not rehearsal and ${twice}`.execute(tx)
  await sql`
    update messages set person_id = ${to}, place = coalesce((
      select max(there.place) + 1 from messages there where there.person_id = ${to} and there.action_id = messages.action_id and there.office_id = messages.office_id and there.state <> 'cancelled'), messages.place)
    where person_id = ${from} and participation_id = any (${ids}::uuid[])`.execute(tx)
}

/** That no mail was wanted, or not this kind, holds at the other address as well. */
async function moveRefusals(tx: Tx, { personId: from, alone }: Scope, to: string): Promise<void> {
  await sql`
    insert into suppressions (email_index, key_id, scope, subject, reason, practice, created_at)
    select there.email_index, there.key_id, held.scope, held.subject, held.reason, held.practice, held.created_at
    from email_indexes there cross join (select suppressions.* from suppressions join email_indexes using (email_index, key_id) where person_id = ${from} and reason not in ('erased', 'bounced')) held
    where there.person_id = ${to} on conflict do nothing`.execute(tx)
  // What was said for the mailbox stays there, for those who still use it; a no is taken along.
  if (!alone) await sql`
    insert into consents (person_id, id, statement_id, wording_id, answer, way, participation_id, presented_at, recorded_at, action_id)
    select ${to}, gen_random_uuid(), statement_id, wording_id, answer, way, null, presented_at, recorded_at, action_id
    from consents where person_id = ${from} and participation_id is null and answer in ('no', 'withdrawn')`.execute(tx)
}

/** All that belonged to a mailbox as such goes with its only name; the old address keeps nothing but what must not be written to it. */
async function moveMailbox(tx: Tx, from: string, to: string): Promise<void> {
  // Whoever is on a mailing's list twice now gets it once; what they got at the old address stays a number.
  const there = sql`exists (select from mailing_recipients other where other.person_id = ${to} and other.mailing_id = mailing_recipients.mailing_id)`
  await sql`delete from mailing_recipients where person_id = ${from} and state = 'queued' and ${there}`.execute(tx)
  await sql`update mailing_recipients set person_id = case when ${there} then gen_random_uuid() else ${to}::uuid end, participation_id = case when ${there} then null else participation_id end where person_id = ${from}`.execute(tx)
  await sql`insert into erasure_requests (person_id, asked_at) select ${to}, asked_at from erasure_requests where person_id = ${from} on conflict do nothing`.execute(tx)
  for (const table of ['consents', 'mails', 'known_browsers', 'supporter_requests', 'bounces', 'returned_letters', 'contact_messages', 'bulletin_requests', 'links'] as const) await sql`update ${sql.table(table)} set person_id = ${to} where person_id = ${from}`.execute(tx)
  await sql`insert into preferences select ${to}, statement_id, topic, frequency, changed_at from preferences where person_id = ${from} on conflict do nothing`.execute(tx)
  await sql`insert into handed_over_people select ${to}, export_id from handed_over_people where person_id = ${from} on conflict do nothing`.execute(tx)
  for (const table of ['handed_over_people', 'preferences', 'address_changes', 'capsules', 'email_indexes', 'erasure_requests'] as const) await sql`delete from ${sql.table(table)} where person_id = ${from}`.execute(tx)
  await sql`delete from people where id = ${from}`.execute(tx)
}

async function rowsOf(tx: Tx, keys: Keys, personId: string): Promise<Row[]> {
  const { rows } = await sql<{ id: string, action_id: string, state: string, details: Buffer | null, name_index: Buffer | null, place: number }>`
    select id, action_id, state, details, name_index, place from participations where person_id = ${personId} order by confirmed_at nulls last, id for update`.execute(tx)
  const all = await Promise.all(rows.map(async (row): Promise<Row> => ({
    id: row.id, actionId: row.action_id, state: row.state, nameIndex: row.name_index, place: row.place,
    name: row.details && row.name_index ? (await keys.opener.open<Details>(detailsPlace(row.id), row.details)).name : undefined,
  })))
  // What was taken back no longer says its name; another participation of the same name does.
  const names = new Map(all.flatMap((row) => (row.name === undefined ? [] : [[row.nameIndex!.toString('hex'), row.name] as const])))
  return all.map((row) => ({ ...row, name: row.nameIndex ? names.get(row.nameIndex.toString('hex')) : undefined }))
}
