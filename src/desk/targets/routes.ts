import { sql } from '#platform/db.ts'
import { html, type Html } from '#platform/html/html.ts'
import { field } from '#platform/http/server.ts'
import { allSchemes, dayHere, hasBoundaries, loadAtlas, localLabel, localName, lookup, lookupPoints, officesById, type LookupAnswer } from '#modules/targets/index.ts'
import type { Desk } from '../context.ts'
import { form, formFields } from '../forms.ts'
import type { DeskPage } from '../look/layout.ts'
import type { DeskPages, Visit } from '../pages.ts'
import { pageOf, pager } from '../table.ts'
import type { DeskWord, DeskWords } from '../words/index.ts'

const size = 50

/** Who is written to: bodies, their offices, look-ups and what they did not find. */
export function targetRoutes(pages: DeskPages, desk: Desk): void {
  pages.get('/targets', (visit) => listPage(desk, visit), 'see-targets')
  pages.get('/targets/lookup', (visit) => lookupPage(desk, visit, undefined), 'see-targets')
  pages.post('/targets/lookup', async (visit) => {
    const [asked, typed, on] = [field(visit.body, 'scheme'), field(visit.body, 'code'), await dayHere(desk.db, visit.now)]
    if (asked === 'point') return lookupPage(desk, visit, (await lookupPoints(desk.db, await loadAtlas(desk.db, on), [typed], on))[0])
    const scheme = (await allSchemes(desk.db)).find((each) => each.id === asked)
    return lookupPage(desk, visit, scheme && (await lookup(desk.db, scheme, [typed], on))[0])
  }, 'see-targets')
}

async function listPage(desk: Desk, { t, query, now }: Visit): Promise<DeskPage> {
  const wanted = query('q').trim().slice(0, 100)
  const bodyId = query('body')
  const only = ['vacant', 'no-address'].includes(query('only')) ? query('only') : ''
  const page = pageOf(query)
  const on = await dayHere(desk.db, now)
  const { rows } = await sql<{ id: string, all_rows: number }>`
    with held as (
      select offices.id, offices.label, offices.labels, offices.body_id, areas.name as area, string_agg(concat_ws(' ', officials.name, nullif(officials.names::text, '{}'), array_to_string(officials.other_names, ' ')), ' ') as holders,
        exists (select from contact_details where office_id = offices.id and kind = 'email' and ended_on is null)
          or bool_or(exists (select from contact_details where official_id = officials.id and kind = 'email' and ended_on is null)) as reachable
      from offices left join areas on areas.id = offices.area_id
      left join terms on terms.office_id = offices.id and coalesce(terms.since <= ${on}, true) and coalesce(terms.until > ${on}, true)
      left join officials on officials.id = terms.official_id
      where coalesce(offices.valid_until > ${on}, true) group by offices.id, areas.name)
    select id, count(*) over ()::int as all_rows from held
    where (${bodyId} = '' or body_id = ${bodyId}) and (${only} = '' or (${only} = 'vacant' and holders is null) or (${only} = 'no-address' and holders is not null and not coalesce(reachable, false)))
      and (${wanted} = '' or strpos(lower(label || ' ' || labels::text || ' ' || coalesce(area, '') || ' ' || coalesce(holders, '')), lower(${wanted})) > 0)
    order by label, id limit ${size} offset ${page * size}`.execute(desk.db)
  const offices = await officesById(desk.db, rows.map((row) => row.id), on)
  const bodies = await desk.db.selectFrom('bodies').selectAll().orderBy('name').execute()
  const link = (changes: Record<string, string>) => `/targets?${new URLSearchParams({ ...(wanted && { q: wanted }), ...(bodyId && { body: bodyId }), ...(only && { only }), ...changes })}`
  return {
    title: t('nav.targets'), section: 'targets', buttons: html`<a class="btn" href="/imports/new">${t('imports.new')}</a><a class="btn plain" href="/targets/offices/new">${t('office.new')}</a>`,
    body: html`<ul class="filters"><li><a href="${link({ body: '' })}"${!bodyId && html` aria-current="true"`}>${t('targets.all')}</a></li>${bodies.map((each) => html`<li><a href="${link({ body: each.id, page: '0' })}"${each.id === bodyId && html` aria-current="true"`}><bdi>${localName({ name: each.name, names: each.names as Record<string, string> }, t.language)}</bdi></a></li>`)}
<li><a href="${link({ only: only === 'vacant' ? '' : 'vacant', page: '0' })}"${only === 'vacant' && html` aria-current="true"`}>${t('targets.vacant')}</a></li><li><a href="${link({ only: only === 'no-address' ? '' : 'no-address', page: '0' })}"${only === 'no-address' && html` aria-current="true"`}>${t('targets.no-address')}</a></li></ul>
${bodyId && html`<p><a href="/targets/bodies/${encodeURIComponent(bodyId)}">${t('body.calendar')}</a></p>`}<form method="get" action="/targets" class="row" role="search"><label for="q">${t('targets.search')}</label><input id="q" name="q" value="${wanted}" dir="auto" class="narrow">${bodyId && html`<input type="hidden" name="body" value="${bodyId}">`}<button class="plain">${t('targets.search.button')}</button></form><p class="others"><a href="/targets/lookup">${t('lookup.title')}</a><a href="/imports">${t('imports.title')}</a><a href="/targets/checking">${t('checking.title')}</a><a href="/targets/bodies">${t('bodies.title')}</a></p>
${offices.length === 0 ? html`<div class="card"><p>${t('targets.empty')}</p></div>` : html`<div class="card scroll" role="region" tabindex="0" aria-label="${t('nav.targets')}"><table><thead><tr><th scope="col">${t('targets.office')}</th><th scope="col">${t('targets.holder')}</th><th scope="col">${t('targets.contact')}</th></tr></thead><tbody>
${offices.map((office) => html`<tr><td><a href="/targets/offices/${encodeURIComponent(office.id)}"><bdi>${localLabel(office, t.language)}</bdi></a><small><bdi>${localName(office.body, t.language)}</bdi></small></td><td>${office.holders.length ? office.holders.map((holder) => html`<bdi>${localName(holder, t.language)}</bdi><small>${[holder.party, holder.since && t('targets.since', { day: t.day(holder.since) })].filter(Boolean).join(' · ')}</small>`) : html`<span class="state wait">${t('targets.is-vacant')}</span>`}</td><td>${office.email ? html`<span dir="ltr">${office.email}</span>` : html`<span class="state wait">${t('targets.has-no-address')}</span>`}</td></tr>`)}</tbody></table></div>`}
${pager(t, { page, size, rows: rows[0]?.all_rows ?? 0, link })}`,
  }
}

