import assert from 'node:assert/strict'
import { randomUUID } from 'node:crypto'
import { test } from 'node:test'
import { inTransaction, sql } from '#platform/db.ts'
import { addStaff, answerApproval, approvalOf, askApproval, changeApprovalLimit, listApprovals, needsApproval, staffLeaves, type Role } from '#modules/staff/index.ts'
import { stage } from '#test/support/stage.ts'

const it = await stage()
const desk = it.as('desk')
let now = new Date('2027-03-01T12:00:00Z')
const later = (hours: number) => { now = new Date(now.getTime() + hours * 3_600_000) }
const someone = (name: string, ...role: Role[]) => inTransaction(desk, (tx) => addStaff(tx, it.keys.contact, { name, email: `${name}@lamplight.example`, role, language: 'en' }, now))
const mailing = (fingerprint = 'words as they are') => ({ kind: 'mailing' as const, subjectId, fingerprint })
const asks = (staffId: string, fingerprint?: string) => inTransaction(desk, (tx) => askApproval(tx, { ...mailing(fingerprint), people: 5000, reason: 'the vote is on Friday', staffId }, now))
const answers = async (staffId: string, answer: 'approved' | 'refused') => {
  const [approval] = await listApprovals(desk, ['mailing'], now)
  return inTransaction(desk, (tx) => answerApproval(tx, { id: approval!.id, staffId, answer, reason: 'I read it' }, now))
}
const stands = async (fingerprint?: string) => (await approvalOf(it.as('worker'), mailing(fingerprint), now)).state
const verbs = async () => (await it.db.selectFrom('audit_log').select('verb').where('subject_kind', '=', 'mailing').where(sql<boolean>`subject_ids = array[${subjectId}]`).orderBy('happened_at').execute()).map(({ verb }) => verb)

let subjectId = randomUUID()
const salma = await someone('salma', 'administrator')

test('up to the limit nobody is asked, above it somebody is', async () => {
  assert.deepEqual([await needsApproval(desk, 'mailing', 1000), await needsApproval(desk, 'mailing', 1001)], [false, true])
  await inTransaction(desk, (tx) => changeApprovalLimit(tx, { kind: 'mailing', above: 50, delayHours: 24 }))
  assert.equal(await needsApproval(desk, 'mailing', 51), true)
})

test('who works alone waits for a day, which is in the log, and can still stop it meanwhile', async () => {
  assert.equal(await stands(), 'unasked')
  assert.equal(await asks(salma), 'delayed')
  assert.equal(await asks(salma), 'delayed', 'a second click does not begin a second day')
  later(23)
  assert.equal(await stands(), 'delayed')
  later(1)
  assert.equal(await stands(), 'approved')
  assert.equal(await answers(salma, 'approved'), 'own')
  assert.deepEqual(await verbs(), ['wait-alone'])
})

test('with a second person it is their yes, for what they saw and nothing else', async () => {
  subjectId = randomUUID()
  const jun = await someone('jun', 'campaigner')
  const translator = await someone('tala', 'translator')
  assert.equal(await asks(salma), 'asked')
  later(48)
  assert.equal(await stands(), 'asked', 'time alone does not say yes')
  assert.equal(await answers(salma, 'approved'), 'own')
  assert.equal(await answers(jun, 'approved'), 'answered')
  assert.equal(await answers(jun, 'refused'), 'gone')
  assert.equal(await stands(), 'approved')
  assert.equal(await stands('other words'), 'unasked')
  assert.deepEqual(await verbs(), ['ask-second-person', 'approved'])
  await inTransaction(desk, (tx) => staffLeaves(tx, jun, now))
  subjectId = randomUUID()
  assert.equal(await asks(salma), 'delayed', 'who may not approve does not count as a second person')
  assert.equal(await answers(translator, 'refused'), 'answered', 'the page asks for the ability, the rule for another person')
  assert.equal(await stands(), 'refused')
  assert.equal(await asks(salma), 'delayed', 'after a no it can be asked anew')
})

test('two who ask at once ask one question', async () => {
  subjectId = randomUUID()
  await Promise.all([asks(salma), asks(salma), asks(salma)])
  assert.equal((await it.db.selectFrom('approvals').select('id').where('subject_id', '=', subjectId).execute()).length, 1)
  assert.equal((await verbs()).length, 1)
})
