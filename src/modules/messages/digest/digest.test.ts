import assert from 'node:assert/strict'
import { randomUUID } from 'node:crypto'
import { beforeEach, test } from 'node:test'
import { inTransaction, sql } from '#platform/db.ts'
import { addVariant, linkToken, moveAction, newestRevisions, saveWords, setGroup, setRules } from '#modules/actions/index.ts'
import { optOut, setAlternate } from '#modules/targets/index.ts'
import { acting, mailFor } from '#test/support/acting.ts'
import { stage } from '#test/support/stage.ts'
import { markAbandoned, setSendingRule } from '../index.ts'

const it = await stage()
const play = await acting(it)
const { sink, post } = await mailFor(play)

const minister = 'marovia-government:justice'
const change = <Result>(work: Parameters<typeof inTransaction<Result>>[1]) => inTransaction(it.as('desk'), work)

beforeEach(async () => {
  await sql`truncate participations, people, email_indexes, mails, messages, message_texts, links, known_browsers, unanswered_mails, consents, paces, tallies, count_entries, count_arrivals, sending_rests, sending_days, sending_rules, office_alternates, office_opt_outs, digests, digest_texts, office_tallies, office_changes`.execute(it.db)
  sink.received.length = 0
  sink.mood = 'accepts'
  sink.refuses.clear()
  // The publisher's day, at ten: today's hour has passed.
  play.now = new Date('2027-03-01T10:00:00Z')
})

const startText = (await it.db.selectFrom('action_revisions').select('words').where('id', '=', play.messageRevision).executeTakeFirstOrThrow()).words as { body: string }
let number = 0
/** Somebody writes who was told that the minister gets it in one mail with others. */
async function writes(words: Partial<Parameters<typeof play.letter>[1] & object> = {}, name = 'Amara') {
  const [letter] = await play.takes(play.letter({ email: `p${number++}@example.org`, name }, { offices: [minister], told: { digest: [minister], asked: false }, ...words }))
  await play.confirms(letter!)
  return letter!
}
const states = async () => (await it.db.selectFrom('messages').select('state').orderBy('promised_at').orderBy('id').execute()).map((row) => row.state)

test('an office gets one mail a day with everybody’s words: the same words once, all who wrote them beneath, and answers to us', async () => {
  const unchanged = startText.body.replace(/\{area[^}]*\}/g, 'Ardenhal').replace(/\{name[^}]*\}/g, 'Amara')
  await writes({ body: unchanged })
  await writes({ body: 'I have a cousin\nin Ardenhal.', postcode: 'AR 110' }, 'Idris Maleth')
  await writes({ body: 'I have a cousin\nin Ardenhal.', postalAddress: '1 Quay Road\nArdenhal' }, 'Lucia')
  assert.equal(await play.messages(post), 0, 'none goes by itself')
  assert.equal(await play.digests(post), 0, 'not before the next day’s hour')
  play.later({ days: 1 })
  assert.equal(await play.digests(post), 1)
  assert.equal(await play.digests(post), 0)
  const [mail] = await sink.mails()
  assert.equal(mail!.envelopeTo, 'minister@justice.marovia.example')
  assert.equal(mail!.replyTo![0]!.address, 'office@lamplight.example')
  assert.equal(mail!.from!.name, 'Lamplight')
  assert.equal(mail!.html, undefined)
  assert.match(mail!.subject!, /^3 messages to you/)
  assert.match(mail!.text!, /2 people write in the same words:[\s\S]*I have a cousin\nin Ardenhal\.[\s\S]*- Idris Maleth, AR 110\n- Lucia, 1 Quay Road, Ardenhal/)
  assert.equal(mail!.text!.match(/I have a cousin/g)!.length, 1)
  assert.doesNotMatch(mail!.raw, /p\d+@example\.org/, 'nobody’s address')
  const digest = await it.db.selectFrom('digests').selectAll().executeTakeFirstOrThrow()
  assert.ok(mail!.text!.includes(`http://localhost:3000/digests/${linkToken(it.keys.linkKey, digest.id)}`))
  assert.deepEqual([digest.state, digest.messages], ['accepted', 3])
  assert.deepEqual(await states(), ['accepted', 'accepted', 'accepted'])
  assert.deepEqual(await it.db.selectFrom('digest_texts').select(['unchanged', 'changed']).execute(), [{ unchanged: 1, changed: 2 }])
})

