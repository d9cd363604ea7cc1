import { inTransaction } from '#platform/db.ts'
import type { Html } from '#platform/html/html.ts'
import { field } from '#platform/http/server.ts'
import { dropRecordDraft, findRecordDrafts, keepRecordDraft } from '#modules/publishing/index.ts'
import type { Desk } from '../context.ts'
import type { Typed } from '../forms.ts'
import type { DeskPages, Visit } from '../pages.ts'
import { typedIn } from './item-form.ts'
import { chosenDraft, handedIn, keptOf, unsavedPart } from './unsaved.ts'

/** The path of the form that a visit is about. */
export function formPath({ request }: Pick<Visit, 'request'>): string {
  return request.url.split('?')[0]!.replace(/\/draft$/, '')
}

/** What is typed into the form at a path is kept while it is typed, by the script of the page, for whoever types it. `check` refuses where that form is not for them. */
export function recordDraftRoutes(pages: DeskPages, desk: Desk, path: string, check: (visit: Visit) => unknown): void {
  pages.post(`${path}/draft`, async (visit) => {
    await check(visit)
    const which = { form: formPath(visit), staffId: visit.staff.id, of: handedIn(visit.body) }
    if (field(visit.body, 'drop') === 'yes') {
      await inTransaction(desk.db, (tx) => dropRecordDraft(tx, which))
      return { to: which.form, said: 'said.dropped' }
    }
    // A file cannot be kept like this: it is chosen again.
    const typed = Object.fromEntries(Object.entries(typedIn(keptOf(visit.body))).filter((each): each is [string, string | string[]] => each[0] !== 'picture' && each[1] !== undefined))
    await inTransaction(desk.db, (tx) => keepRecordDraft(tx, { ...which, typed }, visit.now))
    return visit.reply.header('cache-control', 'no-store').send({ kept: true })
  }, 'publish-pages', { limited: true })
}

/** What the form begins with: what it says, or what was typed and never saved where that is asked for; otherwise with the way to it. */
export async function begunForm(desk: Desk, visit: Visit, says: Typed): Promise<{ typed: Typed, unsaved: Html | false }> {
  const form = formPath(visit)
  const drafts = await findRecordDrafts(desk.db, { form, staffId: visit.staff.id })
  const chosen = chosenDraft(visit, drafts)
  const unsaved = await unsavedPart(desk, visit, { path: form, drafts: drafts.filter((each) => each !== chosen), zone: visit.zone })
  return { typed: chosen ? { ...chosen.typed, handed: chosen.typedBy === null ? '' : chosen.id } : says, unsaved }
}
