import { html, type Html } from '#platform/html/html.ts'
import { field, fields } from '#platform/http/server.ts'
import { askedLists, type AskedList, type DigestRun } from '#modules/digests/index.ts'
import { addRecord, addresseeKinds, freeHandle, keptRecords, publishRecord, readContent, type Kept } from '#modules/publishing/index.ts'
import type { Desk } from '../context.ts'
import { errorSummary, formField, type Faults, type Typed } from '../forms.ts'
import type { DeskPage } from '../look/layout.ts'
import type { Answer, DeskPages, Visit } from '../pages.ts'
import { reachedRun, runCrumbs } from './digest-run.ts'
import { typedIn } from './item-form.ts'
import { draftButton } from './record-life.ts'
import { itemPath } from './parts.ts'

/** Lists of an imported page that ask something: a person says which of them are demands, and of whom; then they stand on the page of the place, each by itself. */
export function importedDemandRoutes(pages: DeskPages, desk: Desk): void {
  pages.get('/digests/:id/demands', async (visit) => {
    const run = await reachedRun(desk, visit)
    const lists = await openLists(desk, run)
    return lists.length === 0 ? { to: `/digests/${run.id}` } : demandsPage(visit, run, lists, {}, {})
  }, 'publish-pages', { limited: true })

  pages.post('/digests/:id/demands', async (visit): Promise<Answer> => {
    const { t, body, now } = visit
    const run = await reachedRun(desk, visit)
    const lists = await openLists(desk, run)
    const faults: Faults = {}
    const chosen = lists.flatMap((list, place) => {
      const ticked = new Set(fields(body, `ask-${place}`))
      const asks = list.asks.filter((ask) => ticked.has(ask))
      const who = field(body, `addressee.${place}`).trim()
      const kind = addresseeKinds.find((each) => each === field(body, `addressee_kind.${place}`))
      if (asks.length === 0) return []
      if (!who || who.length > 300) faults[`addressee.${place}`] = t(who ? 'fault.too-long' : 'digests.demands.nobody')
      if (!kind) faults[`addressee_kind.${place}`] = t('fault.choose')
      return asks.map((ask) => ({ ask, who, kind, language: list.language }))
    })
    if (chosen.length === 0) faults['ask-0'] = t('digests.demands.none')
    if (Object.keys(faults).length > 0) return { ...demandsPage(visit, run, lists, typedIn(body), faults), status: 422 }
    const draft = field(body, 'then') === 'draft'
    await pages.change(visit, { verb: draft ? 'save-record' : 'publish-record', subjectKind: 'record', subjectIds: [run.id] }, async (tx) => {
      for (const { ask, who, kind, language } of chosen) {
        const record = readContent('demand', { addressees: [{ kind, names: { [language]: who } }], says: { [language]: { text: ask, basis: '', alsoCalled: '', evidence: '' } } })
        const id = (await addRecord(tx, { handle: await freeHandle(tx, ask), record, subjects: run.subjectId ? [run.subjectId] : [], staffId: visit.staff.id }, now))!
        const [kept] = draft ? [] : await keptRecords(tx, { id })
        if (kept) await publishRecord(tx, { id, revisionId: kept.revisionId, staffId: visit.staff.id }, now)
      }
    })
    const rest = await openLists(desk, run)
    return { to: `/digests/${run.id}${rest.length > 0 ? '/demands' : ''}`, said: draft ? 'said.saved' : 'said.published' }
  }, 'publish-pages', { limited: true })
}

/** The lists without what is a demand already, in the same words: pressing twice makes one. */
export async function openLists(desk: Desk, run: DigestRun): Promise<AskedList[]> {
  const lists = run.state === 'done' ? await askedLists(desk.db, run.id) : []
  if (lists.length === 0) return []
  const known = new Set((await keptRecords(desk.db, { kind: 'demand' })).flatMap(({ record }: Kept) => (record.kind === 'demand' ? Object.values(record.content.says).map(({ text }) => text) : [])))
  return lists.map((list) => ({ ...list, asks: list.asks.filter((ask) => !known.has(ask)) })).filter(({ asks }) => asks.length > 0)
}

function demandsPage({ t }: Visit, run: DigestRun, lists: AskedList[], typed: Typed, faults: Faults): DeskPage {
  const entry = (list: AskedList, place: number): Html => {
    const ticked = [typed[`ask-${place}`]].flat()
    const its: Typed = { [`addressee.${place}`]: list.who, ...typed }
    return html`<section class="card" aria-labelledby="list-${place}"><h2 id="list-${place}" dir="auto">${list.intro}</h2><p class="soft"><a href="${itemPath(list.itemId)}">${t('digests.demands.entry')}</a></p>
<fieldset class="field" id="ask-${place}"><legend>${t('digests.demands.which')}</legend>${list.asks.map((ask) => html`<label class="opt"><input type="checkbox" name="ask-${place}" value="${ask}"${ticked.includes(ask) && html` checked`}><span dir="auto">${ask}</span></label>`)}</fieldset>
${formField(t, { name: 'addressee', as: `addressee.${place}`, kind: 'line', maxLength: 300 }, its, faults)}${formField(t, { name: 'addressee_kind', as: `addressee_kind.${place}`, kind: 'select', empty: '', choices: addresseeKinds.map((value) => ({ value, label: t(`addressee.${value}`) })) }, its, faults)}</section>`
  }
  return {
    title: t('digests.demands.title'), section: 'items', crumbs: runCrumbs(t, run),
    body: html`<p>${t('digests.demands.about')}</p><form method="post" action="/digests/${run.id}/demands" novalidate>${errorSummary(t, faults)}${lists.map(entry)}<div class="row"><button>${t('items.publish')}</button>${draftButton(t)}</div></form>`,
  }
}
