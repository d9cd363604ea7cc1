import assert from 'node:assert/strict'
import { test } from 'node:test'
import { inTransaction } from '#platform/db.ts'
import { findAction } from '#modules/actions/index.ts'
import { addStaff, audit, openSession } from '#modules/staff/index.ts'
import { findBodyRecord, findOfficeHours } from '#modules/targets/index.ts'
import { acting } from '#test/support/acting.ts'
import { formOn, post } from '#test/support/http.ts'
import { openDeskPages, rawRequest } from '#test/support/pages.ts'
import { stage } from '#test/support/stage.ts'

const it = await stage()
const act = await acting(it)
const now = new Date('2027-03-01T12:00:00Z')
const { origin } = await openDeskPages(it, () => now)
const key = it.secrets.desk.contact.at(-1)!
const session = await inTransaction(it.as('desk'), async (tx) => openSession(tx, await addStaff(tx, key, { name: 'Salma', email: 'salma@lamplight.example', role: 'campaigner', language: 'en' }, now), now))
const cookie = { cookie: `clarion-desk=${session}` }
const page = async (path: string) => (await rawRequest(origin, path, { headers: cookie })).text
const words = (html: string) => html.replace(/<style>[\s\S]*?<\/style>|<[^>]+>/g, ' ').replace(/\s+/g, ' ')

/** Sends a form of a page with what was there, but for these fields. */
async function submit(html: string, actionEnd: string, typed: Record<string, string | string[]>): Promise<{ status: number, text: string }> {
  const { action, fields } = formOn(html, actionEnd)
  const given = Object.entries(typed).flatMap(([name, value]) => [value].flat().map((each): [string, string] => [name, each]))
  const answer = await post(origin, action, [...fields.filter(([name]) => !(name in typed)), ...given], cookie)
  return { status: answer.status, text: await answer.text() }
}

/** A zone whose clock goes forward on the last Sunday of March 2027 at two, and back on the last one of October at three. */
const zone = Intl.supportedValuesOf('timeZone').find((each) => Temporal.ZonedDateTime.from(`2027-03-28T01:59[${each}]`).add({ minutes: 1 }).hour === 3 && Temporal.ZonedDateTime.from(`2027-10-31T02:59[${each}]`).offset === '+02:00')!
const closes = async () => (await findAction(it.db, { id: act.petition }))!.closesAt?.toISOString()

test('a deadline at a time that the clock skips is refused with the times around it; one that it shows twice is asked about and stays what was chosen', async () => {
  const path = `/actions/${act.petition}/settings`
  const skipped = await submit(await page(path), '/settings', { zone, closes: '2027-03-28T02:30' })
  assert.equal(skipped.status, 422)
  assert.match(words(skipped.text), /they skip 02:30\. Choose 01:59 or earlier, or 03:00 or later/)
  assert.equal(await closes(), undefined)

  const twice = await submit(await page(path), '/settings', { zone, closes: '2027-10-31T02:30' })
  assert.equal(twice.status, 422)
  assert.match(words(twice.text), /they show 02:30 twice\. Please say which you mean.*The first, when the clock is \+02:00 from UTC.*The second, when the clock is \+01:00 from UTC/)
  assert.doesNotMatch(twice.text, /name="closes_which" value="(first|second)" checked/, 'nothing is chosen for anybody')
  assert.equal((await submit(twice.text, '/settings', { closes_which: 'second' })).status, 303)
  assert.equal(await closes(), '2027-10-31T01:30:00.000Z')

  const again = await page(path)
  assert.match(again, /name="closes_which" value="second" checked/)
  assert.equal((await submit(again, '/settings', { comment: 'yes' })).status, 303)
  assert.equal(await closes(), '2027-10-31T01:30:00.000Z', 'and nobody is asked again')
})

test('a year that was mistyped is refused: of closing, of sending, of publishing', async () => {
  const settings = await submit(await page(`/actions/${act.petition}/settings`), '/settings', { zone: 'UTC', closes: '9999-01-01T12:00' })
  assert.match(words(settings.text), /more than 5 years from now/)
  const message = (await it.db.selectFrom('actions').select('id').where('kind', '=', 'message').executeTakeFirstOrThrow()).id
  const sending = async (deliver: string) => words((await submit(await page(`/actions/${message}/sending`), '/sending', { deliver })).text)
  assert.match(await sending('2207-03-01T12:00'), /more than 5 years from now/)
  assert.match(await sending('2017-03-01T12:00'), /This time is over/)
  assert.equal(await sending('2027-03-02T12:00'), '')
})

