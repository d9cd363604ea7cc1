import { existsSync, rmSync } from 'node:fs'
import { sql, type Db } from '#platform/db.ts'
import { metricsText } from '#platform/http/metrics.ts'
import { createServer } from '#platform/http/node-http.ts'
import { backlogNumbers } from '#modules/alerts/index.ts'
import type { Running } from './launch.ts'

/** Health and numbers on a Unix socket: the worker has no port. */
export async function answerHealth(socket: string, db: Db, numbers: Record<string, number>): Promise<Running> {
  if (existsSync(socket)) rmSync(socket)
  const server = createServer(async (request, response) => {
    const ready = request.url !== '/readyz' || await sql`select 1`.execute(db).then(() => true, () => false)
    response.writeHead(ready ? 200 : 503)
    response.end(request.url === '/metrics' ? metricsText('worker', { ...numbers, ...await backlogNumbers(db, new Date()).catch(() => ({})) }) : JSON.stringify({ ok: ready }))
  })
  await new Promise<void>((resolve) => server.listen(socket, resolve))
  return { stop: () => new Promise((resolve) => { server.close(() => resolve()); server.closeAllConnections() }) }
}
