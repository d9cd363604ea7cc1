import assert from 'node:assert/strict'
import { beforeEach, test } from 'node:test'
import { sql, type Tx } from '#platform/db.ts'
import { addVariant, newestRevisions, saveWords, setGroup, setRules, type Rule } from '#modules/actions/index.ts'
import { beginTerm } from '#modules/targets/index.ts'
import { acting, mailFor } from '#test/support/acting.ts'
import { stage } from '#test/support/stage.ts'
import { releaseWaiting } from './index.ts'

const it = await stage()
const play = await acting(it)
const { sink, post } = await mailFor(play)
const within = <Result>(work: (tx: Tx) => Promise<Result>) => it.db.transaction().execute(work)

// For whoever holds the office: what is asked here is whether its words still fit, not whether its holder is still the same.
await sql`update actions set options = options || '{"addressedTo": "office"}' where id = ${play.message}`.execute(it.db)
const thanks = await within((tx) => addVariant(tx, play.message, 'Thanks'))
const present = (await newestRevisions(it.db, play.message)).find((each) => each.language === 'en')!
const revision = await within((tx) => saveWords(tx, {
  actionId: play.message, language: 'en', staffId: null,
  words: { ...present.words, variants: [{ id: thanks, subject: 'Thank you', subjects: [], greeting: 'To {formal_name}:', body: 'Thank you.', closing: 'With thanks from {area}, where {fact_cases|some} are missed,\n{name}' }] },
}, play.now))
const byParty: Rule = { conditions: [{ attribute: 'party', is: true, values: ['Progress Bench'] }], outcome: 'variant', variant: thanks }
const rest: Rule = { conditions: [], outcome: 'main', variant: null }

beforeEach(async () => {
  await sql`truncate participations, people, email_indexes, mails, messages, message_texts, links, known_browsers, unanswered_mails, consents, paces, tallies, count_entries, count_arrivals`.execute(it.db)
  await within((tx) => setRules(tx, play.message, () => [byParty, rest]))
  sink.received.length = 0
})

/** Amara's own member is of the party that is thanked; the minister is asked. */
const letter = () => play.letter({ area: 'marovia:AR' }, {
  revision, subject: 'Please vote', body: 'I ask you to vote.', offices: ['marovia-government:justice'], facts: { cases: '12' },
  more: [{ variant: thanks, subject: 'Thank you', body: 'You have voted for it.', offices: ['marovia-assembly:AR'] }], copies: ['marovia-government:foreign-affairs'],
})

async function written(taking = letter()) {
  await play.takes(taking)
  await play.confirms(taking)
}

test('each office gets the words that its writer saw for it, and whoever gets a copy gets all of them, marked as a copy', async () => {
  await within((tx) => setGroup(tx, play.message, { number: 2, role: 'copy', mode: 'all', most: 1 }, [{ office: 'marovia-government:foreign-affairs' }]))
  await written()
  assert.equal(await play.messages(post), 3)
  const mails = await sink.mails()
  const to = (address: string) => mails.find((mail) => mail.envelopeTo === address)!
  const own = to('oriel.tavan@assembly.marovia.example')
  assert.equal(own.subject, 'Thank you')
  assert.match(own.text!, /^To Hon\. Oriel Tavan:\n\nYou have voted for it\.\n\nWith thanks from Ardenhal, where 12 are missed,\nAmara/)
  const minister = to('minister@justice.marovia.example')
  assert.equal(minister.subject, 'Please vote')
  assert.match(minister.text!, /I ask you to vote\./)
  assert.doesNotMatch(minister.text!, /You have voted for it/)
  const copy = to('minister@foreign.marovia.example')
  assert.equal(copy.subject, 'Copy: Please vote')
  assert.match(copy.text!, /^For your information: this is a copy of a message to .*Minister of Justice.*\n\n[\s\S]*I ask you to vote\.[\s\S]*You have voted for it\./)
  assert.equal(copy.replyTo![0]!.address, 'office@lamplight.example')
})

test('an entry of the version before, with one text for all, goes out as it always did', async () => {
  await within((tx) => setRules(tx, play.message, () => []))
  await written(play.letter())
  assert.equal(await play.messages(post), 2)
})

test('a new holder of another party does not get words that were meant for the former one: the message waits until the rules give it its words again', async () => {
  await written()
  const day = play.now.toISOString().slice(0, 10)
  const { rows: [former] } = await sql<{ id: string }>`select id from terms where office_id = 'marovia-assembly:AR' and until is null`.execute(it.db)
  await within((tx) => beginTerm(tx, 'marovia-assembly:AR', { name: 'Somebody Else', party: 'Harbour List' }, day))
  await play.messages(post)
  assert.ok(sink.received.every(({ to }) => !to.includes('oriel')))
  assert.deepEqual((await sql<{ state: string, ruled_out: boolean }>`select state, ruled_out from messages where office_id = 'marovia-assembly:AR'`.execute(it.db)).rows, [{ state: 'waiting', ruled_out: true }])
  await releaseWaiting(it.as('worker'), play.now)
  assert.equal((await play.messageStates()).filter((state) => state === 'waiting').length, 1, 'and stays, while nothing has changed')

  await sql`delete from terms where office_id = 'marovia-assembly:AR' and until is null`.execute(it.db)
  await sql`update terms set until = null where id = ${former!.id}`.execute(it.db)
  await releaseWaiting(it.as('worker'), play.now)
  await play.messages(post)
  assert.ok(sink.received.some(({ to }) => to.includes('oriel')))
})

test('whoever staff leave out after all is not written to', async () => {
  await written()
  await within((tx) => setRules(tx, play.message, () => [byParty, { ...rest, outcome: 'skip' }]))
  await play.messages(post)
  assert.deepEqual(sink.received.map(({ to }) => to), ['oriel.tavan@assembly.marovia.example'])
})

test('an office that left the action’s targets before the address was confirmed gets nothing', async () => {
  const taking = letter()
  await play.takes(taking)
  await sql`update offices set valid_until = ${play.now.toISOString().slice(0, 10)} where id = 'marovia-assembly:AR'`.execute(it.db)
  await play.confirms(taking)
  await play.messages(post)
  assert.ok(sink.received.every(({ to }) => !to.includes('oriel')))
  await sql`update offices set valid_until = null where id = 'marovia-assembly:AR'`.execute(it.db)
})