test('a page is not published at a time that the clock skips or shows twice; at any other it is, by the publisher’s clock on that day', async () => {
  await it.db.updateTable('publisher').set({ zone }).execute()
  const marovia = await it.db.selectFrom('subjects').select('id').where('slug', '=', 'marovia').executeTakeFirstOrThrow()
  const made = await post(origin, '/items/new', [['title', 'Clocks'], ['item_kind', 'news'], ['item_form', 'text'], ['item_about', marovia.id]], cookie)
  const path = made.headers.get('location')!.replace(/\/en$/, '')
  for (const [at, why] of [['2027-03-28T02:30', /skips? this time|skip/i], ['2027-10-31T02:30', /twice/i]] as const) {
    const refused = await submit(await page(path), `${path}/en/publish`, { 'publish_at.en': at })
    assert.equal(refused.status, 422)
    assert.match(words(refused.text), why)
  }
  const planned = async () => (await it.db.selectFrom('item_publications').select('from_at').where('item_id', '=', path.split('/').at(-1)!).where('cancelled_at', 'is', null).execute()).map(({ from_at }) => from_at.toISOString())
  assert.deepEqual(await planned(), [])
  assert.equal((await submit(await page(path), `${path}/en/publish`, { 'publish_at.en': '2027-03-28T03:30' })).status, 303)
  assert.deepEqual(await planned(), ['2027-03-28T01:30:00.000Z'])
  assert.match(words(await page(path)), /Becomes public: 28 March 2027 at 03:30/)
  await it.db.updateTable('publisher').set({ zone: 'UTC' }).execute()
})

