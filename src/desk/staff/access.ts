import { html, type Html } from '#platform/html/html.ts'
import { field } from '#platform/http/server.ts'
import { allStaff, closeOtherSessions, endSessions, failedSignins, sessionsOf, unlockAccount, type Staff } from '#modules/staff/index.ts'
import type { Desk } from '../context.ts'
import { button } from '../forms.ts'
import type { DeskPage } from '../look/layout.ts'
import type { Answer, DeskPages, Visit } from '../pages.ts'
import { sessionList } from '../session/account-safety.ts'
import { colleague } from './person.ts'

/** Who is signed in, and whose account is locked: for those who look after the desk's safety. */
export function accessRoutes(pages: DeskPages, desk: Desk): void {
  pages.get('/sessions', (visit) => accessPage(desk, visit), 'sessions')

  pages.post('/sessions/:id/end', async (visit): Promise<Answer> => {
    const { id } = await colleague(desk, visit)
    const session = field(visit.body, 'id')
    await pages.change(visit, { verb: 'end-sessions', subjectKind: 'staff', subjectIds: [id] }, async (tx) => {
      // On one's own card "all others" leaves this one.
      if (/^[0-9a-f]{64}$/.test(session)) await endSessions(tx, id, session)
      else await closeOtherSessions(tx, id, visit.session)
    })
    return { to: '/sessions', said: 'said.sessions-ended' }
  }, 'sessions')

  pages.post('/sessions/:id/unlock', async (visit): Promise<Answer> => {
    const { id } = await colleague(desk, visit)
    await pages.change(visit, { verb: 'unlock-account', subjectKind: 'staff', subjectIds: [id] }, (tx) => unlockAccount(tx, id))
    return { to: '/sessions', said: 'said.account-unlocked' }
  }, 'sessions')
}

async function accessPage(desk: Desk, visit: Visit): Promise<DeskPage> {
  const { t, now } = visit
  const staff = (await allStaff(desk.db, desk.opener)).filter(({ leftAt }) => leftAt === null)
  const week = await failedSignins(desk.db, new Date(now.getTime() - 7 * 86_400_000))
  const cards: Html[] = []
  for (const person of staff) cards.push(html`<section class="card"><h2><bdi>${person.name}</bdi></h2>${locked(visit, person)}${sessionList(visit, await sessionsOf(desk.db, person.id, visit.session, now), `/sessions/${person.id}/end`)}</section>`)
  return {
    title: t('sessions.all'), section: 'settings', crumbs: [{ href: '/settings', label: t('nav.settings') }],
    body: html`<p>${t('sessions.failures', { count: week })}</p>${cards}`,
  }
}

function locked({ t, now, zone }: Visit, { id, lockedUntil }: Staff): Html | false {
  return lockedUntil !== null && lockedUntil > now && html`<div class="notice"><p>${t('sessions.locked', { moment: t.moment(lockedUntil, zone) })}</p>${button(`/sessions/${id}/unlock`, t('sessions.unlock'))}</div>`
}
