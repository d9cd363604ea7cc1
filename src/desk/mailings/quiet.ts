import { field } from '#platform/http/server.ts'
import { clockTime, timeOfDay } from '#platform/local-time.ts'
import { canMove, changeQuiet, findMailing, type Mailing, type QuietHours } from '#modules/mailings/index.ts'
import type { Desk } from '../context.ts'
import { form, formFields, type Faults, type Field } from '../forms.ts'
import type { DeskPage } from '../look/layout.ts'
import { idOf, orNotFound, type Answer, type DeskPages } from '../pages.ts'
import type { DeskWords } from '../words/index.ts'
import { mailingCrumbs } from './page.ts'

export const quietFields: Field[] = [{ name: 'quiet_from', kind: 'line', maxLength: 5, direction: 'ltr', narrow: true }, { name: 'quiet_until', kind: 'line', maxLength: 5, direction: 'ltr', narrow: true }]

/** What a form says of quiet hours: both times, or neither. */
export function readQuiet(t: DeskWords, body: unknown): { quiet: QuietHours | null, faults: Faults } {
  const [from, until] = ['quiet_from', 'quiet_until'].map((name) => clockTime(field(body, name).trim())) as [string, string]
  const wrong = Boolean(from) !== Boolean(until) || [from, until].some((each) => each && !timeOfDay.test(each))
  return { quiet: from && until ? { from, until } : null, faults: wrong ? { quiet_from: t('fault.quiet') } : {} }
}

/** The quiet hours of a mailing that is on its way: whoever set them wrong need not wait for them to end. */
export function quietRoutes(pages: DeskPages, desk: Desk): void {
  pages.get('/mailings/:id/quiet', async (visit): Promise<Answer> => {
    const mailing = orNotFound(await findMailing(desk.db, idOf(visit)))
    if (!canMove(mailing, 'stop')) return { to: `/mailings/${mailing.id}` }
    return quietPage(visit.t, mailing, { quiet_from: mailing.quiet?.from ?? '', quiet_until: mailing.quiet?.until ?? '' }, {})
  }, 'mail-supporters')

  pages.post('/mailings/:id/quiet', async (visit): Promise<Answer> => {
    const { t, body } = visit
    const mailing = orNotFound(await findMailing(desk.db, idOf(visit)))
    const { quiet, faults } = readQuiet(t, body)
    if (Object.keys(faults).length > 0) return { ...quietPage(t, mailing, { quiet_from: field(body, 'quiet_from'), quiet_until: field(body, 'quiet_until') }, faults), status: 422 }
    const changed = await pages.change(visit, { verb: 'change-quiet-hours', subjectKind: 'mailing', subjectIds: [mailing.id] }, (tx) => changeQuiet(tx, mailing.id, quiet, visit.now), Boolean)
    return { to: `/mailings/${mailing.id}`, said: changed ? 'said.saved' : 'said.mailing-moved' }
  }, 'mail-supporters')
}

function quietPage(t: DeskWords, mailing: Mailing, typed: Record<string, string>, faults: Faults): DeskPage {
  return {
    title: t('mailing.quiet'), section: 'mailings', crumbs: mailingCrumbs(t, mailing),
    body: form(t, { action: `/mailings/${mailing.id}/quiet`, button: t('save'), faults, fields: formFields(t, quietFields, typed, faults) }),
  }
}
