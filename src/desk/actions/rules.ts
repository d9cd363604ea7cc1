import type { Tx } from '#platform/db.ts'
import { html, type Html } from '#platform/html/html.ts'
import { field } from '#platform/http/server.ts'
import { addRule, coverageOf, newestRevisions, removeVariant, setRules, variantsOf, type Action, type Condition, type Coverage, type Revision, type Rule, type Variant } from '#modules/actions/index.ts'
import { readPublisher } from '#modules/publisher/index.ts'
import { localLabel, localName, missionsOf } from '#modules/targets/index.ts'
import type { Desk } from '../context.ts'
import { countrySaid } from '../countries.ts'
import { button } from '../forms.ts'
import type { DeskPage } from '../look/layout.ts'
import { idOf, type Answer, type DeskPages, type Visit } from '../pages.ts'
import { pageOf, pager } from '../table.ts'
import type { DeskWords } from '../words/index.ts'
import { messageAction } from './message-action.ts'
import { titleOf, wayTo } from './naming.ts'
import { isWithoutEmail, otherWaysSaid, reachNotice } from './reach.ts'
import { retarget } from './retargeting.ts'
import { readRule, ruleForm, typedRule } from './rule-form.ts'

const size = 50

export interface RulesOfAction {
  action: Action
  revisions: Revision[]
  variants: Variant[]
  coverage: Coverage
  /** Of the targets that are embassies: of which country, and where. */
  missions: Map<string, { represents: string, host: string }>
  /** Of the site. */
  languages: string[]
}

/** Who gets which words: one ordered list, and a table that shows what it makes of every target. */
export function ruleRoutes(pages: DeskPages, desk: Desk): void {
  const change = async (visit: Visit, work: (tx: Tx, id: string) => Promise<void>): Promise<Answer> => {
    const { id } = await messageAction(desk, visit)
    const refused = await retarget(pages, visit, { verb: 'set-rules', subjectKind: 'action', subjectIds: [id] }, (tx) => work(tx, id))
    if (refused) return { ...rulesPage(visit, await load(desk, visit), refused), status: 422 }
    return { to: `/actions/${id}/rules`, said: 'said.saved' }
  }

  pages.get('/actions/:id/rules', async (visit) => rulesPage(visit, await load(desk, visit)), 'campaign')

  for (const place of ['new', ':place'] as const) {
    pages.get(`/actions/:id/rules/${place}`, async (visit) => {
      const it = await load(desk, visit)
      return ruleForm(visit, it, typedRule(it.coverage.rules[placeOf(visit)]), {})
    }, 'campaign')
    pages.post(`/actions/:id/rules/${place}`, async (visit) => {
      const it = await load(desk, visit)
      const { typed, faults, keep } = await readRule(desk, visit, it)
      if (Object.keys(faults).length) return { ...ruleForm(visit, it, typed, faults), status: 422 }
      const refused = await retarget(pages, visit, { verb: 'set-rules', subjectKind: 'action', subjectIds: [it.action.id] }, async (tx) => {
        const rule = await keep(tx)
        if (place === 'new') await addRule(tx, it.action.id, rule)
        else await setRules(tx, it.action.id, (rules) => rules.map((each, number) => (number === placeOf(visit) ? rule : each)))
      })
      if (refused) return { ...ruleForm(visit, it, typed, { rule_outcome: refused }), status: 422 }
      return { to: `/actions/${it.action.id}/rules`, said: 'said.saved' }
    }, 'campaign')
  }

  pages.post('/actions/:id/rules/:place/up', (visit) => {
    const place = placeOf(visit)
    return change(visit, (tx, id) => setRules(tx, id, (rules) => (place > 0 && place < rules.length ? rules.with(place - 1, rules[place]!).with(place, rules[place - 1]!) : rules)))
  }, 'campaign')
  pages.post('/actions/:id/rules/:place/remove', (visit) => change(visit, (tx, id) => setRules(tx, id, (rules) => rules.filter((_, number) => number !== placeOf(visit)))), 'campaign')
  // The end of most lists: whoever no rule speaks of.
  pages.post('/actions/:id/rules/others', (visit) => {
    const outcome = field(visit.body, 'outcome') === 'skip' ? 'skip' as const : 'main' as const
    return change(visit, (tx, id) => addRule(tx, id, { conditions: [], outcome, variant: null }))
  }, 'campaign')
  pages.post('/actions/:id/variants/:variant/remove', (visit) => change(visit, (tx, id) => removeVariant(tx, id, idOf(visit, 'variant'))), 'campaign')

  async function load({ db }: Desk, visit: Visit): Promise<RulesOfAction> {
    const action = await messageAction(desk, visit)
    const coverage = await coverageOf(db, action.id, visit.now)
    return {
      action, revisions: await newestRevisions(db, action.id), variants: await variantsOf(db, action.id), coverage, missions: await missionsOf(db, coverage.targets.map(({ office }) => office.id)), languages: (await readPublisher(db)).languages,
    }
  }
}

