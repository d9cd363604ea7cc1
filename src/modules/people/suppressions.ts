import { sql, type Db, type RawBuilder, type Tx } from '#platform/db.ts'
import { currentIndexKey, type IndexKey } from '#platform/sealing/index.ts'
import { emailIndex, type KeyedAddress } from './email-index.ts'

/** Which mail: all of it; all that does not belong to taking part; the newsletter; news of one action (with the action as subject). */
export const suppressionScopes = ['everything', 'updates', 'newsletter', 'action'] as const
export type SuppressionScope = (typeof suppressionScopes)[number]

/** `staff`, `phone` and `letter` were said to staff; `bounced` means that their server takes no mail for this address. */
export const suppressionReasons = ['unsubscribed', 'bounced', 'complaint', 'phone', 'letter', 'staff', 'erased', 'not-me'] as const
export type SuppressionReason = (typeof suppressionReasons)[number]

export interface Suppression {
  scope: SuppressionScope
  /** The action, where the scope is one. */
  subject: string
  reason: SuppressionReason
  since: Date
}

/**
 * Remembers that these people's addresses want no more of this kind of mail, under every key they are indexed by. Of those who took part
 * in practice alone it is forgotten with practice. Nothing but an own new consent, a mail that arrived, or staff with a reason takes it back.
 */
export async function suppress(tx: Tx, personIds: string[], scope: SuppressionScope, reason: SuppressionReason, now: Date, subject = ''): Promise<void> {
  await sql`
    insert into suppressions (email_index, key_id, scope, subject, reason, practice, created_at)
    select email_index, key_id, ${scope}, ${subject}, ${reason},
      exists (select from participations p where p.person_id = known.person_id and p.practice) and not exists (select from participations p where p.person_id = known.person_id and not p.practice), ${now}
    from email_indexes known where person_id = any (${personIds}::uuid[])
    on conflict do nothing`.execute(tx)
}

/** The same for an address that may belong to nobody here: under the key in use, and under those by which somebody is known. */
export async function suppressAddress(tx: Tx, keys: IndexKey[], email: string, { scope, reason, practice }: { scope: SuppressionScope, reason: SuppressionReason, practice: boolean }, now: Date): Promise<void> {
  const current = currentIndexKey(keys)
  const all = addressUnder(keys, email)
  await sql`
    insert into suppressions (email_index, key_id, scope, reason, practice, created_at)
    select email_index, key_id, ${scope}, ${reason}, ${practice}, ${now} from unnest(${all.map((each) => each.index)}::bytea[], ${all.map((each) => each.keyId)}::smallint[]) as it (email_index, key_id)
    where key_id = ${current.id} or exists (select from email_indexes known where known.email_index = it.email_index and known.key_id = it.key_id)
    on conflict do nothing`.execute(tx)
}

/** An address under every key that there ever was. */
export function addressUnder(keys: IndexKey[], email: string): KeyedAddress[] {
  return keys.map((key) => ({ index: emailIndex(key, email), keyId: key.id }))
}

/** What holds for an address, under whichever key it was remembered. */
export async function suppressionsOf(db: Db, addresses: KeyedAddress[]): Promise<Suppression[]> {
  const { rows } = await sql<Suppression>`
    select scope, subject, reason, min(created_at) as since from suppressions
    where (email_index, key_id) in (select * from unnest(${addresses.map((each) => each.index)}::bytea[], ${addresses.map((each) => each.keyId)}::smallint[]))
    group by scope, subject, reason order by since, scope, reason`.execute(db)
  return rows
}

/**
 * An address that comes under another key brings its suppressions along: when somebody is added whose address was remembered under an
 * earlier key, and when the index keys are changed. Those under the earlier key stay.
 */
export async function carrySuppressions(tx: Tx, moves: { from: KeyedAddress, to: KeyedAddress }[]): Promise<void> {
  if (moves.length === 0) return
  await sql`
    insert into suppressions (email_index, key_id, scope, subject, reason, practice, created_at)
    select moved.to_index, moved.to_key, held.scope, held.subject, held.reason, held.practice, held.created_at
    from unnest(${moves.map(({ from }) => from.index)}::bytea[], ${moves.map(({ from }) => from.keyId)}::smallint[], ${moves.map(({ to }) => to.index)}::bytea[], ${moves.map(({ to }) => to.keyId)}::smallint[])
      as moved (from_index, from_key, to_index, to_key)
    join suppressions held on held.email_index = moved.from_index and held.key_id = moved.from_key
    on conflict do nothing`.execute(tx)
}

/** A suppression as the register has it: no address, only what one key made of it. */
export interface RegisteredSuppression {
  index: Buffer
  keyId: number
  scope: string
  subject: string
  reason: string
  since: Date
}

/** What was suppressed since a moment, in earnest and not by an erasure, which is registered by itself; oldest first. */
export async function registeredSuppressions(db: Db, since: Date): Promise<RegisteredSuppression[]> {
  const { rows } = await sql<RegisteredSuppression>`
    select email_index as index, key_id as "keyId", scope, subject, reason, created_at as since from suppressions where not practice and reason <> 'erased' and created_at > ${since} order by created_at`.execute(db)
  return rows
}

/**
 * Suppresses again what a register has from after a moment: in a copy of the database that is as old as that. What ended since is suppressed again too:
 * better one mail too few. Returns how many were not known.
 */
export async function suppressAgain(tx: Tx, lines: RegisteredSuppression[], after: Date): Promise<number> {
  const late = lines.filter(({ since }) => since > after)
  const { rows } = await sql`
    insert into suppressions (email_index, key_id, scope, subject, reason, practice, created_at)
    select email_index, key_id, scope, subject, reason, false, since from unnest(${late.map((each) => each.index)}::bytea[], ${late.map((each) => each.keyId)}::smallint[], ${late.map((each) => each.scope)}::text[], ${late.map((each) => each.subject)}::text[],
      ${late.map((each) => each.reason)}::text[], ${late.map((each) => each.since)}::timestamptz[]) as line (email_index, key_id, scope, subject, reason, since)
    on conflict do nothing returning 1`.execute(tx)
  return rows.length
}

/** What somebody would be written about: the question whether it was them, what belongs to taking part, news of an action, the newsletter. */
export type MailAbout = 'confirm' | 'part' | 'action' | 'newsletter'

/** Whether the person in this column must not be written to about it, for a WHERE. */
export function suppressed(person: RawBuilder<unknown>, about: MailAbout, action: RawBuilder<unknown> = sql`null`): RawBuilder<boolean> {
  return sql<boolean>`suppressed(${person}, ${about}, ${action})`
}

/** These said yes again in a form that they confirmed: what was suppressed before that ends. */
export async function liftByConsent(tx: Tx, personIds: string[]): Promise<void> {
  if (personIds.length) await sql`select lift_by_consent(${personIds}::uuid[])`.execute(tx)
}

/** Mail arrived at these people's addresses: somebody followed its link. That they bounced is over. */
export async function liftBounced(tx: Tx, personIds: string[]): Promise<void> {
  if (personIds.length) await sql`select lift_bounced(${personIds}::uuid[])`.execute(tx)
}

/** How many are suppressed, by reason and scope. Without those of practice once somebody has gone live. */
export async function suppressionCounts(db: Db): Promise<{ reason: SuppressionReason, scope: SuppressionScope, count: number }[]> {
  const { rows } = await sql<{ reason: SuppressionReason, scope: SuppressionScope, count: number }>`
    select reason, scope, count(*)::int as count from suppressions group by reason, scope order by count desc, reason, scope`.execute(db)
  return rows
}
