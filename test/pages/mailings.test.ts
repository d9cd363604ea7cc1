import assert from 'node:assert/strict'
import { before, test } from 'node:test'
import { inTransaction, sql } from '#platform/db.ts'
import { deliverTrials } from '#modules/mailings/index.ts'
import { addSubject } from '#modules/places/index.ts'
import { readPublisher } from '#modules/publisher/index.ts'
import { addStaff, openSession, type Role } from '#modules/staff/index.ts'
import { acting, mailFor } from '#test/support/acting.ts'
import { mailingDesk } from '#test/support/mailing.ts'
import { openDeskPages, postRaw, rawRequest } from '#test/support/pages.ts'
import { stage } from '#test/support/stage.ts'

const it = await stage()
const play = await acting(it)
const { sink, post } = await mailFor(play)
const office = await mailingDesk(play)
const desk = await openDeskPages(it, () => play.now)
const cookies: Record<string, string> = {}

async function signIn(name: string, role: Role, language = 'en'): Promise<void> {
  await inTransaction(it.as('desk'), async (tx) => {
    const id = await addStaff(tx, it.secrets.desk.contact.at(-1)!, { name, email: `${name.toLowerCase()}@lamplight.example`, role, language }, play.now)
    cookies[name] = `clarion-desk=${await openSession(tx, id, play.now)}`
  })
}
const get = (path: string, name = 'Tarek') => rawRequest(desk.origin, path, { headers: { cookie: cookies[name]! } })
const send = (path: string, fields: Record<string, string> | [string, string][], name = 'Tarek') => postRaw(desk.origin, path, new URLSearchParams(fields).toString(), { cookie: cookies[name]! })
const words = (text: string) => text.replace(/<[^>]+>/g, ' ').replace(/\s+/g, ' ')

before(async () => {
  await signIn('Tarek', 'campaigner')
  await signIn('Rim', 'administrator', 'ar')
  await signIn('Nour', 'translator')
  await office.allSign([{ email: 'amara@example.org', name: 'Amara' }, { email: 'noor@example.org', name: 'Noor', language: 'ar' }, { email: 'jo@example.org', name: 'Jo' }], office.ofAction)
  await office.allSign([{ email: 'silent@example.org' }])
  await sql`update approval_limits set above = 2 where kind = 'mailing'`.execute(it.db)
})

let path = ''

test('an update is begun about an action, written in two languages, and counted before anything is sent', async () => {
  assert.match(words((await get('/mailings')).text), /Nothing has been written yet/)
  assert.equal((await send('/mailings', { mailing_kind: 'update' })).status, 422, 'an update is about an action')
  path = String((await send('/mailings', { mailing_kind: 'update', mailing_action: play.petition })).headers.location)
  assert.match(path, /^\/mailings\/[0-9a-f-]{36}$/)
  assert.match(words((await get(path)).text), /What is missing It is written in no language yet/)
  const wrong = await send(`${path}/words/en`, { mailing_subject: 'It worked, {nickname}', mailing_body: '' })
  assert.equal(wrong.status, 422)
  assert.match(words(wrong.text), /We do not know .*\{nickname\}/)
  assert.match(wrong.text, /value="It worked, \{nickname\}"/, 'what was typed stays')
  assert.match(words((await send(`${path}/words/en`, { mailing_subject: 'x', mailing_body: 'There are :figure[boats].' })).text), /Readers would see :figure\[boats\] as it is written/)
  const saved = await send(`${path}/words/en`, [['mailing_subject', 'It worked, {name|friend}'], ['mailing_body', 'Dear {name|friend},\n\nthe [vote](https://example.org/vote) is won.'], ['then', 'preview']])
  assert.equal(saved.headers.location, `${path}/words/en/preview?said=saved`)
  await send(`${path}/words/ar`, { mailing_subject: 'نجحنا', mailing_body: 'عزيزتي {name|الصديقة}،' })
  const preview = (await get(`${path}/words/en/preview`)).text
  assert.match(preview, /<div class="phone" dir="ltr" lang="en">[\s\S]*It worked, Tarek[\s\S]*<a href="https:\/\/example\.org\/vote">vote<\/a>/)
  assert.match(words(preview), /the vote \[1\] is won\. \[1\] https:\/\/example\.org\/vote/)
  assert.match((await get(`${path}/words/ar/preview`)).text, /class="phone" dir="rtl" lang="ar"/)

  const audience = await get(`${path}/audience`)
  assert.match(audience.text, /May we write to you about this action\?|name="mailing_statements"/)
  assert.equal((await send(`${path}/audience`, { mailing_fallback: 'en' })).status, 422, 'no question, no mail')
  const chosen = await send(`${path}/audience`, [['mailing_statements', office.ofAction], ['mailing_fallback', 'en'], ['mailing_from_day', ''], ['mailing_country', '']])
  assert.equal(chosen.headers.location, `${path}?said=saved`)
  assert.match(words((await get(path)).text), /Being counted/)
  await office.plans()
  const counted = words((await get(path)).text)
  assert.match(counted, /3 people get it\./)
  assert.match(counted, /Left out, and why did not say yes, or no longer do 1/)
})

