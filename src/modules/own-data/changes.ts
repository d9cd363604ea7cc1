import { randomUUID } from 'node:crypto'
import { sql, type Tx } from '#platform/db.ts'
import { currentIndexKey, sealable, sealingContext } from '#platform/sealing/index.ts'
import { detailsPlace, endParticipations, nameIndex, type DataChange, type Details, type KindHooks, type Keys } from '#modules/actions/index.ts'
import { promiseOwnMails } from '#modules/mails/index.ts'
import { addAddressChange, addressUnder, liftByConsent, newAddressPlace, normaliseAddress, openContact, sealContact, setPreferences, setWriting, strictIndex, suppress, suppressionsOf, withdrawMail, type NewAddress } from '#modules/people/index.ts'
import { requestErasure } from '#modules/privacy/index.ts'
import { moveToNobody } from './moving.ts'
import { isTheirs, type Scope } from './scope.ts'

export interface ChangeTools {
  keys: Keys
  hooks: KindHooks
  /** How it was asked for: on the page, or by staff who took it down. */
  way: 'data-page' | 'staff'
  practice: boolean
}

/** Does one change that somebody asked for about their own data. What is not theirs, or is gone, stays as it is. Safe to call twice. */
export async function changeOwnData(tx: Tx, tools: ChangeTools, scope: Scope, change: DataChange, now: Date): Promise<void> {
  const { personId } = scope
  switch (change.what) {
    case 'withdraw': {
      if (await theirs(tx, scope, change.participation)) await endParticipations(tx, tools.hooks, [{ personId, id: change.participation }], 'withdrawn', now)
      return
    }
    case 'consent': return consent(tx, tools, scope, change, now)
    case 'no-mail':
      await withdrawMail(tx, [personId], tools.way === 'staff' ? 'staff' : 'unsubscribe-page', now)
      return suppress(tx, [personId], 'updates', tools.way === 'staff' ? 'staff' : 'unsubscribed', now)
    case 'name': return rename(tx, tools.keys, scope, change.name)
    case 'address': return askNewAddress(tx, tools, scope, change, now)
    case 'record': {
      if (!await theirs(tx, scope, change.participation)) return
      await sql`update participations set record = ${change.record === null ? null : Buffer.from(change.record, 'base64')} where person_id = ${personId} and id = ${change.participation} and state not in ('withdrawn', 'refused', 'removed')`.execute(tx)
      return
    }
    case 'writing':
      await setWriting(tx, personId, { language: change.language, pausedUntil: typeof change.pausedUntil === 'string' ? new Date(change.pausedUntil) : change.pausedUntil })
      return change.preferences ? setPreferences(tx, personId, change.preferences.map(({ statement, ...each }) => ({ ...each, statementId: statement })), now) : undefined
    case 'erase': {
      if (scope.alone) return requestErasure(tx, personId, now)
      // Where several names share the mailbox, this one's rows are set apart first: the others stay as they are.
      if (scope.nameIndex) await requestErasure(tx, await moveToNobody(tx, tools, scope, now), now)
    }
  }
}

async function theirs(tx: Tx, scope: Scope, participation: string): Promise<boolean> {
  const { rows: [row] } = await sql<{ name_index: Buffer | null }>`select name_index from participations where person_id = ${scope.personId} and id = ${participation} and rehearsal_id is null for update`.execute(tx)
  return row !== undefined && isTheirs(scope, row.name_index)
}

/** Records an answer with the words that were shown. A yes to mail ends an earlier "stop all mail": it is the same person who takes it back. */
async function consent(tx: Tx, { way }: ChangeTools, { personId, alone, nameIndex: name }: Scope, change: Extract<DataChange, { what: 'consent' }>, now: Date): Promise<void> {
  const { rows: [added] } = await sql<{ channel: string }>`
    insert into consents (person_id, id, statement_id, wording_id, answer, way, participation_id, presented_at, recorded_at, action_id)
    select people.id, gen_random_uuid(), statement.id, wording.id, ${change.answer}, ${way}, null, ${now}, ${now}, ${change.action}
    from people join consent_statements statement on statement.id = ${change.statement}
    left join consent_wordings wording on wording.id = ${change.wording} and wording.statement_id = statement.id
    where people.id = ${personId} and (statement.about = 'action') = (${change.action}::uuid is not null)
      and (${change.answer} = 'no' or (statement.channel = 'email' and statement.retired_at is null and wording.id is not null))
      and (${change.action}::uuid is null or exists (select from participations where person_id = people.id and action_id = ${change.action}))
    returning (select channel from consent_statements where id = statement_id) as channel`.execute(tx)
  if (added?.channel === 'public-name') {
    await sql`delete from public_names where person_id = ${personId} and participation_id in (select id from participations where person_id = ${personId} and (${alone} or name_index = ${name}))`.execute(tx)
  }
  if (added?.channel !== 'email' || change.answer !== 'yes') return
  await liftByConsent(tx, [personId])
}

