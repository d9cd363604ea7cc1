import { inTransaction, type Db, type Tx } from '#platform/db.ts'
import { importCodes } from './codes.ts'
import { importBoundaries } from '../boundaries/importing.ts'
import { noteLoaded } from './loaded-files.ts'
import type { Mapping } from './mapping.ts'
import type { ImportReport, Progress } from './report.ts'
import { openText, wholeText, type FileSource } from './source.ts'
import { importTargets, readRoster } from './targets.ts'

/** What an import is told besides its file and its mapping. */
export interface Run {
  /** The day of which the file speaks, as YYYY-MM-DD. */
  asOf: string
  /** Where it came from: what it brings is marked with it. */
  source: string
  /** New boundaries begin with this file: areas, offices and codes that it does not have end on its day. */
  newBoundaries: boolean
}

export interface ImportGiven extends Omit<Run, 'newBoundaries'> {
  mapping: Mapping
  file: FileSource
  dryRun: boolean
  newBoundaries?: boolean
  /** Somebody has looked: these bytes are right although others have been loaded since. */
  evenIfOlder?: boolean
}

class DryRun extends Error {
  readonly report: ImportReport
  constructor(report: ImportReport) {
    super('dry run')
    this.report = report
  }
}

/**
 * Imports a file by a mapping, all of it or nothing; `alongside` is kept or lost with it. A dry run does everything and keeps none of it, so its report is what would happen.
 * Throws a FileFault if the file cannot be read, and an OlderFile if a newer one was loaded.
 */
export async function runImport(db: Db, given: ImportGiven, progress?: Progress, alongside?: (tx: Tx, report: ImportReport) => Promise<void>): Promise<ImportReport> {
  const { mapping, file } = given
  const run: Run = { asOf: given.asOf, source: given.source, newBoundaries: given.newBoundaries ?? false }
  const text = await openText(file)
  const roster = mapping.kind === 'targets' ? await readRoster(mapping, text, run.asOf) : undefined
  const subjects = roster ? roster.bodies.map((body) => `body ${body.id}`) : mapping.kind === 'lookup' ? [`scheme ${mapping.scheme.id}`] : []
  try {
    return await inTransaction(db, async (tx) => {
      // Boundaries come with their days: which file is older is said by those.
      if (mapping.kind !== 'boundaries') await noteLoaded(tx, subjects, { file: text, asOf: run.asOf, evenIfOlder: given.evenIfOlder ?? false })
      const report = mapping.kind === 'targets' ? await importTargets(tx, mapping, roster!, run, progress)
        : mapping.kind === 'boundaries' ? await importBoundaries(tx, mapping, await wholeText(text), run.asOf, run.source, progress)
        : await importCodes(tx, mapping, text, run, progress)
      if (given.dryRun) throw new DryRun(report)
      await alongside?.(tx, report)
      return report
    })
  } catch (error) {
    if (error instanceof DryRun) return error.report
    throw error
  }
}
