import { html } from '#platform/html/html.ts'
import { field } from '#platform/http/server.ts'
import { canMove, discardMailing, findMailing, mailingNumbers, moveMailing, textsOf, type Mailing } from '#modules/mailings/index.ts'
import type { Desk } from '../context.ts'
import { form, formFields, type Faults } from '../forms.ts'
import type { DeskPage } from '../look/layout.ts'
import { idOf, orNotFound, type Answer, type DeskPages, type Visit } from '../pages.ts'
import { mailingCrumbs } from './page.ts'

/** What ends a mailing for good asks first, on a page that stays while one types: that of a mailing at work looks at itself again every few seconds. */
export function mailingEndingRoutes(pages: DeskPages, desk: Desk): void {
  pages.get('/mailings/:id/stop', async (visit): Promise<Answer> => {
    const mailing = orNotFound(await findMailing(desk.db, idOf(visit)))
    return canMove(mailing, 'stop') ? stopPage(desk, visit, mailing, {}) : { to: `/mailings/${mailing.id}` }
  }, 'mail-supporters')

  pages.post('/mailings/:id/stop', async (visit): Promise<Answer> => {
    const mailing = orNotFound(await findMailing(desk.db, idOf(visit)))
    const reason = field(visit.body, 'mailing_reason').trim().slice(0, 500)
    if (!reason && canMove(mailing, 'stop')) return { ...await stopPage(desk, visit, mailing, { mailing_reason: visit.t('fault.mailing-reason') }), status: 422 }
    const moved = await pages.change(visit, { verb: 'stop-mailing', subjectKind: 'mailing', subjectIds: [mailing.id], reason }, (tx) => moveMailing(tx, mailing.id, 'stop', reason, visit.now), Boolean)
    return { to: `/mailings/${mailing.id}`, said: moved ? 'said.mailing-stop' : 'said.mailing-moved' }
  }, 'mail-supporters')

  pages.get('/mailings/:id/discard', async (visit): Promise<Answer> => {
    const mailing = orNotFound(await findMailing(desk.db, idOf(visit)))
    return mailing.state === 'draft' ? discardPage(desk, visit, mailing) : { to: `/mailings/${mailing.id}` }
  }, 'mail-supporters')

  pages.post('/mailings/:id/discard', async (visit): Promise<Answer> => {
    const id = idOf(visit)
    const gone = await pages.change(visit, { verb: 'discard-mailing', subjectKind: 'mailing', subjectIds: [id] }, (tx) => discardMailing(tx, id, visit.now), Boolean)
    return gone ? { to: '/mailings', said: 'said.mailing-discarded' } : { to: `/mailings/${id}`, said: 'said.mailing-moved' }
  }, 'mail-supporters')
}

async function stopPage(desk: Desk, { t }: Visit, mailing: Mailing, faults: Faults): Promise<DeskPage> {
  const numbers = mailing.planned ? await mailingNumbers(desk.db, mailing.id, mailing.results) : undefined
  return {
    title: t('mailing.stop'), section: 'mailings', crumbs: mailingCrumbs(t, mailing),
    body: html`<p>${t('mailing.is.stopped')}${numbers && html` ${t('mailing.stop.left', { count: numbers.queued })}`}</p>${form(t, {
      action: `/mailings/${mailing.id}/stop`, button: t('mailing.stop'), stop: true, faults, fields: formFields(t, [{ name: 'mailing_reason', kind: 'line', required: true, maxLength: 500 }], {}, faults),
    })}`,
  }
}

async function discardPage(desk: Desk, { t }: Visit, mailing: Mailing): Promise<DeskPage> {
  const texts = await textsOf(desk.db, mailing.id)
  return {
    title: t('mailing.discard'), section: 'mailings', crumbs: mailingCrumbs(t, mailing),
    body: form(t, {
      action: `/mailings/${mailing.id}/discard`, button: t('mailing.discard'), stop: true,
      fields: html`<p>${t('mailing.discard.why')}</p>${texts.size > 0 && html`<ul>${[...texts].map(([language, { subject }]) => html`<li>${t.languageName(language)}: <bdi>${subject}</bdi></li>`)}</ul>`}`,
    }),
  }
}
