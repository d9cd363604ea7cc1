import { sql } from '#platform/db.ts'
import { html } from '#platform/html/html.ts'
import { field, fields } from '#platform/http/server.ts'
import { changeAction, findAction, newestRevisions, setTargets, targetRules } from '#modules/actions/index.ts'
import { allSchemes } from '#modules/targets/index.ts'
import type { Desk } from '../context.ts'
import { form, formFields, type Faults } from '../forms.ts'
import type { DeskPage } from '../look/layout.ts'
import { idOf, orNotFound, type Answer, type DeskPages, type Visit } from '../pages.ts'
import { titleOf } from './overview.ts'

export function actionTargetRoutes(pages: DeskPages, desk: Desk): void {
  pages.get('/actions/:id/targets', (visit) => targetsPage(desk, visit, {}))

  pages.post('/actions/:id/targets', async (visit): Promise<Answer> => {
    const { t, body } = visit
    const id = idOf(visit)
    const bodies = fields(body, 'bodies')
    const named = fields(body, 'offices')
    const scheme = field(body, 'scheme')
    const faults: Faults = bodies.length + named.length === 0 ? { bodies: t('fault.targets') } : {}
    if (Object.keys(faults).length) return { ...await targetsPage(desk, visit, faults), status: 422 }
    await pages.change(visit, { verb: 'set-targets', subjectKind: 'action', subjectIds: [id] }, async (tx) => {
      const existing = await sql<{ kind: string, id: string }>`
        select 'body' as kind, id from bodies where id = any (${bodies}::text[]) union all select 'office', id from offices where id = any (${named}::text[])`.execute(tx)
      await setTargets(tx, id, existing.rows.map((row) => (row.kind === 'body' ? { body: row.id } : { office: row.id })))
      const known = (await allSchemes(tx)).some((each) => each.id === scheme)
      await changeAction(tx, id, { schemeId: known ? scheme : null })
    })
    return { to: `/actions/${id}`, said: 'said.saved' }
  })
}

async function targetsPage(desk: Desk, visit: Visit, faults: Faults): Promise<DeskPage> {
  const { t } = visit
  const action = orNotFound(await findAction(desk.db, { id: idOf(visit) }))
  const revisions = await newestRevisions(desk.db, action.id)
  const rules = await targetRules(desk.db, action.id)
  const schemes = await allSchemes(desk.db)
  const { rows: bodies } = await sql<{ id: string, name: string, offices: number, local: number }>`
    select bodies.id, coalesce(bodies.names ->> ${t.language}, bodies.name) as name, count(offices.id)::int as offices, count(offices.area_id)::int as local
    from bodies left join offices on offices.body_id = bodies.id group by bodies.id order by 2`.execute(desk.db)
  const chosen = rules.flatMap((rule) => ('office' in rule ? [rule.office] : []))
  const { rows: offices } = await sql<{ id: string, label: string, body: string }>`
    select offices.id, coalesce(offices.labels ->> ${t.language}, offices.label) as label, coalesce(bodies.names ->> ${t.language}, bodies.name) as body
    from offices join bodies on bodies.id = offices.body_id where offices.area_id is null or offices.id = any (${chosen}::text[]) order by 3, 2 limit 300`.execute(desk.db)
  return {
    title: t('action.targets'), section: 'actions', crumbs: [{ href: '/actions', label: t('nav.actions') }, { href: `/actions/${action.id}`, label: titleOf(action, revisions, t.language) }],
    body: html`${bodies.length === 0 && html`<div class="notice"><p>${t('action.targets.none')}</p><p><a href="/imports/new">${t('imports.new')}</a></p></div>`}${form(t, {
      action: `/actions/${action.id}/targets`, button: t('save'), faults,
      fields: formFields(t, [
        { name: 'bodies', kind: 'ticks', choices: bodies.filter((each) => each.local > 0).map((each) => ({ value: each.id, label: each.name, help: t('action.targets.offices', { count: each.offices }) })) },
        { name: 'scheme', kind: 'select', empty: t('f.scheme.none'), choices: schemes.map((scheme) => ({ value: scheme.id, label: `${scheme.names[t.language] ?? scheme.names.en ?? scheme.id} (${scheme.id})` })) },
        { name: 'offices', kind: 'ticks', choices: offices.map((office) => ({ value: office.id, label: office.label, help: office.body })) },
      ], { bodies: rules.flatMap((rule) => ('body' in rule ? [rule.body] : [])), offices: chosen, scheme: action.schemeId ?? schemes[0]?.id }, faults),
    })}`,
  }
}
