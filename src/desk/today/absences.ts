import { html, type Html } from '#platform/html/html.ts'
import { allStaff, deputiesAround } from '#modules/staff/index.ts'
import type { Desk } from '../context.ts'
import type { Visit } from '../pages.ts'

/** Whom somebody stands in for, now or soon, and who stands in for them: both should know. */
export async function absencesPart(desk: Desk, { t, staff, now, zone }: Visit): Promise<Html | false> {
  const absences = await deputiesAround(desk.db, staff.id, now)
  if (absences.length === 0) return false
  const names = new Map((await allStaff(desk.db, desk.opener)).map(({ id, name }) => [id, name]))
  return html`<section class="card"><h2>${t('deputies.title')}</h2><ul class="todo">${absences.map((each) => html`<li>${t('deputies.line', {
    deputy: names.get(each.deputyId) ?? '', person: names.get(each.staffId) ?? '', first: t.day(each.from, zone), last: t.day(new Date(each.until.getTime() - 1), zone),
  })}</li>`)}</ul><p class="soft">${t('deputies.why')}</p></section>`
}
