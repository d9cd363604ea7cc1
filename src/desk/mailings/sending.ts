import { clockTolerance } from '#platform/clock.ts'
import { inTransaction } from '#platform/db.ts'
import { html } from '#platform/html/html.ts'
import { field } from '#platform/http/server.ts'
import { isZone } from '#platform/local-time.ts'
import { askForCount, askForTrial, canBeSent, duplicateMailing, findMailing, mailingGaps, moveMailing, reachOf, sendMailing, textsOf, type Mailing } from '#modules/mailings/index.ts'
import { readLive } from '#modules/publisher/index.ts'
import { whatAsking } from '#modules/staff/index.ts'
import { readTime, toLocal, whichField, whichOfTwo, zones } from '../actions/times.ts'
import type { Desk } from '../context.ts'
import { form, formFields, type Faults, type Typed } from '../forms.ts'
import type { DeskPage } from '../look/layout.ts'
import { idOf, notFoundUnless, orNotFound, type Answer, type DeskPages, type Visit } from '../pages.ts'
import { mailingCrumbs, mailingPage } from './page.ts'
import { quietFields, readQuiet } from './quiet.ts'

/** Sending a mailing off, and what can be done with it afterwards and taken back. */
export function mailingSendingRoutes(pages: DeskPages, desk: Desk): void {
  pages.get('/mailings/:id/send', async (visit): Promise<Answer> => {
    const mailing = orNotFound(await findMailing(desk.db, idOf(visit)))
    // By the back button, after it was sent.
    if (!canBeSent(mailing)) return { to: `/mailings/${mailing.id}` }
    const { quiet, zone, sendAt } = mailing
    return sendPage(desk, visit, mailing, { send_at: toLocal(sendAt, zone), send_which: whichOfTwo(sendAt, zone), zone, quiet_from: quiet?.from ?? '', quiet_until: quiet?.until ?? '' }, {})
  }, 'mail-supporters')

  pages.post('/mailings/:id/send', async (visit): Promise<Answer> => {
    const { t, staff, now } = visit
    const mailing = orNotFound(await findMailing(desk.db, idOf(visit)))
    // The second of two clicks.
    if (!canBeSent(mailing)) return { to: `/mailings/${mailing.id}`, said: 'said.mailing-moved' }
    const { time, reason, typed, faults } = readSending(visit, mailing)
    if (!time) return { ...await sendPage(desk, visit, mailing, typed, faults), status: 422 }
    const { live } = await readLive(desk.db, { origin: desk.config.origins[0], installId: desk.secrets.installId })
    const { outcome } = await inTransaction(desk.db, (tx) => sendMailing(tx, mailing.id, { ...time, practice: !live, reason, by: { staffId: staff.id, behalfOf: visit.behalfOf } }, now))
    switch (outcome) {
      case 'no-reason': return { ...await sendPage(desk, visit, mailing, typed, { mailing_reason: t('fault.mailing-reason') }), status: 422 }
      case 'not-possible': case 'incomplete': return { ...await mailingPage(desk, visit, orNotFound(await findMailing(desk.db, mailing.id)), { send: t('fault.mailing-changed') }), status: 422 }
      case 'asked': case 'delayed': return { to: `/mailings/${mailing.id}`, said: `said.mailing-${outcome}` }
      case 'scheduled': return { to: `/mailings/${mailing.id}`, said: 'said.mailing-scheduled' }
    }
  }, 'mail-supporters')

  for (const move of ['pause', 'resume', 'back'] as const) {
    pages.post(`/mailings/:id/${move}`, async (visit): Promise<Answer> => {
      const id = idOf(visit)
      orNotFound(await findMailing(desk.db, id))
      const moved = await pages.change(visit, lineFor(move, id), (tx) => moveMailing(tx, id, move, '', visit.now), Boolean)
      return { to: `/mailings/${id}`, said: moved ? `said.mailing-${move}` : 'said.mailing-moved' }
    }, 'mail-supporters')
  }

  pages.post('/mailings/:id/count', async (visit): Promise<Answer> => {
    const id = idOf(visit)
    await inTransaction(desk.db, (tx) => askForCount(tx, id, visit.now))
    return { to: `/mailings/${id}` }
  }, 'mail-supporters')

  pages.post('/mailings/:id/trial', async (visit): Promise<Answer> => {
    const id = idOf(visit)
    const texts = await textsOf(desk.db, id)
    const language = notFoundUnless(field(visit.body, 'language'), (code) => texts.has(code))
    await pages.change(visit, { verb: 'try-mailing', subjectKind: 'mailing', subjectIds: [id], details: { language } }, (tx) => askForTrial(tx, { mailingId: id }, { language, staffId: visit.staff.id }, visit.now))
    return { to: `/mailings/${id}`, said: 'said.mailing-trial' }
  }, 'mail-supporters')

  pages.post('/mailings/:id/duplicate', async (visit): Promise<Answer> => {
    const { id } = orNotFound(await findMailing(desk.db, idOf(visit)))
    const copy = await pages.change(visit, { verb: 'begin-mailing', subjectKind: 'mailing', subjectIds: [id] }, (tx) => duplicateMailing(tx, id, visit.staff.id, visit.now))
    return { to: `/mailings/${copy}`, said: 'said.mailing-copied' }
  }, 'mail-supporters')
}

