import { sql, type RawBuilder } from '#platform/db.ts'
import { html } from '#platform/html/html.ts'
import { titleIn } from '#modules/actions/index.ts'
import { bodyWaits, waitsForBody, whatKeeps, type Keeping } from '#modules/messages/index.ts'
import type { Desk } from '../context.ts'
import type { DeskPage } from '../look/layout.ts'
import type { DeskPages, Visit } from '../pages.ts'
import { pageOf, pager } from '../table.ts'
import type { DeskWord, DeskWords } from '../words/index.ts'
import { bodyWaitsCard } from './body-waits.ts'
import { problemWords } from './problem.ts'
import { successorsCard } from './successors.ts'

const size = 50
/** A filter beside those by state: what is in the queue, for a body that does not sit. */
const bodyAway = 'body-away'
const marks: Record<string, string> = { queued: 'wait', sending: 'wait', accepted: 'ok', failed: 'bad', unknown: 'bad', waiting: 'wait', cancelled: 'off' }

interface Row {
  id: string
  state: string
  what: string
  title: string | null
  problem: string | null
  attempts: number
  promised_at: Date
  ended_at: Date | null
  due_at: Date
  waiting_for?: string | null
  wait_reason?: string | null
  wait_until?: Date | null
  in_digest?: boolean
  practice: boolean
  copy?: boolean
  ruled_out?: boolean
  office_id?: string
  daily_cap?: number | null
  stopped?: boolean
  alternate?: boolean
  back?: 'hard' | 'soft' | 'delayed' | 'complaint' | 'absence' | 'challenge' | null
}

/** Everything that was sent, is on its way or cannot leave: messages to offices, and mails to supporters. */
export function outboxRoutes(pages: DeskPages, desk: Desk): void {
  pages.get('/outbox', async () => ({ to: '/outbox/messages' }), 'see-outbox')
  pages.get('/outbox/messages', (visit) => outboxPage(desk, visit, 'messages'), 'see-outbox')
  pages.get('/outbox/mails', (visit) => outboxPage(desk, visit, 'mails'), 'see-outbox')
}

