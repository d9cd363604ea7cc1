import { sql } from '#platform/db.ts'
import { html, type Html } from '#platform/html/html.ts'
import { field } from '#platform/http/server.ts'
import { isUuid } from '#platform/uuid.ts'
import { findAction, titleIn } from '#modules/actions/index.ts'
import { addMailing, firstQuestions, mailingKinds, mailingStates, type MailingKind, type MailingState } from '#modules/mailings/index.ts'
import type { Desk } from '../context.ts'
import { form, formFields, type Faults, type Typed } from '../forms.ts'
import type { DeskPage } from '../look/layout.ts'
import type { Answer, DeskPages, Visit } from '../pages.ts'
import { pageOf, pager, sortLink } from '../table.ts'
import type { DeskWords } from '../words/index.ts'

const size = 25
const orders = { newest: sql`mailings.created_at desc`, subject: sql`subject`, reach: sql`reach desc nulls last`, time: sql`coalesce(mailings.started_at, mailings.send_at) desc nulls last` } as const

interface Row {
  id: string
  kind: MailingKind
  state: MailingState
  subject: string | null
  languages: string[] | null
  title: string | null
  reach: number | null
  moment: Date | null
  practice: boolean | null
  zone: string
  all_rows: number
}

/** All updates and newsletters, and a new one. */
export function mailingListRoutes(pages: DeskPages, desk: Desk): void {
  pages.get('/mailings', (visit) => listPage(desk, visit), 'mail-supporters')
  pages.get('/mailings/new', (visit) => newPage(desk, visit, { mailing_kind: isUuid(visit.query('action')) ? 'update' : undefined, mailing_action: visit.query('action') }, {}), 'mail-supporters')

  pages.post('/mailings', async (visit): Promise<Answer> => {
    const { t, body, staff, now } = visit
    const kind = mailingKinds.find((each) => each === field(body, 'mailing_kind'))
    const chosen = field(body, 'mailing_action')
    const action = kind === 'update' && isUuid(chosen) ? await findAction(desk.db, { id: chosen }) : undefined
    if (!kind || (kind === 'update' && !action)) {
      const faults: Faults = kind ? { mailing_action: t('fault.mailing-action') } : { mailing_kind: t('fault.mailing-kind') }
      return { ...await newPage(desk, visit, { mailing_kind: kind, mailing_action: chosen }, faults), status: 422 }
    }
    const asked = await firstQuestions(desk.db, kind, action?.id ?? null)
    const id = await pages.change(visit, { verb: 'begin-mailing', subjectKind: 'mailing', subjectIds: [] }, (tx) => addMailing(tx, { kind, actionId: action?.id ?? null, statements: asked, zone: visit.zone, staffId: staff.id }, now))
    return { to: `/mailings/${id}` }
  }, 'mail-supporters')
}

async function listPage(desk: Desk, { t, query }: Visit): Promise<DeskPage> {
  const state = mailingStates.find((each) => each === query('state')) ?? ''
  const order = query('order') in orders ? query('order') as keyof typeof orders : 'newest'
  const page = pageOf(query)
  const { rows } = await sql<Row>`
    select mailings.id, mailings.kind, mailings.state, mailings.practice, mailings.zone, coalesce(mailings.started_at, mailings.send_at) as moment, text.subject, text.languages, count(*) over ()::int as all_rows,
      case when actions.id is not null then ${titleIn(t.language)} end as title, (select sum(value::int)::int from jsonb_each_text(mailings.counted -> 'byLanguage')) as reach
    from mailings left join actions on actions.id = mailings.action_id
    left join lateral (
      select (array_agg(subject order by language = ${t.language} desc, language))[1] as subject, array_agg(language order by language) as languages from mailing_texts where mailing_id = mailings.id) text on true
    where mailings.kind <> 'bulletin' and (${state} = '' or mailings.state = ${state}) order by ${orders[order]}, mailings.id limit ${size} offset ${page * size}`.execute(desk.db)
  const { rows: states } = await sql<{ state: MailingState, count: number }>`select state, count(*)::int as count from mailings where kind <> 'bulletin' group by state`.execute(desk.db)
  const link = (changes: Record<string, string>) => `/mailings?${new URLSearchParams({ ...(state && { state }), order, ...changes })}`
  return {
    title: t('nav.mailings'), section: 'mailings', buttons: html`<a class="btn plain" href="/mailings/topics">${t('topics.title')}</a><a class="btn" href="/mailings/new">${t('mailings.new')}</a>`,
    body: html`<p class="soft">${t('mailings.why')}</p><ul class="filters"><li><a href="${link({ state: '', page: '0' })}"${!state && html` aria-current="true"`}>${t('filter.all', { count: states.reduce((sum, each) => sum + each.count, 0) })}</a></li>${states.map((each) => html`<li><a href="${link({ state: each.state, page: '0' })}"${each.state === state && html` aria-current="true"`}>${t(`mailing.state.${each.state}`)} ${t.number(each.count)}</a></li>`)}</ul>
${rows.length === 0 ? html`<div class="card"><p>${t('mailings.empty')}</p></div>` : html`<div class="card scroll" role="region" tabindex="0" aria-label="${t('nav.mailings')}"><table><thead><tr>${sortLink(t('f.mailing_subject'), 'subject', order, link)}<th scope="col">${t('actions.state')}</th>${sortLink(t('mailings.reach'), 'reach', order, link, 'n')}${sortLink(t('mailings.time'), 'time', order, link)}</tr></thead><tbody>
${rows.map((row) => html`<tr><td><a href="/mailings/${row.id}"><bdi>${row.subject || t('mailing.unwritten')}</bdi></a><small>${[t(`mailing.kind.${row.kind}`), row.title && html`<bdi>${row.title}</bdi>`, (row.languages ?? []).map((language) => t.languageName(language)).join(', ')].filter(Boolean).map((part, place) => html`${place > 0 && ' · '}${part}`)}</small></td>
<td>${mailingMark(t, row.state)}${row.practice && html`<small>${t('outbox.practice')}</small>`}</td><td class="n">${row.reach === null ? '' : t.number(row.reach)}</td><td>${row.moment && t.moment(row.moment, row.zone)}</td></tr>`)}</tbody></table></div>`}
${pager(t, { page, size, rows: rows[0]?.all_rows ?? 0, link })}`,
  }
}

const marks: Record<MailingState, string> = { draft: 'off', waiting: 'wait', scheduled: 'wait', planning: 'wait', sending: 'wait', paused: 'bad', stopped: 'off', sent: 'ok' }

export function mailingMark(t: DeskWords, state: MailingState): Html {
  return html`<span class="state ${marks[state]}">${t(`mailing.state.${state}`)}</span>`
}

async function newPage(desk: Desk, { t }: Visit, typed: Typed, faults: Faults): Promise<DeskPage> {
  const { rows } = await sql<{ id: string, title: string }>`select id, ${titleIn(t.language)} as title from actions where state <> 'draft' order by created_at desc limit 200`.execute(desk.db)
  return {
    title: t('mailings.new'), section: 'mailings', crumbs: [{ href: '/mailings', label: t('nav.mailings') }],
    body: form(t, {
      action: '/mailings', button: t('mailings.begin'), faults,
      fields: formFields(t, [
        { name: 'mailing_kind', kind: 'choice', choices: mailingKinds.map((value) => ({ value, label: t(`mailing.kind.${value}`), help: t(`mailing.kind.${value}.help`) })) },
        { name: 'mailing_action', kind: 'select', empty: t('mailings.no-action'), choices: rows.map((row) => ({ value: row.id, label: row.title })) },
      ], typed, faults),
    }),
  }
}
