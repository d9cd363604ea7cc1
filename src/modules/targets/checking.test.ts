import assert from 'node:assert/strict'
import { test } from 'node:test'
import { inTransaction, sql } from '#platform/db.ts'
import { stage } from '#test/support/stage.ts'
import { addContact, contactChecked, endTerm, needsChecking, noteRefusal, officesById, replaceContact } from './index.ts'

const it = await stage()
const today = '2027-03-01'
const now = new Date(`${today}T12:00:00Z`)
await sql`update contact_details set checked_on = '2027-01-01'`.execute(it.db)
const list = async (reason: Parameters<typeof needsChecking>[1]['reason'], on = today) => (await needsChecking(it.as('desk'), { reason, after: 0, size: 50 }, on)).rows
const change = (work: Parameters<typeof inTransaction<void>>[1]) => inTransaction(it.as('desk'), work)
const { id: officeId, email } = (await it.db.selectFrom('offices').innerJoin('contact_details', 'contact_details.office_id', 'offices.id').select(['offices.id', 'contact_details.value as email']).where('kind', '=', 'email').executeTakeFirst())
  ?? (await it.db.selectFrom('terms').innerJoin('contact_details', 'contact_details.official_id', 'terms.official_id').select(['terms.office_id as id', 'contact_details.value as email']).where('kind', '=', 'email').executeTakeFirstOrThrow())

test('an address that was refused for good is on the list until somebody has looked, and its history stays', async () => {
  assert.deepEqual(await list('refused'), [])
  for (let times = 0; times < 3; times++) await noteRefusal(it.as('worker'), { officeId, address: email, code: 550 }, now)
  const [refused, ...others] = await list('refused')
  assert.deepEqual([refused!.office.id, refused!.contact!.value, refused!.refused, others.length], [officeId, email, { times: 3, last: today, code: 550 }, 0])
  await change((tx) => contactChecked(tx, refused!.contact!.id, today))
  assert.deepEqual(await list('refused'), [])
  assert.equal((await it.db.selectFrom('contact_refusals').select('times').executeTakeFirstOrThrow()).times, 3)
})

test('who nobody has looked at for a year, who cannot be reached and what nobody holds are on it, each under its reason', async () => {
  assert.equal((await list('old')).length, 0)
  const stale = await list('old', '2028-06-01')
  assert.ok(stale.length > 5)
  const one = stale[0]!.contact!
  await change((tx) => replaceContact(tx, one.id, { value: 'new@office.example', source: 'their page' }, '2028-06-01'))
  assert.equal((await list('old', '2028-06-01')).length, stale.length - 1)
  assert.deepEqual(await it.db.selectFrom('contact_details').select(['value', 'ended_on']).where('id', '=', one.id).executeTakeFirst(), { value: one.value, ended_on: '2028-06-01' })

  const before = (await list('vacant')).length
  const held = await it.db.selectFrom('terms').select(['id', 'office_id']).where('until', 'is', null).where('office_id', '<>', officeId).executeTakeFirstOrThrow()
  await change((tx) => endTerm(tx, held.id, '2027-02-01'))
  assert.equal((await list('vacant')).length, before + 1)
  await sql`update terms set expected_until = '2027-02-01' where office_id = ${officeId}`.execute(it.db)
  assert.deepEqual((await list('term-over')).map((row) => row.office.id), [officeId])
  const unreachable = (await list('no-address'))[0]
  if (unreachable) {
    await change((tx) => addContact(tx, { officeId: unreachable.office.id }, { kind: 'email', value: 'found@office.example', source: 'by phone', checkedOn: today }))
    assert.equal((await officesById(it.db, [unreachable.office.id], today))[0]!.contactable, true)
    assert.ok((await list('no-address')).every((row) => row.office.id !== unreachable.office.id))
  }

  await change((tx) => addContact(tx, { officeId }, { kind: 'phone', value: '+00 1', source: 'by phone', checkedOn: today }))
  await sql`update contact_details set ended_on = '2027-01-01' where kind = 'email'`.execute(it.db)
  const silent = (await list('no-address')).map((row) => row.office.id)
  assert.ok(silent.length > 5 && !silent.includes(officeId), 'where nobody of a body takes e-mail, whoever can be called is nothing to check')
})
