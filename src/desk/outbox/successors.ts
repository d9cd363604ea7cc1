import { sql } from '#platform/db.ts'
import { html, type Html } from '#platform/html/html.ts'
import { field } from '#platform/http/server.ts'
import { titleIn } from '#modules/actions/index.ts'
import { decideSuccessors } from '#modules/messages/index.ts'
import { localName, officesById } from '#modules/targets/index.ts'
import type { Desk } from '../context.ts'
import { button } from '../forms.ts'
import { idOf, type DeskPages } from '../pages.ts'
import type { DeskWords } from '../words/index.ts'

/** Messages that were written to somebody who has left the office since: staff say whether they go to whoever holds it now, or to nobody. */
export function successorRoutes(pages: DeskPages, desk: Desk): void {
  pages.post('/outbox/successors/:id', async (visit) => {
    const actionId = idOf(visit)
    const officeId = field(visit.body, 'office')
    const decision = field(visit.body, 'decision') === 'send' ? 'send' : 'cancel'
    await pages.change(visit, { verb: `successor-${decision}`, subjectKind: 'action', subjectIds: [actionId], details: { office: officeId } }, (tx) => decideSuccessors(tx, { actionId, officeId }, decision, desk.now()))
    return { to: '/outbox/messages?state=waiting', said: 'said.saved' }
  }, 'see-outbox')
}

/** What has to be decided, by office and action; nothing if there is nothing. */
export async function successorsCard(desk: Desk, t: DeskWords, now: Date): Promise<Html | false> {
  const { rows } = await sql<{ action_id: string, title: string, office_id: string, office: string, messages: number }>`
    select messages.action_id, ${titleIn(t.language)} as title, messages.office_id, coalesce(offices.labels ->> ${t.language}, offices.label, messages.office_id) as office, count(*)::int as messages
    from messages join actions on actions.id = messages.action_id left join offices on offices.id = messages.office_id
    where messages.state = 'waiting' and messages.waiting_for = 'successor' group by 1, 2, 3, 4 order by 5 desc, 4 limit 100`.execute(desk.db)
  const offices = new Map((await officesById(desk.db, [...new Set(rows.map((row) => row.office_id))], now)).map((office) => [office.id, office]))
  const heldNow = (id: string) => t.list((offices.get(id)?.holders ?? []).map((holder) => localName(holder, t.language)))
  return rows.length > 0 && html`<section class="card"><h2>${t('successors.title')}</h2><p>${t('successors.why')}</p><ul class="todo">${rows.map((row) => html`<li><bdi>${row.office}</bdi><small>${t('successors.line', { count: row.messages, title: row.title })}${heldNow(row.office_id) && html` · ${t('successors.now', { names: heldNow(row.office_id) })}`}${!offices.get(row.office_id)?.email && html` · ${t('targets.has-no-address')}`}</small><div class="row">${(['send', 'cancel'] as const).map((decision) => button(`/outbox/successors/${row.action_id}`, t(`successors.${decision}`), { office: row.office_id, decision }))}</div></li>`)}</ul></section>`
}
