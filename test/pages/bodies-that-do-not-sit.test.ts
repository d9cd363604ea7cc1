import assert from 'node:assert/strict'
import { beforeEach, test } from 'node:test'
import { inTransaction, sql } from '#platform/db.ts'
import { changeAction, findAction, type ActionOptions } from '#modules/actions/index.ts'
import { addCandidate, announceState, beginTerm } from '#modules/targets/index.ts'
import { addStaff, openSession } from '#modules/staff/index.ts'
import { acting, mailFor } from '#test/support/acting.ts'
import { submitForm } from '#test/support/http.ts'
import { openDeskPages, openPages, rawRequest } from '#test/support/pages.ts'
import { stage } from '#test/support/stage.ts'

const it = await stage()
const act = await acting(it)
const { post } = await mailFor(act)
const action = '/actions/write-to-your-representative'
const words = (html: string) => html.replace(/<style>[\s\S]*?<\/style>|<[^>]+>/g, ' ').replace(/\s+/g, ' ')
const details = { name: 'Amara', email: 'amara@example.org', postcode: 'AR 110' }
const own = 'My cousin was taken there in March.'

const terms = await it.db.selectFrom('terms').selectAll().execute()

beforeEach(async () => {
  await sql`delete from terms`.execute(it.db)
  await sql`insert into terms select * from jsonb_populate_recordset(null::terms, ${JSON.stringify(terms)})`.execute(it.db)
  await sql`truncate participations, people, email_indexes, mails, messages, message_texts, links, intake, intake_batches, body_states, sending_waits`.execute(it.db)
  await inTransaction(it.db, (tx) => changeAction(tx, act.message, { deliverAt: null, insteadActionId: null }))
  await choose({ whenDissolved: 'hold', whenRecess: 'go-on', officeHours: false })
})

const choose = async (options: Partial<ActionOptions>) => inTransaction(it.db, async (tx) => changeAction(tx, act.message, { options: { ...(await findAction(tx, { id: act.message }))!.options, ...options } }))
const announce = (state: 'recess' | 'dissolved', until: string | null = null, termsEnd = false) => inTransaction(it.as('desk'), (tx) => announceState(tx, 'marovia-assembly', { state, since: '2027-03-01', until, note: '' }, termsEnd))
const page = async (site: string, path: string) => (await rawRequest(site, path)).text

/** Page two as somebody has it before them while something changes; and a site that knows of the change. */
async function onPageTwo(change: () => Promise<unknown>): Promise<{ two: string, site: string }> {
  const { origin } = await openPages(act)
  const two = await (await submitForm(origin, await page(origin, action), '/write', details)).text()
  assert.match(two, /Dear Hon\. Oriel Tavan,/)
  await change()
  return { two, site: (await openPages(act)).origin }
}

const sendOff = (site: string, two: string) => submitForm(site, two, '/send', { body: own })

async function taken(): Promise<number> {
  await act.settle()
  return (await act.states(act.message)).length
}

test('dissolved between page one and page two: the page comes back, says that the message waits and until when, and takes it once that has been read', async () => {
  const { two, site } = await onPageTwo(() => announce('dissolved', '2027-05-10', true))
  const again = await sendOff(site, two)
  assert.equal(again.status, 409)
  const text = await again.text()
  assert.ok(text.includes(own), 'nothing that was typed is lost')
  assert.match(words(text), /Who this goes to has changed.*nothing has been sent/)
  assert.match(words(text), /Assembly of Marovia is dissolved\. The new one sits from 10 May 2027 on\. You can write now: your message is kept here until 10 May 2027/)
  assert.match(text, /Dear Member for Ardenhal,/, 'nobody is named who has left')
  assert.doesNotMatch(text, /Oriel Tavan/)
  assert.equal(await taken(), 0)

  const sent = await sendOff(site, text)
  assert.equal(sent.status, 303)
  assert.match(words(await page(site, `${action}/thanks`)), /The new one sits from 10 May 2027 on\. What you wrote to it is kept here until 10 May 2027/)
  assert.equal(await taken(), 1)
  await it.db.updateTable('participations').set({ state: 'waiting' }).execute()
  const [link] = await it.db.selectFrom('participations').select('id').execute()
  await act.confirms(act.letter({ id: link!.id }))
  const { rows } = await sql<{ office_id: string, written_to: string[] }>`select office_id, written_to from messages order by office_id`.execute(it.db)
  assert.deepEqual(rows, [{ office_id: 'marovia-assembly:AR', written_to: [] }, { office_id: 'marovia-government:justice', written_to: ['marovia-government:g01'] }])
})

