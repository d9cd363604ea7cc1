import { execFileSync } from 'node:child_process'
import { randomUUID } from 'node:crypto'
import { readFileSync } from 'node:fs'
import { setTimeout as wait } from 'node:timers/promises'
import { inTransaction, openDb, sql } from '#platform/db.ts'
import { Opener } from '#platform/sealing/index.ts'
import { detailsPlace } from '#modules/actions/index.ts'
import { beginExport, exportById, planExport } from '#modules/exports/index.ts'
import { openContact } from '#modules/people/index.ts'
import { addStaff } from '#modules/staff/index.ts'
import { processOf } from '#test/support/processes.ts'
import { manyPeople } from './many-people.ts'
import { measuredClarion, type MeasuredClarion } from './measured-clarion.ts'
import { measure, type Measure } from './report.ts'

const people = Number(process.env.BENCH_EXPORT_PEOPLE ?? 1_000_000)
const opened = Math.min(people, 200_000)

/** Everybody who signed, exported by the process that the desk has for it, beside opening the same envelopes in the same order without a database; and what that process and the desk have in memory meanwhile. */
export async function exporting(): Promise<Measure[]> {
  await using it = await measuredClarion()
  it.hold('worker')
  await manyPeople(it, people, new Date('2026-03-01T12:00:00Z'))
  const reference = await openingAlone(it)
  const desk = openDb(it.poolOf('desk'))
  await fetch(`${it.clarion.desk}/sign-in`)
  await sql`update approval_limits set above = ${people} where kind = 'export'`.execute(it.db)
  const planned = await inTransaction(desk, async (tx) => {
    const staffId = await addStaff(tx, it.secrets.desk.contact.at(-1)!, { name: 'Salma', email: 'salma@lamplight.example', role: 'data-steward', language: 'en' }, new Date())
    return planExport(tx, { kind: 'participations', format: 'csv', actionId: null, controllerId: null, language: null, country: null }, { staffId, reason: randomUUID() }, new Date())
  })
  const deskPid = processOf(it.clarion, 'desk')!
  const before = megabytes('VmRSS', deskPid)
  const startedAt = performance.now()
  await inTransaction(desk, (tx) => beginExport(tx, planned, new Date()))
  let [maker, most, deskMost] = [0, 0, before]
  for (let state = 'running'; state === 'running'; state = (await exportById(desk, planned.id))!.state) {
    await wait(250)
    maker ||= makerOf(it)
    most = Math.max(most, megabytes('VmHWM', maker))
    deskMost = Math.max(deskMost, megabytes('VmRSS', deskPid))
  }
  const seconds = (performance.now() - startedAt) / 1000
  const done = (await exportById(desk, planned.id))!
  if (done.done !== people || done.state !== 'done') throw new Error(`${done.done} of ${people} lines, ${done.state}`)
  it.release('worker')
  return [
    measure('export', people / seconds, 'rows/s', reference, `${people} people settled in batches of 1 to 250, listed, opened, written and sealed in ${seconds.toFixed(1)} s, beside opening ${opened} of the same rows from memory; at least half`),
    measure('export-memory', most, 'MB', 200, `resident memory of the process that makes exports at the most, which ends with its work; the desk had ${deskMost.toFixed(0)} MB at the most, and ${before.toFixed(0)} before; at most 200 MB`),
  ]
}

/** Rows a second, two envelopes each, opened from memory in the order of the export. */
async function openingAlone(it: MeasuredClarion): Promise<number> {
  const { rows } = await sql<{ person_id: string, id: string, contact: Buffer, details: Buffer }>`
    select p.person_id, p.id, people.contact, p.details from participations p join people on people.id = p.person_id order by p.taken_at, substring(people.contact from 6 for 32), p.id limit ${opened}`.execute(it.db)
  const opener = new Opener(it.secrets.desk.contact)
  const startedAt = performance.now()
  for (let from = 0; from < rows.length; from += 1000) {
    await Promise.all(rows.slice(from, from + 1000).map(async (row) => {
      await openContact(opener, row.person_id, row.contact)
      await opener.open(detailsPlace(row.id), row.details)
    }))
  }
  return rows.length / ((performance.now() - startedAt) / 1000)
}

/** The process that the desk starts for exports. */
function makerOf({ clarion }: MeasuredClarion): number {
  try {
    return Number(execFileSync('pgrep', ['-P', String(processOf(clarion, 'desk')!), '-f', 'processes/exporting.ts'], { encoding: 'utf8' }))
  } catch {
    return 0
  }
}

/** What a process has in memory, or had at the most; 0 where it is gone. */
function megabytes(which: 'VmRSS' | 'VmHWM', pid: number): number {
  try {
    return Number(new RegExp(`^${which}:\\s+(\\d+) kB`, 'm').exec(readFileSync(`/proc/${pid}/status`, 'utf8'))![1]) / 1000
  } catch {
    return 0
  }
}
