import assert from 'node:assert/strict'
import { execFileSync, fork, spawnSync } from 'node:child_process'
import { randomUUID } from 'node:crypto'
import { once } from 'node:events'
import { existsSync, mkdtempSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { beforeEach, test } from 'node:test'
import { fileURLToPath } from 'node:url'
import { Decrypter, generateX25519Identity, identityToRecipient } from 'age-encryption'
import { parse } from 'csv-parse/sync'
import { inTransaction, sql } from '#platform/db.ts'
import { Opener } from '#platform/sealing/index.ts'
import { addController, addStatement } from '#modules/people/index.ts'
import { erasePerson } from '#modules/privacy/index.ts'
import { addStaff, answerApproval, auditFirst } from '#modules/staff/index.ts'
import { acting } from '#test/support/acting.ts'
import { until } from '#test/support/clarion.ts'
import { roleAddress } from '#test/support/cluster.ts'
import { stage } from '#test/support/stage.ts'
import { partners, setPartnerKey } from './choices.ts'
import { beginExport, cancelExport, exportById, planExport, startExport, type Export, type ExportPlan } from './export.ts'
import { exportBytes } from './handing-over.ts'
import { workOnExports, type ExportTools } from './making.ts'

const it = await stage()
const play = await acting(it)
const desk = it.as('desk')
const opener = new Opener([...it.secrets.desk.contact, ...it.secrets.desk.record])
const fresh = (): ExportTools => ({ db: desk, opener, record: it.secrets.desk.record.at(-1)!, log: it.log, auditLines: new Map(), linesAtOnce: 1000 })
const staff = (email: string) => inTransaction(desk, (tx) => addStaff(tx, it.secrets.desk.contact.at(-1)!, { name: 'Salma', email, role: 'data-steward', language: 'en' }, play.now))
const [salma, other] = [await staff('salma@lamplight.example'), await staff('other@lamplight.example')]
const identity = await generateX25519Identity()
const recipient = await identityToRecipient(identity)

beforeEach(async () => {
  await sql`truncate handed_over, handed_over_people, participations, people, email_indexes, mails, messages, message_texts, links, known_browsers, unanswered_mails, consents, tallies, count_entries, exports, export_rows, export_parts, approvals, erasures, suppressions`.execute(it.db)
})

const plan = (changes: Partial<ExportPlan> = {}): ExportPlan => ({ kind: 'participations', format: 'csv', actionId: null, controllerId: null, language: null, country: null, ...changes })
const planned = (asked: ExportPlan = plan()) => inTransaction(desk, (tx) => planExport(tx, asked, { staffId: salma, reason: 'To hand it over.' }, play.now))
const started = async (asked?: ExportPlan) => {
  const made = await planned(asked)
  await inTransaction(desk, (tx) => startExport(tx, made.id, 'running'))
  return made.id
}
const look = async (id: string): Promise<Export> => (await exportById(desk, id))!

async function finish(id: string, tools = fresh()): Promise<void> {
  for (let turn = 0; turn < 20 && (await look(id)).state === 'running'; turn++) await workOnExports(tools, play.now)
  assert.equal((await look(id)).state, 'done')
}

async function handedOver(id: string, by = salma, to = recipient): Promise<Buffer> {
  const auditLine = await auditFirst(desk, { staffId: by, verb: 'download-export', subjectKind: 'export', subjectIds: [id] })
  const chunks: Buffer[] = []
  for await (const chunk of await exportBytes(desk, opener, await look(id), { recipient: to, auditLine })) chunks.push(chunk as Buffer)
  const bytes = Buffer.concat(chunks)
  assert.doesNotMatch(bytes.toString('latin1'), /example\.org/)
  return bytes
}

async function opened(id: string, by = salma): Promise<string> {
  const decrypter = new Decrypter()
  decrypter.addIdentity(identity)
  return Buffer.from(await decrypter.decrypt(await handedOver(id, by))).toString()
}

const table = async (id: string) => parse<Record<string, string>>(await opened(id), { columns: true })

async function signed(email: string, changes: Parameters<typeof play.signature>[0] = {}): Promise<void> {
  const [taking] = await play.takes(play.signature({ email, name: email.split('@')[0], ...changes }))
  await play.confirms(taking!)
}

test('everybody who signed, as a table or as JSON, in which nothing acts as a formula; who has not confirmed is not in it', async () => {
  await signed('amara@example.org', { name: '=SUM(1)', comment: '@SUM(A1:A9)\nand more' })
  await signed('noor@example.org', { language: 'ar', name: 'نور "النور"', country: 'MV' })
  await play.takes(play.signature({ email: 'waiting@example.org' }))
  const id = await started()
  await finish(id)
  const rows = await table(id)
  assert.deepEqual(rows.map(({ name, email }) => `${email} ${name}`).toSorted(), ["amara@example.org '=SUM(1)", 'noor@example.org نور "النور"'])
  assert.equal(rows.find(({ email }) => email === 'amara@example.org')!.comment, "'@SUM(A1:A9)\nand more")
  const json = await started(plan({ format: 'json', language: 'ar' }))
  await finish(json)
  const [noor, ...more] = JSON.parse(await opened(json)) as Record<string, string | null>[]
  assert.deepEqual([noor!.name, noor!.action, noor!.phone, more], ['نور "النور"', 'no-one-should-vanish', null, []])
  const none = await started(plan({ format: 'json', kind: 'messages' }))
  await finish(none)
  assert.deepEqual(JSON.parse(await opened(none)), [])
})

test('people, messages and consents say what they are about', async () => {
  const { rows: [statement] } = await sql<{ id: string, wording: string }>`select statement.id, wording.id as wording from consent_statements statement join consent_wordings wording on wording.statement_id = statement.id and language = 'en' where channel = 'email' limit 1`.execute(it.db)
  const [letter] = await play.takes(play.letter({ answers: [{ statement: statement!.id, wording: statement!.wording, answer: 'yes' }] }))
  await play.confirms(letter!)
  for (const [kind, check] of [
    ['people', ([row]: Record<string, string>[]) => assert.deepEqual([row!.name, row!.email], ['Amara', 'amara@example.org'])],
    ['messages', (rows: Record<string, string>[]) => assert.deepEqual([...new Set(rows.map(({ subject, text }) => `${subject}: ${text}`))], ['Please vote: Please vote for the register.'])],
    ['consents', (rows: Record<string, string>[]) => assert.deepEqual(rows.map(({ email, answer, way }) => [email, answer, way]), [['amara@example.org', 'yes', 'form']])],
  ] as const) {
    const id = await started(plan({ kind }))
    await finish(id)
    check(await table(id))
  }
})

/** A process that exports, killed in the middle of it. */
async function killedHalfWay(id: string): Promise<void> {
  const child = fork(fileURLToPath(new URL('../../../test/support/exporting-process.ts', import.meta.url)), { execArgv: [] })
  const ended = once(child, 'exit')
  child.send({ address: roleAddress(it.database, 'desk'), keys: [...it.secrets.desk.contact, ...it.secrets.desk.record], linesAtOnce: 10, now: play.now.toISOString() })
  await until(async () => (await look(id)).done >= 20, 'it to have begun')
  child.kill('SIGKILL')
  assert.deepEqual(await ended, [null, 'SIGKILL'])
}

test('a process that is killed half-way leaves nothing to read, and an export that the next one goes on with; each leaves a line in the log with count, filter and reason', async () => {
  await play.takes(...Array.from({ length: 1203 }, (_, number) => play.signature({ email: `person-${number}@example.org` })))
  await sql`update participations set state = 'confirmed', confirmed_at = taken_at`.execute(it.db)
  await sql`update approval_limits set above = 2000 where kind = 'export'`.execute(it.db)
  const id = await started()
  await killedHalfWay(id)
  const { done, state } = await look(id)
  assert.ok(done >= 20 && done < 1203 && state === 'running', `${done} ${state}`)
  await assert.rejects(opened(id), /is not here for them/)
  await finish(id)
  const rows = await table(id)
  assert.deepEqual([rows.length, new Set(rows.map(({ email }) => email)).size], [1203, 1203])
  const { rows: lines } = await sql<{ verb: string, reason: string, details: { people: number, from: number } }>`select verb, reason, details from audit_log where ${id} = any (subject_ids) order by happened_at`.execute(it.db)
  assert.deepEqual(lines.map(({ verb, reason, details }) => [verb, reason, details.people, details.from]).filter(([verb]) => verb === 'export'), [['export', 'To hand it over.', 1203, 0], ['export', 'To hand it over.', 1203, done]])
  await sql`update approval_limits set above = 100 where kind = 'export'`.execute(it.db)
})

test('above the limit nothing is opened before a second person has agreed: the database itself refuses', async () => {
  await sql`update approval_limits set above = 1 where kind = 'export'`.execute(it.db)
  await signed('one@example.org')
  await signed('two@example.org')
  const forced = await started()
  await workOnExports(fresh(), play.now)
  assert.deepEqual([(await look(forced)).problem, (await look(forced)).done], ['failed', 0])
  await workOnExports(fresh(), new Date(play.now.getTime() + 73 * 3_600_000))
  assert.equal((await look(forced)).state, 'ended', 'what failed is gone on with for three days')
  const lying = await started()
  await sql`update exports set people = 1 where id = ${lying}`.execute(it.db)
  await workOnExports(fresh(), play.now)
  assert.deepEqual([(await look(lying)).problem, (await it.db.selectFrom('export_rows').select('position').execute()).length], ['failed', 0], 'who is in it counts, not what it says of itself')
  await inTransaction(desk, (tx) => cancelExport(tx, lying, play.now))

  const made = await planned()
  await inTransaction(desk, (tx) => beginExport(tx, made, play.now))
  await workOnExports(fresh(), play.now)
  assert.equal((await look(made.id)).state, 'waiting')
  await assert.rejects(sql`insert into approvals (id, kind, subject_id, fingerprint, people, reason, asked_by, asked_at, answered_by, answered_at, answer) values (gen_random_uuid(), 'export', ${made.id}, 'x', 2, 'x', ${salma}, now(), ${other}, now(), 'approved')`.execute(desk), { code: '42501' })
  const { id } = await desk.selectFrom('approvals').select('id').executeTakeFirstOrThrow()
  assert.equal(await inTransaction(desk, (tx) => answerApproval(tx, { id, staffId: salma, answer: 'approved' }, play.now)), 'own')
  assert.equal(await inTransaction(desk, (tx) => answerApproval(tx, { id, staffId: other, answer: 'approved' }, play.now)), 'answered')
  await workOnExports(fresh(), play.now)
  await finish(made.id)
  assert.equal((await table(made.id)).length, 2)
  await sql`update approval_limits set above = 100 where kind = 'export'`.execute(it.db)
})

test('an export is handed to whoever asked for it, for three days; it goes at once when somebody in it is erased, and when it is deleted', async () => {
  await signed('amara@example.org')
  const id = await started()
  await finish(id)
  await assert.rejects(opened(id, other), 'there is nothing in it for others')
  const noted = async () => (await it.db.selectFrom('handed_over_people').select('person_id').execute()).length
  await assert.rejects(sql`select part from hand_over_export(${await auditFirst(desk, { staffId: salma, verb: 'download-export', subjectKind: 'export', subjectIds: [id] })}, ${id}, -1)`.execute(desk), /not here/, 'nothing leaves of which it is not written down who is in it')
  await assert.rejects(sql`select bytes from export_parts`.execute(desk), { code: '42501' })
  assert.deepEqual([(await table(id)).length, (await table(id)).length, await noted()], [1, 1, 1], 'downloaded twice, it is the same list')
  const { rows: [amara] } = await sql<{ id: string }>`select id from people`.execute(it.db)
  const parts = async () => (await it.db.selectFrom('export_parts').select('part').execute()).length + (await it.db.selectFrom('export_rows').select('position').execute()).length
  const second = await started()
  await finish(second)
  play.later({ days: 2 })
  assert.equal(await parts(), 4)
  play.later({ days: 2 })
  await workOnExports(fresh(), play.now)
  assert.deepEqual([await parts(), (await look(second)).state], [0, 'ended'])
  const third = await started()
  await finish(third)
  assert.equal(await erasePerson(it.as('worker'), it.keys, amara!.id, play.now), 'erased')
  assert.deepEqual([await parts(), (await look(third)).state, await noted()], [0, 'erased', 0], 'whoever is erased was in none')
  await assert.rejects(opened(third))
  await signed('last@example.org')
  const last = await started()
  await workOnExports(fresh(), play.now)
  assert.ok((await it.db.selectFrom('export_rows').select('position').where('export_id', '=', last).execute()).length > 0)
  await sql`delete from exports`.execute(it.as('worker'))
  assert.deepEqual([(await it.db.selectFrom('export_rows').select('position').execute()).length, (await it.db.selectFrom('export_parts').select('part').execute()).length], [0, 0], 'nothing is left of an export whose row goes')
})

test('a partner gets those who said yes to it, and only what they said yes to; a yes to us or to another partner is none to it', async () => {
  await signed('before@example.org')
  const statements = await inTransaction(desk, async (tx) => {
    const ours = await tx.selectFrom('controllers').select('id').where('publisher', '=', true).executeTakeFirstOrThrow()
    const [one, two] = [await addController(tx, { names: { en: 'Harbour Light' }, privacyUrl: null }), await addController(tx, { names: { en: 'Open Door' }, privacyUrl: null })]
    const add = (controllerId: string, channel: 'email' | 'phone') => addStatement(tx, { purpose: 'updates', channel, controllerId, wordings: { en: `May ${controllerId} write?` } }, play.now)
    return { one, two, ours: await add(ours.id, 'email'), mail: await add(one, 'email'), phone: await add(one, 'phone'), door: await add(two, 'email') }
  })
  const wording = async (statement: string) => (await it.db.selectFrom('consent_wordings').select('id').where('statement_id', '=', statement).executeTakeFirstOrThrow()).id
  const says = async (email: string, yes: string[], no: string[] = []) => signed(email, {
    answers: await Promise.all([...yes.map((statement) => [statement, 'yes'] as const), ...no.map((statement) => [statement, 'no'] as const)].map(async ([statement, answer]) => ({ statement, wording: await wording(statement), answer }))),
  })
  await says('both@example.org', [statements.mail, statements.door])
  await says('ours@example.org', [statements.ours], [statements.mail])
  await says('door@example.org', [statements.door])
  await says('phone@example.org', [statements.phone])
  play.later({ minutes: 1 })
  await says('changed@example.org', [statements.mail])
  const { rows: [changed] } = await sql<{ id: string }>`select person_id as id from participations order by taken_at desc limit 1`.execute(it.db)
  play.later({ minutes: 1 })
  await sql`insert into consents (person_id, id, statement_id, answer, way, presented_at, recorded_at) values (${changed!.id}, ${randomUUID()}, ${statements.mail}, 'withdrawn', 'staff', ${play.now}, ${play.now})`.execute(it.db)
  const id = await started(plan({ kind: 'partner', controllerId: statements.one }))
  await finish(id)
  const rows = await table(id)
  const mails = rows.filter(({ channel }) => channel === 'email').map(({ email }) => email)
  assert.deepEqual(mails, ['both@example.org'])
  assert.deepEqual(rows.filter(({ channel }) => channel === 'phone').map(({ email }) => email), [''], 'a yes to calls hands no address over')
  assert.equal(await inTransaction(desk, (tx) => setPartnerKey(tx, statements.one, 'age1nobody')), 'not-a-key')
  assert.equal(await inTransaction(desk, (tx) => setPartnerKey(tx, statements.one, recipient)), 'set')
  assert.equal((await partners(desk)).find((each) => each.id === statements.one)!.ageRecipient, recipient)
})

const ageProgram = existsSync('/usr/bin/age') && existsSync('/usr/bin/age-keygen')

test('what is handed over opens with the age program, under a key that it made; a piece of it missing or another key opens nothing', { skip: !ageProgram && 'age is not installed: apt-get install age' }, async () => {
  await play.takes(...Array.from({ length: 300 }, (_, number) => play.signature({ email: `person-${number}@example.org`, comment: `حرف ${number} `.repeat(50) })))
  await sql`update participations set state = 'confirmed', confirmed_at = taken_at`.execute(it.db)
  await sql`update approval_limits set above = 2000 where kind = 'export'`.execute(it.db)
  const id = await started()
  await finish(id)
  await sql`update approval_limits set above = 100 where kind = 'export'`.execute(it.db)
  const made = () => execFileSync('/usr/bin/age-keygen', { encoding: 'utf8', stdio: ['ignore', 'pipe', 'ignore'] })
  const folder = mkdtempSync(join(tmpdir(), 'clarion-age-'))
  const [key, other] = [made(), made()]
  writeFileSync(join(folder, 'key'), key)
  writeFileSync(join(folder, 'other'), other)
  const bytes = await handedOver(id, salma, /age1[0-9a-z]+/.exec(key)![0])
  assert.ok(bytes.length > 2 * 65_536, `${bytes.length}: more than one piece of it`)
  const opens = (name: string, file: Buffer) => spawnSync('/usr/bin/age', ['-d', '-i', join(folder, name)], { input: file })
  const whole = opens('key', bytes)
  assert.equal(whole.status, 0)
  const rows = parse<Record<string, string>>(whole.stdout, { columns: true })
  assert.deepEqual([rows.length, rows.every(({ comment }) => comment!.startsWith('حرف'))], [300, true])
  for (const [name, file] of [['other', bytes], ['key', bytes.subarray(0, 65_536 + 400)], ['key', Buffer.concat([bytes.subarray(0, 70_000), bytes.subarray(70_001)])]] as const) assert.notEqual(opens(name, file).status, 0)
})
