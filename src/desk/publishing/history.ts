import { html } from '#platform/html/html.ts'
import { field } from '#platform/http/server.ts'
import { findRevision, newestRevision, revisionList, saveItem } from '#modules/publishing/index.ts'
import type { Desk } from '../context.ts'
import { button } from '../forms.ts'
import { notFoundUnless, orNotFound, type Answer, type DeskPages } from '../pages.ts'
import { changesBetween, whole } from './changes.ts'
import { itemCrumbs, itemPath, mayHere, openItem, writingHere } from './parts.ts'
import { whoSaved } from './who-saved.ts'

/** All versions of an item in a language: what changed from one to the next, and the way back to each. */
export function historyRoutes(pages: DeskPages, desk: Desk): void {
  pages.get('/items/:id/:language/history', async (visit) => {
    const { t, query } = visit
    const opened = await openItem(desk, visit)
    const language = visit.params.language!
    const list = await revisionList(desk.db, opened.item.id, language)
    const chosen = list.findIndex(({ id }) => id === query('version'))
    const [later, former] = chosen < 0 ? [] : await Promise.all([findRevision(desk.db, list[chosen]!.id), list[chosen + 1] && findRevision(desk.db, list[chosen + 1]!.id)])
    const path = itemPath(opened.item.id, `/${language}/history`)
    const names = await whoSaved(desk, list)
    const shown = opened.standings.find((each) => each.language === language)?.shownId
    return {
      title: t('items.history'), section: 'items', crumbs: itemCrumbs(t, opened),
      body: html`${later && html`<div class="card"><h2>${t.moment(later.savedAt, opened.publisher.zone)}</h2>${changesBetween(former ? whole(t, former.words) : '', whole(t, later.words), language)}${chosen > 0 && button(path, t('items.restore'), { version: later.id })}</div>`}
<div class="card"><ol class="todo">${list.map((each) => html`<li><a href="${path}?version=${each.id}">${t.moment(each.savedAt, opened.publisher.zone)}</a> <bdi>${each.title}</bdi> ${names(each)} ${each.id === shown && html`<b>${t('item-state.published')}</b>`}</li>`)}</ol></div>`,
    }
  }, ['write-pages', 'translate'], { limited: true })

  pages.post('/items/:id/:language/history', async (visit): Promise<Answer> => {
    const opened = await openItem(desk, visit)
    const language = notFoundUnless(visit.params.language!, (code) => mayHere(visit, opened, 'write-pages') || code !== opened.original)
    const version = orNotFound((await revisionList(desk.db, opened.item.id, language)).find(({ id }) => id === field(visit.body, 'version')))
    const { words } = orNotFound(await findRevision(desk.db, version.id))
    await pages.change(writingHere(visit, opened), { verb: 'restore-item', subjectKind: 'item', subjectIds: [opened.item.id], details: { language } }, async (tx) => {
      await saveItem(tx, { itemId: opened.item.id, language, words, baseId: (await newestRevision(tx, opened.item.id, language))?.id ?? null, staffId: visit.staff.id }, visit.now)
    })
    return { to: itemPath(opened.item.id, `/${language}`), said: 'said.restored' }
  }, ['write-pages', 'translate'], { limited: true })
}
