import { existsSync, readFileSync } from 'node:fs'
import { basename } from 'node:path'
import { FileFault, mapping as mappingSchema, readyMappings, runImport, type Mapping } from '#modules/targets/index.ts'
import { isDay } from '#platform/days.ts'
import { CliFault } from '../fault.ts'
import { withInstallation } from '../installation.ts'
import { readWords } from '../words.ts'

const usage = 'clarion import <targets|lookup|boundaries> --mapping <name or file> FILE [--dry-run] [--json] [--as-of YYYY-MM-DD]'
const listed = 20

/** Imports a file of office-holders, codes or boundaries, or says what importing it would do. */
export async function importVerb(words: string[]): Promise<void> {
  const { values, positionals } = readWords(words, { mapping: { type: 'string' }, 'dry-run': { type: 'boolean' }, json: { type: 'boolean' }, 'as-of': { type: 'string' } }, usage)
  const [kind, file] = positionals
  if ((kind !== 'targets' && kind !== 'lookup' && kind !== 'boundaries') || !file || !values.mapping) throw new CliFault(usage, 2)
  const asOf = values['as-of'] ?? new Date().toISOString().slice(0, 10)
  if (!isDay(asOf)) throw new CliFault('--as-of: give a day as YYYY-MM-DD.', 2)
  const mapping = findMapping(values.mapping)
  if (mapping.kind !== kind) throw new CliFault(`--mapping: "${mapping.name}" is for ${mapping.kind}, not for ${kind}.`, 2)
  if (!existsSync(file)) throw new CliFault(`There is no file ${file}.`, 2)
  const report = await withInstallation((db) => runImport(db, { mapping, file: readFileSync(file), source: basename(file).replace(/\.gz$/i, ''), asOf, dryRun: values['dry-run'] ?? false }, progress(values.json ?? false)))
    .catch((error: unknown) => { throw error instanceof FileFault ? new CliFault(error.message) : error })
  if (values.json) {
    console.log(JSON.stringify({ mapping: mapping.name, file: basename(file), asOf, dryRun: values['dry-run'] ?? false, ...report }))
    return
  }
  const { rows, added, changed, unchanged, refused, ended } = report
  console.log(`${values['dry-run'] ? 'Nothing was changed. It would be: ' : ''}${rows} rows read, ${added} new, ${changed} changed, ${unchanged} as before, ${refused} left out, ${ended} ${kind === 'boundaries' ? 'ended' : 'left office'}.`)
  const notTaken = report.report.filter((row) => row.outcome === 'refused' || row.outcome === 'ended')
  for (const row of notTaken.slice(0, listed)) console.log(row.outcome === 'ended' ? `  ${kind === 'boundaries' ? 'ended' : 'left office'}: ${row.label}` : `  row ${row.row} left out (${row.reason}): ${row.label}`)
  if (notTaken.length > listed) console.log(`  … and ${notTaken.length - listed} more; --json lists them all.`)
}

function findMapping(name: string): Mapping {
  const ready = readyMappings()
  const known = ready.find((each) => each.name === name)
  if (known) return known
  if (!existsSync(name)) throw new CliFault(`--mapping: there is no mapping "${name}". Ready-made: ${ready.map((each) => each.name).join(', ')}; or give a JSON file.`, 2)
  const read = mappingSchema.safeParse(JSON.parse(readFileSync(name, 'utf8')))
  if (!read.success) throw new CliFault(`${name}: ${read.error.issues.map((issue) => `${issue.path.join('.')}: ${issue.message}`).join('; ')}`, 2)
  return read.data
}

/** How far a long import is, on standard error, so that the report stays clean. */
function progress(quiet: boolean): ((done: number, total?: number) => void) | undefined {
  if (quiet || !process.stderr.isTTY) return undefined
  return (done, total) => void process.stderr.write(`\r${done}${total ? ` of ${total}` : ''} rows`)
}
