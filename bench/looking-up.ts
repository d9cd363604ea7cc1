import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { gunzipSync } from 'node:zlib'
import { openDb, sql } from '#platform/db.ts'
import { boxAround, type Place } from '#platform/shapes.js'
import { allSchemes, areaAtPoint, loadAtlas, lookup } from '#modules/targets/index.ts'
import { clarionCommand } from '#test/support/command.ts'
import { write } from '#test/support/http.ts'
import { processOf } from '#test/support/processes.ts'
import { sharedData } from '#test/support/shared-data.ts'
import { measuredClarion, type MeasuredClarion } from './measured-clarion.ts'
import { measure, type Measure } from './report.ts'

const day = () => new Date().toISOString().slice(0, 10)

function percentile(values: number[], share: number): number {
  return values.toSorted((one, other) => one - other)[Math.ceil(values.length * share) - 1]!
}

/** Memory that a process holds for itself and shares with none, in megabytes. */
function residentMegabytes(id: number): number {
  return Number(/^RssAnon:\s+(\d+)/m.exec(readFileSync(`/proc/${id}/status`, 'utf8'))![1]) / 1024
}

const codes = 1_800_000
const areas = 650
const looked = 20_000
const letters = 'ABCDEFGHIJKLMNOPQRSTUVWXYZ'

/** The n-th of all 457 million codes of the form AA99 9AA. */
function codeAt(n: number): string {
  let rest = n
  let code = ''
  for (const sign of 'AA999AA') {
    const choices = sign === 'A' ? letters : '0123456789'
    code = choices[rest % choices.length]! + code
    rest = Math.floor(rest / choices.length)
  }
  return `${code.slice(0, 4)} ${code.slice(4)}`
}

async function imported(it: MeasuredClarion, kind: string, mapping: string, file: string): Promise<{ seconds: number, added: number }> {
  const startedAt = performance.now()
  const answer = await clarionCommand(it.clarion, 'import', kind, '--mapping', mapping, file, '--json')
  if (answer.code !== 0) throw new Error(answer.said)
  return { seconds: (performance.now() - startedAt) / 1000, added: (JSON.parse(answer.out) as { added: number }).added }
}

/** 1.8 million codes in 650 areas, loaded by the command; then looked up one after the other as the site does it. */
export async function lookupTime(): Promise<Measure[]> {
  await using it = await measuredClarion()
  const folder = mkdtempSync(join(tmpdir(), 'clarion-bench-'))
  const put = (name: string, text: string) => {
    writeFileSync(join(folder, name), text)
    return join(folder, name)
  }
  try {
    const members = put('members.json', JSON.stringify({ kind: 'targets', name: 'bench-members', body: { id: 'bench-members', name: 'Council' }, areaPrefix: 'bench', columns: { area_code: 'area', holder: 'holder', email: 'email' } }))
    await imported(it, 'targets', members, put('members.csv', `area,holder,email\n${Array.from({ length: areas }, (_, n) => `W${n},Member ${n},member${n}@council.example`).join('\n')}\n`))
    const table = put('codes.json', JSON.stringify({ kind: 'lookup', name: 'bench-codes', scheme: { id: 'bench-codes', formats: ['AA99 9AA'], tail: 3, example: 'AA11 1AA' }, areaPrefix: 'bench', columns: { code: 'code', area_code: 'area' } }))
    // Spread over the whole alphabet, and none twice. Not kept: a collector that goes through a million strings now and then would be measured as well.
    const inList = (n: number) => codeAt(n * 241)
    const file = put('codes.csv', `code,area\n${Array.from({ length: codes }, (_, n) => `${inList(n)},W${n % areas}`).join('\n')}\n`)

    const site = processOf(it.clarion, 'site')!
    const visit = (code: string) => write(it.clarion.site, '/actions/write-to-your-representative', { name: 'Amara', email: 'amara@example.org', postcode: code })
    for (let n = 0; n < 200; n++) await visit('AR 110')
    const before = residentMegabytes(site)
    const { seconds, added } = await imported(it, 'lookup', table, file)
    const again = await imported(it, 'lookup', table, file)

    // What a database does by itself once after so many new rows, in the minute that follows: else it would do it for this import in the middle of the measurement.
    await sql`vacuum analyze lookup_codes`.execute(it.db)
    // As the site asks: each question is planned once.
    const db = openDb(it.poolOf('site'), { prepared: true })
    const scheme = (await allSchemes(db)).find(({ id }) => id === 'bench-codes')!
    const times: number[] = []
    let found = 0
    for (let n = 0; n < looked + 500; n++) {
      // One in ten is of nobody's list.
      const code = n % 10 === 0 ? `ZY99 9Z${letters[n % 26]}` : inList((n * 104_729) % codes)
      const startedAt = performance.now()
      const [answer] = await lookup(db, scheme, [code], day())
      if (n >= 500) times.push(performance.now() - startedAt)
      if (answer!.result === 'found' && answer!.offices[0]?.holders.length) found += 1
    }
    for (let n = 0; n < 200; n++) await visit(n % 2 ? 'AR 110' : 'BE 110')
    const grown = Math.max(0.1, residentMegabytes(site) - before)
    const notes = `${added} codes in ${areas} areas; ${found} of ${looked + 500} looked up lead to a holder, nine in ten are in the list`
    return [
      measure('lookup', percentile(times, 0.99), 'ms', 2, `p99 of one look-up, code to holder, over a connection of the site; median ${percentile(times, 0.5).toFixed(2)} ms; ${notes}; at most 2 ms`),
      measure('lookup-import', seconds, 's', 15, `clarion import lookup, ${added} codes, from the command to its report; at most 15 s`),
      measure('lookup-import again', again.seconds, 's', 15, `the same file once more: ${again.added} new`),
      measure('lookup-memory', grown, 'MB', 50, 'what the site’s process has grown by since before the import, after 200 visits more: codes stay in the database; at most 50 MB'),
    ]
  } finally {
    rmSync(folder, { recursive: true, force: true })
  }
}

