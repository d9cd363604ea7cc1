import { html, type Html } from '#platform/html/html.ts'
import { sql } from '#platform/db.ts'
import { titleIn } from '#modules/actions/index.ts'
import type { BodyWait } from '#modules/messages/index.ts'
import { localName } from '#modules/targets/index.ts'
import { stands } from '../actions/body-waits.ts'
import type { Desk } from '../context.ts'
import type { Visit } from '../pages.ts'

/** What waits because bodies do not sit, by body and action; nothing if there is nothing. */
export async function bodyWaitsCard(desk: Desk, { t, may }: Visit, waits: BodyWait[]): Promise<Html | false> {
  if (waits.length === 0) return false
  const { rows } = await sql<{ id: string, title: string }>`select id, ${titleIn(t.language)} as title from actions where id = any (${waits.map(({ actionId }) => actionId)}::uuid[])`.execute(desk.db)
  const titles = new Map(rows.map(({ id, title }) => [id, title]))
  return html`<section class="card" id="bodies"><h2>${t('held-for.title')}</h2><p>${t('held-for.why')}</p><ul class="todo">${waits.map((wait) => html`<li><bdi>${localName(wait, t.language)}</bdi> <span class="state wait">${stands(t, wait)}</span><small>${t('successors.line', { count: wait.count, title: titles.get(wait.actionId)! })}</small>${may('campaign') && html`<small><a href="/actions/${wait.actionId}/held">${t('held-for.more')}</a></small>`}</li>`)}</ul></section>`
}
