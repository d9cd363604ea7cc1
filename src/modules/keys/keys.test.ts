import assert from 'node:assert/strict'
import { before, test } from 'node:test'
import { sql } from '#platform/db.ts'
import { changed } from '#platform/key-changes.ts'
import type { Secrets } from '#platform/secrets.ts'
import { keyId, Opener, sealOne } from '#platform/sealing/index.ts'
import { detailsPlace, messagePlace, recordPlace } from '#modules/actions/index.ts'
import { findOrAddPeople, IndexedAddresses, openContact, suppress } from '#modules/people/index.ts'
import { erasePerson, indexKeysPlace, keepIndexKeys } from '#modules/privacy/index.ts'
import { addStaff, findStaff, newOneTimeSecret, setOneTimeSecret } from '#modules/staff/index.ts'
import { sealingContext } from '#platform/sealing/index.ts'
import { acting } from '#test/support/acting.ts'
import { stage } from '#test/support/stage.ts'
import { valuesUnder } from './destroying.ts'
import { beginRotation, destroyKey, keyNames, reindexStep, resealStep, rotations, withRetired } from './index.ts'
import { bothMinutes } from './reindexing.ts'

const it = await stage()
const play = await acting(it)
let secrets: Secrets = it.secrets
const worker = it.as('worker')
const desk = it.as('desk')

/** What handing out new keys does to the processes. */
function handOut(fresh: Secrets): void {
  secrets = fresh
  it.keys.opener.use(fresh.worker.contact)
  Object.assign(it.keys, { contact: fresh.site.contact, record: fresh.site.record, indexKeys: fresh.worker.indexKeys })
}

const deskOpener = () => new Opener([...secrets.desk.contact, ...secrets.desk.record])
const forContact = () => ({ db: worker, opener: it.keys.opener, newest: it.keys.contact, process: 'worker' as const })
const forStaff = () => ({ db: desk, opener: deskOpener(), newest: secrets.desk.contact.at(-1)!, process: 'desk' as const })
const forRecords = () => ({ db: desk, opener: deskOpener(), newest: secrets.desk.record.at(-1)!, process: 'desk' as const })
const forIndexes = () => ({ db: worker, opener: it.keys.opener, indexKeys: it.keys.indexKeys })

async function toTheEnd(step: () => Promise<number>): Promise<void> {
  while (await step()) { /* until nothing is left */ }
}

async function under(purpose: 'contact' | 'record', key: string): Promise<number> {
  return valuesUnder(it.db, purpose, key)
}

let staffId = ''
const letter = play.letter({ email: 'noor@example.org', name: 'Noor' })

before(async () => {
  await keepIndexKeys(worker, it.keys.contact, it.keys.indexKeys)
  const record = (id: string) => sealOne(secrets.site.record, recordPlace(id), { phone: '+00 1' }).then((bytes) => bytes.toString('base64'))
  const signature = play.signature()
  const [signed] = await play.takes({ ...signature, record: await record(signature.id) }, letter, play.signature({ email: 'third@example.org', name: 'Third' }))
  await play.confirms(signed!)
  await play.confirms(letter)
  const { privateKey: _, ...contact } = secrets.desk.contact[0]!
  staffId = await desk.transaction().execute(async (tx) => {
    const id = await addStaff(tx, contact, { name: 'Edda', email: 'edda@example.org', role: 'administrator', language: 'en' }, play.now)
    await setOneTimeSecret(tx, contact, id, newOneTimeSecret('x').secret)
    return id
  })
  await sql`update message_texts set record = ${await sealOne(secrets.site.record, messagePlace('record', letter.id), 'words')}, contact = contact where participation_id = ${letter.id}`.execute(it.db)
  // Set aside, because there is no such action.
  await play.takes(play.signature({ action: '00000000-0000-4000-8000-000000000000' }))
})

