import assert from 'node:assert/strict'
import { randomUUID } from 'node:crypto'
import { test } from 'node:test'
import { inTransaction, sql } from '#platform/db.ts'
import { audit, chainHead, checkChain, headInWords, readHead, sealAudit, type AuditLine } from '#modules/staff/index.ts'
import { stage } from '#test/support/stage.ts'

const it = await stage()
const [desk, worker] = [it.as('desk'), it.as('worker')]
const now = new Date('2027-03-01T12:00:00.123Z')
const line = (changes: Partial<AuditLine> = {}): AuditLine => ({ staffId: randomUUID(), verb: 'sign-in', subjectKind: 'session', subjectIds: [], ...changes })
const writes = (changes: Partial<AuditLine> = {}) => inTransaction(desk, (tx) => audit(tx, line(changes), now))
const sealAll = async () => {
  let sealed = 0
  for (let more = 1; more > 0; sealed += more) more = await sealAudit(worker)
  return sealed
}
/** Does something as the owner of the database, sees what the check says, and takes it back. */
async function meddle(change: (run: (query: string, values?: unknown[]) => Promise<unknown>) => Promise<unknown>): Promise<Awaited<ReturnType<typeof checkChain>>> {
  let check!: Awaited<ReturnType<typeof checkChain>>
  await inTransaction(it.db, async (tx) => {
    await sql`set local session_replication_role = replica`.execute(tx)
    await change((query, values = []) => tx.executeQuery({ sql: query, parameters: values } as never))
    check = await checkChain(tx, [head])
    throw new Error('take it back')
  }).catch((error: Error) => { if (error.message !== 'take it back') throw error })
  return check
}

await Promise.all(Array.from({ length: 40 }, (_, place) => writes({ reason: `reason ${place}, “حرف” \u{1f600}`, details: { b: 1, a: 'é"\\', longer: place }, subjectIds: ['x', randomUUID()] })))
await sealAll()
const before = await sql<{ position: number, audit_id: string }>`select position::int, audit_id from audit_chain order by position`.execute(it.db)
const head = await chainHead(worker)

test('every committed line is sealed once, however many write at once and however many seal', async () => {
  const settled = await Promise.all([...Array.from({ length: 30 }, () => writes()), ...Array.from({ length: 4 }, () => sealAudit(worker))])
  assert.equal(settled.length, 34)
  await sealAll()
  const check = await checkChain(it.db, [head])
  assert.deepEqual([check.holds, check.holds && check.lines, check.holds && check.unsealed], [true, before.rows.length + 30, 0])
})

test('a line that is still open in a transaction is sealed after those that overtook it', async () => {
  let early = ''
  await inTransaction(desk, async (tx) => {
    early = await audit(tx, line(), new Date('2027-02-01'))
    await writes()
    assert.equal(await sealAudit(worker), 1)
  })
  assert.equal(await sealAudit(worker), 1)
  const { rows: [last] } = await sql<{ audit_id: string }>`select audit_id from audit_chain order by position desc limit 1`.execute(it.db)
  assert.equal(last!.audit_id, early)
  assert.equal((await checkChain(it.db)).holds, true)
})

test('whatever the owner of the database changes, the first line that does not hold is named', async () => {
  const { position, audit_id: id } = before.rows[7]!
  const at = (fault: string, where = position, auditId: string | null = id) => ({ holds: false, position: where, auditId, fault })
  for (const change of [`verb = 'sign-out'`, `staff_id = null`, `happened_at = happened_at + interval '1 microsecond'`, `reason = reason || '.'`, `details = '{}'`, `subject_ids = '{x}'`, `subject_kind = 'staff'`]) {
    assert.deepEqual(await meddle((run) => run(`update audit_log set ${change} where id = $1`, [id])), at('changed'), change)
  }
  assert.deepEqual(await meddle((run) => run('delete from audit_log where id = $1', [id])), at('missing'))
  assert.deepEqual(await meddle((run) => run('delete from audit_chain where audit_id = $1', [id])), at('missing', position, before.rows[8]!.audit_id))
  assert.deepEqual(await meddle((run) => run(`update audit_chain set hash = decode(repeat('00', 32), 'hex') where audit_id = $1`, [id])), at('changed'))
  const added = randomUUID()
  const check = await meddle((run) => run(`insert into audit_log (id, happened_at, verb, subject_kind, subject_ids) values ($1, now(), 'sign-in', 'session', '{}')`, [added]))
  assert.deepEqual([check.holds, 'auditId' in check && check.auditId, 'fault' in check && check.fault], [false, added, 'unchained'])
})

test('a log that was cut short, or sealed anew, is told by a head that was kept elsewhere', async () => {
  const cut = await meddle((run) => run('delete from audit_chain where position > $1', [head.position - 3]).then(() => run('delete from audit_log where id not in (select audit_id from audit_chain)')))
  assert.deepEqual(cut, { holds: false, position: head.position - 2, auditId: null, fault: 'shorter' })
  const other = await checkChain(it.db, [{ ...head, hash: 'f'.repeat(64) }])
  assert.deepEqual([other.holds, 'fault' in other && other.fault], [false, 'other'])
  assert.deepEqual(readHead(headInWords(head)), head)
  for (const text of ['', '12', 'x-y', `1-${'g'.repeat(64)}`]) assert.equal(readHead(text), undefined)
})

test('neither desk nor worker can change a seal, and the desk cannot make one', async () => {
  const refused = { code: '42501' }
  for (const db of [desk, worker]) {
    await assert.rejects(sql`update audit_chain set position = position + 1`.execute(db), refused)
    await assert.rejects(sql`delete from audit_chain`.execute(db), refused)
  }
  await assert.rejects(sql`insert into audit_chain select 1000000, id, decode(repeat('00', 32), 'hex') from audit_log limit 1`.execute(desk), refused)
  await assert.rejects(sql`delete from audit_unsealed`.execute(desk), refused)
  await assert.rejects(sql`select note_unsealed()`.execute(desk), refused)
})
