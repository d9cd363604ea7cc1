import { reading } from '#platform/db.ts'
import { html, type Html } from '#platform/html/html.ts'
import { field, fields, notFound, seeOther } from '#platform/http/server.ts'
import { rulesNow } from '#modules/actions/index.ts'
import { localName, territoryOf, territoryStep, type Territory, type TerritoryStep } from '#modules/targets/index.ts'
import { typedIn } from '../actions/details-form.ts'
import { actionPath, viewOf, type ActionView } from '../actions/parts.ts'
import { actionOf, type Site } from '../context.ts'
import { hidden, type Typed } from '../forms/fields.ts'
import { localPath, type PageParts } from '../look/layout.ts'
import type { Pages } from '../pages/page.ts'
import { carriedFields } from './compose-page.ts'
import { composedNames } from './composing.ts'

/** Choosing where one lives step by step, from a country down to an area, for any number of steps and without scripts. */
export function whereRoutes(pages: Pages, site: Site): void {
  pages.get('/actions/:slug/where', async (frame, request, reply) => {
    const action = await actionOf(site, request)
    return action ? seeOther(reply, localPath(frame, actionPath(action))) : notFound()
  })

  pages.post('/actions/:slug/where', async (frame, request, reply) => {
    const action = await actionOf(site, request)
    const bodies = action ? rulesNow(action.targets, action.bodies).flatMap((rule) => ('body' in rule ? [rule.body] : [])) : []
    if (!action || bodies.length === 0) return notFound()
    const all = await reading(site.db, (tx) => territoryOf(tx, bodies, site.now().toISOString().slice(0, 10)))
    const { area: _area, elsewhere: _elsewhere, ...typed } = typedIn(request.body, composedNames(request.body))
    const carried: Typed = { ...typed, s: field(request.body, 's'), key: field(request.body, 'key'), in: field(request.body, 'in'), next: field(request.body, 'next') }
    return pages.send(frame, reply, wherePage(viewOf(frame, action), territoryStep(all, field(request.body, 'within')), carried, fields(request.body, 'shown')))
  })
}

/** As many as can be taken in at a glance are laid open; more are easier to find in a list. */
const mostOpen = 12

function wherePage(view: ActionView, { here, inner, areas, back }: TerritoryStep, carried: Typed, shown: string[]): PageParts {
  const { frame, action, words } = view
  const { t } = frame
  const form = (path: string, inside: Html) => html`<form method="post" class="card" action="${localPath(frame, actionPath(action, path))}" novalidate>${inside}${carriedFields({ carried, shown })}<button class="go">${t('finding.go-on')}</button></form>`
  return {
    title: t('where.title'), narrow: true,
    body: html`<p class="kind"><a href="${localPath(frame, actionPath(action))}">${words.words.title}</a></p><h1>${t('where.title')}</h1><p>${t('where.why')}</p>
${here && html`<h2>${t.html('where.in', { area: localName(here, t.language) })}</h2>`}
${inner.length > 0 && form('/where', choice(view, 'within', t('where.further'), inner))}
${areas.length > 0 && form(carried.next === 'by-yourself' ? '/by-yourself' : '/write', choice(view, 'area', t('where.area'), areas))}
${back !== undefined && html`<form method="post" action="${localPath(frame, actionPath(action, '/where'))}">${carriedFields({ carried, shown })}${hidden({ within: back })}<button class="plain">${t('where.back')}</button></form>`}`,
  }
}

function choice({ frame: { t } }: ActionView, name: 'within' | 'area', label: string, choices: Territory[]): Html {
  const named = choices.map((area) => ({ id: area.id, name: localName(area, t.language) })).toSorted((one, other) => one.name.localeCompare(other.name, t.language))
  if (named.length <= mostOpen) return html`<fieldset><legend>${label}</legend>${named.map((each) => html`<label class="opt"><input type="radio" name="${name}" value="${each.id}" required><bdi>${each.name}</bdi></label>`)}</fieldset>`
  return html`<div class="field"><label for="${name}">${label}</label><select id="${name}" name="${name}" required><option value="">${t('field.area.empty')}</option>${named.map((each) => html`<option value="${each.id}">${each.name}</option>`)}</select></div>`
}