async function lookupPage(desk: Desk, { t, body }: Visit, answer: LookupAnswer | undefined): Promise<DeskPage> {
  const schemes = (await allSchemes(desk.db)).map(({ id }) => ({ value: id, label: id }))
  if (await hasBoundaries(desk.db)) schemes.push({ value: 'point', label: t('lookup.point') })
  const { rows: failures } = await sql<{ scheme_id: string, beginning: string, result: string, times: number, last: string }>`
    select scheme_id, beginning, result, sum(times)::int as times, max(happened_on)::text as last from lookup_failures group by 1, 2, 3 order by times desc, 1, 2 limit 100`.execute(desk.db)
  return {
    title: t('lookup.title'), section: 'targets', crumbs: [{ href: '/targets', label: t('nav.targets') }],
    body: html`${schemes.length === 0 ? html`<div class="card"><p>${t('lookup.none')}</p><p><a href="/imports/new">${t('imports.new')}</a></p></div>` : form(t, {
      action: '/targets/lookup', button: t('lookup.button'),
      fields: formFields(t, [{ name: 'scheme', kind: 'select', choices: schemes }, { name: 'lookup_code', as: 'code', kind: 'line', direction: 'ltr', narrow: true }],
        { scheme: field(body, 'scheme'), code: field(body, 'code') }),
    })}
${answer && answerCard(t, answer)}
<section class="card"><h2>${t('lookup.failures')}</h2><p class="soft">${t('lookup.failures.why')}</p>${failures.length === 0 ? html`<p>${t('lookup.failures.none')}</p>` : html`<div class="scroll" role="region" tabindex="0" aria-label="${t('lookup.failures')}"><table><thead><tr><th scope="col">${t('lookup.scheme')}</th><th scope="col">${t('lookup.beginning')}</th><th scope="col">${t('lookup.result')}</th><th scope="col" class="n">${t('lookup.times')}</th><th scope="col">${t('lookup.last')}</th></tr></thead><tbody>${failures.map((row) => html`<tr><td>${row.scheme_id}</td><td dir="ltr">${row.beginning}</td><td>${t(`lookup.${row.result}` as DeskWord)}</td><td class="n">${t.number(row.times)}</td><td>${t.day(row.last)}</td></tr>`)}</tbody></table></div>`}</section>`,
  }
}

function answerCard(t: DeskWords, answer: LookupAnswer): Html {
  return html`<section class="card" role="status"><h2>${t(`lookup.${answer.result}`)}</h2>${answer.areas.length > 0 && html`<p>${t.list(answer.areas.map((area) => localName(area, t.language)))}</p>`}
${answer.offices.length > 0 && html`<ul>${answer.offices.map((office) => html`<li><bdi>${localLabel(office, t.language)}</bdi>: <bdi>${office.holders.map((holder) => localName(holder, t.language)).join(', ') || t('targets.is-vacant')}</bdi></li>`)}</ul>`}</section>`
}
