import { sql } from '#platform/db.ts'
import { html } from '#platform/html/html.ts'
import { titleIn } from '#modules/actions/index.ts'
import { decideName } from '#modules/petitions/index.ts'
import { button } from '../forms.ts'
import type { Desk } from '../context.ts'
import { idOf, type DeskPages } from '../pages.ts'

const size = 50

/** Names and comments that people want seen: staff look at each before the public does. */
export function nameRoutes(pages: DeskPages, desk: Desk): void {
  pages.get('/names', async ({ t, zone }) => {
    const { rows } = await sql<{ participation_id: string, shown_name: string, comment: string, title: string, asked_at: Date }>`
      select participation_id, shown_name, comment, ${titleIn(t.language)} as title, asked_at from public_names join actions on actions.id = public_names.action_id
      where public_names.state = 'waiting' order by asked_at limit ${size}`.execute(desk.db)
    return {
      title: t('names.title'), section: 'supporters',
      body: html`<p>${t('names.why')}</p>${rows.length === 0 ? html`<div class="card"><p>${t('names.empty')}</p></div>` : html`<div class="card"><ul class="todo">${rows.map((row) => html`<li><strong><bdi>${row.shown_name}</bdi></strong> <small><bdi>${row.title}</bdi> · ${t.moment(row.asked_at, zone)}</small>${row.comment && html`<p class="words" dir="auto">${row.comment}</p>`}<div class="row">${button(`/names/${row.participation_id}/show`, t('names.show'), {}, '')}${button(`/names/${row.participation_id}/hide`, t('names.hide'))}</div></li>`)}</ul></div>`}`,
    }
  }, 'moderate')

  for (const [verb, state] of [['show', 'shown'], ['hide', 'hidden']] as const) {
    pages.post(`/names/:id/${verb}`, async (visit) => {
      const id = idOf(visit)
      await pages.change(visit, { verb: `${verb}-name`, subjectKind: 'participation', subjectIds: [id] }, (tx) => decideName(tx, id, state))
      return { to: '/names', said: 'said.saved' }
    }, 'moderate')
  }
}