/** What a line of the log says of a move. */
function lineFor(move: 'pause' | 'resume' | 'back', id: string) {
  const about = { subjectIds: [id] }
  switch (move) {
    case 'pause': return { verb: 'pause-mailing', subjectKind: 'mailing' as const, ...about }
    case 'resume': return { verb: 'resume-mailing', subjectKind: 'mailing' as const, ...about }
    case 'back': return { verb: 'take-back-mailing', subjectKind: 'mailing' as const, ...about }
  }
}

interface Read {
  time?: { sendAt: Date, zone: string, quiet: { from: string, until: string } | null }
  reason: string
  typed: Typed
  faults: Faults
}

function readSending({ t, body, now }: Visit, mailing: Mailing): Read {
  const text = (name: string) => field(body, name).trim()
  const reason = text('mailing_reason').slice(0, 500)
  const typed: Typed = { ...Object.fromEntries(['send_at', 'send_which', 'zone', 'quiet_from', 'quiet_until'].map((name) => [name, text(name)])), mailing_reason: reason }
  const zone = isZone(text('zone')) ? text('zone') : undefined
  const { moment, fault } = readTime(t, { text: text('send_at'), which: text('send_which'), zone: zone ?? mailing.zone, present: mailing.sendAt }, now)
  const { quiet, faults: wrongQuiet } = readQuiet(t, body)
  // A year that was mistyped would send it to everybody at once. One whose list has grown keeps the time that it was given.
  const over = mailing.state === 'draft' && moment !== null && moment.getTime() < now.getTime() - clockTolerance
  const faults: Faults = {
    ...((fault || over) && { send_at: fault ?? t('fault.send-over') }), ...(!zone && { zone: t('fault.zone') }),
    ...wrongQuiet,
  }
  if (Object.keys(faults).length > 0) return { typed, faults, reason }
  return { typed, faults, reason, time: { sendAt: moment ?? now, zone: zone!, quiet } }
}

async function sendPage(desk: Desk, { t, staff }: Visit, mailing: Mailing, typed: Typed, faults: Faults): Promise<DeskPage> {
  const gaps = mailing.state === 'draft' ? mailingGaps(mailing, await textsOf(desk.db, mailing.id)) : []
  const waits = await whatAsking(desk.db, { kind: 'mailing', people: reachOf(mailing), staffId: staff.id })
  const alone = typeof waits === 'object' && waits
  return {
    title: t('mailing.to-send'), section: 'mailings', crumbs: mailingCrumbs(t, mailing),
    body: gaps.length > 0 ? html`<section class="card"><h2>${t('mailing.lacks')}</h2><ul>${gaps.map((gap) => html`<li>${t(`mailing.gap.${gap}`)}</li>`)}</ul></section>` : html`<p>${t('mailing.reach', { count: reachOf(mailing) })} ${t('mailing.recounted')}</p>${waits && html`<div class="notice"><p>${alone ? t('mailing.second-person.alone', alone) : t('mailing.second-person')}</p></div>`}${form(t, {
      action: `/mailings/${mailing.id}/send`, button: alone ? t('mailing.wait-alone', alone) : t(waits ? 'mailing.ask' : 'mailing.send'), faults,
      fields: formFields(t, [
        { name: 'send_at', kind: 'datetime-local', narrow: true }, whichField(t, 'send_which', String(typed.send_at ?? ''), String(typed.zone ?? '')), { name: 'zone', kind: 'line', list: zones(), direction: 'ltr', narrow: true },
        ...quietFields,
        waits !== undefined && { name: 'mailing_reason', kind: 'text', required: true, maxLength: 500 },
      ], typed, faults),
    })}`,
  }
}
