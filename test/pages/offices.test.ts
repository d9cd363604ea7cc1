import assert from 'node:assert/strict'
import { randomUUID } from 'node:crypto'
import { test } from 'node:test'
import { inTransaction, sql } from '#platform/db.ts'
import { linkToken } from '#modules/actions/index.ts'
import { askForReplies, countOffices } from '#modules/messages/index.ts'
import { optOut, recordReply, resumeWriting, withdrawReply } from '#modules/targets/index.ts'
import { acting, mailFor } from '#test/support/acting.ts'
import { formOn, post, submitForm } from '#test/support/http.ts'
import { openPages, rawRequest } from '#test/support/pages.ts'
import { stage } from '#test/support/stage.ts'

const it = await stage()
const act = await acting(it)
const { post: mail } = await mailFor(act)

const minister = 'marovia-government:justice'
const own = 'marovia-assembly:AR'
const staffId = randomUUID()
const action = '/actions/write-to-your-representative'
const words = (html: string) => html.replace(/<style>[\s\S]*?<\/style>|<[^>]+>/g, ' ').replace(/\s+/g, ' ')
/** A page as somebody sees it who comes a second later: nothing of it is remembered. */
const fresh = async (path: string) => rawRequest((await openPages(act)).origin, path)
const change = <Result>(work: Parameters<typeof inTransaction<Result>>[1]) => inTransaction(it.as('desk'), work)

let number = 0
async function written(count: number) {
  const letters = await act.takes(...Array.from({ length: count }, () => act.letter({ email: `p${number++}@example.org` }, { told: { digest: [], asked: true } })))
  for (const letter of letters) await act.confirms(letter)
  while (await act.messages(mail)) { /* until all have left */ }
  await countOffices(it.as('worker'))
  return letters
}

test('an office’s page says how many wrote from ten on, by action, who holds it, and nothing of fewer or of areas', async () => {
  assert.match(words((await fresh(`/offices/${minister}`)).text), /Minister of Justice .*Halden Morrow.*No message from here has reached its mail server yet/)
  await written(9)
  const few = words((await fresh(`/offices/${minister}`)).text)
  assert.match(few, /Fewer than ten people have written/)
  assert.doesNotMatch(few, /\b9\b/)
  assert.doesNotMatch(words((await fresh(action)).text), /Most written to/)
  await written(1)
  const ten = words((await fresh(`/offices/${minister}`)).text)
  assert.match(ten, /10 people have written.*Ask your representative to vote for the register 10 people/)
  assert.doesNotMatch(ten.split('Responsible')[0]!, /Ardenhal/)
  assert.match(words((await fresh(action)).text), /Most written to.*10 people/)
  assert.match(words((await fresh(`/ar/offices/${minister}`)).text), /كتب 10 أشخاص عبر هذا الموقع/)
  assert.equal((await fresh('/offices/nobody:here')).status, 404)
})

test('a public reply is quoted on the office’s page and the action’s, with its source, and is gone from both once it is withdrawn', async () => {
  const id = await change((tx) => recordReply(tx, { officeId: minister, actionId: act.message, saidOn: '2027-02-20', language: 'en', words: 'I will bring the register to the Assembly.', source: 'Record of the Assembly, no. 12', sourceUrl: 'https://assembly.marovia.example/12', staffId }, act.now))
  for (const path of [`/offices/${minister}`, action, `/ar${action}`]) {
    const { text } = await fresh(path)
    assert.match(text, /<blockquote[^>]* lang="en"[^>]*>I will bring the register to the Assembly\.<\/blockquote>/, path)
    assert.match(text, /href="https:\/\/assembly\.marovia\.example\/12"/)
  }
  assert.match((await fresh(`/offices/${minister}`)).text, /<figcaption><strong><bdi>Halden Morrow<\/bdi><\/strong>/, 'whoever held it then said it, not whoever does now')
  await change((tx) => withdrawReply(tx, id, { reason: 'misquoted', staffId }, act.now))
  for (const path of [`/offices/${minister}`, action, `/ar${action}`]) assert.doesNotMatch((await fresh(path)).text, /I will bring the register/, path)
})

