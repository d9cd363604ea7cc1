import { sql } from '#platform/db.ts'
import { html, type Html } from '#platform/html/html.ts'
import { field, fields } from '#platform/http/server.ts'
import { changeAction, findAction, groupsOf, newestRevisions, setTargetsOfGroup, targetRules, type TargetGroup, type TargetRule } from '#modules/actions/index.ts'
import { allSchemes, bodiesWithoutCodes } from '#modules/targets/index.ts'
import type { Desk } from '../context.ts'
import { button, form, formFields, type Choice, type Faults, type Typed } from '../forms.ts'
import type { DeskPage } from '../look/layout.ts'
import { idOf, orNotFound, type Answer, type DeskPages, type Visit } from '../pages.ts'
import type { DeskWords } from '../words/index.ts'
import { titleOf } from './naming.ts'
import { retarget } from './retargeting.ts'

export function actionTargetRoutes(pages: DeskPages, desk: Desk): void {
  pages.get('/actions/:id/targets', (visit) => targetsPage(desk, visit, {}), 'campaign')

  pages.post('/actions/:id/targets', async (visit): Promise<Answer> => {
    const { t, body } = visit
    const id = idOf(visit)
    const bodies = fields(body, 'bodies')
    const named = fields(body, 'offices')
    const scheme = field(body, 'scheme')
    // The embassy of a group that was moved here is set on the group's own page, and stays.
    const embassies = (await targetRules(desk.db, id)).filter((rule) => 'embassyOf' in rule && (rule.group ?? 1) === 1)
    const faults: Faults = { ...(bodies.length + named.length + embassies.length === 0 && { bodies: t('fault.targets') }), ...await schemeFault(desk, t, scheme, bodies) }
    if (Object.keys(faults).length) return { ...await targetsPage(desk, visit, faults, { bodies, offices: named, scheme }), status: 422 }
    const refused = await retarget(pages, visit, { verb: 'set-targets', subjectKind: 'action', subjectIds: [id] }, async (tx) => {
      const existing = await sql<{ kind: string, id: string }>`
        select 'body' as kind, id from bodies where id = any (${bodies}::text[]) union all select 'office', id from offices where id = any (${named}::text[])`.execute(tx)
      await setTargetsOfGroup(tx, id, 1, [...existing.rows.map((row) => (row.kind === 'body' ? { body: row.id } : { office: row.id })), ...embassies])
      const known = (await allSchemes(tx)).some((each) => each.id === scheme)
      await changeAction(tx, id, { schemeId: known ? scheme : null })
    })
    if (refused) return { ...await targetsPage(desk, visit, { bodies: refused }), status: 422 }
    return { to: `/actions/${id}`, said: 'said.saved' }
  }, 'campaign')
}

/** Where somebody has still to say how supporters find their place: there are codes of several kinds, and no guess is right. */
const undecided = '?'

async function schemeFault(desk: Desk, t: DeskWords, scheme: string, bodies: string[]): Promise<Faults> {
  if (scheme === '' || bodies.length === 0) return {}
  if (scheme === undecided) return { scheme: t('fault.choose') }
  const without = await bodiesWithoutCodes(desk.db, scheme, bodies)
  if (without.length === 0) return {}
  const names = (await targetChoices(desk, t, [])).bodies.filter(({ value }) => without.includes(value)).map(({ label }) => label)
  return { scheme: t('fault.scheme', { bodies: t.list(names) }) }
}

export async function targetsPage(desk: Desk, visit: Visit, faults: Faults, typed?: Typed): Promise<DeskPage> {
  const { t } = visit
  const action = orNotFound(await findAction(desk.db, { id: idOf(visit) }))
  const revisions = await newestRevisions(desk.db, action.id)
  const rules = await targetRules(desk.db, action.id)
  const first = rules.filter((rule) => (rule.group ?? 1) === 1)
  const schemes = await allSchemes(desk.db)
  const { bodies, offices } = await targetChoices(desk, t, first)
  const chosen = first.flatMap((rule) => ('office' in rule ? [rule.office] : []))
  const open = schemes.length > 1 && action.schemeId === null && !first.some((rule) => 'body' in rule)
  return {
    title: t('action.targets'), section: 'actions', crumbs: [{ href: '/actions', label: t('nav.actions') }, { href: `/actions/${action.id}`, label: titleOf(action, revisions, t.language) }],
    body: html`${bodies.length + offices.length === 0 && html`<div class="notice"><p>${t('action.targets.none')}</p><p><a href="/imports/new">${t('imports.new')}</a></p></div>`}${form(t, {
      action: `/actions/${action.id}/targets`, button: t('save'), faults,
      fields: formFields(t, [
        { name: 'bodies', kind: 'ticks', choices: bodies },
        { name: 'scheme', kind: 'select', empty: t('f.scheme.none'), choices: [...(open ? [{ value: undecided, label: t('choose') }] : []), ...schemes.map((scheme) => ({ value: scheme.id, label: `${scheme.names[t.language] ?? scheme.names.en ?? scheme.id} (${scheme.id})` }))] },
        { name: 'offices', kind: 'ticks', choices: offices },
      ], typed ?? { bodies: first.flatMap((rule) => ('body' in rule ? [rule.body] : [])), offices: chosen, scheme: action.schemeId ?? (open ? undecided : first.length === 0 ? schemes[0]?.id : '') }, faults),
    })}${groupsCard(t, action.id, await namesIn(desk, t, rules), (await groupsOf(desk.db, [action.id])).get(action.id) ?? [])}`,
  }
}

