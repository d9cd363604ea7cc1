import { join } from 'node:path'
import { stepsPrint } from '#platform/migrate.ts'
import { preparedPlace } from './programs.js'

/** A folder that first starts copy: an embedded database as it is before anybody uses it. `clarion compile` makes it, for this program's migrations. */
export function preparedDatabase(): string {
  return join(preparedPlace, `database-${stepsPrint()}`)
}
