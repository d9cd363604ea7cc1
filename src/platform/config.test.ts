import assert from 'node:assert/strict'
import { test } from 'node:test'
import { readConfig } from './config.ts'

test('every faulty setting is named, on a line of its own, without repeating a password', () => {
  const read = readConfig({ PORT: 'eighty', CLARION_ORIGIN: 'https://act.example.org https://act.example.org/path', DATABASE_URL: 'mysql://me:secret@host/db', SMTP_URL: 'mail.example.org' })
  assert.ok('faults' in read)
  assert.deepEqual(read.faults.map((fault) => fault.split(':')[0]), ['PORT', 'CLARION_ORIGIN', 'DATABASE_URL', 'SMTP_URL'])
  assert.ok(!read.faults.join().includes('secret'))
})

test('nothing set at all is a laptop', () => {
  const read = readConfig({})
  assert.ok('config' in read)
  assert.deepEqual([read.config.port, read.config.deskPort, read.config.inboxPort, read.config.origins, read.config.smtpUrl], [3000, 3001, 3002, [], undefined])
})
