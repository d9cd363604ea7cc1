import { inTransaction } from '#platform/db.ts'
import { html, type Html } from '#platform/html/html.ts'
import { field } from '#platform/http/server.ts'
import { dropRecordDraft, findRecordDraft, keepRecordDraft } from '#modules/publishing/index.ts'
import { readPublisher } from '#modules/publisher/index.ts'
import type { Desk } from '../context.ts'
import { button, type Typed } from '../forms.ts'
import type { DeskPages, Visit } from '../pages.ts'
import { typedIn } from './item-form.ts'

/** The path of the form that a visit is about. */
export function formPath({ request }: Pick<Visit, 'request'>): string {
  return request.url.split('?')[0]!.replace(/\/draft$/, '')
}

/** What is typed into the form at a path is kept while it is typed, by the script of the page, for whoever types it. `check` refuses where that form is not for them. */
export function recordDraftRoutes(pages: DeskPages, desk: Desk, path: string, check: (visit: Visit) => unknown): void {
  pages.post(`${path}/draft`, async (visit) => {
    await check(visit)
    const which = { form: formPath(visit), staffId: visit.staff.id }
    if (field(visit.body, 'drop') === 'yes') {
      await inTransaction(desk.db, (tx) => dropRecordDraft(tx, which))
      return { to: which.form, said: 'said.dropped' }
    }
    // A file cannot be kept like this: it is chosen again.
    const typed = Object.fromEntries(Object.entries(typedIn(visit.body)).filter((each): each is [string, string | string[]] => each[0] !== 'picture' && each[1] !== undefined))
    await inTransaction(desk.db, (tx) => keepRecordDraft(tx, { ...which, typed }, visit.now))
    return visit.reply.header('cache-control', 'no-store').send({ kept: true })
  }, 'publish-pages', { limited: true })
}

/** What the form begins with: what it says, or what was typed and never saved where that is asked for; otherwise with the way to it. */
export async function begunForm(desk: Desk, visit: Visit, says: Typed): Promise<{ typed: Typed, unsaved: Html | false }> {
  const form = formPath(visit)
  const draft = await findRecordDraft(desk.db, { form, staffId: visit.staff.id })
  if (!draft) return { typed: says, unsaved: false }
  if (visit.query('draft') === 'yes') return { typed: draft.typed, unsaved: false }
  const { t } = visit
  const { zone } = await readPublisher(desk.db)
  return { typed: says, unsaved: html`<div class="notice"><p>${t('items.unsaved', { moment: t.moment(draft.savedAt, zone) })}</p><div class="row"><a class="btn plain" href="${form}?draft=yes">${t('items.unsaved-go-on')}</a>${button(`${form}/draft`, t('items.unsaved-drop'), { drop: 'yes' })}</div></div>` }
}
