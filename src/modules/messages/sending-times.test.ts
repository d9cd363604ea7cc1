import assert from 'node:assert/strict'
import { readFileSync } from 'node:fs'
import { beforeEach, test } from 'node:test'
import { inTransaction, sql } from '#platform/db.ts'
import { actionOptions, changeAction, findAction, moveAction, type ActionOptions } from '#modules/actions/index.ts'
import { addCandidate, announceState, beginTerm, endState, mapping, officesById, runImport, setHolidays, setHours } from '#modules/targets/index.ts'
import { acting, mailFor } from '#test/support/acting.ts'
import { stage } from '#test/support/stage.ts'
import { decideSuccessors, releaseWaiting, tidySendingTimes } from './index.ts'

const it = await stage()
const play = await acting(it)
const { sink, post } = await mailFor(play)

const assembly = 'marovia-assembly'
const ardenhal = 'marovia-assembly:AR'
const tavan = 'marovia-assembly:m01'
const world = (name: string) => readFileSync(new URL(`../../../world/${name}`, import.meta.url))
const assemblyMapping = mapping.parse(JSON.parse(world('mappings.json').toString()).assembly)

const terms = await it.db.selectFrom('terms').selectAll().execute()

beforeEach(async () => {
  await sql`truncate participations, people, email_indexes, mails, messages, message_texts, links, known_browsers, unanswered_mails, consents, paces, tallies, count_entries, count_arrivals, body_states, holidays, sending_waits`.execute(it.db)
  await sql`delete from terms`.execute(it.db)
  await sql`insert into terms select * from jsonb_populate_recordset(null::terms, ${JSON.stringify(terms)})`.execute(it.db)
  await sql`update bodies set zone = null, open_hours = null`.execute(it.db)
  await set({ deliverAt: null, options: actionOptions.parse({ postcode: 'required' }) })
  play.now = new Date('2027-03-01T12:00:00Z')
  sink.received.length = 0
})

const set = (changes: Parameters<typeof changeAction>[2]) => inTransaction(it.db, (tx) => changeAction(tx, play.message, changes))
const choose = async (options: Partial<ActionOptions>) => set({ options: { ...(await findAction(it.db, { id: play.message }))!.options, ...options } })
const announce = (state: 'recess' | 'dissolved', since: string, until: string | null = null, termsEnd = false) =>
  inTransaction(it.as('desk'), (tx) => announceState(tx, assembly, { state, since, until, note: '' }, termsEnd))

/** Somebody writes and confirms; their messages are in the queue. */
async function written(...letters: ReturnType<typeof play.letter>[]): Promise<void> {
  for (const letter of await play.takes(...letters)) await play.confirms(letter)
}

/** Turns of the worker, until there is nothing more for it to do now. */
async function sends(): Promise<string[]> {
  sink.received.length = 0
  await releaseWaiting(it.as('worker'), play.now)
  await tidySendingTimes(it.as('worker'), play.now)
  // A turn in which messages are stopped sends none, and the ones behind them come with the next.
  for (let idle = 0; idle < 2;) idle = await play.messages(post) ? 0 : idle + 1
  return sink.received.map(({ to }) => to).toSorted()
}

async function at(moment: string): Promise<string[]> {
  play.now = new Date(moment)
  return sends()
}

const states = async () => (await sql<{ is: string }>`select concat_ws(' ', state, waiting_for, problem) as is from messages where office_id like ${'marovia-assembly:%'} order by 1`.execute(it.db)).rows.map((row) => row.is)
const member = 'oriel.tavan@assembly.marovia.example'
const minister = 'minister@justice.marovia.example'

test('a body that is dissolved keeps what was written to its members, from the day on that begins where it sits; others get theirs', async () => {
  const zone = Intl.supportedValuesOf('timeZone').find((each) => Temporal.ZonedDateTime.from(`2027-03-01T12:00[${each}]`).offset === '+13:00')!
  await sql`update bodies set zone = ${zone} where id = ${assembly}`.execute(it.db)
  await announce('dissolved', '2027-03-03', '2027-03-10')
  await written(play.letter({ email: 'one@example.org' }))
  assert.deepEqual(await at('2027-03-02T10:59:00Z'), [minister, member].toSorted(), 'the last minute of the 2nd there')
  await written(play.letter({ email: 'two@example.org' }))
  assert.deepEqual(await at('2027-03-02T11:00:00Z'), [minister], 'where it sits, the 3rd has begun')
  const wait = await it.db.selectFrom('sending_waits').selectAll().executeTakeFirstOrThrow()
  assert.deepEqual([wait.reason, wait.until], ['body-state', new Date('2027-03-09T11:00:00Z')])
  assert.deepEqual(await at('2027-03-09T10:59:59Z'), [])
  assert.deepEqual(await at('2027-03-09T11:00:00Z'), [member], 'and sits again')
})