function placeOf(visit: Visit): number {
  const place = Number(visit.params.place)
  return Number.isInteger(place) ? place - 1 : -1
}

/** What a rule asks, in words: a line for each condition, with its values side by side. */
function conditionsSaid(t: DeskWords, rule: Rule): Html {
  if (rule.conditions.length === 0) return html`${t('rules.everybody')}`
  return html`${rule.conditions.map((each, place) => html`${place > 0 && html`<br>`}<bdi>${t(each.is ? 'rules.is' : 'rules.is-not', { attribute: t(`attribute.${each.attribute}`), values: each.values.map((value) => valueSaid(t, each, value)).join(' / ') })}</bdi>`)}`
}

function valueSaid(t: DeskWords, { attribute }: Condition, value: string): string {
  if (attribute === 'country') return countrySaid(t, value.toUpperCase())
  return attribute === 'language' ? t.languageName(value) : value
}

export function outcomeSaid(t: DeskWords, { outcome, variant }: Rule, variants: Variant[]): string {
  return outcome === 'variant' ? t('rules.outcome.variant', { name: variants.find((each) => each.id === variant)?.name ?? '' }) : t(`rules.outcome.${outcome}`)
}

function rulesPage(visit: Visit, it: RulesOfAction, refused?: string): DeskPage {
  const { t } = visit
  const { action, revisions, variants, coverage } = it
  const here = `/actions/${action.id}/rules`
  return {
    title: t('action.rules'), section: 'actions', crumbs: [{ href: '/actions', label: t('nav.actions') }, { href: `/actions/${action.id}`, label: titleOf(action, revisions, t.language) }],
    buttons: html`<a class="btn" href="${here}/new">${t('rules.add')}</a>`,
    body: html`${refused && html`<div class="errors" role="alert"><p>${refused}</p></div>`}<p>${t('rules.why')}</p>${verdict(t, here, coverage, action.state === 'open')}${reachNotice(t, `/actions/${action.id}`, coverage, revisions)}
${coverage.rules.length > 0 && html`<section class="card"><h2>${t('rules.list')}</h2><ol>${coverage.rules.map((rule, place) => html`<li><p><a href="${here}/${place + 1}">${conditionsSaid(t, rule)}</a>: <strong>${outcomeSaid(t, rule, variants)}</strong> <small>${t('rules.answers', { count: coverage.targets.filter((each) => each.rules.includes(place)).length })}</small></p>
<div class="row">${place > 0 && button(`${here}/${place + 1}/up`, t('rules.up'))}${button(`${here}/${place + 1}/remove`, t('rules.remove'))}</div></li>`)}</ol></section>`}
${variants.length > 0 && html`<section class="card"><h2>${t('variants.title')}</h2><ul class="todo">${variants.map((variant) => html`<li><bdi>${variant.name}</bdi> ${revisions.map((revision) => html`<a href="/actions/${action.id}/words/${revision.language}/variants/${variant.id}">${t.languageName(revision.language)}</a> ${!revision.words.variants.some((each) => each.id === variant.id && each.body) && html`<small class="wait">${t('variants.no-words')}</small>`} `)}${button(`/actions/${action.id}/variants/${variant.id}/remove`, t('variants.remove'))}</li>`)}</ul></section>`}
${coverageTable(visit, it, here)}`,
  }
}

