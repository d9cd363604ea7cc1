import assert from 'node:assert/strict'
import { test } from 'node:test'
import { sql } from '#platform/db.ts'
import { startClarion } from '#test/support/clarion.ts'
import { clarionCommand } from '#test/support/command.ts'
import { ownerDb } from '#test/support/embedded.ts'
import { sharedData } from '#test/support/shared-data.ts'

const members = sharedData('us/legislators-current.yaml.gz')
const zips = sharedData('us/zccd.csv.gz')

test('a country’s parliament and its codes are loaded from the command line, looked up, and stand in the log', { skip: members.skip || zips.skip }, async () => {
  await using clarion = await startClarion()
  const tried = await clarionCommand(clarion, 'import', 'targets', '--mapping', 'us-congress', members.path, '--dry-run', '--json')
  assert.deepEqual([tried.code, (JSON.parse(tried.out) as { added: number, dryRun: boolean }).added], [0, 537], tried.said)
  assert.equal((await clarionCommand(clarion, 'lookup', 'us-zip', '12345')).code, 2, 'nothing was kept')
  for (const [kind, mapping, path] of [['targets', 'us-congress', members.path], ['lookup', 'us-zip', zips.path]] as const) {
    const done = await clarionCommand(clarion, 'import', kind, '--mapping', mapping, path)
    assert.equal(done.code, 0, done.said)
    const again = await clarionCommand(clarion, 'import', kind, '--mapping', mapping, path, '--json')
    const { added, changed, ended } = JSON.parse(again.out) as Record<string, number>
    assert.deepEqual([added, changed, ended], [0, 0, 0])
  }
  const { out } = await clarionCommand(clarion, 'lookup', 'us-zip', '35004', '35005', '30165', '00601', '1234')
  const answers = out.trim().split('\n').map((line) => JSON.parse(line) as { result: string, areas: { id: string }[], offices: { id: string, holders: { id: string }[] }[] })
  assert.deepEqual(answers.map((answer) => [answer.result, answer.areas.length, answer.offices.length]), [['found', 1, 3], ['ambiguous', 2, 4], ['ambiguous', 2, 6], ['found', 1, 1], ['malformed', 0, 0]])
  assert.ok(answers[0]!.offices.every((office) => office.holders.every((holder) => /^us-congress:[A-Z]\d{6}$/.test(holder.id))))
  assert.equal(new Set(answers[1]!.offices.map((office) => office.id)).size, 4, 'two seats of the house and both of the state, each once')

  await using looking = ownerDb(clarion)
  const { rows } = await sql<{ mapping: string }>`select details ->> 'mapping' as mapping from audit_log where verb = 'run-import' and staff_id is null and details ->> 'by' = 'command line' order by happened_at`.execute(looking.db)
  assert.deepEqual(rows.map((row) => row.mapping), ['us-congress', 'us-congress', 'us-zip', 'us-zip'])
})