test('recess changes nothing unless the action says so, and the one who held the office before is still written to', async () => {
  await announce('recess', '2027-02-01', '2027-04-01')
  await written(play.letter({ email: 'one@example.org' }))
  assert.equal((await sends()).length, 2)
  await choose({ whenRecess: 'hold' })
  await written(play.letter({ email: 'two@example.org' }))
  assert.deepEqual(await sends(), [minister])
  await choose({ whenRecess: 'go-on' })
  play.later({ minutes: 2 })
  assert.deepEqual(await sends(), [member])
})

test('election day: nothing goes to those who left, new members come with a file that speaks for a day to come, and get what was kept for their office', async () => {
  await written(play.letter({ email: 'before@example.org' }))
  await announce('dissolved', '2027-03-01', null, true)
  assert.deepEqual(await sends(), [minister])
  // Page two named nobody while the Assembly was dissolved.
  await written(play.letter({ email: 'between@example.org' }, { holders: [[], []] }))
  assert.deepEqual(await sends(), [minister])

  const elected = Buffer.from(world('assembly.csv').toString().replace('m01,', 'm21,').replaceAll('Oriel Tavan', 'Wren Halloway').replace('oriel.tavan', 'wren.halloway'))
  const report = await runImport(it.as('worker'), { mapping: assemblyMapping, file: elected, source: 'elected.csv', asOf: '2027-05-10', dryRun: false })
  assert.equal(report.refused, 0)
  const holders = async (on: Date) => (await officesById(it.db, [ardenhal], on))[0]!.holders.map(({ name }) => name)
  assert.deepEqual(await holders(new Date('2027-05-09T23:59:00Z')), [], 'vacant in between')
  assert.deepEqual(await holders(new Date('2027-05-10T00:00:00Z')), ['Wren Halloway'])
  assert.deepEqual(await at('2027-05-10T09:00:00Z'), [], 'nobody has said yet that it sits')
  const period = await it.db.selectFrom('body_states').select('id').executeTakeFirstOrThrow()
  await inTransaction(it.as('desk'), (tx) => endState(tx, period.id, '2027-05-10'))
  play.later({ minutes: 2 })
  assert.deepEqual(await sends(), ['wren.halloway@assembly.marovia.example'])
  assert.deepEqual(await states(), ['accepted', 'waiting successor'])
  assert.ok(sink.received.every(({ raw }) => !raw.includes('Tavan') && raw.includes('Wren Halloway')))
  const sent = await it.db.selectFrom('messages').select('official_id').where('office_id', '=', ardenhal).where('state', '=', 'accepted').executeTakeFirstOrThrow()
  assert.equal(sent.official_id, 'marovia-assembly:m21')
})

test('a dissolution that was announced by mistake and is taken away never was: its members hold office as before, but where somebody else does by now', async () => {
  const hold = async (now: string) => (await it.db.selectFrom('terms').innerJoin('offices', 'offices.id', 'terms.office_id').select(['official_id', 'until']).where('body_id', '=', assembly).orderBy('official_id').execute()).filter(({ until }) => until === null || until > now).map(({ official_id, until }) => [official_id, until])
  await sql`update terms set until = '2029-03-01' where official_id = ${tavan}`.execute(it.db)
  const before = await hold('2027-03-01')
  await announce('dissolved', '2027-03-01', null, true)
  assert.deepEqual(await hold('2027-03-01'), [])
  const period = await it.db.selectFrom('body_states').select('id').executeTakeFirstOrThrow()
  await inTransaction(it.as('desk'), (tx) => endState(tx, period.id, '2027-03-01'))
  assert.deepEqual(await hold('2027-03-01'), before, 'also until when, where that was known')

  await announce('dissolved', '2027-03-01', null, true)
  await inTransaction(it.db, (tx) => beginTerm(tx, ardenhal, { name: 'Wren Halloway' }, '2027-03-01'))
  const again = await it.db.selectFrom('body_states').select('id').executeTakeFirstOrThrow()
  await inTransaction(it.as('desk'), (tx) => endState(tx, again.id, '2027-03-01'))
  assert.equal((await hold('2027-03-01')).some(([id]) => id === tavan), false)
  assert.equal((await hold('2027-03-01')).length, before.length)
})

