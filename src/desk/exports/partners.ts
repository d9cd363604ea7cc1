import { html } from '#platform/html/html.ts'
import { field } from '#platform/http/server.ts'
import { partners, removePartner, setPartnerKey } from '#modules/exports/index.ts'
import { controllerName } from '../actions/questions.ts'
import type { Desk } from '../context.ts'
import { button, form, formFields, type Faults, type Typed } from '../forms.ts'
import type { DeskPage } from '../look/layout.ts'
import { idOf, orNotFound, type Answer, type DeskPages, type Visit } from '../pages.ts'

/** Partners on joint actions, and the key that each is handed its list with. */
export function partnerRoutes(pages: DeskPages, desk: Desk): void {
  pages.get('/partners', (visit) => partnersPage(desk, visit, {}, {}), 'export-people')

  pages.post('/partners/:id/key', async (visit): Promise<Answer> => {
    const id = idOf(visit)
    const name = `age_key-${id}`
    const key = field(visit.body, name).trim()
    const outcome = await pages.change(visit, { verb: 'set-partner-key', subjectKind: 'settings', subjectIds: [id] }, (tx) => setPartnerKey(tx, id, key), (set) => set === 'set')
    switch (outcome) {
      case 'set': return { to: '/partners', said: 'said.saved' }
      case 'not-a-key': return { ...await partnersPage(desk, visit, { [name]: key }, { [name]: visit.t('fault.age') }), status: 422 }
      case 'nobody': return orNotFound<Answer>(undefined)
    }
  }, 'export-people')

  pages.post('/partners/:id/remove', async (visit): Promise<Answer> => {
    const id = idOf(visit)
    const removed = await pages.change(visit, { verb: 'remove-partner', subjectKind: 'settings', subjectIds: [id] }, (tx) => removePartner(tx, id, visit.now), Boolean)
    // The second press finds it gone.
    const stays = !removed && (await partners(desk.db)).some((each) => each.id === id)
    return { to: '/partners', said: stays ? 'said.partner-stays' : 'said.partner-removed' }
  }, 'export-people')
}

async function partnersPage(desk: Desk, { t, may }: Visit, typed: Typed, faults: Faults): Promise<DeskPage> {
  const all = await partners(desk.db)
  return {
    title: t('partners.title'), section: 'supporters', crumbs: [{ href: '/supporters', label: t('nav.supporters') }, { href: '/exports', label: t('exports.title') }],
    body: html`<p>${t('partners.why')}</p>${all.length === 0 && html`<div class="card"><p>${t('partners.none')}</p>${may('settings') && html`<p><a href="/settings/statements">${t('settings.statements')}</a></p>`}</div>`}${all.map(({ id, ageRecipient, unused }) => {
      const name = `age_key-${id}`
      return html`<section><h2><bdi>${controllerName(all, id, t.language)}</bdi></h2>${form(t, {
        action: `/partners/${id}/key`, button: t('save'), faults: name in faults ? faults : {},
        fields: formFields(t, [{ name: 'age_key', as: name, kind: 'line', required: true, maxLength: 200, direction: 'ltr' }], { [name]: ageRecipient ?? '', ...typed }, faults),
      })}${unused ? html`<p>${t('partners.unused')}</p>${button(`/partners/${id}/remove`, t('partners.remove'))}` : html`<p class="soft">${t('partners.stays')}</p>`}</section>`
    })}`,
  }
}
