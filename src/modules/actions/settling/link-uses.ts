import { sql, type Tx } from '#platform/db.ts'
import { cancelMails } from '#modules/mails/index.ts'
import { leaveTopics, liftBounced, suppress, withdrawMail } from '#modules/people/index.ts'
import type { LinkUse } from '../intake/entry.ts'
import { readLeavingToken } from '../links.ts'
import { confirmParticipations } from './confirming.ts'
import type { KindHooks, Keys, ParticipationRef } from './workshop.ts'

/** Does what people asked for by the links in their mails. A link that leads nowhere, or was used before, changes nothing. */
export async function settleLinkUses(tx: Tx, keys: Keys, hooks: KindHooks, uses: LinkUse[], now: Date): Promise<void> {
  if (uses.length === 0) return
  const targets = await followLinks(tx, keys, uses)
  const of = (...kinds: LinkUse['kind'][]) => uses.flatMap((use) => {
    const target = targets.get(use.link)
    return target && kinds.includes(use.kind) ? [{ use, ref: target }] : []
  })
  const confirmed = of('confirmation')
  const browsers = new Map(confirmed.flatMap(({ use, ref }) => (use.known ? [[ref.id, Buffer.from(use.known, 'base64url')] as const] : [])))
  await confirmParticipations(tx, keys, hooks, confirmed.map(({ ref }) => ref), browsers, now)
  await liftBounced(tx, confirmed.map(({ ref }) => ref.personId))
  await endParticipations(tx, hooks, of('refusal').map(({ ref }) => ref), 'refused', now)
  await endParticipations(tx, hooks, of('withdrawal').map(({ ref }) => ref), 'withdrawn', now)
  const [some, all] = [of('unsubscribing').filter(({ use }) => use.topic), of('unsubscribing').filter(({ use }) => !use.topic)]
  await leaveTopics(tx, some.map(({ use, ref }) => ({ personId: ref.personId, topic: use.topic! })), now)
  await unsubscribe(tx, all.map(({ ref }) => ref), 'unsubscribe-page', now)
  await hooks.answered(tx, of('answering').map(({ use, ref }) => ({ ...ref, answers: use.answers ?? [] })), now)
  await unsubscribe(tx, of('one-click-unsubscribing').map(({ ref }) => ref), 'one-click', now)
}

async function followLinks(tx: Tx, keys: Keys, uses: LinkUse[]): Promise<Map<string, ParticipationRef>> {
  const hashes = [...new Set(uses.map((use) => use.link))]
  const { rows } = await sql<{ token_hash: Buffer, person_id: string, participation_id: string }>`
    select token_hash, person_id, participation_id from links where token_hash = any (${hashes.map((hash) => Buffer.from(hash, 'base64url'))}::bytea[])`.execute(tx)
  const found = new Map(rows.map((row) => [row.token_hash.toString('base64url'), { personId: row.person_id, id: row.participation_id }]))
  // What only lets out of mail is no link's hash, and opens nothing else whatever it is handed in as.
  const leaving = uses.filter((use) => use.kind === 'unsubscribing' || use.kind === 'one-click-unsubscribing').flatMap(({ link }) => {
    const id = found.has(link) ? undefined : readLeavingToken(keys.linkKey, link)
    return id ? [{ link, id }] : []
  })
  if (leaving.length > 0) {
    const { rows: left } = await sql<{ person_id: string, participation_id: string }>`select person_id, participation_id from links where participation_id = any (${leaving.map(({ id }) => id)}::uuid[])`.execute(tx)
    const people = new Map(left.map((row) => [row.participation_id, row.person_id]))
    for (const { link, id } of leaving) if (people.has(id)) found.set(link, { personId: people.get(id)!, id })
  }
  return found
}

/** Takes participations back. What identifies anybody goes at once; the row stays, so that the count can go down by it. The index of a name stays as long as the mailbox has taken part under it elsewhere. */
export async function endParticipations(tx: Tx, hooks: KindHooks, refs: ParticipationRef[], state: 'refused' | 'withdrawn', now: Date): Promise<void> {
  if (refs.length === 0) return
  const people = refs.map((ref) => ref.personId)
  const ids = refs.map((ref) => ref.id)
  await sql`
    update participations p set state = ${state}, ended_at = ${now}, answers = '[]', details = null, record = null, cookie_hash = null, code_hash = null, held_reason = null,
      name_index = case when ${state} = 'withdrawn' then name_index end, domain_index = null, pattern_index = null, removed_from = null
    from unnest(${people}::uuid[], ${ids}::uuid[]) as ended (person_id, id)
    where p.person_id = ended.person_id and p.id = ended.id and p.state not in ('refused', 'withdrawn')`.execute(tx)
  await forgetTakenBackNames(tx, people)
  await sql`delete from public_names where participation_id = any (${ids}::uuid[]) and person_id = any (${people}::uuid[])`.execute(tx)
  await sql`delete from message_texts where participation_id = any (${ids}::uuid[]) and person_id = any (${people}::uuid[])`.execute(tx)
  await cancelMails(tx, ids, now)
  await hooks.ended(tx, refs, now)
}

/**
 * Ends what tells under which of a mailbox's names something was taken back, once nothing else stands under that name: until then its link opens the rest of what they did. Of everybody, or of some.
 */
export async function forgetTakenBackNames(tx: Tx, people?: string[]): Promise<void> {
  await sql`
    update participations p set name_index = null where p.state = 'withdrawn' and p.name_index is not null ${people ? sql`and p.person_id = any (${people}::uuid[])` : sql``}
      and not exists (select from participations other where other.person_id = p.person_id and other.name_index = p.name_index and other.state <> 'withdrawn')`.execute(tx)
}

async function unsubscribe(tx: Tx, refs: ParticipationRef[], way: 'unsubscribe-page' | 'one-click', now: Date): Promise<void> {
  const people = [...new Set(refs.map((ref) => ref.personId))]
  if (people.length === 0) return
  await withdrawMail(tx, people, way, now)
  await suppress(tx, people, 'updates', 'unsubscribed', now)
}