test('what was written to somebody who has left waits for staff: they send it to whoever holds the office, or cancel it; and it leaves by itself if nobody had left', async () => {
  for (const email of ['one@example.org', 'two@example.org']) await written(play.letter({ email }, { offices: [ardenhal], holders: [[tavan]] }))
  await inTransaction(it.db, (tx) => beginTerm(tx, ardenhal, { name: 'Wren Halloway' }, '2027-03-01'))
  await sql`insert into contact_details (id, office_id, kind, value, source, checked_on) values (gen_random_uuid(), ${ardenhal}, 'email', 'office@assembly.marovia.example', 'test', '2027-03-01')`.execute(it.db)
  assert.deepEqual(await sends(), [])
  assert.deepEqual(await states(), ['waiting successor', 'waiting successor'])

  await sql`update terms set until = case when official_id = ${tavan} then null else since end where office_id = ${ardenhal}`.execute(it.db)
  assert.equal((await sends()).length, 2, 'it had been a mistake')

  await sql`update terms set until = '2027-03-01' where official_id = ${tavan}`.execute(it.db)
  await sql`update terms set until = null where office_id = ${ardenhal} and official_id <> ${tavan}`.execute(it.db)
  await written(play.letter({ email: 'three@example.org' }, { offices: [ardenhal], holders: [[tavan]] }))
  assert.deepEqual(await sends(), [])
  assert.equal(await decideSuccessors(it.as('desk'), { actionId: play.message, officeId: ardenhal }, 'send', play.now), 1)
  assert.deepEqual(await sends(), ['office@assembly.marovia.example'])
  assert.match(sink.received[0]!.raw, /Wren Halloway/)

  await written(play.letter({ email: 'four@example.org' }, { offices: [ardenhal], holders: [[tavan]] }))
  await sends()
  assert.equal(await decideSuccessors(it.as('desk'), { actionId: play.message, officeId: ardenhal }, 'cancel', play.now), 1)
  assert.ok((await states()).includes('cancelled holder-left'))

  await written(play.letter({ email: 'five@example.org' }, { offices: [ardenhal], holders: [[tavan]] }))
  assert.deepEqual(await sends(), [])
  await choose({ addressedTo: 'office' })
  assert.deepEqual(await sends(), ['office@assembly.marovia.example'], 'the action says that the office is what matters')
  await sql`delete from contact_details where source = 'test'`.execute(it.db)
})

test('a message leaves while its office is open, if the action asks for that: not at night, not on a holiday, by the clock over there', async () => {
  await inTransaction(it.as('desk'), async (tx) => {
    await setHours(tx, { bodyId: assembly }, { zone: 'Etc/GMT-3', hours: { weekdays: [1, 2, 3, 4, 5], from: '09:00', until: '17:00' } })
    await setHolidays(tx, { bodyId: assembly }, [{ day: '2027-03-02', name: 'Lantern day' }])
    await setHolidays(tx, { officeId: ardenhal }, [{ day: '2027-03-03', name: 'moving house' }])
  })
  play.now = new Date('2027-03-01T18:00:00Z')
  await written(play.letter({ email: 'one@example.org' }))
  await choose({ officeHours: true })
  assert.deepEqual(await sends(), [minister], 'a body without hours is always open')
  const wait = await it.db.selectFrom('sending_waits').selectAll().executeTakeFirstOrThrow()
  assert.deepEqual([wait.reason, wait.until], ['office-hours', new Date('2027-03-04T06:00:00Z')])
  for (const closed of ['2027-03-02T07:00:00Z', '2027-03-03T07:00:00Z', '2027-03-04T05:59:59Z']) assert.deepEqual(await at(closed), [], closed)
  assert.deepEqual(await at('2027-03-04T06:00:00Z'), [member])

  play.now = new Date('2027-03-04T18:00:00Z')
  await written(play.letter({ email: 'two@example.org' }))
  assert.deepEqual(await sends(), [minister])
  await choose({ officeHours: false })
  play.later({ minutes: 2 })
  assert.deepEqual(await sends(), [member], 'nobody asks for it any more')
})

