import { html, type Html } from '#platform/html/html.ts'
import { sql } from '#platform/db.ts'
import { readPublisher, reachedAt } from '#modules/publisher/index.ts'
import type { Desk } from '../context.ts'
import type { Visit } from '../pages.ts'

/** For whoever has just begun: the set-up, as far as it is not done, and then what makes the program theirs. Nothing once all of it is there. */
export async function nextSteps(desk: Desk, { t, may }: Visit): Promise<Html | false> {
  if (!may('settings')) return false
  if (await reachedAt(desk.db, 'set-up') === undefined) {
    const { demo } = await readPublisher(desk.db)
    return html`<section class="card"><h2>${t('today.welcome')}</h2><p>${t(demo ? 'today.welcome.why' : 'today.welcome.rest')}</p><a class="btn" href="${demo ? '/set-up' : '/keys?setup=1'}">${t(demo ? 'set-up.begin' : 'set-up.go-on')}</a></section>`
  }
  const { rows: [own] } = await sql<{ offices: boolean, actions: boolean, places: boolean, sample: string | null }>`
    select exists (select from offices where not demo) as offices, exists (select from actions where not demo) as actions, exists (select from subjects where not demo) as places,
      (select id::text from actions where demo order by created_at, id limit 1) as sample`.execute(desk.db)
  if (own!.offices && own!.actions && own!.places) return false
  const steps = [
    { done: own!.offices, href: '/imports/new', word: 'today.next.offices' }, { done: own!.actions, href: own!.sample ? `/actions/${own!.sample}` : '/actions/new', word: own!.sample ? 'today.next.action' : 'today.next.first-action' },
    { done: own!.places, href: '/subjects', word: 'today.next.place' },
  ] as const
  return html`<section class="card"><h2>${t('today.next')}</h2><ul class="todo">${steps.map(({ done, href, word }) => html`<li>${done ? html`<span class="soft">${t(word)} · ${t('today.next.done')}</span>` : html`<a href="${href}">${t(word)}</a>`}</li>`)}</ul></section>`
}
