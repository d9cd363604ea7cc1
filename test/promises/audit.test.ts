import assert from 'node:assert/strict'
import { randomUUID } from 'node:crypto'
import { before, test } from 'node:test'
import { inTransaction, sql, type Db, type Tx } from '#platform/db.ts'
import { roleNames } from '#platform/migrate.ts'
import { beginExport, planExport } from '#modules/exports/index.ts'
import { addStaff, audit, auditFirst, type AuditLine } from '#modules/staff/index.ts'
import { acting } from '#test/support/acting.ts'
import { stage } from '#test/support/stage.ts'

const it = await stage()
const play = await acting(it)
const desk = it.as('desk')
const staffId = await inTransaction(desk, (tx) => addStaff(tx, it.secrets.desk.contact.at(-1)!, { name: 'Salma', email: 'salma@lamplight.example', role: 'data-steward', language: 'en' }, play.now))
let person = ''
let participation = ''
let list = ''

before(async () => {
  const [signed] = await play.takes(play.signature({ name: 'Amara Lind' }))
  await play.confirms(signed!)
  const row = await it.db.selectFrom('participations').select(['person_id', 'id']).executeTakeFirstOrThrow()
  person = row.person_id
  participation = row.id
  list = await inTransaction(desk, async (tx) => {
    const planned = await planExport(tx, { kind: 'participations', format: 'csv', actionId: play.petition, controllerId: null, language: null, country: null }, { staffId, reason: 'To hand it over.' }, play.now)
    await beginExport(tx, planned, play.now)
    return planned.id
  })
  await sql`select list_export(${await auditFirst(desk, exporting())}, ${list})`.execute(desk)
})

const noLine = /opening sealed data needs an audit line first/
const refused = { code: '42501' }
const line = (changes: Partial<AuditLine> = {}): AuditLine => ({ staffId, verb: 'open-participation', subjectKind: 'participation', subjectIds: [participation], ...changes })
const open = (db: Db, auditId: string) => sql<{ participation_id: string, contact: Buffer }>`select * from open_participations(${auditId})`.execute(db)
const openPerson = (db: Db, auditId: string) => sql<{ person_id: string, contact: Buffer }>`select * from open_people(${auditId})`.execute(db)
const exported = (db: Db, auditId: string) => sql`select * from open_export(${auditId}, ${list}, 0, 100)`.execute(db)
const exporting = () => line({ verb: 'export', subjectKind: 'export', subjectIds: [list] })

/** A line as the desk's role can write it, whatever the program would. */
function lineDated(tx: Tx, moment: string, verb = 'open-participation'): Promise<string> {
  const id = randomUUID()
  return sql`insert into audit_log (id, happened_at, staff_id, verb, subject_kind, subject_ids) values (${id}, now() + ${moment}::interval, ${staffId}, ${verb}, 'participation', ${[participation]})`.execute(tx).then(() => id)
}

test('nobody who runs in earnest can change the audit log, shorten it or empty it', async () => {
  await auditFirst(desk, line())
  for (const role of roleNames) {
    const db = it.as(role)
    await assert.rejects(sql`update audit_log set verb = 'nothing'`.execute(db), refused, role)
    await assert.rejects(sql`delete from audit_log`.execute(db), refused, role)
    await assert.rejects(sql`truncate audit_log`.execute(db), refused, role)
    await assert.rejects(sql`insert into audit_log select * from audit_log on conflict (id) do update set verb = 'nothing'`.execute(db), refused, role)
    await assert.rejects(sql`alter table audit_log disable trigger all`.execute(db), refused, role)
    await assert.rejects(sql`drop table audit_log`.execute(db), refused, role)
  }
  await assert.rejects(sql`select 1 from audit_log`.execute(it.as('site')), refused)
  await assert.rejects(auditFirst(it.as('site'), line()), refused)
})

test('the desk reads what is sealed one by one and by name, never as a table', async () => {
  for (const [table, column] of [['people', 'contact'], ['participations', 'details'], ['participations', 'record'], ['message_texts', 'record'], ['message_texts', 'contact'], ['intake', 'contact'], ['intake_refused', 'contact']]) {
    await assert.rejects(sql`select ${sql.ref(column!)} from ${sql.table(table!)}`.execute(desk), refused, `${table}.${column}`)
  }
  assert.deepEqual((await open(desk, await auditFirst(desk, line()))).rows.map((row) => row.participation_id), [participation])
  assert.deepEqual((await openPerson(desk, await auditFirst(desk, line({ verb: 'open-person', subjectKind: 'person', subjectIds: [person] })))).rows.map((row) => row.person_id), [person])
  assert.equal((await exported(desk, await auditFirst(desk, exporting()))).rows.length, 1)
  assert.deepEqual((await open(desk, await auditFirst(desk, line({ subjectIds: [randomUUID()] })))).rows, [], 'a line opens what it names')
})

test('without a line nothing opens, nor with one of another kind or of another day', async () => {
  await assert.rejects(open(desk, randomUUID()), noLine)
  const read = await auditFirst(desk, line({ verb: 'view' }))
  await assert.rejects(open(desk, read), noLine)
  await assert.rejects(openPerson(desk, await auditFirst(desk, line())), noLine)
  await assert.rejects(exported(desk, await auditFirst(desk, line())), noLine)
  for (const moment of ['-61 seconds', '1 hour', '100 years']) await assert.rejects(open(desk, await inTransaction(desk, (tx) => lineDated(tx, moment))), noLine, moment)
  await assert.rejects(exported(desk, await inTransaction(desk, (tx) => lineDated(tx, '-3 hours', 'export'))), noLine)
})

test('a line that could still be taken back opens nothing: neither of this transaction nor of a savepoint in it', async () => {
  await assert.rejects(inTransaction(desk, async (tx) => open(tx, await audit(tx, line(), new Date()))), noLine)
  for (const ending of ['release', 'keep']) {
    await assert.rejects(inTransaction(desk, async (tx) => {
      await sql`savepoint inside`.execute(tx)
      const id = await lineDated(tx, '0 seconds')
      if (ending === 'release') await sql`release inside`.execute(tx)
      return open(tx, id)
    }), noLine, ending)
  }
})

test('the public server and the worker cannot use the desk’s way to what is sealed', async () => {
  for (const role of ['site', 'worker'] as const) {
    const id = await auditFirst(desk, line())
    await assert.rejects(open(it.as(role), id), refused)
    await assert.rejects(exported(it.as(role), id), refused)
    await assert.rejects(sql`select opening_allowed(${id}, 'open-participation')`.execute(it.as(role)), refused)
  }
})
