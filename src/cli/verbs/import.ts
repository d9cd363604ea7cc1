import { existsSync, readFileSync } from 'node:fs'
import { basename } from 'node:path'
import { audit } from '#modules/staff/index.ts'
import { dayHere, endsMuch, fileAt, FileFault, findMapping, mapping as mappingSchema, noteImport, OlderFile, readyMappings, runImport, savedMappings, type ImportReport, type Mapping } from '#modules/targets/index.ts'
import { isDay } from '#platform/days.ts'
import type { Db } from '#platform/db.ts'
import { CliFault } from '../fault.ts'
import { withInstallation } from '../content.ts'
import { readWords } from '../words.ts'

const usage = 'clarion import <targets|lookup|boundaries> --mapping <name or file> FILE [--dry-run] [--json] [--as-of YYYY-MM-DD] [--new-boundaries] [--even-if-older] [--even-if-much-ends]\nclarion import digest [--date-order dmy|mdy|ymd] [--place ADDRESS] [--language en] [--dry-run] [--json] FILE, FOLDER or ZIP'
const listed = 20

/** Imports a file of office-holders, codes or boundaries, or says what importing it would do. */
export async function importVerb(words: string[]): Promise<void> {
  if (words[0] === 'digest') return (await import('./import-digest.ts')).importDigestVerb(words.slice(1))
  const { values, positionals } = readWords(words, {
    mapping: { type: 'string' }, 'dry-run': { type: 'boolean' }, json: { type: 'boolean' }, 'as-of': { type: 'string' }, 'new-boundaries': { type: 'boolean' }, 'even-if-older': { type: 'boolean' }, 'even-if-much-ends': { type: 'boolean' },
  }, usage)
  const [kind, file] = positionals
  if ((kind !== 'targets' && kind !== 'lookup' && kind !== 'boundaries') || !file || !values.mapping) throw new CliFault(usage, 2)
  const other = kind === 'boundaries' && (['new-boundaries', 'even-if-older', 'even-if-much-ends'] as const).find((flag) => values[flag])
  if (other) throw new CliFault(`--${other}: this is for office-holders and codes; boundaries go by the day of their file.`, 2)
  const now = new Date()
  if (values['as-of'] !== undefined && !isDay(values['as-of'])) throw new CliFault('--as-of: give a day as YYYY-MM-DD.', 2)
  if (!existsSync(file)) throw new CliFault(`There is no file ${file}.`, 2)
  const dryRun = values['dry-run'] ?? false
  const { mapping, asOf, report } = await withInstallation(async (db) => {
    const asOf = values['as-of'] ?? await dayHere(db, now)
    const by = await mappingNamed(db, values.mapping!)
    if (by.kind !== kind) throw new CliFault(`--mapping: "${by.name}" is for ${by.kind}, not for ${kind}.`, 2)
    const given = { mapping: by, file: fileAt(file), source: basename(file).replace(/\.gz$/i, ''), asOf, dryRun, newBoundaries: values['new-boundaries'] ?? false, evenIfOlder: values['even-if-older'] ?? false }
    return { mapping: by, asOf, report: await runImport(db, given, progress(values.json ?? false), async (tx, whole) => {
      const { report: _rows, ...tally } = whole
      // Nobody looks before a command does it. New boundaries end what they replace, and whoever says so knows that.
      if (endsMuch(tally) && !values['new-boundaries'] && !values['even-if-much-ends']) throw new CliFault(muchEnds(tally))
      await noteImport(tx, given, whole, now)
      await audit(tx, { staffId: null, verb: 'run-import', subjectKind: 'import', subjectIds: [], details: { by: 'command line', mapping: by.name, asOf, ...tally } }, now)
    }) }
  }).catch((error: unknown) => { throw error instanceof FileFault || error instanceof OlderFile ? new CliFault(error.message) : error })
  if (values.json) console.log(JSON.stringify({ mapping: mapping.name, file: basename(file), asOf, dryRun, ...report }))
  else print(report, dryRun)
}

function muchEnds({ ended, changed, unchanged }: Pick<ImportReport, 'ended' | 'changed' | 'unchanged'>): string {
  return `The file lacks ${ended} of the ${ended + changed + unchanged} that stand, and they would end. Is it whole? Nothing was changed. --dry-run lists them; --even-if-much-ends does it.`
}

function print({ rows, added, changed, unchanged, refused, ended, kept, report }: ImportReport, dryRun: boolean): void {
  console.log(`${dryRun ? 'Nothing was changed. It would be: ' : ''}${rows} rows read, ${added} new, ${changed} changed, ${unchanged} as before, ${refused} left out, ${ended} ended.`)
  if (dryRun && endsMuch({ ended, changed, unchanged })) console.log('The file lacks more than a third of what stands. Is it whole? The import itself is refused unless --even-if-much-ends is given.')
  if (kept) console.log(`${kept} that the file does not have were not ended: they may be among the rows that could not be read.`)
  const notTaken = report.filter((row) => row.outcome === 'refused' || row.outcome === 'ended' || row.outcome === 'kept')
  const said = { ended: 'ended', kept: 'not ended' } as const
  for (const row of notTaken.slice(0, listed)) console.log(row.outcome === 'ended' || row.outcome === 'kept' ? `  ${said[row.outcome]}: ${row.label}` : `  row ${row.row} left out (${row.reason}): ${row.label}`)
  if (notTaken.length > listed) console.log(`  … and ${notTaken.length - listed} more; --json lists them.`)
}

async function mappingNamed(db: Db, name: string): Promise<Mapping> {
  const known = await findMapping(db, name)
  if (known) return known
  const all = [...readyMappings(), ...await savedMappings(db)]
  if (!existsSync(name)) throw new CliFault(`--mapping: there is no mapping "${name}". There are: ${all.map((each) => each.name).join(', ')}; or give a JSON file.`, 2)
  let content: unknown
  try {
    content = JSON.parse(readFileSync(name, 'utf8'))
  } catch {
    throw new CliFault(`${name}: this is not JSON.`, 2)
  }
  const read = mappingSchema.safeParse(content)
  if (!read.success) throw new CliFault(`${name}: ${read.error.issues.map((issue) => `${issue.path.join('.')}: ${issue.message}`).join('; ')}`, 2)
  return read.data
}

/** How far a long import is, on standard error, so that the report stays clean. */
function progress(quiet: boolean): ((done: number, total?: number) => void) | undefined {
  if (quiet || !process.stderr.isTTY) return undefined
  return (done, total) => void process.stderr.write(`\r${done}${total ? ` of ${total}` : ''} rows`)
}
