import { inTransaction, sql } from '#platform/db.ts'
import { html } from '#platform/html/html.ts'
import { titleIn } from '#modules/actions/index.ts'
import { markRead, openLetter } from '#modules/returns/index.ts'
import { auditFirst } from '#modules/staff/index.ts'
import type { Desk } from '../context.ts'
import { button } from '../forms.ts'
import type { DeskPage } from '../look/layout.ts'
import { idOf, orNotFound, type Answer, type DeskPages, type Visit } from '../pages.ts'
import { pageOf, pager } from '../table.ts'

const size = 50

interface Row {
  id: string
  about: 'mail' | 'message' | 'digest' | 'mailing'
  office: string | null
  title: string | null
  state: 'unread' | 'read' | 'passing-on' | 'passed-on'
  practice: boolean
  received_at: Date
  all_rows: number
}

/** What came back as a letter: answers of offices mostly. What they say is sealed, and opened one at a time, with a line in the log before. */
export function letterRoutes(pages: DeskPages, desk: Desk): void {
  pages.get('/outbox/letters', (visit) => lettersPage(desk, visit), 'see-outbox')

  pages.post('/outbox/letters/:id/open', async (visit): Promise<Answer> => {
    const { t, staff, now } = visit
    const id = idOf(visit)
    const line = await auditFirst(desk.db, { staffId: staff.id, behalfOf: visit.behalfOf, verb: 'open-returned-letter', subjectKind: 'participation', subjectIds: [id] })
    const letter = orNotFound(await openLetter(desk.db, desk.opener, line))
    await inTransaction(desk.db, (tx) => markRead(tx, id, staff.id, now))
    return {
      title: letter.subject || t('letters.no-subject'), section: 'outbox', crumbs: [{ href: '/outbox', label: t('nav.outbox') }, { href: '/outbox/letters', label: t('letters.title') }],
      body: html`<div class="notice"><p>${t('people.opened')}</p></div><section class="card"><dl class="facts"><dt>${t('letters.from')}</dt><dd><bdi>${letter.from?.name ?? ''}</bdi> <bdi dir="ltr">${letter.from?.address ?? ''}</bdi></dd></dl><div class="words" dir="auto">${letter.text}</div>${letter.cut && html`<p class="soft">${t('letters.cut')}</p>`}</section>`,
    }
  }, 'open-people')
}

async function lettersPage(desk: Desk, { t, query, may, zone }: Visit): Promise<DeskPage> {
  const page = pageOf(query)
  const { rows } = await sql<Row>`
    select letter.id, letter.about, coalesce(offices.labels ->> ${t.language}, offices.label) as office, case when actions.id is not null then ${titleIn(t.language)} end as title, letter.state, letter.practice, letter.received_at, count(*) over ()::int as all_rows
    from returned_letters letter left join offices on offices.id = letter.office_id left join actions on actions.id = letter.action_id
    order by letter.state = 'unread' desc, letter.received_at desc, letter.id limit ${size} offset ${page * size}`.execute(desk.db)
  return {
    title: t('letters.title'), section: 'outbox', crumbs: [{ href: '/outbox', label: t('nav.outbox') }],
    body: html`<p class="soft">${t('letters.why')}</p>${rows.length === 0 ? html`<div class="card"><p>${t('outbox.empty')}</p></div>` : html`<div class="card scroll" role="region" tabindex="0" aria-label="${t('letters.title')}"><table><thead><tr><th scope="col">${t('letters.from')}</th><th scope="col">${t('actions.action')}</th><th scope="col">${t('people.state')}</th><th scope="col">${t('letters.came')}</th><th scope="col">${t('letters.open')}</th></tr></thead><tbody>
${rows.map((row) => html`<tr><td><bdi>${row.office ?? t('letters.supporter')}</bdi></td><td><bdi>${row.title ?? ''}</bdi></td><td><span class="state ${row.state === 'unread' ? 'wait' : 'ok'}">${t(`letter.state.${row.state}`)}</span>${row.practice && html`<small>${t('letters.practice')}</small>`}</td><td>${t.moment(row.received_at, zone)}</td><td>${may('open-people') && button(`/outbox/letters/${row.id}/open`, t('letters.open'))}</td></tr>`)}</tbody></table></div>`}
${pager(t, { page, size, rows: rows[0]?.all_rows ?? 0, link: (changes) => `/outbox/letters?${new URLSearchParams(changes)}` })}`,
  }
}
