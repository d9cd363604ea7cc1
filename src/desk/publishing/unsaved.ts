import { html, type Html } from '#platform/html/html.ts'
import { field } from '#platform/http/server.ts'
import type { Draft } from '#modules/publishing/index.ts'
import { allStaff } from '#modules/staff/index.ts'
import type { Desk } from '../context.ts'
import { button, type Typed } from '../forms.ts'
import type { Visit } from '../pages.ts'

/** The draft that is gone on with, as its address asks for. */
export function chosenDraft<Kept extends Draft>({ query }: Visit, drafts: readonly Kept[]): Kept | undefined {
  return drafts.find(({ id, typedBy }) => query('draft') === (typedBy === null ? 'yes' : id))
}

/** In a form that goes on with what was handed over: that it is kept, and ends, as that one and not as one's own. */
export function handedField(typed: Typed): Html | false {
  return Boolean(typed.handed) && html`<input type="hidden" name="handed" value="${String(typed.handed)}">`
}

/** The same as it comes back: the id of what was handed over, or nothing. */
export function handedIn(body: unknown): string | undefined {
  const id = field(body, 'handed')
  return /^[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}$/.test(id) ? id : undefined
}

/** What is kept of a form while it is typed into: nothing that only says which form it is. */
export function keptOf(body: unknown): Record<string, string | string[]> {
  return Object.fromEntries(Object.entries(body as Record<string, string | string[]>).filter(([name]) => name !== 'base' && name !== 'handed'))
}

/** What was typed at this path and never saved, each with the way to go on with it or to throw it away; and whose it was, where somebody handed it over. */
export async function unsavedPart(desk: Desk, { t }: Visit, { path, drafts, zone }: { path: string, drafts: readonly Draft[], zone: string }): Promise<Html | false> {
  if (drafts.length === 0) return false
  const names = drafts.some(({ typedBy }) => typedBy !== null) ? new Map((await allStaff(desk.db, desk.opener)).map(({ id, name }) => [id, name])) : new Map<string, string>()
  return html`${drafts.map(({ id, typedBy, savedAt }) => {
    const moment = t.moment(savedAt, zone)
    return html`<div class="notice"><p>${typedBy === null ? t('items.unsaved', { moment }) : t('items.unsaved-handed', { name: names.get(typedBy) ?? '–', moment })}</p><div class="row"><a class="btn plain" href="${path}?draft=${typedBy === null ? 'yes' : id}">${t('items.unsaved-go-on')}</a>${button(`${path}/draft`, t('items.unsaved-drop'), { drop: 'yes', ...(typedBy !== null && { handed: id }) })}</div></div>`
  })}`
}