test('a test goes to whoever asked for it and to nobody else', async () => {
  assert.equal((await send(`${path}/trial`, { language: 'en' })).headers.location, `${path}?said=mailing-trial`)
  await deliverTrials({ db: it.as('worker'), keys: it.keys, log: it.log, workerId: it.workerId }, { post, publisher: await readPublisher(it.db) }, play.now)
  const [mail] = (await sink.mails()).filter(({ subject }) => subject!.startsWith('Test: '))
  assert.deepEqual([mail!.envelopeTo, mail!.subject], ['tarek@lamplight.example', 'Test: It worked, Tarek'])
  assert.match(words((await get(path)).text), /accepted by your server/)
})

test('above the limit a second person says yes; then it leaves at its time, and everybody sees how far it is', async () => {
  const form = words((await get(`${path}/send`)).text)
  assert.match(form, /a second person must say yes\./)
  await sql`update staff set left_at = ${play.now} where left_at is null and 'administrator' = any (roles)`.execute(it.db)
  assert.match(words((await get(`${path}/send`)).text), /nobody else here could\. Instead it waits 24 hours.*Send it in 24 hours/, 'whoever is alone reads what happens instead')
  await sql`update staff set left_at = null`.execute(it.db)
  const at = { send_at: '2027-03-01T13:00', zone: 'UTC', quiet_from: '', quiet_until: '' }
  assert.equal((await send(`${path}/send`, at)).status, 422, 'the second person reads why')
  assert.match(words((await send(`${path}/send`, { ...at, send_at: '2017-03-01T13:00', mailing_reason: 'x' })).text), /This time is over/, 'a year that was mistyped sends nothing')
  assert.match(words((await send(`${path}/send`, { ...at, send_at: '9999-03-01T13:00', mailing_reason: 'x' })).text), /more than 5 years from now/)
  assert.equal((await send(`${path}/send`, { ...at, mailing_reason: 'The vote is on Thursday.', quiet_from: '25:00', quiet_until: '08:00' })).status, 422)
  assert.equal((await send(`${path}/send`, { ...at, mailing_reason: 'The vote is on Thursday.' })).headers.location, `${path}?said=mailing-asked`)
  assert.equal((await send(`${path}/send`, { ...at, mailing_reason: 'Again' })).headers.location, `${path}?said=mailing-moved`, 'the second click finds no draft')
  const open = async () => (await sql<{ id: string }>`select id from approvals where kind = 'mailing' and answer is null`.execute(it.db)).rows[0]
  await sql`update desk_sessions set proved_at = ${play.now}`.execute(it.db)
  const first = await open()
  assert.equal((await send(`/approvals/${first!.id}/refuse`, { reason: ' ' }, 'Rim')).headers.location, '/approvals?said=needs-reason')
  assert.equal((await send(`/approvals/${first!.id}/refuse`, { reason: 'Name the vote.' }, 'Rim')).headers.location, '/approvals?said=refused-approval')
  await office.plans()
  assert.match(words((await get(path)).text), /Draft.*Rim said no, .*Name the vote\./, 'whoever asked reads why')
  assert.equal((await send(`${path}/send`, { ...at, mailing_reason: 'The vote is on Thursday.' })).headers.location, `${path}?said=mailing-asked`)
  play.later({ minutes: 90 })
  await office.plans()
  assert.match(words((await get(path)).text), /Waits for a second person/)
  assert.equal((await send(`${path}/words/en`, { mailing_subject: 'Other', mailing_body: 'words' })).headers.location, `${path}?said=mailing-moved`, 'what is asked about does not change')

  const asked = await open()
  await sql`update desk_sessions set proved_at = ${play.now}`.execute(it.db)
  assert.match((await get('/approvals', 'Rim')).text, new RegExp(`href="${path}"`))
  assert.equal((await send(`/approvals/${asked!.id}/approve`, {}, 'Tarek')).headers.location, '/approvals?said=own-approval')
  assert.equal((await send(`/approvals/${asked!.id}/approve`, {}, 'Rim')).headers.location, '/approvals?said=approved')
  await office.plans()
  await office.plans()
  assert.match((await get(path, 'Rim')).text, /dir="rtl"[\s\S]*قيد الإرسال/)
  await office.turns(post)
  const page = words((await get(path)).text)
  assert.match(page, /Sent/)
  assert.match(page, /3 of 3 accepted by their server 3/)
  assert.deepEqual((await sink.mails()).map(({ envelopeTo, subject }) => `${envelopeTo} ${subject}`).filter((line) => /example\.org .*(worked|نجحنا)/.test(line)).toSorted(),
    ['amara@example.org It worked, Amara', 'jo@example.org It worked, Jo', 'noor@example.org نجحنا'])
  const list = words((await get('/mailings?state=sent&order=reach')).text)
  assert.match(list, /It worked, \{name\|friend\}.*Update/)
})