test('messages wait for the moment of delivery; moving it moves what is in the queue, and a stop still holds', async () => {
  await set({ deliverAt: new Date('2027-03-05T09:00:00Z') })
  await written(play.letter({ email: 'one@example.org' }))
  assert.deepEqual(await at('2027-03-05T08:59:59Z'), [])
  await set({ deliverAt: new Date('2027-03-06T09:00:00Z') })
  assert.deepEqual(await at('2027-03-05T09:00:00Z'), [])
  await inTransaction(it.db, (tx) => moveAction(tx, { id: play.message, to: 'suspended', staffId: null, reason: 'asked to' }, play.now))
  assert.deepEqual(await at('2027-03-06T09:00:00Z'), [])
  await inTransaction(it.db, (tx) => moveAction(tx, { id: play.message, to: 'open', staffId: null }, play.now))
  assert.equal((await at('2027-03-06T09:00:01Z')).length, 2)
})

test('candidates are written to until the evening of election day; what is left then is cancelled, and the former members get nothing of it', async () => {
  await choose({ whenDissolved: 'candidates' })
  await written(play.letter({ email: 'before@example.org' }))
  await announce('dissolved', '2027-03-01')
  const body = await inTransaction(it.as('desk'), (tx) => addCandidate(tx, { bodyId: assembly, electionOn: '2027-04-18', bodyName: 'Candidates', officeLabel: 'Candidate in Ardenhal' },
    { name: 'Wren Halloway', party: '', areaId: 'marovia:AR', email: 'wren@example.org', source: 'her leaflet', checkedOn: '2027-03-01' }))
  const candidacy = (await it.db.selectFrom('offices').select('id').where('body_id', '=', body).executeTakeFirstOrThrow()).id
  await written(play.letter({ email: 'one@example.org' }, { offices: [candidacy, 'marovia-government:justice'] }))
  assert.deepEqual(await sends(), [minister, minister, 'wren@example.org'].toSorted())
  await set({ deliverAt: new Date('2027-04-19T08:00:00Z') })
  await written(play.letter({ email: 'late@example.org' }, { offices: [candidacy] }))
  assert.deepEqual(await at('2027-04-19T08:00:00Z'), [])
  const { rows } = await sql<{ is: string }>`select concat_ws(' ', state, problem) as is from messages where office_id = ${candidacy} order by 1`.execute(it.db)
  assert.deepEqual(rows.map((row) => row.is), ['accepted', 'cancelled election-over'])
  assert.deepEqual(await states(), ['queued'], 'what was written to a member is no message to a candidate')
  await sql`delete from contact_details where office_id = ${candidacy}`.execute(it.db)
  await sql`delete from offices where id = ${candidacy}`.execute(it.db)
  await sql`delete from bodies where id = ${body}`.execute(it.db)
})

test('two announcements for one day cannot stand beside each other, and the database itself refuses them', async () => {
  assert.equal((await announce('recess', '2027-04-01', '2027-05-01')).outcome, 'announced')
  assert.equal((await announce('dissolved', '2027-04-30')).outcome, 'overlaps')
  assert.equal((await announce('dissolved', '2027-05-01')).outcome, 'announced')
  await assert.rejects(sql`insert into body_states (id, body_id, state, since) values (gen_random_uuid(), ${assembly}, 'recess', '2028-01-01')`.execute(it.db), /exclusion/)
})

test('a long queue of one office is kept back by one note, not by touching each of its messages', async () => {
  await announce('dissolved', '2027-03-01')
  await written(...Array.from({ length: 30 }, (_, place) => play.letter({ email: `p${place}@example.org` }, { offices: [ardenhal] })))
  const before = (await sql`select id, state, due_at, xmin::text from messages order by id`.execute(it.db)).rows
  assert.deepEqual(await sends(), [])
  assert.deepEqual((await sql`select id, state, due_at, xmin::text from messages order by id`.execute(it.db)).rows, before)
  assert.equal((await it.db.selectFrom('sending_waits').selectAll().execute()).length, 1)
})
