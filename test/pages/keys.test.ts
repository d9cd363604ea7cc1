import assert from 'node:assert/strict'
import { randomBytes } from 'node:crypto'
import { before, test } from 'node:test'
import { inTransaction, sql } from '#platform/db.ts'
import { changed, KeyFault } from '#platform/key-changes.ts'
import { readRecordFile } from '#platform/record-file.ts'
import { keyId, sealOne, type OpeningKey } from '#platform/sealing/index.ts'
import { recordKeys, type Secrets } from '#platform/secrets.ts'
import { recordPlace } from '#modules/actions/index.ts'
import { destroyKey } from '#modules/keys/index.ts'
import { keepIndexKeys, readRecoveryLines } from '#modules/privacy/index.ts'
import { addStaff, findSession, newOneTimeSecret, openSession, proveSession, setOneTimeSecret, setPassword } from '#modules/staff/index.ts'
import { moveKeys } from '#desk/move-keys.ts'
import { acting } from '#test/support/acting.ts'
import { openDeskPages, postRaw, rawRequest } from '#test/support/pages.ts'
import { stage } from '#test/support/stage.ts'

const it = await stage()
const act = await acting(it)
act.now = new Date()
let secrets: Secrets = it.secrets
// Who has the files, in place of the supervisor.
const { origin, desk } = await openDeskPages(it, () => act.now, async (change) => {
  try {
    if (change.do === 'destroy') {
      const ring = change.kind === 'contact' ? secrets.desk.contact : recordKeys(secrets.desk)
      const answer = await destroyKey(it.db, { purpose: change.kind, key: change.key, newest: keyId(ring.at(-1)!) }, act.now)
      if (answer.outcome === 'refused') return { outcome: 'refused', why: answer.why, ...(answer.why === 'left' && { left: answer.left }) }
    }
    secrets = changed(secrets, change, act.now)
    desk.rekey(secrets.desk)
    return { outcome: 'done' }
  } catch (error) {
    if (error instanceof KeyFault) return { outcome: 'refused', why: error.message }
    throw error
  }
})
const someone = (name: string, role: 'administrator' | 'campaigner' | 'security-lead') => inTransaction(it.as('desk'), async (tx) => {
  const id = await addStaff(tx, it.secrets.desk.contact.at(-1)!, { name, email: `${name}@lamplight.example`, role, language: 'en' }, act.now)
  return { cookie: `clarion-desk=${await openSession(tx, id, act.now)}` }
})
const lead = await someone('salma', 'security-lead')
const campaigner = await someone('jun', 'campaigner')
const page = async (path: string, who = lead) => (await rawRequest(origin, path, { headers: who })).text
const verbs = async () => (await it.db.selectFrom('audit_log').select('verb').orderBy('happened_at').execute()).map(({ verb }) => verb)

function withFile(path: string, fields: Record<string, string>, file: Buffer, who = lead) {
  const edge = randomBytes(12).toString('hex')
  const part = (head: string, body: Buffer | string) => Buffer.concat([Buffer.from(`--${edge}\r\ncontent-disposition: form-data; ${head}\r\n\r\n`), Buffer.from(body), Buffer.from('\r\n')])
  const body = Buffer.concat([...Object.entries(fields).map(([name, value]) => part(`name="${name}"`, value)), part('name="record_file"; filename="key.age"', file), Buffer.from(`--${edge}--\r\n`)])
  return postRaw(origin, path, body, { ...who, 'content-type': `multipart/form-data; boundary=${edge}` })
}

let held: OpeningKey[] = []
const signature = act.signature()
before(async () => {
  await keepIndexKeys(it.as('worker'), it.keys.contact, it.keys.indexKeys)
  const record = await sealOne(secrets.site.record, recordPlace(signature.id), { phone: '+00 123 456' })
  const [signed] = await act.takes({ ...signature, record: record.toString('base64') })
  await act.confirms(signed!)
})
const opened = async () => (await postRaw(origin, `/participations/${signature.id}/open`, '', campaigner)).text

test('keys are shown by name to who answers for them, and to nobody else; what a new one means is said before', async () => {
  assert.equal((await rawRequest(origin, '/keys', { headers: campaigner })).status, 404)
  const keys = await page('/keys')
  for (const key of [secrets.desk.contact.at(-1)!, secrets.desk.record.at(-1)!]) {
    assert.match(keys, new RegExp(keyId(key)))
    assert.doesNotMatch(keys, new RegExp(key.privateKey))
  }
  assert.match(await page('/keys/rotate/contact'), /Keep the old sheet as long as you keep backups from before/)
  assert.equal((await rawRequest(origin, '/keys/rotate/everything', { headers: lead })).status, 404)
})