test('an earlier one serves for a new one; stopping asks why; what a role may not do is not there', async () => {
  const copy = String((await send(`${path}/duplicate`, {})).headers.location).replace(/\?.*/, '')
  assert.match(words((await get(copy)).text), /Draft/)
  await send(`${copy}/count`, {})
  await office.plans()
  await sql`update approval_limits set above = 100 where kind = 'mailing'`.execute(it.db)
  await send(`${copy}/send`, { send_at: '2027-04-01T09:00', zone: 'Europe/Paris', quiet_from: '21:00', quiet_until: '08:00' })
  assert.match(words((await get(copy)).text), /Scheduled .*1 April 2027 at 09:00/)
  assert.equal((await send(`${copy}/stop`, {})).status, 422)
  assert.doesNotMatch((await get(copy)).text, /name="mailing_reason"/, 'the page looks at itself again while it is sent, and would lose what is typed')
  assert.match((await get(`${copy}/stop`)).text, /name="mailing_reason"/)
  for (const back of ['send', 'audience']) assert.equal((await get(`${copy}/${back}`)).headers.location, copy, 'the back button leads to the mailing')
  assert.equal((await send(`${copy}/quiet`, { quiet_from: '22', quiet_until: '' })).status, 422)
  assert.equal((await send(`${copy}/quiet`, { quiet_from: '22', quiet_until: '6.30' })).headers.location, `${copy}?said=saved`)
  assert.match((await get(`${copy}/quiet`)).text, /value="22:00"[\s\S]*value="06:30"/, 'whoever set them wrong changes them on the way')
  assert.doesNotMatch(words((await get(copy)).text), /Quiet hours, from/)
  await send(`${copy}/quiet`, { quiet_from: '8', quiet_until: '10.30' })
  assert.match(words((await get(copy)).text), /It leaves from 1 April 2027 at 09:00.* Quiet hours, from 08:00 until 10:30: the next ones leave at 1 April 2027 at 10:30/, 'whoever chose a time in the quiet hours reads when it leaves, and why')
  assert.equal((await send(`${copy}/back`, {})).headers.location, `${copy}?said=mailing-back`)
  assert.match(words((await get(`${copy}/discard`)).text), /goes for good.*It worked/, 'it says first what is lost')
  assert.equal((await send(`${copy}/discard`, {})).headers.location, '/mailings?said=mailing-discarded')
  assert.equal((await get(copy)).status, 404)
  for (const each of ['/mailings', path, `${path}/audience`]) assert.equal((await get(each, 'Nour')).status, 404)
  assert.equal((await send(`${path}/duplicate`, {}, 'Nour')).status, 404)
  assert.doesNotMatch((await get('/', 'Nour')).text, /href="\/mailings"/)
  assert.equal((await send('/settings/mailings', { quiet_from: '22:00', quiet_until: '07:30', per_minute_mailings: '600', weekly_day: '5', weekly_at: '09:00', settle_minutes: '30' }, 'Rim')).headers.location, '/settings/mailings?said=saved')
  assert.equal((await send('/settings/mailings', { quiet_from: '٢٢:٠٠', quiet_until: '7.30', per_minute_mailings: '١٬٢٠٠', weekly_day: '5', weekly_at: '9:00', settle_minutes: '٣٠' }, 'Rim')).status, 303, 'in digits of any keyboard')
  assert.match((await get('/settings/mailings', 'Rim')).text, /value="22:00"[\s\S]*value="07:30"[\s\S]*value="1200"/)
  assert.equal((await send('/settings/mailings', { quiet_from: '22:00', quiet_until: '', per_minute_mailings: 'fast' }, 'Rim')).status, 422)
})