test('who is signed in and what the log says stand by the organisation’s clock, and a day of the log begins when it does there', async () => {
  await it.db.updateTable('publisher').set({ zone }).execute()
  const lead = { cookie: `clarion-desk=${await inTransaction(it.as('desk'), async (tx) => openSession(tx, await addStaff(tx, key, { name: 'Karim', email: 'karim@lamplight.example', role: 'security-lead', language: 'en' }, now), now))}` }
  const read = async (path: string) => words((await rawRequest(origin, path, { headers: lead })).text)
  assert.match(await read('/sessions'), /Since 1 March 2027 at 13:00 \(.*in use until 1 March 2027 at 13:00/i)
  await inTransaction(it.as('desk'), (tx) => audit(tx, { staffId: null, verb: 'export', subjectKind: 'action', subjectIds: [act.petition] }, new Date('2027-02-28T23:30:00Z')))
  assert.match(await read('/audit?verb=export&first=2027-03-01&last=2027-03-01'), /One line.*1 March 2027 at 00:30/)
  assert.match(await read('/audit?verb=export&last=2027-02-28'), /No lines/)
  await it.db.updateTable('publisher').set({ zone: 'UTC' }).execute()
})

test('messages get a moment, hours and a conduct; an action that offers a petition must say which', async () => {
  const path = `/actions/${act.message}/sending`
  const wrong = await submit(await page(path), '/sending', { when_dissolved: 'petition', deliver: '2027-03-12T09:00' })
  assert.equal(wrong.status, 422)
  assert.match(words(wrong.text), /Please choose the petition to offer/)
  assert.match(wrong.text, /value="2027-03-12T09:00"/, 'what was typed is still there')
  assert.equal((await submit(wrong.text, '/sending', { when_dissolved: 'petition', instead: act.petition, office_hours: 'yes', addressed_to: 'office', when_recess: 'hold' })).status, 303)
  const action = (await findAction(it.db, { id: act.message }))!
  assert.deepEqual([action.deliverAt?.toISOString(), action.insteadActionId, action.options.whenDissolved, action.options.whenRecess, action.options.officeHours, action.options.addressedTo],
    ['2027-03-12T09:00:00.000Z', act.petition, 'petition', 'hold', true, 'office'])
  assert.match(words(await page(`/actions/${act.message}`)), /Messages are kept here until 12 March 2027 at 09:00/)
  assert.equal((await rawRequest(origin, `/actions/${act.petition}/sending`, { headers: cookie })).status, 404, 'a petition sends no messages')
})

test('a body’s days: announced, refused where two overlap, ended; its week and its holidays, and those of one office', async () => {
  const path = '/targets/bodies/marovia-assembly'
  assert.equal((await submit(await page(path), '/states', { body_state: 'recess', state_since: '2027-04-01', state_until: '2027-05-01', state_note: 'gazette' })).status, 303)
  const overlapping = await submit(await page(path), '/states', { body_state: 'dissolved', state_since: '2027-04-20' })
  assert.equal(overlapping.status, 422)
  assert.match(words(overlapping.text), /Something else is announced for some of these days/)
  assert.match(words(await page(path)), /In recess From 1 April 2027; it sits again on 1 May 2027/)
  const [period] = (await findBodyRecord(it.db, 'marovia-assembly'))!.periods
  assert.equal((await submit(await page(path), `/states/${period!.id}/end`, { until: '2027-04-15' })).status, 303)
  assert.equal((await findBodyRecord(it.db, 'marovia-assembly'))!.periods[0]!.until, '2027-04-15')

  const hours = await submit(await page(`${path}/hours`), '/hours', { target_zone: zone, weekdays: ['7', '1', '2'], hours_from: '9:00', hours_until: '08:00' })
  assert.equal(hours.status, 422)
  assert.match(words(hours.text), /two times such as 09:00 and 17:00/)
  assert.equal((await submit(await page(`${path}/hours`), '/hours', { target_zone: zone, weekdays: ['7', '1', '2'], hours_from: '9:00', hours_until: '15:30' })).status, 303)
  const unread = await submit(await page(`${path}/hours`), '/holidays', { holidays: '2027-12-25 Winter holiday\nChristmas' })
  assert.equal(unread.status, 422)
  assert.match(words(unread.text), /We could not read these lines: 2/)
  assert.equal((await submit(await page(`${path}/hours`), '/holidays', { holidays: '2027-12-25 Winter holiday' })).status, 303)
  const body = (await findBodyRecord(it.db, 'marovia-assembly'))!
  assert.deepEqual([body.zone, body.openHours, body.holidays], [zone, { weekdays: [7, 1, 2], from: '09:00', until: '15:30' }, [{ day: '2027-12-25', name: 'Winter holiday' }]])

  const office = '/targets/offices/marovia-assembly%3AAR/hours'
  assert.match(words(await page('/targets/offices/marovia-assembly%3AAR')), /Working hours/)
  assert.equal((await submit(await page(office), '/hours', { target_zone: 'UTC', weekdays: ['1'], hours_from: '10:00', hours_until: '11:00' })).status, 303)
  assert.equal((await findOfficeHours(it.db, 'marovia-assembly:AR'))!.zone, 'UTC')
})

test('of a body that nobody has said when it sits again, no day stands there: today is not said by pressing Save', async () => {
  const path = '/targets/bodies/marovia-government'
  assert.equal((await submit(await page(path), '/states', { body_state: 'dissolved', state_since: '2027-03-01' })).status, 303)
  const { id } = (await findBodyRecord(it.db, 'marovia-government'))!.periods[0]!
  const shown = await page(path)
  assert.match(shown, new RegExp(`id="until-${id}" name="until" value="" class="narrow" required`))
  const pressed = await submit(shown, `/states/${id}/end`, {})
  assert.equal(pressed.status, 422)
  assert.match(words(pressed.text), /Please give a date/)
  assert.equal((await findBodyRecord(it.db, 'marovia-government'))!.periods[0]!.until, null)
})

test('a clock that there is can be typed whether it is offered or not; one that there is not is refused, and moves no time silently', async () => {
  const path = `/actions/${act.message}/settings`
  const before = (await findAction(it.db, { id: act.message }))!.zone
  const wrong = await submit(await page(path), '/settings', { zone: 'Nowhere/At_all', closes: '2027-06-01T10:00' })
  assert.equal(wrong.status, 422)
  assert.match(words(wrong.text), /Time zone – Please choose a time zone from the list/)
  assert.ok(!Intl.supportedValuesOf('timeZone').includes('Etc/GMT+5'))
  assert.equal((await submit(wrong.text, '/settings', { zone: 'Etc/GMT+5' })).status, 303)
  const { zone, closesAt } = (await findAction(it.db, { id: act.message }))!
  assert.deepEqual([zone, closesAt?.toISOString()], ['Etc/GMT+5', '2027-06-01T15:00:00.000Z'])
  assert.equal((await submit(await page(path), '/settings', { zone: before, closes: '' })).status, 303)
})

test('candidates are entered by hand, or a body from a file is said to be theirs', async () => {
  const path = '/targets/bodies/marovia-assembly'
  const missing = await submit(await page(path), '/candidates', { candidate: 'Wren Halloway', election_on: '2027-04-18' })
  assert.equal(missing.status, 422)
  assert.match(words(missing.text), /Please choose one/)
  assert.match(words((await submit(missing.text, '/candidates', { candidate_area: 'marovia:AR', election_on: '2020-01-01' })).text), /This day is over, and candidates are written to until election day/)
  assert.equal((await submit(missing.text, '/candidates', { candidate_area: 'marovia:AR', candidate_email: 'wren@example.org', contact_source: 'her leaflet' })).status, 303)
  assert.match(words(await page(path)), /Candidates for Assembly of Marovia one candidate · election on 18 April 2027/)
  assert.equal((await submit(await page('/targets/bodies/marovia-government'), '/candidacy', { candidates_for: 'marovia-assembly', candidacy_on: '2027-04-18' })).status, 303)
  assert.equal((await findBodyRecord(it.db, 'marovia-government'))!.candidatesFor, 'marovia-assembly')
})
