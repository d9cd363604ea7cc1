import { html, type Html } from '#platform/html/html.ts'
import { field } from '#platform/http/server.ts'
import { handOverContacts } from '#modules/places/index.ts'
import { handOverDrafts, handOverRecordDrafts } from '#modules/publishing/index.ts'
import { allStaff, handOverPlaces, mayTakeOver, placesOf, type Staff } from '#modules/staff/index.ts'
import type { Desk } from '../context.ts'
import { form, formFields, type Faults } from '../forms.ts'
import { notFoundUnless, type Answer, type DeskPages, type Visit } from '../pages.ts'

/** Whoever looks after places hands them over by themselves: places, drafts and contacts in one step, to somebody who may look after some already. */
export function handingOverRoutes(pages: DeskPages, desk: Desk): void {
  pages.get('/account/hand-over', async (visit) => page(desk, visit, {}), 'desk')
  pages.post('/account/hand-over', async (visit): Promise<Answer> => {
    const { staff } = visit
    const successor = (await successors(desk, visit)).find(({ id }) => id === field(visit.body, 'successor'))
    if (!successor) return { ...await page(desk, visit, { successor: visit.t('fault.choose') }), status: 422 }
    await pages.change(visit, { verb: 'hand-over', subjectKind: 'staff', subjectIds: [staff.id, successor.id] }, async (tx) => {
      for (const handOver of [handOverPlaces, handOverDrafts, handOverRecordDrafts, handOverContacts]) await handOver(tx, staff.id, successor.id)
    })
    return { to: '/', said: 'said.handed-over' }
  }, 'account')
}

/** The way there, for whoever looks after something. */
export async function handingOverPart(desk: Desk, { t, staff }: Visit): Promise<Html | false> {
  return (await placesOf(desk.db, staff.id)).length > 0 && html`<section class="card"><h2>${t('hand-over.title')}</h2><p>${t('hand-over.mine.why')}</p><a class="btn plain" href="/account/hand-over">${t('hand-over.button')}</a></section>`
}

async function successors(desk: Desk, { staff }: Visit): Promise<Staff[]> {
  notFoundUnless(await placesOf(desk.db, staff.id), (places) => places.length > 0)
  return (await allStaff(desk.db, desk.opener)).filter((each) => mayTakeOver(each, staff.id))
}

async function page(desk: Desk, visit: Visit, faults: Faults) {
  const { t, staff } = visit
  const choices = (await successors(desk, visit)).map(({ id, name }) => ({ value: id, label: name }))
  return {
    title: t('hand-over.title'), crumbs: [{ href: '/account', label: staff.name }],
    body: choices.length === 0 ? html`<div class="card"><p>${t('hand-over.nobody')}</p></div>`
      : form(t, { action: '/account/hand-over', button: t('hand-over.button'), faults, fields: html`<p>${t('hand-over.mine.why')}</p>${formFields(t, [{ name: 'successor', kind: 'select', choices, empty: '' }], { successor: field(visit.body, 'successor') }, faults)}` }),
  }
}