test('who wrote the same words stands in the order in which people count', async () => {
  for (const name of ['Writer 10', 'Writer 2', 'Amara']) await writes({ body: 'The same.' }, name)
  play.later({ days: 1 })
  await play.digests(post)
  const [mail] = await sink.mails()
  assert.deepEqual([...mail!.text!.matchAll(/^- ([^,\n]+)/gm)].map(([, name]) => name), ['Amara', 'Writer 2', 'Writer 10'])
})

test('a worker that dies between “being sent” and the mail’s first word leaves it unknown, and nobody sends it again', async () => {
  await writes()
  play.later({ days: 1 })
  const dying = { ...post, deliver: () => new Promise<never>(() => {}) }
  void play.digests(dying)
  while ((await states())[0] !== 'sending' || (await it.db.selectFrom('digest_texts').selectAll().execute()).length === 0) await new Promise((resolve) => setImmediate(resolve))
  play.later({ minutes: 11 })
  await markAbandoned(it.as('worker'), play.now)
  play.later({ days: 3 })
  assert.equal(await play.digests(post), 0)
  assert.deepEqual(await states(), ['unknown'])
  assert.equal((await it.db.selectFrom('digests').select('state').executeTakeFirstOrThrow()).state, 'unknown')
  assert.equal(sink.received.length, 0)
})

test('a line that breaks leaves all of it unknown; a refusal for now is tried again with whoever has not taken it back', async () => {
  const first = await writes()
  await writes()
  play.later({ days: 1 })
  sink.mood = 'refuses-for-now'
  await play.digests(post)
  assert.deepEqual(await states(), ['queued', 'queued'])
  await play.uses(first, 'withdrawal')
  play.later({ minutes: 2 })
  sink.mood = 'drops-after-data'
  await play.digests(post)
  assert.deepEqual((await states()).toSorted(), ['cancelled', 'unknown'])
  assert.match((await sink.mails())[0]!.subject!, /^One message to you/)
  sink.mood = 'accepts'
  play.later({ days: 2 })
  assert.equal(await play.digests(post), 0)
})

test('refused for good it goes to the second address, once', async () => {
  await change((tx) => setAlternate(tx, minister, { address: 'registry@ministries.marovia.example', source: 'x', checkedOn: '2027-02-01' }))
  sink.refuses.add('minister@justice.marovia.example')
  await writes()
  play.later({ days: 1 })
  await play.digests(post)
  await play.digests(post)
  await play.digests(post)
  assert.deepEqual(sink.received.map(({ to }) => to), ['registry@ministries.marovia.example'])
  assert.deepEqual(await states(), ['accepted'])
})

test('stopping the action, or opting the office out, keeps its digest back', async () => {
  await writes()
  play.later({ days: 1 })
  await it.db.transaction().execute((tx) => moveAction(tx, { id: play.message, to: 'suspended', staffId: null, reason: 'her lawyer asked' }, play.now))
  assert.equal(await play.digests(post), 0)
  await it.db.transaction().execute((tx) => moveAction(tx, { id: play.message, to: 'open', staffId: null }, play.now))
  await change((tx) => optOut(tx, minister, { reason: 'x', notes: {}, until: null, staffId: randomUUID() }, play.now))
  assert.equal(await play.digests(post), 0)
  assert.deepEqual(await states(), ['waiting'])
})