test('another action may offer a petition instead, or take nothing: the words are there to keep, and nothing is taken', async () => {
  await inTransaction(it.db, (tx) => changeAction(tx, act.message, { insteadActionId: act.petition }))
  for (const { conduct, says } of [{ conduct: 'petition' as const, says: /What you can do until then No one should vanish/ }, { conduct: 'pause' as const, says: /Please come back later/ }]) {
    await choose({ whenDissolved: conduct })
    const { two, site } = await onPageTwo(() => announce('dissolved'))
    const answer = await sendOff(site, two)
    assert.equal(answer.status, 409)
    const text = await answer.text()
    assert.ok(text.includes(own))
    assert.match(words(text), says)
    assert.match(words(text), /Assembly of Marovia is dissolved; nobody has said yet when the new one sits\. Until then this page takes no messages\./)
    assert.equal(text.includes('href="/actions/no-one-should-vanish"'), conduct === 'petition')
    const first = await page(site, action)
    assert.match(words(first), /What you can do|Members of the Assembly read/, 'the story stays readable')
    assert.doesNotMatch(first, /<form[^>]*action="[^"]*\/write"/)
    assert.match(words(await page(site, '/actions')), /Message · waiting/)
    assert.equal(JSON.parse(await page(site, `${action}.json`)).state, 'adjourned')
    assert.equal((await rawRequest(site, `/ar${action}`)).status, 200)
    assert.equal(await taken(), 0)
    await sql`truncate body_states`.execute(it.db)
  }
})

test('where candidates are written to, page two comes back with those who stand in the area, and the text stays', async () => {
  await choose({ whenDissolved: 'candidates' })
  const add = (name: string, areaId: string, email: string) => inTransaction(it.as('desk'), (tx) => addCandidate(tx, { bodyId: 'marovia-assembly', electionOn: '2027-04-18', bodyName: 'Candidates', officeLabel: 'Candidate' }, { name, party: '', areaId, email, source: 'a leaflet', checkedOn: '2027-03-01' }))
  const { two, site } = await onPageTwo(async () => {
    await add('Wren Halloway', 'marovia:AR', 'wren@example.org')
    await add('Marit Quill', 'marovia:AR', 'marit@example.org')
    await add('Elsewhere Jones', 'marovia:BE', 'jones@example.org')
    await announce('dissolved')
  })
  const again = await sendOff(site, two)
  assert.equal(again.status, 409)
  const text = await again.text()
  assert.ok(text.includes(own))
  assert.match(text, /Wren Halloway/)
  assert.match(text, /Marit Quill/)
  assert.doesNotMatch(text, /Elsewhere Jones|Oriel Tavan/)
  assert.match(words(text), /Until the election you write to those who stand for it/)
  assert.doesNotMatch(words(text), /Your representative can answer you/, 'who stands for election is nobody’s representative, and does not get the address')
  assert.equal((await sendOff(site, text)).status, 303)

  act.later({ days: 60 })
  const afterwards = (await openPages(act)).origin
  assert.match(words(await page(afterwards, action)), /your message is kept here until it sits again/, 'after election day they are candidates no longer')
  act.now = new Date('2027-03-01T12:00:00Z')
})

test('somebody else holds the office by the time of page two: its writer is told before anything is taken', async () => {
  const { two, site } = await onPageTwo(() => inTransaction(it.db, (tx) => beginTerm(tx, 'marovia-assembly:AR', { name: 'Wren Halloway' }, '2027-03-01')))
  await sql`insert into contact_details (id, office_id, kind, value, source, checked_on) values (gen_random_uuid(), 'marovia-assembly:AR', 'email', 'office@assembly.marovia.example', 'test', '2027-03-01')`.execute(it.db)
  const again = await sendOff((await openPages(act)).origin, two)
  assert.equal(again.status, 409)
  assert.match(await again.text(), /Wren Halloway/)
  assert.equal(await taken(), 0)
  assert.ok(site)
  await sql`delete from contact_details where source = 'test'`.execute(it.db)
})