/** Bodies with local offices, and offices without an area, to choose targets from; those of `rules` are there in any case. */
export async function targetChoices(desk: Desk, t: DeskWords, rules: TargetRule[]): Promise<{ bodies: Choice[], offices: Choice[] }> {
  const chosen = rules.flatMap((rule) => ('office' in rule ? [rule.office] : []))
  const { rows: bodies } = await sql<{ id: string, name: string, offices: number, local: number }>`
    select bodies.id, coalesce(bodies.names ->> ${t.language}, bodies.name) as name, count(offices.id)::int as offices, count(offices.area_id)::int as local
    from bodies left join offices on offices.body_id = bodies.id group by bodies.id order by 2`.execute(desk.db)
  const { rows: offices } = await sql<{ id: string, label: string, body: string }>`
    select offices.id, coalesce(offices.labels ->> ${t.language}, offices.label) as label, coalesce(bodies.names ->> ${t.language}, bodies.name) as body
    from offices join bodies on bodies.id = offices.body_id where offices.area_id is null or offices.id = any (${chosen}::text[]) order by 3, 2 limit 300`.execute(desk.db)
  return {
    bodies: bodies.filter((each) => each.local > 0).map((each) => ({ value: each.id, label: each.name, help: t('action.targets.offices', { count: each.offices }) })),
    offices: offices.map((office) => ({ value: office.id, label: office.label, help: office.body })),
  }
}

const mostNamed = 8

/** Who stands in each group, by its number: own representatives, offices, an embassy. */
async function namesIn(desk: Desk, t: DeskWords, rules: TargetRule[]): Promise<Map<number, string>> {
  const { rows } = await sql<{ id: string, label: string }>`
    select 'body ' || id as id, coalesce(names ->> ${t.language}, name) as label from bodies where id = any (${rules.flatMap((rule) => ('body' in rule ? [rule.body] : []))}::text[])
    union all select 'office ' || id, coalesce(labels ->> ${t.language}, label) from offices where id = any (${rules.flatMap((rule) => ('office' in rule ? [rule.office] : []))}::text[])`.execute(desk.db)
  const labels = new Map(rows.map((row) => [row.id, row.label]))
  const nameOf = (rule: TargetRule) => ('body' in rule ? t('groups.own', { body: labels.get(`body ${rule.body}`) ?? rule.body }) : 'office' in rule ? labels.get(`office ${rule.office}`) ?? rule.office : t('groups.embassy', { country: t.countryName(rule.embassyOf) }))
  return new Map([...Map.groupBy(rules, (rule) => rule.group ?? 1)].map(([number, its]) => [number, t.list([...its.slice(0, mostNamed).map(nameOf), ...(its.length > mostNamed ? [t('groups.more', { count: its.length - mostNamed })] : [])])]))
}

/** The groups that an action's targets stand in: one is enough for most. */
function groupsCard(t: DeskWords, actionId: string, names: Map<number, string>, groups: TargetGroup[]): Html {
  const numbers = [...names.keys()].toSorted((one, other) => one - other)
  return html`<section class="card"><h2>${t('groups.title')}</h2><p>${t('groups.why')}</p>
<ul class="todo">${numbers.map((number, place) => {
    const group = groups.find((each) => each.number === number)
    return html`<li><a href="/actions/${actionId}/groups/${number}">${t('groups.group', { number })}</a> <small>${t(`group-role.${group?.role ?? 'target'}.is`)} ${t(`mode.${group?.mode ?? 'all'}`)}${group?.mode === 'choose' && html` ${t('groups.most', { count: group.most })}`}</small><small><bdi>${names.get(number)}</bdi></small>${place > 0 && button(`/actions/${actionId}/groups/${number}/up`, t('rules.up'))}</li>`
  })}</ul>
${numbers.length < 20 && html`<div class="row"><a class="btn plain" href="/actions/${actionId}/groups/${Math.max(1, ...numbers) + 1}">${t('groups.add')}</a></div>`}</section>`
}