/** Gives all that is this name's the corrected one; a name that is shown in public waits for staff again. */
async function rename(tx: Tx, { opener, contact: key, indexKeys }: Keys, scope: Scope, name: string): Promise<void> {
  const { personId } = scope
  const { rows: [person] } = await sql<{ contact: Buffer }>`select contact from people where id = ${personId} for update`.execute(tx)
  if (!person) return
  const context = await sealingContext(key)
  const contact = await openContact(opener, personId, person.contact)
  const index = currentIndexKey(indexKeys)
  const isMain = scope.alone || (contact.name !== undefined && scope.nameIndex !== null && indexKeys.some((each) => nameIndex(each, personId, contact.name!).equals(scope.nameIndex!)))
  if (isMain && contact.name !== undefined) await sql`update people set contact = ${sealContact(context, personId, { ...contact, name })} where id = ${personId}`.execute(tx)
  const { rows } = await sql<{ id: string, details: Buffer | null, name_index: Buffer | null }>`
    select id, details, name_index from participations where person_id = ${personId} and name_index is not null and rehearsal_id is null for update`.execute(tx)
  const own = rows.filter((row) => isTheirs(scope, row.name_index))
  const opened = await Promise.all(own.map(async (row): Promise<Details> => (row.details ? opener.open<Details>(detailsPlace(row.id), row.details) : {})))
  await sql`
    update participations p set name_index = ${nameIndex(index, personId, name)}, details = coalesce(renamed.details, p.details)
    from unnest(${own.map((row) => row.id)}::uuid[], ${own.map((row, place) => (opened[place]!.name === undefined ? null : context.seal(detailsPlace(row.id), sealable({ ...opened[place], name }))))}::bytea[]) as renamed (id, details)
    where p.person_id = ${personId} and p.id = renamed.id`.execute(tx)
  await sql`
    update public_names set shown_name = ${name}, state = 'waiting' where person_id = ${personId} and participation_id = any (${own.map((row) => row.id)}::uuid[]) and shown_name <> ${name}`.execute(tx)
  // Links that were asked for lead to the same person's page as before.
  for (const table of ['data_links', 'address_changes'] as const) {
    await sql`update ${sql.table(table)} set name_index = ${nameIndex(index, personId, name)} where person_id = ${personId} and name_index is not null and (${scope.alone} or name_index = ${scope.nameIndex})`.execute(tx)
  }
}

/** A new address counts once its mailbox has said yes; the present one is told that somebody asked. */
async function askNewAddress(tx: Tx, { keys, practice, way }: ChangeTools, scope: Scope, { email, language }: { email: string, language: string }, now: Date): Promise<void> {
  const { personId } = scope
  // Whoever took back all that carried their name has nothing in this mailbox that could move.
  if (!scope.alone && scope.nameIndex === null) return
  const { rows: [person] } = await sql<{ contact: Buffer }>`select contact from people where id = ${personId}`.execute(tx)
  if (!person) return
  // Who wants no mail at all is not asked either.
  if ((await suppressionsOf(tx, addressUnder(keys.indexKeys, email))).some((each) => each.scope === 'everything' && each.reason !== 'bounced')) return
  const present = (await openContact(keys.opener, personId, person.contact)).email
  if (normaliseAddress(present) === normaliseAddress(email)) return
  const id = randomUUID()
  const mail = (kind: 'new-address' | 'address-notice', to: string) => ({ personId, participationId: id, kind, strictIndex: strictIndex(keys.indexKeys, to) })
  const granted = await promiseOwnMails(tx, [mail('new-address', email)], practice, now)
  if (!granted.has(id)) return
  await promiseOwnMails(tx, [mail('address-notice', present)], practice, now)
  const context = await sealingContext(keys.contact)
  const { table, column, row } = newAddressPlace(id)
  await addAddressChange(tx, keys.linkKey, { id, personId, nameIndex: scope.nameIndex, whole: way === 'staff', sealed: context.seal({ table, column, row }, sealable({ email } satisfies NewAddress)), language }, now)
}
