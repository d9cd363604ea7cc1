import { html, type Html } from '#platform/html/html.ts'
import { field } from '#platform/http/server.ts'
import { recordVersions, saveRecord, type Kept, type RecordContent, type RecordVersion } from '#modules/publishing/index.ts'
import { readPublisher } from '#modules/publisher/index.ts'
import type { Desk } from '../context.ts'
import { button, type Field, type Typed } from '../forms.ts'
import { orNotFound, type Answer, type DeskPages, type Visit } from '../pages.ts'
import type { DeskWords } from '../words/index.ts'
import { fieldChanges, theirsPart } from './field-changes.ts'
import { subjectChoices } from './parts.ts'
import { titleOf, titlePart } from './record-picker.ts'
import { whoSaved } from './who-saved.ts'

/** How the form of one sort of record reads: what stands in it for a record, and its fields. */
export interface Reads {
  typed: (t: DeskWords, record: RecordContent) => Promise<Typed> | Typed
  fields: (t: DeskWords, record: RecordContent, languages: string[], all: Typed[]) => Field[]
  /** What cannot be said in fields. */
  shown?: (record: RecordContent) => Html | false
}

/** All versions of a record: what changed from one to the next, who saved it, when readers saw it, and the way back to each. */
export function recordHistoryRoutes(pages: DeskPages, desk: Desk, folder: string, { find, reads }: { find: (visit: Visit) => Promise<Kept>, reads: Reads }): void {
  pages.get(`${folder}/:id/history`, async (visit) => {
    const { t, query, now, zone } = visit
    const kept = await find(visit)
    const { defaultLanguage } = await readPublisher(desk.db)
    const versions = await recordVersions(desk.db, kept.id, now)
    const place = versions.findIndex(({ id }) => id === query('version'))
    const path = `${folder}/${kept.id}`
    const names = await whoSaved(desk, versions)
    return {
      title: t('items.history'), section: 'items', crumbs: [{ href: '/items', label: t('nav.items') }, { href: folder, label: t(folder === '/pictures' ? 'nav.pictures' : folder === '/chronologies' ? 'nav.chronologies' : 'nav.records') }, { href: path, label: titleOf(kept, t.language, defaultLanguage) }],
      body: html`${place >= 0 && html`<div class="card"><h2>${t.moment(versions[place]!.savedAt, zone)}</h2>${await versionPart(desk, visit, reads, versions[place]!, versions[place + 1])}${place > 0 && button(`${path}/history`, t('items.restore'), { version: versions[place]!.id })}</div>`}
<div class="card"><ol class="todo">${versions.map((each) => html`<li><a href="${path}/history?version=${each.id}">${t.moment(each.savedAt, zone)}</a> ${titlePart(t, { handle: kept.handle, record: each.record }, defaultLanguage)} ${names(each)}${each.seen.map(({ from, until }) => html` <small>${until === null ? html`<b>${t('item-state.published')}</b>` : t('records.was-public', { from: t.moment(from, zone), until: t.moment(until, zone) })}</small>`)}</li>`)}</ol></div>`,
    }
  }, 'publish-pages', { limited: true })

  pages.post(`${folder}/:id/history`, async (visit): Promise<Answer> => {
    const kept = await find(visit)
    const { record } = orNotFound((await recordVersions(desk.db, kept.id, visit.now)).find(({ id }) => id === field(visit.body, 'version')))
    await pages.change(visit, { verb: 'restore-record', subjectKind: 'record', subjectIds: [kept.handle] }, (tx) => saveRecord(tx, { id: kept.id, record, staffId: visit.staff.id }, visit.now))
    return { to: `${folder}/${kept.id}`, said: 'said.restored' }
  }, 'publish-pages', { limited: true })
}

async function versionPart(desk: Desk, { t }: Visit, reads: Reads, version: RecordVersion, former: RecordVersion | undefined): Promise<Html> {
  const { languages } = await readPublisher(desk.db)
  const later = await reads.typed(t, version.record)
  const before = former ? await reads.typed(t, former.record) : {}
  return html`${reads.shown?.(version.record)}${fieldChanges(t, reads.fields(t, version.record, languages, [before, later]), before, later, languages)}`
}

/** On the page of a record, the way to its versions. */
export function historyLink(t: DeskWords, path: string): Html {
  return html`<p><a href="${path}/history">${t('items.history')}</a></p>`
}

/** Above the form, where somebody else has saved since it was opened: what differs. */
export async function theirsOf(desk: Desk, visit: Visit, reads: Reads, theirs: Kept, mine: { record: RecordContent, about: string[] }): Promise<Html> {
  const { t } = visit
  const { languages } = await readPublisher(desk.db)
  const [former, later] = [{ ...await reads.typed(t, theirs.record), item_about: theirs.subjects }, { ...await reads.typed(t, mine.record), item_about: mine.about }]
  return theirsPart(t, [...reads.fields(t, mine.record, languages, [former, later]), { name: 'item_about', kind: 'ticks', choices: await subjectChoices(desk, visit) }], former, later, languages)
}