test('only what the page said goes in a digest; the others go by themselves, and the office’s own hour holds', async () => {
  await change((tx) => setSendingRule(tx, 'office', minister, { perMinute: null, dailyCap: null, digest: true, digestHour: 15 }))
  const [letter] = await play.takes(play.letter({ email: `p${number++}@example.org` }, { told: { digest: [minister], asked: true } }), play.letter({ email: `p${number++}@example.org` }))
  await play.confirms(letter!)
  await play.confirms((await play.takes(play.letter({ email: `p${number++}@example.org` })))[0]!)
  while (await play.messages(post)) { /* until none is left that goes by itself */ }
  assert.deepEqual(sink.received.map(({ to }) => to).toSorted(), ['minister@justice.marovia.example', 'oriel.tavan@assembly.marovia.example', 'oriel.tavan@assembly.marovia.example'])
  const zone = (await it.db.selectFrom('publisher').select('zone').executeTakeFirstOrThrow()).zone
  const hour = (at: Date) => Number(new Intl.DateTimeFormat('en', { hour: 'numeric', hourCycle: 'h23', timeZone: zone }).format(at))
  let sent = 0
  while (hour(play.now) !== 15) {
    sent += await play.digests(post)
    play.later({ minutes: 30 })
  }
  assert.equal(sent, 0)
  assert.equal(await play.digests(post), 1)
})

test('a digest has the words that were meant for its office; what the rules give others by then stays here, and a copy goes alone and is not asked about', async () => {
  const member = 'marovia-assembly:AR'
  const thanks = await change((tx) => addVariant(tx, play.message, 'Thanks'))
  const present = (await newestRevisions(it.db, play.message)).find((each) => each.language === 'en')!
  const revision = await change((tx) => saveWords(tx, {
    actionId: play.message, language: 'en', staffId: null, words: { ...present.words, variants: [{ id: thanks, subject: 'Thank you', subjects: [], greeting: 'To you:', body: 'Thank you from {area}.', closing: 'Yours' }] },
  }, play.now))
  await change((tx) => setRules(tx, play.message, () => [{ conditions: [{ attribute: 'body', is: true, values: ['marovia-assembly'] }], outcome: 'variant', variant: thanks }, { conditions: [], outcome: 'main', variant: null }]))
  const more = [{ variant: thanks, subject: 'Thank you', body: 'Thank you from Ardenhal.', offices: [member] }]
  await change((tx) => setGroup(tx, play.message, { number: 2, role: 'copy', mode: 'all', most: 1 }, [{ office: 'marovia-government:foreign-affairs' }]))
  const [letter] = await play.takes(play.letter({ email: 'more@example.org', area: 'marovia:AR' }, { revision, offices: [minister], more, copies: ['marovia-government:foreign-affairs'], told: { digest: [minister, member, 'marovia-government:foreign-affairs'], asked: true } }))
  await play.confirms(letter!)
  const { rows } = await sql`select copy, in_digest, will_ask, count(*)::int from messages group by 1, 2, 3 order by 1`.execute(it.db)
  assert.deepEqual(rows, [{ copy: false, in_digest: true, will_ask: true, count: 2 }, { copy: true, in_digest: false, will_ask: false, count: 1 }])
  assert.equal(await play.messages(post), 1, 'the copy')
  play.later({ days: 1 })
  await change((tx) => setRules(tx, play.message, (rules) => rules.map((rule) => (rule.outcome === 'main' ? { ...rule, outcome: 'skip' } : rule))))
  await play.digests(post)
  const [, digest, ...others] = await sink.mails()
  assert.deepEqual([digest!.envelopeTo, others], ['oriel.tavan@assembly.marovia.example', []])
  assert.match(digest!.text!, /Thank you from Ardenhal\./)
  assert.deepEqual(await it.db.selectFrom('digest_texts').select(['unchanged', 'changed']).execute(), [{ unchanged: 1, changed: 0 }])
  assert.deepEqual((await sql`select state, ruled_out from messages where office_id = ${minister}`.execute(it.db)).rows, [{ state: 'waiting', ruled_out: true }])
  await change((tx) => setRules(tx, play.message, () => []))
  await change((tx) => setGroup(tx, play.message, { number: 2, role: 'target', mode: 'all', most: 1 }, []))
})
