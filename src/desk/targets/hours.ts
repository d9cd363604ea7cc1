import { html, type Html } from '#platform/html/html.ts'
import { field, fields } from '#platform/http/server.ts'
import { clockTime, isZone } from '#platform/local-time.ts'
import { dateFormat } from '#platform/formats.ts'
import { dayHere, findBodyRecord, findOfficeHours, openHours, readHolidays, setHolidays, setHours, type Holiday, type OpenHours } from '#modules/targets/index.ts'
import { zones } from '../actions/times.ts'
import type { Desk } from '../context.ts'
import { form, formFields, type Faults, type Typed } from '../forms.ts'
import type { DeskPage } from '../look/layout.ts'
import { orNotFound, type Answer, type DeskPages, type Visit } from '../pages.ts'
import { upload } from '../upload.ts'
import type { DeskWords } from '../words/index.ts'

type Whose = { bodyId: string } | { officeId: string }

interface Clock {
  zone: string | null
  openHours: OpenHours | undefined
  holidays: Holiday[]
}

/** When bodies and offices are open: their clock, their week, the days on which they are closed. */
export function hourRoutes(pages: DeskPages, desk: Desk): void {
  for (const kind of ['bodies', 'offices'] as const) {
    const path = `/targets/${kind}/:target/hours`
    const whose = (visit: Visit): Whose => (kind === 'bodies' ? { bodyId: visit.params.target! } : { officeId: visit.params.target! })
    const here = (visit: Visit) => `/targets/${kind}/${encodeURIComponent(visit.params.target!)}/hours`
    const page = (visit: Visit, faults: Faults, typed?: Typed) => hoursPage(desk, visit, kind, here(visit), faults, typed)

    pages.get(path, (visit) => page(visit, {}), 'see-targets')

    pages.post(path, async (visit): Promise<Answer> => {
      const { t, body } = visit
      const typed = { target_zone: field(body, 'target_zone').trim(), weekdays: fields(body, 'weekdays'), hours_from: field(body, 'hours_from').trim(), hours_until: field(body, 'hours_until').trim() }
      const { zone, hours, faults } = readHours(t, typed)
      if (Object.keys(faults).length) return { ...await page(visit, faults, typed), status: 422 }
      await pages.change(visit, { verb: 'set-hours', subjectKind: 'targets', subjectIds: [visit.params.target!] }, (tx) => setHours(tx, whose(visit), { zone, hours }))
      return { to: here(visit), said: 'said.saved' }
    }, 'change-targets')

    // A list that was pasted, or a file as calendar programs write it; it takes the place of the one before.
    pages.post(`/targets/${kind}/:target/holidays`, async (visit): Promise<Answer> => {
      const { t, body } = visit
      const file = await upload(body, 'holiday_file')
      const text = file ? file.bytes.toString('utf8') : field(body, 'holidays')
      const { holidays, unread } = readHolidays(text, await dayHere(desk.db, visit.now))
      if (unread.length) return { ...await page(visit, { holidays: t('fault.holidays', { lines: t.list(unread.slice(0, 10).map(String)) }) }, { holidays: text.slice(0, 50_000) }), status: 422 }
      await pages.change(visit, { verb: 'set-holidays', subjectKind: 'targets', subjectIds: [visit.params.target!] }, (tx) => setHolidays(tx, whose(visit), holidays))
      return { to: here(visit), said: 'said.saved' }
    }, 'change-targets')
  }
}

function readHours(t: DeskWords, typed: { target_zone: string, weekdays: string[], hours_from: string, hours_until: string }): { zone: string | null, hours: OpenHours | null, faults: Faults } {
  const faults: Faults = {}
  if (typed.target_zone && !isZone(typed.target_zone)) faults.target_zone = t('fault.zone')
  const none = typed.weekdays.length === 0 && !typed.hours_from && !typed.hours_until
  const read = none ? null : openHours.safeParse({ weekdays: typed.weekdays.map(Number), from: clockTime(typed.hours_from), until: clockTime(typed.hours_until) })
  if (read && !read.success) faults[typed.weekdays.length ? 'hours_from' : 'weekdays'] = t('fault.hours')
  return { zone: typed.target_zone || null, hours: read?.data ?? null, faults }
}

async function clockOf(desk: Desk, { t, params }: Visit, kind: 'bodies' | 'offices'): Promise<Clock & { crumb: { href: string, label: string } }> {
  const id = params.target!
  const clock = orNotFound(kind === 'bodies' ? await findBodyRecord(desk.db, id) : await findOfficeHours(desk.db, id))
  return { ...clock, crumb: kind === 'bodies' ? { href: `/targets/bodies/${encodeURIComponent(id)}`, label: t('body.back') } : { href: `/targets/offices/${encodeURIComponent(id)}`, label: t('office.back') } }
}

async function hoursPage(desk: Desk, visit: Visit, kind: 'bodies' | 'offices', here: string, faults: Faults, typed?: Typed): Promise<DeskPage> {
  const { t } = visit
  const clock = await clockOf(desk, visit, kind)
  const present = { target_zone: clock.zone ?? '', weekdays: clock.openHours?.weekdays.map(String), hours_from: clock.openHours?.from, hours_until: clock.openHours?.until, holidays: clock.holidays.map(({ day, name }) => `${day} ${name}`.trim()).join('\n') }
  const shown: Typed = { ...present, ...typed }
  const { holidays: wrongHolidays, ...wrongHours } = faults
  return {
    title: t('hours.title'), section: 'targets', crumbs: [{ href: '/targets', label: t('nav.targets') }, clock.crumb],
    body: html`<p>${t(kind === 'bodies' ? 'hours.why-body' : 'hours.why-office')}</p>${form(t, { action: here, button: t('save'), faults: wrongHours, fields: html`<h2>${t('hours.week')}</h2>${weekFields(t, shown, wrongHours)}` })}
${form(t, {
      action: here.replace(/hours$/, 'holidays'), button: t('save'), faults: wrongHolidays ? { holidays: wrongHolidays } : {}, files: true,
      fields: html`<h2>${t('hours.holidays')}</h2>${formFields(t, [{ name: 'holidays', kind: 'text', maxLength: 50_000 }, { name: 'holiday_file', kind: 'file', accept: '.ics,.csv,.txt,text/calendar,text/csv,text/plain' }], shown, faults)}`,
    })}`,
  }
}

function weekFields(t: DeskWords, typed: Typed, faults: Faults): Html {
  // Any week will do; this one begins on a Monday.
  const weekday = dateFormat(t.language, { weekday: 'long' })
  return formFields(t, [
    { name: 'target_zone', kind: 'line', list: zones(), direction: 'ltr', narrow: true },
    { name: 'weekdays', kind: 'ticks', choices: [1, 2, 3, 4, 5, 6, 7].map((day) => ({ value: String(day), label: weekday.format(Date.UTC(2024, 0, day)) })) },
    { name: 'hours_from', kind: 'line', direction: 'ltr', narrow: true, maxLength: 5 }, { name: 'hours_until', kind: 'line', direction: 'ltr', narrow: true, maxLength: 5 },
  ], typed, faults)
}