test('a recess in which the action goes on is said and keeps nobody; what waits for a moment, or for working hours, says so on every page', async () => {
  await announce('recess', '2027-03-20')
  await inTransaction(it.db, (tx) => changeAction(tx, act.message, { deliverAt: new Date('2027-03-12T09:00:00Z'), closesAt: new Date('2027-03-04T00:00:00Z') }))
  await choose({ officeHours: true })
  const { origin } = await openPages(act)
  const first = await page(origin, action)
  assert.match(words(first), /Assembly of Marovia is in recess until 20 March 2027\./)
  assert.match(words(first), /kept here and leave from 12 March 2027 at 09:00/)
  assert.match(words(first), /Messages leave during the working hours/)
  assert.match(words(first), /\(closes in 2 days\)/)
  assert.match(words(await page(origin, `/ar${action}`)), /تُغلق خلال يومين/)
  assert.equal((await sendOff(origin, await (await submitForm(origin, first, '/write', details)).text())).status, 303)
  assert.match(words(await page(origin, `${action}/thanks`)), /Your message is kept until it can leave\./)
  await inTransaction(it.db, (tx) => changeAction(tx, act.message, { closesAt: null }))
})

test('a state that was announced ahead shows by itself when its day begins where the body sits', async () => {
  const zone = Intl.supportedValuesOf('timeZone').find((each) => Temporal.ZonedDateTime.from(`2027-03-01T12:00[${each}]`).offset === '-10:00')!
  await sql`update bodies set zone = ${zone} where id = 'marovia-assembly'`.execute(it.db)
  await inTransaction(it.as('desk'), (tx) => announceState(tx, 'marovia-assembly', { state: 'dissolved', since: '2027-03-02', until: null, note: '' }, false))
  const { origin } = await openPages(act)
  act.now = new Date('2027-03-02T09:59:59Z')
  assert.doesNotMatch(await page(origin, action), /dissolved/)
  act.now = new Date('2027-03-02T10:00:00Z')
  const deadline = Date.now() + 1500
  while (!/is dissolved/.test(await page(origin, action))) assert.ok(Date.now() < deadline, 'within a second, and what the test itself takes')
  act.now = new Date('2027-03-01T12:00:00Z')
  await sql`update bodies set zone = null`.execute(it.db)
})