test('two people who choose topics at once: what each ticked and unticked holds', async () => {
  const [water, courts] = [await topic('Water'), await topic('Courts')]
  const offered = async () => (await sql<{ name: string }>`select name from newsletter_topics join subject_names using (subject_id) where ended_at is null and name in ('Water', 'Courts', 'Work') order by name`.execute(it.db)).rows.map(({ name }) => name)
  await send('/mailings/topics', [['newsletter_topics', water]])
  assert.deepEqual(await offered(), ['Water'])
  // Both opened the page when water was offered.
  await send('/mailings/topics', [['stood', water], ['newsletter_topics', water], ['newsletter_topics', courts]])
  await send('/mailings/topics', [['stood', water], ['newsletter_new_topic', 'Work']], 'Rim')
  assert.deepEqual(await offered(), ['Courts', 'Work'])
})

test('the bulletin of a place: a coordinator sees how many want it, pauses it and tries it', async () => {
  const { id } = await it.db.selectFrom('subjects').select('id').where('slug', '=', 'marovia').executeTakeFirstOrThrow()
  const page = await get(`/subjects/${id}/bulletin`, 'Rim')
  assert.equal(page.status, 200)
  assert.match(page.text, /class="big">0</)
  assert.equal((await send(`/subjects/${id}/bulletin/pause`, {}, 'Rim')).status, 303)
  assert.match((await get(`/subjects/${id}/bulletin`, 'Rim')).text, /bulletin\/resume/)
  assert.equal((await send(`/subjects/${id}/bulletin/resume`, {}, 'Rim')).status, 303)
  assert.equal((await send(`/subjects/${id}/bulletin/trial`, { language: 'en' }, 'Rim')).headers.location, `/subjects/${id}/bulletin?said=mailing-trial`)
  assert.equal((await send(`/subjects/${id}/bulletin/trial`, { language: 'xx' }, 'Rim')).status, 404)
})

async function topic(name: string): Promise<string> {
  return inTransaction(it.as('desk'), (tx) => addSubject(tx, { kind: 'topic', language: 'en', name }, play.now))
}