test('a new key is made at a button; the page shows how far what lies under the old one has moved, and only then offers to destroy that', async () => {
  const old = keyId(secrets.desk.record[0]!)
  assert.equal((await postRaw(origin, '/keys/rotate/record', '', lead)).headers.location, '/keys?said=keys')
  await moveKeys(desk, act.now)
  assert.doesNotMatch(await page('/keys'), /keys\/destroy\/record/)
  while (await moveKeys(desk, new Date())) { /* until nothing is left */ }
  assert.match(await page('/keys'), new RegExp(`keys/destroy/record/${old}`))
  assert.match(await opened(), /\+00 123 456/)
  assert.match(await page(`/keys/destroy/record/${old}`), /Backups from before the new key open only with it/)
  assert.equal((await postRaw(origin, `/keys/destroy/record/${old}`, '', lead)).status, 422)
  assert.equal((await postRaw(origin, `/keys/destroy/record/${keyId(secrets.desk.record.at(-1)!)}`, 'sure=yes', lead)).status, 404, 'never the one in use')
  const tried = await postRaw(origin, `/keys/destroy/record/${old}`, 'sure=yes', lead)
  assert.equal(tried.headers.location, '/keys?said=keys', tried.text.slice(-600))
  assert.equal(secrets.desk.record.length, 1)
  assert.match(await opened(), /\+00 123 456/)
  assert.deepEqual((await verbs()).filter((verb) => /key|reseal/.test(verb)), ['rotate-key', 'reseal-records', 'destroy-key'])
})

test('both records of a signing key are shown to paste; mails are signed with the new one at a word of staff', async () => {
  const before = secrets.worker.dkim.selector
  await postRaw(origin, '/keys/rotate/dkim', '', lead)
  const next = secrets.desk.dkimNext!
  assert.match(await page('/keys'), new RegExp(`${before}\\._domainkey[^]*${next.selector}\\._domainkey  TXT  .{1,6}v=DKIM1; k=rsa; p=`))
  assert.equal((await postRaw(origin, '/keys/rotate/dkim', '', lead)).status, 409, 'one at a time')
  await postRaw(origin, '/keys/switch-dkim', '', lead)
  assert.deepEqual([secrets.worker.dkim.selector, secrets.desk.dkimFormer?.selector], [next.selector, before])
  assert.match(await page('/keys'), /Leave this record in your domain until/)
  assert.equal((await postRaw(origin, '/keys/switch-dkim', '', lead)).status, 409)
})

test('the record key goes out of the server only with a file that has been shown to open, and the desk says honestly what it cannot open then', async () => {
  assert.match(await page('/keys/outside'), /the recovery sheet cannot bring them back/)
  assert.equal((await postRaw(origin, '/keys/outside/file', 'new_passphrase=short&passphrase_again=short', lead)).status, 422)
  assert.equal((await postRaw(origin, '/keys/outside/file', 'new_passphrase=seven+lanterns+here&passphrase_again=seven+lanterns+her', lead)).status, 422)
  const { bytes: file, headers } = await postRaw(origin, '/keys/outside/file', 'new_passphrase=seven+lanterns+here&passphrase_again=seven+lanterns+here', lead)
  assert.match(headers['content-disposition']!, /record-key-.*\.age/)
  assert.ok(secrets.desk.record.length, 'nothing has changed yet')
  held = secrets.desk.record
  assert.deepEqual((await readRecordFile(file, 'seven lanterns here'))!.map(keyId), secrets.desk.record.map(keyId))
  assert.equal((await withFile('/keys/outside', { passphrase: 'another one' }, file)).status, 422)
  assert.equal((await withFile('/keys/outside', { passphrase: 'seven lanterns here' }, Buffer.from('no such file'))).status, 422)
  assert.equal((await withFile('/keys/outside', { passphrase: 'seven lanterns here' }, file)).headers.location, '/keys?said=key-outside')
  assert.equal(secrets.desk.record.length, 0)

  assert.match(await opened(), /\+00 123 456/, 'for half an hour')
  await postRaw(origin, '/keys/lock', '', lead)
  const locked = await opened()
  assert.match(locked, /amara@example\.org[^]*/)
  assert.match(locked, /lie under the record key, which is kept elsewhere/)
  assert.doesNotMatch(locked, /\+00 123 456/)
  assert.match(await page('/keys'), /cannot be opened until somebody brings it/)
  const sheet = (await postRaw(origin, '/keys/sheet', '', lead)).text
  assert.match(sheet, /The record key is not on this sheet/)
  const lines = readRecoveryLines(/<pre dir="ltr">([^<]*)</.exec(sheet)![1]!)
  assert.deepEqual([lines.record, lines.recordOutside!.map(keyId)], [[], recordKeys(secrets.desk).map(keyId)])

  assert.equal((await withFile('/keys/open', { passphrase: 'seven lanterns here' }, file, campaigner)).headers.location, '/participations?said=key-open')
  assert.match(await opened(), /\+00 123 456/)
  act.later({ minutes: 31 })
  assert.match(await page('/keys', await someone('ida', 'administrator')), /cannot be opened until somebody brings it/)
})