test('after a rotation of the contact key new data lies under the new key at once, old data stays readable, and all of it moves', async () => {
  const old = keyId(secrets.site.contact)
  handOut(changed(secrets, { do: 'rotate', kind: 'contact' }, play.now))
  const fresh = keyId(secrets.site.contact)
  await beginRotation(worker, { kind: 'contact', process: 'worker', names: keyNames(secrets.worker.contact) }, play.now)
  await beginRotation(desk, { kind: 'contact', process: 'desk', names: keyNames(secrets.desk.contact) }, play.now)
  // A site that has the old key still is heard.
  play.later({ seconds: 30 })
  await play.takes(play.signature({ email: 'old-site@example.org', name: 'Late' }))
  const newcomer = (await sql<{ key: string }>`select encode(substring(contact from 2 for 4), 'hex') as key from people order by created_at desc limit 1`.execute(it.db)).rows[0]!.key
  assert.equal(newcomer, fresh)
  assert.ok(await under('contact', old) > 6)
  assert.equal((await findStaff(desk, deskOpener(), staffId))?.name, 'Edda')

  await toTheEnd(() => resealStep(forContact(), play.now))
  assert.deepEqual((await rotations(it.db)).map(({ kind, process, endedAt }) => `${kind} ${process} ${endedAt !== null}`).toSorted(), ['contact desk false', 'contact worker true'])
  await toTheEnd(() => resealStep(forStaff(), play.now))
  assert.equal(await under('contact', old), 0)
  const [one] = await rotations(it.db)
  assert.ok(one!.unreadable === 0 && one!.moved > 0 && one!.moved === one!.underOld)

  const opener = new Opener([secrets.worker.contact.at(-1)!])
  for (const row of (await sql<{ id: string, contact: Buffer }>`select id, contact from people`.execute(it.db)).rows) assert.match((await openContact(opener, row.id, row.contact)).email, /@example\.org/)
  for (const row of (await sql<{ id: string, details: Buffer }>`select id, details from participations where details is not null`.execute(it.db)).rows) await opener.open(detailsPlace(row.id), row.details)
  for (const row of (await sql<{ participation_id: string, contact: Buffer }>`select participation_id, contact from message_texts where contact is not null`.execute(it.db)).rows) await opener.open(messagePlace('contact', row.participation_id), row.contact)
  assert.deepEqual(await opener.open(indexKeysPlace, (await it.db.selectFrom('recovery_keys').select('index_keys').executeTakeFirstOrThrow()).index_keys), it.keys.indexKeys)
  assert.equal((await findStaff(desk, opener, staffId))?.name, 'Edda')
})

test('the old contact key is destroyed only when nothing lies under it and no site uses it; then nobody can hand in what it had sealed', async () => {
  const [old, newest] = [keyId(secrets.worker.contact[0]!), keyId(secrets.worker.contact.at(-1)!)]
  play.later({ minutes: 5 })
  await play.takes(play.signature({ email: 'stale@example.org' }))
  assert.equal((await destroyKey(it.db, { purpose: 'contact', key: old, newest }, play.now)).outcome, 'refused', 'a site still seals for it')
  play.later({ days: 2 })
  assert.deepEqual(await destroyKey(it.db, { purpose: 'contact', key: old, newest }, play.now), { outcome: 'destroyed' })
  await play.takes(play.signature({ email: 'too-late@example.org' }))
  assert.equal((await sql`select from intake_batches where received_at = ${play.now}`.execute(it.db)).rows.length, 0, 'it was told "busy", and nothing was acknowledged')
  await sql`delete from destroyed_keys`.execute(it.db)
  handOut(changed(secrets, { do: 'destroy', kind: 'contact', key: old }, play.now))
  assert.deepEqual(secrets.worker.contact.map(keyId), [newest])
})