test('who opens the message page after the office was opted out reads so, with what else there is to do, and until then the other goes', async () => {
  await change((tx) => optOut(tx, minister, { reason: 'on the phone', notes: { en: 'The ministry is moving until May.', ar: 'تنتقل الوزارة حتى أيار.' }, until: null, staffId }, act.now))
  await sql`insert into contact_details (id, office_id, kind, value, source, checked_on) values (gen_random_uuid(), ${minister}, 'phone', '+00 555 0188', 'test', '2027-02-01'), (gen_random_uuid(), ${minister}, 'address', '1 Ministry Row', 'test', '2027-02-01')`.execute(it.db)
  const { origin } = await openPages(act)
  const second = await (await submitForm(origin, (await rawRequest(origin, action)).text, '/write', { name: 'Amara', email: 'a@example.org', postcode: 'AR110' })).text()
  assert.match(words(second), /We do not write to this office by e-mail at the moment: Minister of Justice \. .*The ministry is moving until May\./)
  assert.match(words(second), /Your message goes to Oriel Tavan/)
  assert.match(second, /href="tel:\+005550188"/)
  assert.match(words(await (await post(origin, `${action}/reported`, [...formOn(second, '/send').fields, ['report', `phone ${minister}`]])).text()), /We count that you have called/)
  assert.deepEqual((await sql`select office_id, channel from contact_reports`.execute(it.db)).rows, [{ office_id: minister, channel: 'phone' }])
  assert.match(words(await (await post(origin, `${action}/letter`, formOn(second, '/send').fields)).text()), /Minister of Justice 1 Ministry Row/)
  const page = words((await fresh(`/offices/${minister}`)).text)
  assert.match(page, /Since 1 March 2027 we have not been writing to this office by e-mail.*The ministry is moving until May/)
  assert.doesNotMatch(page, /on the phone/, 'the reason is for the record')
  assert.match((await fresh(`/ar/offices/${minister}`)).text, /<p lang="ar"[^>]*>تنتقل الوزارة حتى أيار/, 'in the reader’s language')
  await change((tx) => resumeWriting(tx, minister, { reason: 'they moved', staffId }, act.now))
  assert.doesNotMatch(words((await fresh(`/offices/${minister}`)).text), /have not been writing/)
})

test('whoever writes to an office that gets its messages in one mail is told so first, and a change in between is shown before anything is sent', async () => {
  await sql`update actions set options = options || '{"digest": true}' where id = ${act.message}`.execute(it.db)
  const { origin } = await openPages(act)
  const first = await rawRequest(origin, action)
  const second = await (await submitForm(origin, first.text, '/write', { name: 'Amara', email: 'told@example.org', postcode: 'AR110' })).text()
  assert.match(words(second), /Member for Ardenhal and Minister of Justice will get your message in one mail together with those of others, once a day/)
  assert.match(words(second), /The sender: Lamplight/, 'nobody gets a mail that comes from her')
  assert.match(words(second), /Your e-mail address is not: answers go to Lamplight\./)
  assert.doesNotMatch(words(second), /your address told@example\.org|The others do not see/, 'nobody is given the address then')
  assert.match(words(second), /Two weeks later we send you one mail/)
  assert.equal((await submitForm(origin, second, '/send', {})).status, 303)
  await act.settle()
  await sql`update actions set options = options - 'digest' where id = ${act.message}`.execute(it.db)
  const later = (await openPages(act)).origin
  const changed = await submitForm(later, second, '/send', {})
  assert.equal(changed.status, 409)
  assert.match(words(await changed.text()), /The publisher has changed this message while you had it open/)
})

