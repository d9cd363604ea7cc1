import { randomUUID } from 'node:crypto'
import { sql, type Db, type RawBuilder, type Tx } from '#platform/db.ts'
import { messagePlace, targetRulesOf, type ConfirmedParticipation, type Keys, type KindHooks, type MessageText, type ParticipationRef } from '#modules/actions/index.ts'
import { noteReplies } from './asking.ts'
import { letterFor } from './letter.ts'
import { chooseTargets } from './target-choice.ts'
import { withCandidates, writtenTo } from './holders.ts'

/** What a message action adds to the course of a participation: once it is confirmed its messages are queued; taken back, they are not sent. */
export function messageHooks(keys: Keys): KindHooks {
  return {
    confirmed: (tx, participations, now) => queueMessages(tx, keys, participations, now),
    ended: cancelMessages,
    answered: noteReplies,
  }
}

interface Queued {
  personId: string
  participationId: string
  actionId: string
  officeId: string
  own: boolean
  rehearsal: boolean
  writtenTo: string
  inDigest: boolean
  willAsk: boolean
  copy: boolean
  variantId: string | null
}

/**
 * Queues one message to each office that the supporter saw on the page and that still is a target. An office that this person
 * has written to in this action is not written to again, whatever came in twice; two people who share a mailbox both write.
 */
async function queueMessages(tx: Tx, keys: Keys, participations: ConfirmedParticipation[], now: Date): Promise<void> {
  const texts = await messageTexts(tx, participations)
  const written = participations.filter((each) => texts.has(each.id))
  if (written.length === 0) return
  const rules = await withCandidates(tx, await targetRulesOf(tx, [...new Set(written.map((each) => each.actionId))]))
  const targets = await chooseTargets(tx, written.map(({ actionId, areaId, country }) => ({ rules: rules.get(actionId) ?? [], areaId: areaId ?? undefined, country: country ?? undefined })), now)
  const opened = await Promise.all(written.map(({ id }) => keys.opener.open<MessageText>(messagePlace('contact', id), texts.get(id)!)))
  const queued = written.flatMap(({ personId, id, actionId, rehearsal }, place): Queued[] =>
    targets[place]!.flatMap(({ office, own }) => {
      const part = partFor(opened[place]!, office.id)
      // The page promises the supporter's address to those whom they write to, and to nobody who only gets a copy.
      return part ? [{ personId, participationId: id, actionId, officeId: office.id, own: own && !part.copy, rehearsal, ...part, writtenTo: writtenTo(opened[place]!, office), ...asTold(opened[place]!, office.id, rehearsal || part.copy) }] : []
    }))
  if (queued.length === 0) return
  await sql`
    insert into messages (person_id, id, participation_id, action_id, office_id, own, rehearsal, copy, variant_id, in_digest, will_ask, place, written_to, state, due_at, promised_at, practice)
    select message.person_id, message.id, participation_id, message.action_id, office_id, own, rehearsal, copy, variant_id, in_digest, will_ask, participations.place, array(select jsonb_array_elements_text(message.written_to::jsonb)), 'queued', ${now}, ${now}, participations.practice from unnest(
      ${queued.map((each) => each.personId)}::uuid[], ${queued.map(() => randomUUID())}::uuid[], ${queued.map((each) => each.participationId)}::uuid[],
      ${queued.map((each) => each.actionId)}::uuid[], ${queued.map((each) => each.officeId)}::text[], ${queued.map((each) => each.own)}::boolean[], ${queued.map((each) => each.rehearsal)}::boolean[],
      ${queued.map((each) => each.copy)}::boolean[], ${queued.map((each) => each.variantId)}::uuid[],
      ${queued.map((each) => each.writtenTo)}::text[], ${queued.map((each) => each.inDigest)}::boolean[], ${queued.map((each) => each.willAsk)}::boolean[])
      as message (person_id, id, participation_id, action_id, office_id, own, rehearsal, copy, variant_id, written_to, in_digest, will_ask)
    join participations on participations.person_id = message.person_id and participations.id = participation_id
    on conflict do nothing`.execute(tx)
  await dropOfClosed(tx, queued, now)
}

/**
 * What was confirmed only after its action was closed with what had not left does not leave either. Asked once the messages stand: each of them
 * keeps its action from being closed until this is done, so that nothing is queued behind the back of whoever closes it.
 */
async function dropOfClosed(tx: Tx, queued: Queued[], now: Date): Promise<void> {
  await sql`
    update messages set ${dropped(now)} from actions
    where participation_id = any (${queued.map((each) => each.participationId)}::uuid[]) and person_id = any (${queued.map((each) => each.personId)}::uuid[])
      and actions.id = action_id and actions.state = 'closed' and actions.drops_unsent and messages.state = 'queued' and not rehearsal`.execute(tx)
}

/** What the page said holds, whatever staff have set since. A rehearsal's message goes to its staff member alone, and a copy is nobody's to answer. */
function asTold({ told }: MessageText, officeId: string, nobodyElse: boolean): { inDigest: boolean, willAsk: boolean } {
  return { inDigest: !nobodyElse && told?.digest.includes(officeId) === true, willAsk: !nobodyElse && told?.asked === true }
}

/** What of a supporter's words is for an office: nothing, a copy, or the words of a variant. */
function partFor(text: MessageText, officeId: string): { copy: boolean, variantId: string | null } | undefined {
  const letter = letterFor(text, officeId)
  if (letter) return { copy: false, variantId: letter.variant ?? null }
  return text.copies?.includes(officeId) ? { copy: true, variantId: null } : undefined
}

async function messageTexts(tx: Tx, participations: ConfirmedParticipation[]): Promise<Map<string, Buffer>> {
  const { rows } = await sql<{ participation_id: string, contact: Buffer }>`
    select text.participation_id, text.contact
    from unnest(${participations.map((each) => each.personId)}::uuid[], ${participations.map((each) => each.id)}::uuid[]) as wanted (person_id, participation_id)
    join message_texts text using (person_id, participation_id) where text.contact is not null`.execute(tx)
  return new Map(rows.map((row) => [row.participation_id, row.contact]))
}

/** What has not left of an action never leaves: staff said so when they closed it. Returns how many messages that are. */
export async function dropUnsent(tx: Tx, actionId: string, now: Date): Promise<number> {
  const { rows } = await sql`
    update messages set ${dropped(now)}
    where action_id = ${actionId} and ${unsent} returning 1`.execute(tx)
  return rows.length
}

/** How many messages of an action have not left. */
export async function countUnsent(db: Db, actionId: string): Promise<number> {
  const { rows } = await sql<{ count: number }>`select count(*)::int as count from messages where action_id = ${actionId} and ${unsent}`.execute(db)
  return rows[0]!.count
}

const unsent = sql`state in ('queued', 'waiting') and not rehearsal`

function dropped(now: Date): RawBuilder<unknown> {
  return sql`state = 'cancelled', waiting_for = null, problem = 'action-closed', ended_at = ${now}`
}

async function cancelMessages(tx: Tx, refs: ParticipationRef[], now: Date): Promise<void> {
  await sql`
    update messages set state = 'cancelled', ended_at = ${now}
    where participation_id = any (${refs.map((ref) => ref.id)}::uuid[]) and person_id = any (${refs.map((ref) => ref.personId)}::uuid[]) and state in ('queued', 'waiting')`.execute(tx)
}
