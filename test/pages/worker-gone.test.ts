import assert from 'node:assert/strict'
import { tmpdir } from 'node:os'
import { test } from 'node:test'
import { readConfig } from '#platform/config.ts'
import { inTransaction } from '#platform/db.ts'
import { Opener } from '#platform/sealing/index.ts'
import { askForAlerts, beat, openIncidents } from '#modules/alerts/index.ts'
import { goLive } from '#modules/publisher/index.ts'
import { addStaff } from '#modules/staff/index.ts'
import { lookForWorker } from '#processes/desk-watch.ts'
import { mailSink } from '#test/support/mail-sink.ts'
import { stage } from '#test/support/stage.ts'

const it = await stage()

test('when no worker gives a sign of life the desk writes to who asked for it, once, and once more when it is back', async (context) => {
  const sink = await mailSink()
  context.after(() => sink.stop())
  let now = new Date('2027-03-01T12:00:00Z')
  const later = (seconds: number) => { now = new Date(now.getTime() + seconds * 1000) }
  const read = readConfig({ CLARION_ORIGIN: 'http://localhost:3000', SMTP_URL: sink.url })
  if ('faults' in read) throw new Error(read.faults.join('\n'))
  const desk = it.as('desk')
  await inTransaction(desk, async (tx) => {
    const id = await addStaff(tx, it.secrets.desk.contact.at(-1)!, { name: 'Salma', email: 'salma@lamplight.example', role: 'administrator', language: 'en' }, now)
    await askForAlerts(tx, id, 'machine', now)
    await goLive(tx, { origin: 'http://localhost:3000', installId: it.secrets.desk.installId }, id, now)
  })
  const look = () => lookForWorker({ db: desk, opener: new Opener(it.secrets.desk.contact), config: read.config, installId: it.secrets.desk.installId, socketFolder: tmpdir() }, now)

  await beat(it.as('worker'), now)
  later(60)
  await look()
  assert.deepEqual(await openIncidents(desk), [])
  for (let looks = 0; looks < 4; looks++) {
    later(40)
    await look()
  }
  const [mail] = await sink.mails()
  assert.equal(sink.received.length, 1)
  assert.equal(mail!.envelopeTo, 'salma@lamplight.example')
  assert.match(mail!.subject!, /the worker does not answer/)
  assert.match(mail!.text!, /nothing is settled, counted or sent/)

  await beat(it.as('worker'), now)
  await look()
  later(301)
  await beat(it.as('worker'), now)
  await look()
  assert.deepEqual(await openIncidents(desk), [], 'it is over')
  assert.equal(sink.received.length, 1, 'and the worker says so itself')
})