test('staff read how much waits for a body, until when and what happens then; they can let it never leave, and whoever wrote is told so', async () => {
  await announce('dissolved', null, true)
  const { origin } = await openPages(act)
  for (const email of ['amara@example.org', 'beno@example.org']) {
    await submitForm(origin, await (await submitForm(origin, await page(origin, action), '/write', { ...details, email })).text(), '/send', { body: own })
    await act.settle()
  }
  for (const { id } of await it.db.selectFrom('participations').select('id').execute()) await act.confirms(act.letter({ id }))
  for (let idle = 0; idle < 2;) idle = await act.messages(post) ? 0 : idle + 1
  const desk = await openDeskPages(it, () => act.now)
  const cookie = await inTransaction(it.as('desk'), async (tx) => `clarion-desk=${await openSession(tx, await addStaff(tx, it.secrets.desk.contact.at(-1)!, { name: 'Salma', email: 'salma@lamplight.example', role: 'campaigner', language: 'en' }, act.now), act.now)}`)
  const read = async (path: string) => (await rawRequest(desk.origin, path, { headers: { cookie } })).text

  assert.match(words(await read('/')), /Messages of one action wait for a body, and nobody has said when it sits again/)
  const outbox = words(await read('/outbox/messages'))
  assert.match(outbox, /Waiting for a body to sit .*Assembly of Marovia Dissolved 2 messages · /)
  assert.match(outbox, /All 4 accepted 2 in the queue 2 Waiting for a body to sit 2 /)
  const waiting = await read('/outbox/messages?state=body-away')
  assert.match(waiting, /state=body-away&amp;page=0" aria-current="true"/)
  assert.deepEqual([...waiting.matchAll(/<tr><td><bdi>(.*?)<\/bdi>/g)].map((row) => row[1]), ['Member for Ardenhal', 'Member for Ardenhal'])
  assert.match(words(waiting), /its body does not sit/)
  assert.match(words(await read('/outbox/messages?state=body-away&office=marovia-government:justice')), /Waiting for a body to sit 0 .*Nothing here/)
  assert.match(words(await read(`/actions/${act.message}`)), /Assembly of Marovia: Dissolved\. Hold messages\. 2 messages wait for it\./)
  const held = await read(`/actions/${act.message}/held`)
  assert.match(words(held), /2 messages wait\..*Nobody has said yet when it sits again\..*Let them never leave/)

  await sql`update body_states set until = '2027-05-10'`.execute(it.db)
  assert.match(words(await read(`/actions/${act.message}/held`)), /On 10 May 2027 it sits again\. From that day on they leave one after another/)
  assert.equal((await submitForm(desk.origin, held, '/drop', {}, { cookie })).status, 303)
  assert.deepEqual((await sql<{ is: string }>`select concat_ws(' ', state, problem) as is from messages where office_id = 'marovia-assembly:AR'`.execute(it.db)).rows.map((row) => row.is), ['cancelled body-away', 'cancelled body-away'])
  assert.match(words(await read(`/actions/${act.message}/held`)), /Nothing of this action waits for a body to sit/)
  assert.match(words(await read('/outbox/messages?state=cancelled')), /cancelled while its body did not sit/)
  assert.doesNotMatch(words(await read('/outbox/messages')), /Waiting for a body to sit/)
  const again = await submitForm(desk.origin, held, '/drop', {}, { cookie })
  assert.equal(again.status, 404, 'and there is nothing left to cancel')
  assert.match(words(await again.text()), /Nothing of this action waits for a body to sit/, 'whoever pressed twice reads how it stands')
  assert.equal((await sql`select from audit_log where verb = 'drop-held'`.execute(it.db)).rows.length, 1)
})

test('the outbox says who holds the office now to which somebody who left was written, and whether there is an address at all', async () => {
  const { origin } = await openPages(act)
  await submitForm(origin, await (await submitForm(origin, await page(origin, action), '/write', details)).text(), '/send', { body: own })
  await act.settle()
  for (const { id } of await it.db.selectFrom('participations').select('id').execute()) await act.confirms(act.letter({ id }))
  await inTransaction(it.db, (tx) => beginTerm(tx, 'marovia-assembly:AR', { name: 'Wren Halloway' }, '2027-03-01'))
  for (let idle = 0; idle < 2;) idle = await act.messages(post) ? 0 : idle + 1

  const desk = await openDeskPages(it, () => act.now)
  const cookie = await inTransaction(it.as('desk'), async (tx) => `clarion-desk=${await openSession(tx, await addStaff(tx, it.secrets.desk.contact.at(-1)!, { name: 'Rim', email: 'rim@lamplight.example', role: 'campaigner', language: 'en' }, act.now), act.now)}`)
  const outbox = async () => (await rawRequest(desk.origin, '/outbox/messages?state=waiting', { headers: { cookie } })).text
  assert.match(words(await outbox()), /Written to somebody who has left .*Member for Ardenhal one message · .* · held now by Wren Halloway · /)
  assert.match(words(await outbox()), /held now by Wren Halloway · no address/i)
  await sql`insert into contact_details (id, office_id, kind, value, source, checked_on) values (gen_random_uuid(), 'marovia-assembly:AR', 'email', 'office@assembly.marovia.example', 'test', '2027-03-01')`.execute(it.db)
  assert.doesNotMatch(words(await outbox()), /held now by Wren Halloway · /)
  assert.equal((await submitForm(desk.origin, await outbox(), `/outbox/successors/${act.message}`, {}, { cookie })).status, 303)
  for (let idle = 0; idle < 2;) idle = await act.messages(post) ? 0 : idle + 1
  assert.deepEqual((await sql<{ state: string }>`select state from messages where office_id = 'marovia-assembly:AR'`.execute(it.db)).rows, [{ state: 'accepted' }])
  await sql`delete from contact_details where source = 'test'`.execute(it.db)
})

test('the page of an office says that its body does not sit, until when, and that it is vacant', async () => {
  const { origin } = await openPages(act)
  assert.doesNotMatch(words(await page(origin, '/offices/marovia-assembly:AR')), /dissolved/)
  await announce('dissolved', '2027-05-10', true)
  const fresh = async (path: string) => words(await page((await openPages(act)).origin, path))
  assert.match(await fresh('/offices/marovia-assembly:AR'), /Assembly of Marovia is dissolved\. The new one sits from 10 May 2027 on\. Held by Nobody at the moment/)
  assert.match(await fresh('/ar/offices/marovia-assembly:AR'), /10 مايو 2027/)
  assert.doesNotMatch(await fresh('/offices/marovia-government:justice'), /dissolved/)
})
