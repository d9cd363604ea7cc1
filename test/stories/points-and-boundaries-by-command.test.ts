import assert from 'node:assert/strict'
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { after, test } from 'node:test'
import { fileURLToPath } from 'node:url'
import { startClarion } from '../support/clarion.ts'
import { clarionCommand } from '../support/command.ts'

const clarion = await startClarion()
const folder = mkdtempSync(join(tmpdir(), 'clarion-boundaries-'))
after(async () => {
  await clarion[Symbol.asyncDispose]()
  rmSync(folder, { recursive: true, force: true })
})
const command = (...words: string[]) => clarionCommand(clarion, ...words)

interface Line {
  query: string
  result: string
  areas: { id: string, name: string }[]
  offices: { id: string, holders: { name: string }[], contactable: boolean }[]
}

test('a point leads to area, office and holder, in the same answer as a code', async () => {
  const { code, out, said } = await command('lookup', 'point', '-0.31,-0.62', '-0.31 , -0.62', '60,60', 'here')
  assert.equal(code, 0, said)
  const [first, spaced, sea, nonsense] = out.trim().split('\n').map((line) => JSON.parse(line) as Line)
  assert.deepEqual([first!.query, first!.result, first!.areas], ['-0.31,-0.62', 'found', [{ id: 'marovia:GA', name: 'Galdara' }]])
  assert.deepEqual(first!.offices.map((office) => [office.id, office.holders[0]!.name, office.contactable]), [['marovia-assembly:GA', 'Piet Hallorn', true]])
  assert.deepEqual([spaced!.result, sea!.result, nonsense!.result], ['found', 'outside', 'malformed'])
  assert.equal((JSON.parse((await command('lookup', 'point', '-0.31,-0.62', '--body', 'marovia-assembly')).out) as Line).result, 'found')
  const none = await command('lookup', 'point', '0,0', '--body', 'marovia-government')
  assert.equal(none.code, 2)
  assert.match(none.said, /no boundaries for the body/)
})

test('boundaries are tried and then loaded by command, with a report of each row that was left out', async () => {
  const world = fileURLToPath(new URL('../../world/boundaries.geojson', import.meta.url))
  const by = join(folder, 'mapping.json')
  writeFileSync(by, JSON.stringify({ kind: 'boundaries', name: 'again', layer: 'marovia-districts', areaPrefix: 'marovia', columns: { area_code: 'district_code', area_name: 'district' } }))
  const same = await command('import', 'boundaries', '--mapping', by, world, '--json')
  assert.equal(same.code, 0, same.said)
  assert.deepEqual((({ rows, unchanged, refused, ended }: Record<string, number>) => ({ rows, unchanged, refused, ended }))(JSON.parse(same.out) as Record<string, number>), { rows: 20, unchanged: 20, refused: 0, ended: 0 })
  const file = join(folder, 'broken.geojson')
  const ring = (corners: number[][]) => ({ type: 'Feature', properties: { district_code: 'AR', district: 'Ardenhal' }, geometry: { type: 'Polygon', coordinates: [corners] } })
  writeFileSync(file, JSON.stringify({ type: 'FeatureCollection', features: [ring([[0, 0], [1, 1], [1, 0], [0, 1], [0, 0]])] }))
  const tried = await command('import', 'boundaries', '--mapping', by, file, '--dry-run', '--as-of', '2030-01-01')
  assert.match(tried.out, /Nothing was changed\. It would be: 1 rows read, 0 new, 0 changed, 0 as before, 1 left out, 19 ended\./)
  assert.match(tried.out, /row 1 left out \(crosses-itself\): Ardenhal/)
  writeFileSync(file, 'no json')
  const unreadable = await command('import', 'boundaries', '--mapping', by, file)
  assert.equal(unreadable.code, 1)
  assert.match(unreadable.said, /cannot be read as GeoJSON/)
})
