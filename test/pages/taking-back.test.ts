import assert from 'node:assert/strict'
import { test } from 'node:test'
import { inTransaction } from '#platform/db.ts'
import { addStaff, openSession } from '#modules/staff/index.ts'
import { acting } from '#test/support/acting.ts'
import { mailSink } from '#test/support/mail-sink.ts'
import { linkTokens, openDeskPages, openPages, postRaw, rawRequest } from '#test/support/pages.ts'
import { stage } from '#test/support/stage.ts'

const it = await stage()
const act = await acting(it)
const { origin } = await openDeskPages(it, () => act.now)
const someone = async (name: string) => inTransaction(it.as('desk'), async (tx) => {
  const id = await addStaff(tx, it.secrets.desk.contact.at(-1)!, { name, email: `${name}@lamplight.example`, role: 'campaigner', language: 'en' }, act.now)
  return { cookie: `clarion-desk=${await openSession(tx, id, act.now)}` }
})
const [salma, jun] = [await someone('salma'), await someone('jun')]
const petition = `/actions/${act.petition}`
const stateOf = async () => (await it.db.selectFrom('actions').select('state').where('id', '=', act.petition).executeTakeFirstOrThrow()).state
const lines = async () => (await it.db.selectFrom('audit_log').select(['verb', 'subject_ids']).orderBy('happened_at').execute()).map(({ verb, subject_ids: ids }) => [verb, ...ids])

async function stop(): Promise<{ page: string, offer: string }> {
  const { headers } = await postRaw(origin, `${petition}/move`, 'to=suspended&reason=A+pause', salma)
  return { page: headers.location!, offer: new URLSearchParams(headers.location!.split('?')[1]).get('undo')! }
}

test('what was done can be taken back for half a minute; the page says for how long, and then no more', async () => {
  const { page, offer } = await stop()
  act.later({ seconds: 10 })
  assert.match((await rawRequest(origin, page, { headers: salma })).text, new RegExp(`action="/undo/${offer}" class="undo" data-left="20s"`))
  assert.doesNotMatch((await rawRequest(origin, page, { headers: jun })).text, /class="undo"/, 'nobody else is offered it')
  act.later({ seconds: 21 })
  assert.doesNotMatch((await rawRequest(origin, page, { headers: salma })).text, /class="undo"/)
  const late = await postRaw(origin, `/undo/${offer}`, '', salma)
  assert.equal(late.headers.location, `${petition}?said=too-late`)
  assert.match((await rawRequest(origin, late.headers.location, { headers: salma })).text, /The half minute for taking it back is over, so it stays as it is\./)
  assert.equal(await stateOf(), 'suspended')
  assert.deepEqual((await lines()).map(([verb]) => verb), ['move-to-suspended'], 'nothing was done, and nothing is in the log')
  await postRaw(origin, `${petition}/move`, 'to=open', salma)
})

test('it is taken back once, by whoever did it, and the log names the action', async () => {
  const { page, offer } = await stop()
  act.later({ seconds: 1 })
  assert.equal((await postRaw(origin, `/undo/${offer}`, '', jun)).status, 404)
  assert.equal((await postRaw(origin, `/undo/${offer}`, '', salma)).headers.location, `${petition}?said=undone`)
  assert.equal(await stateOf(), 'open')
  assert.deepEqual((await lines()).at(-1), ['undo', act.petition])
  assert.doesNotMatch((await rawRequest(origin, page, { headers: salma })).text, /class="undo"/)
  assert.equal((await postRaw(origin, `/undo/${offer}`, '', salma)).headers.location, `${petition}?said=too-late`)
})

test('what has not left when an action is closed leaves, or never does where staff say so; that is not taken back', async (t) => {
  const letters = ['one@example.org', 'two@example.org'].map((email) => act.letter({ email }, { offices: ['marovia-assembly:AR'] }))
  const [later] = await act.takes(act.letter({ email: 'later@example.org' }, { offices: ['marovia-assembly:AR'] }))
  for (const letter of await act.takes(...letters)) await act.confirms(letter)
  const path = `/actions/${act.message}`
  const states = async () => (await it.db.selectFrom('messages').select(['state', 'problem']).execute()).map(({ state, problem }) => [state, problem].filter(Boolean).join(' '))
  const page = (await rawRequest(origin, path, { headers: salma })).text
  assert.match(page, /name="drop_unsent"/)
  const kept = await postRaw(origin, `${path}/move`, 'to=closed&outcome=ended', salma)
  assert.deepEqual(await states(), ['queued', 'queued'])
  await postRaw(origin, `/undo/${new URLSearchParams(kept.headers.location!.split('?')[1]).get('undo')!}`, '', salma)
  const dropped = await postRaw(origin, `${path}/move`, 'to=closed&outcome=ended&drop_unsent=yes', salma)
  assert.ok(!dropped.headers.location!.includes('undo='))
  assert.deepEqual(await states(), ['cancelled action-closed', 'cancelled action-closed'])
  const links = await openPages(act)
  const [token] = await linkTokens(act)
  assert.match((await rawRequest(links.origin, `/confirm/${token}`)).text, /If you confirm, you are counted; your message goes to nobody\./)
  await act.confirms(later!)
  assert.deepEqual(await states(), Array.from({ length: 3 }, () => 'cancelled action-closed'), 'what is confirmed only now does not leave either')
  const thanks = (await rawRequest(links.origin, '/actions/write-to-your-representative/thanks')).text
  assert.match(thanks, /You are counted, and your message is not sent\./)
  assert.doesNotMatch(thanks, /may answer you|Ask somebody else to join/, 'nothing is said of an answer, and nobody else is asked to write')
  assert.equal(await act.total(act.message), 3)
  const sink = await mailSink()
  t.after(() => sink.stop())
  await act.mails(act.post(sink))
  assert.equal((await sink.mails()).filter(({ subject }) => subject?.startsWith('Your message was not sent: ')).length, 3)
  await postRaw(origin, `${path}/move`, 'to=open', salma)
  const fresh = await act.takes(act.letter({ email: 'fresh@example.org' }, { offices: ['marovia-assembly:AR'] }))
  await act.confirms(fresh[0]!)
  assert.equal((await states()).filter((state) => state === 'queued').length, 1, 'once it is open again, messages leave')
})