/** Whether the list is whole, and the two usual ways to make it so. */
function verdict(t: DeskWords, here: string, { targets, rules, gaps, written }: Coverage, open: boolean): Html {
  if (targets.length === 0) return html`<div class="notice"><p>${t('rules.no-targets')}</p></div>`
  if (rules.length === 0) return html`<div class="notice"><p>${t('rules.none', { count: targets.length })}</p></div>`
  if (gaps) return html`<div class="${open ? 'errors' : 'notice'}" role="${open ? 'alert' : 'note'}"><p><strong>${t('rules.gaps', { count: gaps })}</strong></p><p>${t(open ? 'rules.gaps.open' : 'rules.gaps.how')}</p><div class="row">${button(`${here}/others`, t('rules.others.main'), { outcome: 'main' })}${button(`${here}/others`, t('rules.others.skip'), { outcome: 'skip' })}</div></div>`
  if (written === 0) return html`<div class="notice" role="note"><p><strong>${t('rules.nobody')}</strong></p></div>`
  return html`<div class="notice"><p>${t('rules.whole', { count: targets.filter((each) => !each.copy).length })}</p></div>`
}

/** Every target, with what the list makes of it: what will happen, before anybody opens the action. */
function coverageTable({ t, query, may }: Visit, { variants, coverage, missions }: RulesOfAction, here: string): Html {
  const wanted = query('q').trim().toLowerCase().slice(0, 100)
  const only = query('only')
  const matching = coverage.targets.filter((each) => (only === '' || (only === 'gap' ? each.gap : only === 'copy' ? each.copy : only === 'no-email' ? isWithoutEmail(each) : each.rules.includes(Number(only) - 1)))
    && (wanted === '' || [each.office.label, each.office.areaName ?? '', ...each.office.holders.flatMap((holder) => [holder.name, holder.party])].some((text) => text.toLowerCase().includes(wanted))))
  const page = Math.min(pageOf(query), Math.max(0, Math.ceil(matching.length / size) - 1))
  const link = (changes: Record<string, string>) => `${here}?${new URLSearchParams({ ...(wanted && { q: wanted }), ...(only && { only }), ...changes })}`
  const filter = (value: string, label: string) => html`<li><a href="${link({ only: value, page: '0' })}"${only === value && html` aria-current="true"`}>${label}</a></li>`
  const embassy = (id: string) => {
    const mission = missions.get(id)
    return mission && html`<small>${t('rules.embassy', { country: t.countryName(mission.represents), host: t.countryName(mission.host) })}</small>`
  }
  const said = (each: Coverage['targets'][number]) => (each.copy ? [t('rules.gets-copy')] : coverage.rules.length === 0 ? [t('rules.outcome.main')] : each.rules.map((place) => t('rules.by', { outcome: outcomeSaid(t, coverage.rules[place]!, variants), number: place + 1 })))
  return html`<h2>${t('rules.table')}</h2><ul class="filters">${filter('', t('filter.all', { count: coverage.targets.length }))}${coverage.rules.map((_, place) => filter(String(place + 1), t('rules.rule', { number: place + 1 })))}${coverage.gaps > 0 && filter('gap', t('rules.gap-filter', { count: coverage.gaps }))}${coverage.targets.some((each) => each.copy) && filter('copy', t('rules.gets-copy'))}${coverage.targets.some(isWithoutEmail) && filter('no-email', t('reach.filter'))}</ul>
<form method="get" action="${here}" class="row" role="search"><label for="q">${t('targets.search')}</label><input id="q" name="q" value="${query('q')}" dir="auto" class="narrow">${only && html`<input type="hidden" name="only" value="${only}">`}<button class="plain">${t('targets.search.button')}</button></form>
${matching.length === 0 ? html`<div class="card"><p>${t('rules.table.empty')}</p></div>` : html`<div class="card scroll" role="region" tabindex="0" aria-label="${t('rules.table')}"><table><thead><tr><th scope="col">${t('targets.office')}</th><th scope="col">${t('targets.holder')}</th><th scope="col">${t('rules.gets')}</th></tr></thead><tbody>
${matching.slice(page * size, (page + 1) * size).map((each) => html`<tr><td>${wayTo(may, `/targets/offices/${encodeURIComponent(each.office.id)}`, localLabel(each.office, t.language))}${embassy(each.office.id)}</td><td>${each.office.holders.length ? each.office.holders.map((holder) => html`<bdi>${localName(holder, t.language)}</bdi><small><bdi>${holder.party}</bdi></small>`) : t('targets.is-vacant')}</td><td>${said(each).map((line) => html`<div>${line}</div>`)}${isWithoutEmail(each) && otherWaysSaid(t, each)}${each.gap && html`<span class="state bad">${t(each.rules.length ? 'rules.gap-for-some' : 'rules.gap')}</span>`}</td></tr>`)}</tbody></table></div>`}
${pager(t, { page, size, rows: matching.length, link })}`
}
