import { request as httpRequest, type IncomingHttpHeaders } from 'node:http'
import { after } from 'node:test'
import { readConfig, type Config } from '#platform/config.ts'
import { sql } from '#platform/db.ts'
import { openQueue } from '#platform/queue.ts'
import { linkToken, type CollectorLimits } from '#modules/actions/index.ts'
import { openDesk, type Desk } from '#desk/context.ts'
import { createDeskServer } from '#desk/server.ts'
import { openSite } from '#site/context.ts'
import { createSiteServer } from '#site/server.ts'
import type { Acting } from './acting.ts'
import { freePorts } from './clarion.ts'
import { roleAddress } from './cluster.ts'
import type { Stage } from './stage.ts'

type Server = ReturnType<typeof createSiteServer>

export interface OpenServer {
  origin: string
  server: Server
}

async function listening(server: Server, port: number): Promise<OpenServer> {
  await server.listen({ port, host: '127.0.0.1' })
  return { origin: `http://localhost:${port}`, server }
}

async function configFor(settings: Record<string, string>): Promise<Config> {
  const [port, deskPort] = await freePorts(2)
  const read = readConfig({ PORT: String(port), DESK_PORT: String(deskPort), ...settings })
  if ('faults' in read) throw new Error(read.faults.join('\n'))
  return read.config
}

/** The site in this process, by the clock of those who act. Another one may be opened to see what has changed without waiting for what it remembers. */
export async function openPages(act: Acting, { limits, allowBracketed, ...settings }: { limits?: Partial<CollectorLimits>, allowBracketed?: boolean, TRUSTED_PROXIES?: string, CLARION_ORIGIN?: string } = {}): Promise<OpenServer> {
  const config = await configFor(settings)
  const site = openSite({ config, pool: act.it.poolOf('site'), secrets: act.it.secrets.site, log: act.it.log, now: () => act.now, limits, allowBracketed })
  const open = await listening(createSiteServer(site, config), config.port)
  after(async () => {
    await open.server.close()
    site.switches.stop()
    site.failures.stop()
  })
  return open
}

/** The desk in this process. */
export async function openDeskPages(it: Stage, now: () => Date, changeKeys?: Desk['changeKeys']): Promise<OpenServer & { desk: Desk }> {
  const config = await configFor({})
  const queue = await openQueue(roleAddress(it.database, 'desk'), it.log)
  const desk = openDesk({ config, pool: it.poolOf('desk'), secrets: it.secrets.desk, queue, log: it.log, now, changeKeys })
  const open = await listening(await createDeskServer(desk), config.deskPort)
  after(async () => {
    await open.server.close()
    await queue.stop()
  })
  return { ...open, desk }
}

export interface Answer {
  status: number
  headers: IncomingHttpHeaders
  bytes: Buffer
  text: string
}

/** A request with exactly these headers and bytes, whatever a browser would make of them. */
export function rawRequest(origin: string, path: string, { method = 'GET', headers = {}, body }: { method?: string, headers?: Record<string, string | string[]>, body?: string | Buffer } = {}): Promise<Answer> {
  const { hostname, port } = new URL(origin)
  return new Promise((resolve, reject) => {
    const request = httpRequest({ hostname, port, path, method, headers, signal: AbortSignal.timeout(15_000) }, (response) => {
      const chunks: Buffer[] = []
      response.on('data', (chunk: Buffer) => chunks.push(chunk))
      response.on('end', () => {
        const bytes = Buffer.concat(chunks)
        resolve({ status: response.statusCode!, headers: response.headers, bytes, text: bytes.toString() })
      })
      response.on('error', reject)
    })
    request.on('error', reject)
    request.end(body)
  })
}

/** A form as bytes, with the headers that a browser sends with it. */
export function postRaw(origin: string, path: string, body: string | Buffer, headers: Record<string, string | string[]> = {}): Promise<Answer> {
  return rawRequest(origin, path, { method: 'POST', body, headers: { 'content-type': 'application/x-www-form-urlencoded', origin, 'sec-fetch-site': 'same-origin', ...headers } })
}

/** A fingerprint of every table: two are equal if and only if no row has changed in between. */
export async function everyTable(it: Stage, besides: string[] = []): Promise<Record<string, string>> {
  const { rows } = await sql<{ name: string, print: string }>`
    select table_name as name, (xpath('/row/print/text()', query_to_xml(format('select md5(coalesce(string_agg(row::text, chr(10) order by row::text), '''')) || '' '' || count(*) as print from %I row', table_name), false, true, '')))[1]::text as print
    from information_schema.tables where table_schema = 'public' and table_type = 'BASE TABLE' order by table_name`.execute(it.db)
  return Object.fromEntries(rows.filter(({ name }) => !besides.includes(name)).map(({ name, print }) => [name, print]))
}

/** The tokens in the mails of all participations in some state, oldest first. */
export async function linkTokens({ it }: Acting, state = 'waiting'): Promise<string[]> {
  const rows = await it.db.selectFrom('participations').select('id').where('state', '=', state).orderBy('taken_at').orderBy('id').execute()
  return rows.map(({ id }) => linkToken(it.keys.linkKey, id))
}

/** Does something with each, a few at a time. */
export async function each<Value, Result>(values: readonly Value[], work: (value: Value, place: number) => Promise<Result>, atOnce = 32): Promise<Result[]> {
  const results: Result[] = []
  let next = 0
  await Promise.all(Array.from({ length: Math.min(atOnce, values.length) }, async () => {
    while (next < values.length) {
      const place = next++
      results[place] = await work(values[place]!, place)
    }
  }))
  return results
}
