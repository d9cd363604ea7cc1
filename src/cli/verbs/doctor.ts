import { statfsSync } from 'node:fs'
import { request } from '#platform/http/node-http.ts'
import { newestStep } from '#platform/migrate.ts'
import { sql } from '#platform/db.ts'
import { checkReadiness } from '#modules/publisher/index.ts'
import { deskWords, foundSaid } from '#desk/words/index.ts'
import { healthSocket } from '#processes/launch.ts'
import { withInstallation } from '../content.ts'

/** Runs the checks that going live needs, and looks at the machine. Ends with 1 if something is missing. */
export async function doctorVerb(): Promise<void> {
  const t = deskWords('en')
  const missing = await withInstallation(async (db, { config, secrets, socketFolder, cluster }) => {
    const { bavail, bsize } = statfsSync(config.dataFolder)
    const { rows: [database] } = await sql<{ version: string, step: number }>`select current_setting('server_version') as version, (select max(step) from migrations) as step`.execute(db)
    console.log(`database  PostgreSQL ${database!.version}${cluster ? ' (embedded)' : ''}, step ${database!.step} of ${newestStep()}`)
    console.log(`disk      ${Math.round(bavail * bsize / 1e9)} GB free at ${config.dataFolder}`)
    for (const [name, where] of [['site', { port: config.port }], ['desk', { port: config.deskPort }], ['worker', { socketPath: healthSocket(socketFolder, 'worker') }]] as const) console.log(`${name.padEnd(9)} ${await running(where)}`)
    console.log()
    const checks = await checkReadiness({ db, config, dkim: secrets.desk.dkim, now: new Date() })
    for (const each of checks) {
      const found = foundSaid(t, each, 'UTC')
      console.log(`${each.ok ? 'ok     ' : 'missing'}  ${t(`check.${each.name}`)}${found ? ` (${found})` : ''}`)
      if (!each.ok) console.log(`         ${t(`check.${each.name}.how`)}${each.record ? `\n         ${each.record.name}  TXT  "${each.record.value}"` : ''}`)
    }
    return checks.filter((each) => !each.ok).length
  })
  process.exitCode = missing ? 1 : 0
}

function running(where: { port: number } | { socketPath: string }): Promise<string> {
  return new Promise((resolve) => {
    const asked = request({ host: 'localhost', path: '/readyz', timeout: 2000, ...where }, (answer) => {
      answer.resume()
      resolve(answer.statusCode === 200 ? 'running' : `answers ${answer.statusCode}`)
    })
    asked.on('error', () => resolve('not running here'))
    asked.on('timeout', () => asked.destroy())
    asked.end()
  })
}