/** Points in real boundaries, from memory as the server and a browser do it. */
export async function pointTime(): Promise<Measure[]> {
  const real = sharedData('uk/westminster-2024-buc.geojson.gz').path
  if (!existsSync(real)) return []
  await using it = await measuredClarion()
  const { seconds, added } = await imported(it, 'boundaries', 'uk-boundaries', real)
  const db = openDb(it.poolOf('site'))
  globalThis.gc?.()
  const before = process.memoryUsage()
  const startedAt = performance.now()
  const all = await loadAtlas(db, day())
  const loading = performance.now() - startedAt
  globalThis.gc?.()
  const after = process.memoryUsage()
  const shapes = all.shapes.filter(({ layer }) => layer === 'uk-constituencies')
  const corners = shapes.reduce((sum, { rings }) => sum + rings.reduce((length, ring) => length + ring.length / 2, 0), 0)
  const [west, south, east, north] = boxAround(shapes.flatMap(({ rings }) => rings))
  const times: number[] = []
  let found = 0
  for (let n = 0; n < 50_000; n++) {
    const place: Place = [Math.round(west + (east - west) * ((n * 0.754_877_666_2) % 1)), Math.round(south + (north - south) * ((n * 0.569_840_290_9) % 1))]
    const begun = performance.now()
    const areas = all.at(place)
    times.push(performance.now() - begun)
    if (areas.length) found += 1
  }
  const first = performance.now()
  await areaAtPoint(db, { latitude: (south + north) / 2e5, longitude: (west + east) / 2e5 }, day())
  const megabytes = (after.heapUsed + after.arrayBuffers - before.heapUsed - before.arrayBuffers) / 1024 / 1024
  const bytes = gunzipSync(readFileSync(real)).length
  return [measure('point', percentile(times, 0.99), 'ms', 0.2, `p99 of 50000 points over ${added} real boundaries (${corners} corners, ${(bytes / 1e6).toFixed(1)} MB of GeoJSON imported in ${seconds.toFixed(1)} s); median ${(percentile(times, 0.5) * 1000).toFixed(1)} µs; ${found} lie in an area; loaded from the database in ${loading.toFixed(0)} ms, ${megabytes.toFixed(1)} MB; with loading them for one point ${(performance.now() - first).toFixed(0)} ms; at most 0.2 ms`)]
}
