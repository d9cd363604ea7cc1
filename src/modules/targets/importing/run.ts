import { inTransaction, type Db } from '#platform/db.ts'
import { importCodes } from './codes.ts'
import { importBoundaries } from '../boundaries/importing.ts'
import type { Mapping } from './mapping.ts'
import { textOf } from './reading.ts'
import type { ImportReport, Progress } from './report.ts'
import { importTargets } from './targets.ts'

class DryRun extends Error {
  readonly report: ImportReport
  constructor(report: ImportReport) {
    super('dry run')
    this.report = report
  }
}

/**
 * Imports a file by a mapping, all of it or nothing. A dry run does everything and keeps none of it, so its report is what would happen.
 * Throws a FileFault if the file cannot be read.
 */
export async function runImport(db: Db, given: { mapping: Mapping, file: Buffer, source: string, asOf: string, dryRun: boolean }, progress?: Progress): Promise<ImportReport> {
  const text = textOf(given.file)
  try {
    return await inTransaction(db, async (tx) => {
      const report = given.mapping.kind === 'targets'
        ? await importTargets(tx, given.mapping, text, given.asOf, given.source, progress)
        : given.mapping.kind === 'boundaries' ? await importBoundaries(tx, given.mapping, text, given.asOf, given.source, progress)
        : await importCodes(tx, given.mapping, text, given.asOf, progress)
      if (given.dryRun) throw new DryRun(report)
      return report
    })
  } catch (error) {
    if (error instanceof DryRun) return error.report
    throw error
  }
}
