import { html } from '#platform/html/html.ts'
import { readNumber } from '#platform/digits.ts'
import { field } from '#platform/http/server.ts'
import { clockTime, timeOfDay } from '#platform/local-time.ts'
import { dateFormat } from '#platform/formats.ts'
import { changeHabits, readHabits } from '#modules/mailings/index.ts'
import type { Desk } from '../context.ts'
import { form, formFields, type Faults, type Typed } from '../forms.ts'
import type { DeskPage } from '../look/layout.ts'
import type { Answer, DeskPages } from '../pages.ts'
import type { DeskWords } from '../words/index.ts'
import { quietFields, readQuiet } from './quiet.ts'

/** What holds for mailings that do not say otherwise: quiet hours, and how fast; and when bulletins leave. */
export function habitRoutes(pages: DeskPages, desk: Desk): void {
  pages.get('/settings/mailings', async ({ t }) => {
    const { quiet, perMinute, weekly, settleMinutes } = await readHabits(desk.db)
    return habitsPage(t, { quiet_from: quiet?.from ?? '', quiet_until: quiet?.until ?? '', per_minute_mailings: perMinute ? String(perMinute) : '', weekly_day: String(weekly.day), weekly_at: weekly.at, settle_minutes: String(settleMinutes) }, {})
  }, 'settings')

  pages.post('/settings/mailings', async (visit): Promise<Answer> => {
    const { t, body } = visit
    const text = (name: string) => field(body, name).trim()
    const at = clockTime(text('weekly_at'))
    const { quiet, faults: wrongQuiet } = readQuiet(t, body)
    const [speed, day, settle] = [text('per_minute_mailings'), text('weekly_day'), text('settle_minutes')]
    const perMinute = speed ? readNumber(speed, t.language) : null
    const settleMinutes = readNumber(settle, t.language)
    const faults: Faults = {
      ...wrongQuiet,
      ...(perMinute !== null && !(Number.isInteger(perMinute) && perMinute >= 1 && perMinute <= 100_000) && { per_minute_mailings: t('fault.per-minute-mailings') }),
      ...(!/^[1-7]$/.test(day) && { weekly_day: t('fault.choose') }), ...(!timeOfDay.test(at) && { weekly_at: t('fault.weekly-at') }), ...(!(Number.isInteger(settleMinutes) && settleMinutes >= 5 && settleMinutes <= 720) && { settle_minutes: t('fault.settle-minutes') }),
    }
    if (Object.keys(faults).length > 0) return { ...habitsPage(t, { quiet_from: text('quiet_from'), quiet_until: text('quiet_until'), per_minute_mailings: speed, weekly_day: day, weekly_at: at, settle_minutes: settle }, faults), status: 422 }
    await pages.change(visit, { verb: 'change-mailing-habits', subjectKind: 'settings', subjectIds: [] }, (tx) => changeHabits(tx, { quiet, perMinute, weekly: { day: Number(day), at }, settleMinutes }))
    return { to: '/settings/mailings', said: 'said.saved' }
  }, 'settings')
}

function habitsPage(t: DeskWords, typed: Typed, faults: Faults): DeskPage {
  return {
    title: t('settings.mailings'), section: 'settings', crumbs: [{ href: '/settings', label: t('nav.settings') }],
    body: html`<p>${t('settings.mailings.why')}</p>${form(t, {
      action: '/settings/mailings', button: t('save'), faults,
      fields: formFields(t, [
        ...quietFields,
        { name: 'per_minute_mailings', kind: 'line', maxLength: 6, direction: 'ltr', narrow: true },
        { name: 'weekly_day', kind: 'select', choices: Array.from({ length: 7 }, (_, place) => ({ value: String(place + 1), label: dateFormat(t.language, { weekday: 'long' }).format(Date.UTC(2024, 0, place + 1)) })) },
        { name: 'weekly_at', kind: 'line', maxLength: 5, direction: 'ltr', narrow: true }, { name: 'settle_minutes', kind: 'line', maxLength: 3, direction: 'ltr', narrow: true },
      ], typed, faults),
    })}`,
  }
}