test('the link in a digest shows the office how many wrote, by day and action, and in whose words; names only of those who wanted that', async () => {
  act.now = new Date('2027-03-10T10:00:00Z')
  const letters = await act.takes(...['Amara Lind', 'Idris Maleth'].map((name) => act.letter({ email: `d${number++}@example.org`, name }, { offices: [minister], told: { digest: [minister], asked: false } })))
  for (const letter of letters) await act.confirms(letter)
  const { rows: [shown] } = await sql<{ person_id: string, id: string }>`select person_id, id from participations where id = ${letters[0]!.id}`.execute(it.db)
  await sql`insert into public_names (person_id, participation_id, action_id, shown_name, state, asked_at) values (${shown!.person_id}, ${shown!.id}, ${act.message}, 'Amara Lind', 'shown', now())`.execute(it.db)
  act.later({ days: 1 })
  assert.equal(await act.digests(mail), 1)
  const { id } = await it.db.selectFrom('digests').select('id').executeTakeFirstOrThrow()
  const page = await fresh(`/digests/${linkToken(it.keys.linkKey, id)}`)
  assert.match(words(page.text), /2 messages came to you in this mail\..*10 March 2027 Ask your representative to vote for the register 2 .*Nobody used this text as it was\. 2 made it their own\..*Names.*Amara Lind/)
  assert.doesNotMatch(page.text, /Idris Maleth|@example\.org/)
  assert.equal(page.headers['cache-control'], 'no-store')
  assert.match(page.text, /<meta name="robots" content="noindex">/)
  assert.match(words((await fresh(`/ar/digests/${linkToken(it.keys.linkKey, id)}`)).text), /وصلتكم رسالتان في هذا البريد/)
  assert.equal((await fresh('/digests/AAAAAAAAAAAAAAAAAAAAAA')).status, 404)
})

test('the page that asks has four answers for each office and none of them chosen; shares show from ten answers on', async () => {
  const letters = await written(10)
  const { origin } = await openPages(act)
  const tokenOf = (letter: { id: string }) => linkToken(it.keys.linkKey, letter.id)
  assert.match(words((await rawRequest(origin, `/replied/${tokenOf(letters[0]!)}`)).text), /There is nothing to ask you here/)
  act.later({ days: 15 })
  await askForReplies(it.as('worker'), act.now)
  const before = await rawRequest(origin, `/replied/${tokenOf(letters[0]!)}`)
  assert.match(words(before.text), /Did they answer you\?.*Member for Ardenhal no answer a standard answer a real answer I’d rather not say Minister of Justice/)
  assert.doesNotMatch(before.text, / checked/)
  assert.equal((await submitForm(origin, before.text, `/replied/${tokenOf(letters[0]!)}`, {})).status, 422, 'nothing chosen')
  assert.equal((await it.db.selectFrom('messages').select('id').where('reply', 'is not', null).execute()).length, 0, 'looking changes nothing')
  const office = new Map(formOn(before.text, `/replied/${tokenOf(letters[0]!)}`).fields).get('office-1')
  assert.equal(office, minister)
  for (const [place, letter] of letters.entries()) {
    const answered = await post(origin, `/replied/${tokenOf(letter)}`, { 'office-1': minister, 'answer-1': place < 6 ? 'none' : place < 8 ? 'standard' : 'real' })
    assert.equal(answered.headers.get('location'), '/done/replied')
    if (place === 8) {
      await act.settle()
      await countOffices(it.as('worker'))
      assert.match(words((await fresh(`/offices/${minister}`)).text), /Fewer than ten have told us so far/)
    }
  }
  await act.settle()
  await countOffices(it.as('worker'))
  assert.match(words((await fresh(`/offices/${minister}`)).text), /10 people who wrote told us two weeks later what came back: 60% no answer 20% a standard answer 20% a real answer/)
  assert.match(words((await fresh(`/offices/${own}`)).text), /Fewer than ten have told us so far/)
  assert.equal((await rawRequest(origin, `/unsubscribe/${tokenOf(letters[0]!)}`)).status, 200)
  await sql`update offices set valid_until = '2027-03-02' where id = ${own}`.execute(it.db)
  assert.match(words((await fresh(`/replied/${tokenOf(letters[0]!)}`)).text), /Member for Ardenhal no answer/, 'an office that there is no more is not called by its id')
  await sql`update offices set valid_until = null where id = ${own}`.execute(it.db)
})