test('what only the record key opens is moved by the desk, against a line in the audit log', async () => {
  const old = keyId(secrets.site.record)
  handOut(changed(secrets, { do: 'rotate', kind: 'record' }, play.now))
  assert.equal(await under('record', old), 2)
  await beginRotation(desk, { kind: 'record', process: 'desk', names: keyNames(secrets.desk.record) }, new Date())
  await toTheEnd(() => resealStep(forRecords(), new Date()))
  assert.equal((await it.db.selectFrom('audit_log').select('id').where('verb', '=', 'reseal-records').execute()).length, 1)
  const opener = new Opener([secrets.desk.record.at(-1)!])
  for (const row of (await sql<{ id: string, record: Buffer }>`select id, record from participations where record is not null`.execute(it.db)).rows) assert.deepEqual(await opener.open(recordPlace(row.id), row.record), { phone: '+00 1' })
  assert.equal((await sql<{ left: number }>`select count(*)::int as left from participations where record is not null and encode(substring(record from 2 for 4), 'hex') = ${old}`.execute(it.db)).rows[0]!.left, 0)
  await assert.rejects(sql`select * from records_to_reseal(gen_random_uuid(), 'x', 'participations', gen_random_uuid(), gen_random_uuid(), 10)`.execute(desk), /audit line first/)
})

test('a rotation that was killed goes on where it was, and touches nothing that somebody changed in between', async () => {
  const many = Array.from({ length: 1500 }, (_, place) => ({ email: `many${place}@example.org`, language: 'en' }))
  await worker.transaction().execute(async (tx) => void await findOrAddPeople(tx, new IndexedAddresses(it.keys.indexKeys, many.map(({ email }) => email)), await sealingContext(it.keys.contact), many, play.now))
  const old = keyId(secrets.site.contact)
  handOut(changed(secrets, { do: 'rotate', kind: 'contact' }, play.now))
  await beginRotation(worker, { kind: 'contact', process: 'worker', names: keyNames(secrets.worker.contact) }, play.now)
  assert.equal(await resealStep(forContact(), play.now), 1000)
  const half = await under('contact', old)
  // Killed: nothing is known any more but what the database says.
  await beginRotation(worker, { kind: 'contact', process: 'worker', names: keyNames(secrets.worker.contact) }, play.now)
  assert.equal(await under('contact', old), half)
  await toTheEnd(() => resealStep(forContact(), play.now))
  const { moved, underOld, unreadable } = (await rotations(it.db)).find(({ kind, endedAt, key }) => kind === 'contact' && endedAt && key === keyId(it.keys.contact))!
  assert.deepEqual([moved, unreadable], [underOld, 0])
})

test('a new key while everything still moves to the one before: the rest goes to the newest straight away', async () => {
  for (const round of [1, 2]) {
    handOut(changed(secrets, { do: 'rotate', kind: 'contact' }, play.now))
    await beginRotation(worker, { kind: 'contact', process: 'worker', names: keyNames(secrets.worker.contact) }, play.now)
    if (round === 1) await resealStep(forContact(), play.now)
  }
  assert.equal((await rotations(it.db)).filter(({ kind, process, endedAt }) => kind === 'contact' && process === 'worker' && !endedAt).length, 1)
  await toTheEnd(() => resealStep(forContact(), play.now))
  assert.ok((await rotations(it.db)).filter(({ process }) => process === 'worker').every(({ endedAt }) => endedAt))
})

test('what nobody can open holds up nobody: it is counted, and the rotation ends', async () => {
  const person = await it.db.selectFrom('people').select('id').limit(1).executeTakeFirstOrThrow()
  await sql`update people set contact = set_byte(contact, octet_length(contact) - 1, get_byte(contact, octet_length(contact) - 1) # 1) where id = ${person.id}`.execute(it.db)
  handOut(changed(secrets, { do: 'rotate', kind: 'contact' }, play.now))
  await beginRotation(worker, { kind: 'contact', process: 'worker', names: keyNames(secrets.worker.contact) }, play.now)
  await toTheEnd(() => resealStep(forContact(), play.now))
  assert.equal((await rotations(it.db)).find(({ key, process }) => key === keyId(it.keys.contact) && process === 'worker')?.unreadable, 1)
  await sql`delete from people where id = ${person.id}`.execute(it.db)
  await sql`delete from email_indexes where person_id = ${person.id}`.execute(it.db)
})

