import { sql } from '#platform/db.ts'
import { titleIn, withinReach } from '#modules/actions/index.ts'
import { restoredBlind } from '../retention/routes.ts'
import { keysPrinted, lastBackup } from '../settings/reminders.ts'
import { readLive } from '#modules/publisher/index.ts'
import { approvalKinds, approving, listApprovals } from '#modules/staff/index.ts'
import { refusedAddresses } from '#modules/targets/index.ts'
import type { Desk } from '../context.ts'
import type { Visit } from '../pages.ts'
import type { DeskWord } from '../words/index.ts'

/** Something that needs a person. */
export interface ThingToDo {
  word: DeskWord
  values?: Record<string, string | number>
  href: string
}

const backupDays = 7

/** What needs this staff member today, most urgent first. */
export async function thingsToDo(desk: Desk, { staff, may, reachOf }: Visit): Promise<ThingToDo[]> {
  const { db } = desk
  const now = desk.now()
  const things: ThingToDo[] = []
  const { rows: [counts] } = await sql<{ held: number, surges: number, names: number, waiting: number, unknown: number, failed: number, back: number, refused: number, unchecked: number, off: number, incidents: number, resting: number, letters: number, bodies: number }>`
    select (select count(*)::int from participations where state = 'held') as held,
      (select count(*)::int from public_names where state = 'waiting') as names,
      (select count(*)::int from surges where seen_at is null) as surges,
      (select count(*)::int from messages where state = 'waiting') as waiting,
      (select count(*)::int from messages where state = 'unknown' and ended_at > ${new Date(now.getTime() - 7 * 86_400_000)}) as unknown,
      lately.failed, lately.back,
      (select count(*)::int from returned_letters where state = 'unread') as letters,
      (select count(*)::int from intake_refused) as refused,
      (select count(*)::int from sending_rests where rested_until > ${now}) as resting,
      (select count(distinct action_id)::int from sending_waits where reason = 'body-state' and until is null) as bodies,
      (select count(*)::int from imports where state = 'done' and dry_run and file is not null) as unchecked,
      (select count(*)::int from switches) as off, (select count(*)::int from incidents where ended_at is null) as incidents
    from (select count(*) filter (where problem not like 'bounced%')::int as failed, count(*) filter (where problem like 'bounced%')::int as back from messages where state = 'failed' and ended_at > ${new Date(now.getTime() - 7 * 86_400_000)}) lately`.execute(db)
  const { rows: ending } = await sql<{ id: string, title: string }>`
    select id, ${titleIn(staff.language)} as title from actions where state = 'open' and ${withinReach(reachOf('see-actions'))} and closes_at between ${now} and ${new Date(now.getTime() + 4 * 86_400_000)} order by closes_at`.execute(db)
  const approvals = (await listApprovals(db, approvalKinds.filter((kind) => may(approving[kind])), now)).filter((each) => each.answer === null && each.askedBy !== staff.id && (each.standsFrom === null || each.standsFrom > now)).length
  if (approvals) things.push({ word: 'todo.approvals', values: { count: approvals }, href: '/approvals' })
  if (may('moderate') && counts!.held) things.push({ word: 'todo.held', values: { count: counts!.held }, href: '/participations?state=held' })
  if (may('moderate') && counts!.surges) things.push({ word: 'todo.surges', values: { count: counts!.surges }, href: '/surges' })
  if (may('moderate') && counts!.names) things.push({ word: 'todo.names', values: { count: counts!.names }, href: '/names' })
  if (may('see-outbox') && counts!.waiting) things.push({ word: 'todo.waiting', values: { count: counts!.waiting }, href: '/outbox/messages?state=waiting' })
  if (may('see-outbox') && counts!.bodies) things.push({ word: 'todo.bodies', values: { count: counts!.bodies }, href: '/outbox/messages#bodies' })
  if (may('see-outbox') && counts!.failed) things.push({ word: 'todo.failed', values: { count: counts!.failed }, href: '/outbox/messages?state=failed' })
  if (may('see-outbox') && counts!.back) things.push({ word: 'todo.came-back', values: { count: counts!.back }, href: '/outbox/messages?state=failed' })
  if (may('see-outbox') && counts!.unknown) things.push({ word: 'todo.unknown', values: { count: counts!.unknown }, href: '/outbox/messages?state=unknown' })
  if (may('see-outbox') && counts!.resting) things.push({ word: 'todo.resting', values: { count: counts!.resting }, href: '/outbox/sending' })
  if (may('see-outbox') && counts!.letters) things.push({ word: 'todo.letters', values: { count: counts!.letters }, href: '/outbox/letters' })
  for (const action of ending) things.push({ word: 'todo.ending', values: { title: action.title }, href: `/actions/${action.id}` })
  if (may('change-targets') && counts!.unchecked) things.push({ word: 'todo.imports', values: { count: counts!.unchecked }, href: '/imports' })
  const addresses = await refusedAddresses(db)
  if (may('change-targets') && addresses) things.push({ word: 'todo.addresses', values: { count: addresses }, href: '/targets/checking?reason=refused' })
  if (may('health') && counts!.incidents) things.unshift({ word: 'todo.incidents', values: { count: counts!.incidents }, href: '/health' })
  if (may('switches') && counts!.off) things.unshift({ word: 'todo.switched-off', values: { count: counts!.off }, href: '/switches' })
  if (may('health') && counts!.refused) things.push({ word: 'todo.refused', values: { count: counts!.refused }, href: '/health' })
  if (may('go-live') && (await readLive(db, { origin: desk.config.origins[0], installId: desk.secrets.installId })).formerOrigin !== undefined) things.unshift({ word: 'todo.not-live-here', href: '/going-live' })
  if (may('keep-data') && await restoredBlind(desk)) things.unshift({ word: 'todo.restored-blind', href: '/retention' })
  if (may('keys') && !await keysPrinted(db)) things.push({ word: 'todo.keys', href: '/keys' })
  const backup = may('health') ? await lastBackup(db) : now
  if (!backup || now.getTime() - backup.getTime() > backupDays * 86_400_000) things.push({ word: backup ? 'todo.backup-old' : 'todo.backup-none', href: '/health' })
  return things
}
