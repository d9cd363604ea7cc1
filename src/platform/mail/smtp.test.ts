import assert from 'node:assert/strict'
import { after, test } from 'node:test'
import { mailSink } from '#test/support/mail-sink.ts'
import { SmtpClient } from './smtp.ts'

const sink = await mailSink()
// Patient enough for a machine that has other things to do.
const client = new SmtpClient({ url: sink.url }, { connections: 2, patience: 2000 })
const send = () => client.deliver({ from: 'from@example.org', to: 'to@example.org' }, Buffer.from('Subject: x\r\n\r\nhello'))
after(async () => {
  client.close()
  await sink.stop()
})

test('what a server does to one mail is said truly, and does nothing to the next', async () => {
  const moods = ['accepts', 'refuses-recipients', 'refuses-for-now', 'refuses-for-good', 'drops-after-data', 'hangs'] as const
  const told: Record<string, string> = {}
  for (const mood of moods) {
    sink.mood = mood
    const delivery = await send()
    told[mood] = delivery.outcome === 'refused' ? `refused ${delivery.code}` : delivery.outcome
    sink.mood = 'accepts'
    assert.deepEqual(await send(), { outcome: 'accepted' }, `after ${mood}`)
  }
  assert.deepEqual(told, {
    'accepts': 'accepted', 'refuses-recipients': 'refused 550', 'refuses-for-now': 'refused 451', 'refuses-for-good': 'refused 554', 'drops-after-data': 'unknown', 'hangs': 'unknown',
  })
})

test('more mails than lines wait for their turn', async () => {
  const outcomes = await Promise.all(Array.from({ length: 20 }, send))
  assert.ok(outcomes.every(({ outcome }) => outcome === 'accepted'))
})

test('a server that is not there means not sent, never unknown', async () => {
  const nobody = new SmtpClient({ url: 'smtp://127.0.0.1:9' }, { connections: 1, patience: 400 })
  assert.equal((await nobody.deliver({ from: 'a@example.org', to: 'b@example.org' }, Buffer.from('x'))).outcome, 'not-sent')
})