test('after a rotation of the index key everybody is still found, and whoever wanted no more mail still gets none', async () => {
  const personOf = async (email: string) => worker.transaction().execute(async (tx) => [...(await findOrAddPeople(tx, new IndexedAddresses(it.keys.indexKeys, [email]), await sealingContext(it.keys.contact), [{ email, language: 'en' }], play.now)).values()][0]!)
  const suppressed = async (person: string) => (await sql`select from email_indexes known join suppressions using (email_index, key_id) where known.person_id = ${person}`.execute(it.db)).rows.length > 0
  const [known, gone] = [await personOf('known@example.org'), await personOf('gone@example.org')]
  await worker.transaction().execute((tx) => suppress(tx, [known, gone], 'updates', 'unsubscribed', play.now))
  await erasePerson(worker, it.keys, gone, play.now)
  const twice = await personOf('twice@example.org')
  // A site that was given the newest keys.
  const now = await acting(it)
  for (const signed of await now.takes(now.signature({ email: 'twice@example.org', name: 'Twice' }), now.signature({ email: 'twice@example.org', name: 'Twice' }))) await now.confirms(signed)
  await now.asksForLink('twice@example.org')
  const before = (await it.db.selectFrom('people').select('id').execute()).length

  handOut(changed(secrets, { do: 'rotate', kind: 'index' }, play.now))
  const began = play.now
  await beginRotation(worker, { kind: 'index', process: 'worker', names: it.keys.indexKeys.map(({ id }) => String(id)) }, began)
  const between = await personOf('between@example.org')
  await toTheEnd(() => reindexStep(forIndexes(), play.now))
  assert.equal(await personOf('known@example.org'), known, 'found under both keys')
  play.later({ minutes: bothMinutes + 1 })
  assert.equal(await reindexStep(forIndexes(), play.now), 1)
  it.keys.indexKeys = await withRetired(worker, it.keys.indexKeys)
  assert.deepEqual(it.keys.indexKeys.map(({ retired }) => retired ?? false), [true, false])
  await toTheEnd(() => reindexStep(forIndexes(), play.now))

  const { rows: [left] } = await sql<{ left: number }>`select count(*)::int as left from email_indexes where key_id = 1`.execute(it.db)
  assert.equal(left!.left, 0)
  assert.equal(await personOf('known@example.org'), known)
  assert.equal(await personOf('between@example.org'), between)
  assert.ok(await suppressed(known), 'of whom is known')
  assert.ok(await suppressed(await personOf('gone@example.org')), 'of who was erased before and comes back')
  assert.ok(!await suppressed(await personOf('new@example.org')))
  assert.equal((await it.db.selectFrom('people').select('id').execute()).length, before + 3)
  const { rows: names } = await sql<{ name_index: Buffer, said: number }>`
    select name_index, count(*)::int as said from (select name_index from participations where person_id = ${twice} union all select name_index from data_links where person_id = ${twice}) known group by name_index`.execute(it.db)
  assert.deepEqual(names.map(({ said }) => said), [3], 'one name stays one, where only its index is left, and in a link that was asked for')
})

test('two workers, of which one has not been given the new index key, never make two people of one address', async () => {
  const onlyOld = it.keys.indexKeys.map((key) => ({ id: key.id, secret: key.secret })).slice(-1)
  const fresh = changed(secrets, { do: 'rotate', kind: 'index' }, play.now).worker.indexKeys
  const both = [...it.keys.indexKeys, fresh.at(-1)!]
  const add = (keys: typeof both, email: string) => worker.transaction().execute(async (tx) => [...(await findOrAddPeople(tx, new IndexedAddresses(keys, [email]), await sealingContext(it.keys.contact), [{ email, language: 'en' }], play.now)).values()][0]!)
  for (const email of ['race1@example.org', 'race2@example.org', 'race3@example.org']) {
    const ids = await Promise.all([add(onlyOld, email), add(both, email), add(both, email)])
    assert.equal(new Set(ids).size, 1, email)
  }
})