async function outboxPage(desk: Desk, visit: Visit, which: 'messages' | 'mails'): Promise<DeskPage> {
  const { t, query, now, zone } = visit
  const waits = which === 'messages' ? await bodyWaits(desk.db, now) : []
  const forBody = waitsForBody(waits)
  const state = Object.hasOwn(marks, query('state')) || (which === 'messages' && query('state') === bodyAway) ? query('state') : ''
  const office = which === 'messages' ? query('office').slice(0, 200) : ''
  const page = pageOf(query)
  const { rows } = which === 'messages'
    ? await sql<Row>`
      select messages.id, messages.state, coalesce(offices.labels ->> ${t.language}, offices.label, messages.office_id) as what, ${titleIn(t.language)} as title, messages.problem, messages.attempts, messages.promised_at, messages.ended_at, greatest(messages.due_at, actions.deliver_at) as due_at, messages.waiting_for, messages.in_digest, messages.practice, messages.copy, messages.ruled_out,
        messages.office_id, messages.alternate, (actions.options ->> 'dailyCap')::int as daily_cap, actions.state = 'suspended' as stopped,
        wait.reason as wait_reason, wait.until as wait_until, ${newestBack('message')}
      from (select * from messages where ${state === bodyAway ? forBody : state ? sql`state = ${state}` : sql`true`} and ${office ? sql`office_id = ${office}` : sql`true`} order by promised_at desc, id limit ${size} offset ${page * size}) messages
      join actions on actions.id = messages.action_id left join offices on offices.id = messages.office_id
      left join sending_waits wait on wait.action_id = messages.action_id and wait.office_id = messages.office_id and messages.state = 'queued'
      order by messages.promised_at desc, messages.id`.execute(desk.db)
    : await sql<Row>`
      select mails.id, mails.state, mails.kind as what, ${titleIn(t.language)} as title, mails.problem, mails.attempts, mails.promised_at, mails.ended_at, mails.due_at, mails.practice, ${newestBack('mail')}
      from (select * from mails where ${state ? sql`state = ${state}` : sql`true`} order by promised_at desc, id limit ${size} offset ${page * size}) mails
      left join participations p on p.person_id = mails.person_id and p.id = mails.participation_id left join actions on actions.id = p.action_id
      order by mails.promised_at desc, mails.id`.execute(desk.db)
  const { rows: counts } = await sql<{ state: string, count: number }>`select state, count(*)::int as count from ${sql.table(which)} ${office ? sql`where office_id = ${office}` : sql``} group by state order by state`.execute(desk.db)
  const { rows: [away] } = waits.length === 0 ? { rows: [] } : await sql<{ count: number }>`select count(*)::int as count from messages where ${forBody} and ${office ? sql`office_id = ${office}` : sql`true`}`.execute(desk.db)
  const filters = [...counts.map((each) => ({ ...each, label: t(`message.state.${each.state}` as DeskWord) })), ...(away?.count || state === bodyAway ? [{ state: bodyAway, count: away?.count ?? 0, label: t('held-for.title') }] : [])]
  const all = counts.reduce((sum, each) => sum + each.count, 0)
  const kept = which === 'messages' ? await keptRows(desk, rows, zone, now) : undefined
  const link = (changes: Record<string, string>) => `/outbox/${which}?${new URLSearchParams({ ...(office && { office }), ...(state && { state }), ...changes })}`
  return {
    title: t('nav.outbox'), section: 'outbox', buttons: html`<a class="btn plain" href="/outbox/sending">${t('sending.title')}</a>`,
    body: html`<ul class="filters"><li><a href="/outbox/messages"${which === 'messages' && html` aria-current="true"`}>${t('outbox.messages')}</a></li><li><a href="/outbox/mails"${which === 'mails' && html` aria-current="true"`}>${t('outbox.mails')}</a></li><li><a href="/outbox/letters">${t('letters.title')}</a></li></ul>
<ul class="filters"><li><a href="${link({ state: '', page: '0' })}"${!state && html` aria-current="true"`}>${t('filter.all', { count: all })}</a></li>${filters.map((each) => html`<li><a href="${link({ state: each.state, page: '0' })}"${each.state === state && html` aria-current="true"`}>${each.label} ${t.number(each.count)}</a></li>`)}</ul>
<p class="soft">${t('outbox.honest')}</p>${which === 'messages' && html`${await bodyWaitsCard(desk, visit, waits)}${await successorsCard(desk, t, now)}`}
${rows.length === 0 ? html`<div class="card"><p>${t('outbox.empty')}</p></div>` : html`<div class="card scroll" role="region" tabindex="0" aria-label="${t(`outbox.${which}`)}"><table><thead><tr><th scope="col">${t(which === 'messages' ? 'outbox.to' : 'outbox.kind')}</th><th scope="col">${t('actions.action')}</th><th scope="col">${t('people.state')}</th><th scope="col">${t('outbox.promised')}</th><th scope="col">${t('outbox.ended')}</th></tr></thead><tbody>
${rows.map((row) => html`<tr><td><bdi>${which === 'mails' ? t(`mail.${row.what}` as DeskWord) : row.what}</bdi></td><td><bdi>${row.title}</bdi></td><td><span class="state ${marks[row.state] ?? 'off'}">${t(`message.state.${row.state}` as DeskWord)}</span>${row.waiting_for && html`<small>${t(`waiting-for.${row.waiting_for}` as DeskWord)}</small>`}${row.ruled_out && html`<small>${t('waiting-for.rules')}</small>`}${row.stopped && row.state === 'queued' && html`<small>${t('waiting-for.stopped')}</small>`}${row.copy && html`<small>${t('outbox.copy')}</small>`}${row.wait_reason && html`<small>${t(`waiting-for.${row.wait_reason}` as DeskWord)}${row.wait_until && html` ${t('outbox.wait-until', { moment: t.moment(row.wait_until, zone) })}`}</small>`}${row.back && html`<small>${t(`back.${row.back}`)}</small>`}${row.alternate && html`<small>${t('outbox.alternate')}</small>`}${row.problem && html`<small>${t('outbox.problem', { problem: problemWords(t, row.problem), attempts: row.attempts })}</small>`}${row.state === 'failed' && row.problem?.startsWith('bounced') && row.office_id && html`<small>${t('outbox.came-back')}${visit.may('change-targets') && html` <a href="/targets/offices/${encodeURIComponent(row.office_id)}/writing">${t('outbox.other-address')}</a>`}</small>`}${row.in_digest && html`<small>${t('outbox.in-digest')}</small>`}${row.practice && html`<small>${t('outbox.practice')}</small>`}</td><td>${t.moment(row.promised_at, zone)}</td><td>${row.ended_at ? t.moment(row.ended_at, zone) : row.state === 'queued' ? whenItGoes(t, row, kept, zone) : ''}</td></tr>`)}</tbody></table></div>`}
${pager(t, { page, size, rows: state ? filters.find((each) => each.state === state)?.count ?? 0 : all, link })}`,
  }
}

/** What keeps those rows here that nothing else does; days are meant by the clock of the zone. */
async function keptRows(desk: Desk, rows: Row[], zone: string, now: Date): Promise<Map<string, Keeping>> {
  const queued = rows.filter((row) => row.state === 'queued' && !row.stopped && !row.wait_reason && row.due_at <= now)
  const found = await whatKeeps(desk.db, queued.map((row) => ({ officeId: row.office_id!, inDigest: row.in_digest!, promisedAt: row.promised_at, practice: row.practice, dailyCap: row.daily_cap ?? undefined })), zone, now)
  return new Map(queued.flatMap((row, place) => (found[place] ? [[row.id, found[place]]] : [])))
}

function whenItGoes(t: DeskWords, row: Row, kept: Map<string, Keeping> | undefined, zone: string): string {
  const keeping = kept?.get(row.id)
  if (keeping) return keepingWords(t, keeping, zone)
  return row.stopped || row.wait_reason ? '' : t('outbox.due', { moment: t.moment(row.due_at, zone) })
}

/** Why a message is still here, in words. */
export function keepingWords(t: DeskWords, { reason, from }: Keeping, zone: string): string {
  return from ? t(`keeping.${reason}.from`, { moment: t.moment(from, zone) }) : t(`keeping.${reason}`)
}

/** The newest of what came back about a mail, or about a message by itself or with the others of its day. */
function newestBack(about: 'message' | 'mail'): RawBuilder<unknown> {
  const which = about === 'mail' ? sql`about = 'mail' and id = mails.id` : sql`(about = 'message' and id = messages.id) or (about = 'digest' and id = messages.digest_id)`
  return sql`(select kind from bounces where ${which} order by noticed_at desc limit 1) as back`
}
