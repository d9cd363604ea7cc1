import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { stepsPrint } from '#platform/migrate.ts'

/** What `npm ci` prepares lies beside the libraries. */
export const preparedPlace = fileURLToPath(new URL('../../node_modules/.cache/clarion', import.meta.url))

/** A folder that first starts copy: an embedded database as it is before anybody uses it. `clarion compile` makes it, for this program's migrations. */
export function preparedDatabase(): string {
  return join(preparedPlace, `database-${stepsPrint()}`)
}