test('a record key that is kept outside is rotated with a new file, and can come back', async () => {
  const who = await someone('noor', 'security-lead')
  const old = recordKeys(secrets.desk).map(keyId)
  desk.recordLock.close()
  assert.equal((await postRaw(origin, '/keys/outside/file', 'new_passphrase=eight+lanterns+here&passphrase_again=eight+lanterns+here', who)).status, 409, 'it is asked for first')
  assert.equal(desk.recordLock.open(held, act.now), true)
  const { bytes: file } = await postRaw(origin, '/keys/outside/file', 'new_passphrase=eight+lanterns+here&passphrase_again=eight+lanterns+here&rotate=yes', who)
  assert.deepEqual(recordKeys(secrets.desk).map(keyId), old)
  assert.equal((await withFile('/keys/outside', { passphrase: 'eight lanterns here' }, file, who)).headers.location, '/keys?said=key-outside')
  assert.deepEqual(recordKeys(secrets.desk).map(keyId).slice(0, -1), old)
  assert.equal(keyId(secrets.site.record), recordKeys(secrets.desk).map(keyId).at(-1))
  while (await moveKeys(desk, new Date())) { /* until nothing is left */ }
  const { rows: [left] } = await sql<{ key: string }>`select encode(substring(record from 2 for 4), 'hex') as key from participations where record is not null`.execute(it.db)
  assert.equal(left!.key, keyId(secrets.site.record))
  assert.equal((await withFile('/keys/outside/back', { passphrase: 'eight lanterns here' }, file, who)).headers.location, '/keys?said=key-back')
  assert.equal(secrets.desk.record.length, 2)
  assert.equal(secrets.desk.recordOutside, undefined)
  assert.equal((await postRaw(origin, `/keys/destroy/record/${old.at(-1)!}`, 'sure=yes', who)).headers.location, '/keys?said=keys')
  assert.equal((await withFile('/keys/outside/back', { passphrase: 'eight lanterns here' }, file, who)).headers.location, '/keys?said=key-back')
  assert.deepEqual(secrets.desk.record.map(keyId), [keyId(secrets.site.record)], 'what was destroyed does not come back with an older file')
})

test('whoever answers for keys is asked again after ten minutes, and the file that they brought is still there when they come back', async () => {
  const who = await someone('tal', 'security-lead')
  await inTransaction(it.as('desk'), async (tx) => {
    const { staffId: id } = (await findSession(tx, who.cookie.split('=')[1]!, act.now))!
    await setPassword(tx, id, 'seven lanterns in a window')
    await setOneTimeSecret(tx, it.secrets.desk.contact.at(-1)!, id, newOneTimeSecret('desk').secret)
  })
  const { bytes: file } = await postRaw(origin, '/keys/outside/file', 'new_passphrase=nine+lanterns+here&passphrase_again=nine+lanterns+here', who)
  act.later({ minutes: 11 })
  const asked = await withFile('/keys/open', { passphrase: 'nine lanterns here' }, file, who)
  assert.equal(asked.status, 403)
  const hidden = [...asked.text.matchAll(/<input type="hidden" name="([^"]*)" value="([^"]*)">/g)].map(([, name, value]) => [name!, value!.replaceAll('&quot;', '"')])
  // As a passkey does, after which the script hands the form in as it was.
  await inTransaction(it.as('desk'), (tx) => proveSession(tx, who.cookie.split('=')[1]!, act.now))
  assert.equal((await postRaw(origin, '/keys/open', new URLSearchParams(hidden).toString(), who)).headers.location, '/keys?said=key-open')
})
