import { countryNamed } from '#platform/countries.ts'
import { sql, type Tx } from '#platform/db.ts'
import { html } from '#platform/html/html.ts'
import { field, fields, notFound } from '#platform/http/server.ts'
import { groupModes, groupRoles, groupsOf, moveGroupUp, newestRevisions, setGroup, targetRules, type TargetGroup, type TargetRule } from '#modules/actions/index.ts'
import type { Desk } from '../context.ts'
import { countryNames, countrySaid } from '../countries.ts'
import { button, form, formFields, type Faults, type Typed } from '../forms.ts'
import type { DeskPage } from '../look/layout.ts'
import type { Answer, DeskPages, Visit } from '../pages.ts'
import { messageAction } from './message-action.ts'
import { titleOf } from './naming.ts'
import { retarget } from './retargeting.ts'
import { targetChoices, targetsPage } from './targets.ts'

/** One group of an action's targets: who stands in it, whether they get copies only, and how they are chosen. */
export function groupRoutes(pages: DeskPages, desk: Desk): void {
  pages.get('/actions/:id/groups/:number', async (visit) => groupPage(desk, visit, await present(desk, visit), {}), 'campaign')

  pages.post('/actions/:id/groups/:number', async (visit): Promise<Answer> => {
    const { t, body } = visit
    const { id } = await messageAction(desk, visit)
    const number = numberOf(visit)
    const typed: Typed = { bodies: fields(body, 'bodies'), offices: fields(body, 'offices'), embassy_of: field(body, 'embassy_of').trim(), group_role: field(body, 'group_role'), group_mode: field(body, 'group_mode'), group_most: field(body, 'group_most') }
    const embassyOf = typed.embassy_of ? countryNamed(String(typed.embassy_of)) : ''
    const most = Number(typed.group_most || 1)
    const faults: Faults = {
      ...(fields(body, 'bodies').length + fields(body, 'offices').length === 0 && embassyOf === '' && { bodies: t('fault.targets') }), ...(embassyOf === undefined && { embassy_of: t('fault.country') }),
      ...((!Number.isInteger(most) || most < 1 || most > 50) && { group_most: t('fault.most') }),
    }
    if (Object.keys(faults).length) return { ...await groupPage(desk, visit, typed, faults), status: 422 }
    const refused = await retarget(pages, visit, { verb: 'set-targets', subjectKind: 'action', subjectIds: [id] }, async (tx) => {
      const { rows } = await sql<{ kind: string, id: string, label: string }>`
        select 'body' as kind, id, name as label from bodies where id = any (${fields(body, 'bodies')}::text[])
        union all select 'office', id, label from offices where id = any (${fields(body, 'offices')}::text[]) order by 1, 3`.execute(tx)
      const leads = rows.map((row): TargetRule => (row.kind === 'body' ? { body: row.id } : { office: row.id }))
      await setGroup(tx, id, {
        number, most, role: groupRoles.find((each) => each === typed.group_role) ?? 'target', mode: groupModes.find((each) => each === typed.group_mode) ?? 'all',
      }, embassyOf ? [...leads, { embassyOf }] : leads)
    })
    if (refused) return { ...await groupPage(desk, visit, typed, { [embassyOf ? 'embassy_of' : 'bodies']: refused }), status: 422 }
    return { to: `/actions/${id}/targets`, said: 'said.saved' }
  }, 'campaign')

  const change = async (visit: Visit, work: (tx: Tx, id: string) => Promise<void>): Promise<Answer> => {
    const { id } = await messageAction(desk, visit)
    const refused = await retarget(pages, visit, { verb: 'set-targets', subjectKind: 'action', subjectIds: [id] }, (tx) => work(tx, id))
    if (refused) return { ...await targetsPage(desk, visit, { bodies: refused }), status: 422 }
    return { to: `/actions/${id}/targets`, said: 'said.saved' }
  }
  pages.post('/actions/:id/groups/:number/up', (visit) => change(visit, (tx, id) => moveGroupUp(tx, id, numberOf(visit))), 'campaign')
  pages.post('/actions/:id/groups/:number/remove', (visit) => {
    const group: TargetGroup = { number: numberOf(visit), role: 'target', mode: 'all', most: 1 }
    return change(visit, (tx, id) => setGroup(tx, id, group, []))
  }, 'campaign')
}

function numberOf(visit: Visit): number {
  const number = Number(visit.params.number)
  return Number.isInteger(number) && number >= 1 && number <= 20 ? number : notFound()
}

async function present(desk: Desk, visit: Visit): Promise<Typed> {
  const { id } = await messageAction(desk, visit)
  const number = numberOf(visit)
  const leads = (await targetRules(desk.db, id)).filter((rule) => (rule.group ?? 1) === number)
  const group = ((await groupsOf(desk.db, [id])).get(id) ?? []).find((each) => each.number === number)
  return {
    bodies: leads.flatMap((lead) => ('body' in lead ? [lead.body] : [])), offices: leads.flatMap((lead) => ('office' in lead ? [lead.office] : [])), embassy_of: leads.flatMap((lead) => ('embassyOf' in lead ? [countrySaid(visit.t, lead.embassyOf)] : []))[0],
    group_role: group?.role ?? 'target', group_mode: group?.mode ?? 'all', group_most: String(group?.most ?? 3),
  }
}

async function groupPage(desk: Desk, visit: Visit, typed: Typed, faults: Faults): Promise<DeskPage> {
  const { t } = visit
  const number = numberOf(visit)
  const action = await messageAction(desk, visit)
  const leads = (await targetRules(desk.db, action.id)).filter((rule) => (rule.group ?? 1) === number)
  const { bodies, offices } = await targetChoices(desk, t, leads)
  return {
    title: t('groups.group', { number }), section: 'actions',
    crumbs: [{ href: '/actions', label: t('nav.actions') }, { href: `/actions/${action.id}`, label: titleOf(action, await newestRevisions(desk.db, action.id), t.language) }, { href: `/actions/${action.id}/targets`, label: t('action.targets') }],
    body: html`${form(t, {
      action: `/actions/${action.id}/groups/${number}`, button: t('save'), faults,
      fields: formFields(t, [
        { name: 'bodies', kind: 'ticks', choices: bodies }, { name: 'offices', kind: 'ticks', choices: offices }, { name: 'embassy_of', kind: 'line', list: countryNames(t), maxLength: 100 },
        { name: 'group_role', kind: 'choice', choices: groupRoles.map((value) => ({ value, label: t(`group-role.${value}`), help: t(`group-role.${value}.help`) })) },
        { name: 'group_mode', kind: 'choice', choices: groupModes.map((value) => ({ value, label: t(`mode.${value}`), help: t(`mode.${value}.help`) })) }, { name: 'group_most', kind: 'number', narrow: true },
      ], typed, faults),
    })}${leads.length > 0 && number > 1 && button(`/actions/${action.id}/groups/${number}/remove`, t('groups.remove'))}`,
  }
}
