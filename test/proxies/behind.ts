import { execFileSync, spawn } from 'node:child_process'
import { chmodSync, existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { request as httpsRequest } from 'node:https'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { after } from 'node:test'
import { connect } from 'node:tls'
import { readConfig } from '#platform/config.ts'
import { openSite } from '#site/context.ts'
import { createSiteServer } from '#site/server.ts'
import { acting, type Acting } from '#test/support/acting.ts'
import { exitOf, freePorts, until } from '#test/support/clarion.ts'
import type { Answer } from '#test/support/pages.ts'
import { stage } from '#test/support/stage.ts'

/** The site behind a real proxy with the configuration that docs/proxy has, but for ports and paths. */
export interface Behind {
  act: Acting
  port: number
  /** What reached the site. */
  seen: { method: string, url: string, ip: string, host: string, forwarded: string | undefined }[]
  /** Asks the proxy over TLS, as somebody who wants act.example. */
  ask: (path: string, options?: { method?: string, headers?: Record<string, string>, body?: string }) => Promise<Answer>
  post: (path: string, body: string, headers?: Record<string, string>) => Promise<Answer>
  /** A line to the proxy on which something else than a request can be sent. */
  line: () => ReturnType<typeof connect>
  stopSite: () => Promise<void>
}

/** Where Debian puts a program, or nothing if it is not installed. */
function programOf(name: string): string | undefined {
  return ['/usr/sbin', '/usr/bin', '/usr/local/bin'].map((folder) => `${folder}/${name}`).find((path) => existsSync(path))
}

export const isThere = (program: string) => programOf(program) !== undefined

function certificate(folder: string): void {
  execFileSync('openssl', ['req', '-x509', '-newkey', 'rsa:2048', '-nodes', '-days', '2', '-subj', '/CN=act.example', '-addext', 'subjectAltName=DNS:act.example', '-keyout', join(folder, 'key.pem'), '-out', join(folder, 'cert.pem')], { stdio: 'ignore' })
}

/** Starts a program with its configuration: the file of the docs, with what is special to a machine put in by `fit`. */
export async function siteBehind(program: 'nginx' | 'caddy', file: string, fit: (text: string, place: { folder: string, port: number, sitePort: number }) => string): Promise<Behind> {
  const it = await stage()
  const act = await acting(it)
  const [port, sitePort] = await freePorts(2) as [number, number]
  const folder = mkdtempSync(join(tmpdir(), `clarion-${program}-`))
  // Its workers may be another user.
  chmodSync(folder, 0o755)
  certificate(folder)
  const read = readConfig({ PORT: String(sitePort), CLARION_ORIGIN: 'https://act.example', TRUSTED_PROXIES: '127.0.0.1' })
  if ('faults' in read) throw new Error(read.faults.join('\n'))
  const site = openSite({ config: read.config, pool: it.poolOf('site'), secrets: it.secrets.site, log: it.log, now: () => act.now })
  const server = createSiteServer(site, read.config)
  const seen: Behind['seen'] = []
  server.server.prependListener('request', (request) => {
    seen.push({ method: request.method!, url: request.url!, ip: '', host: request.headers.host ?? '', forwarded: request.headers['x-forwarded-for'] as string | undefined })
  })
  server.addHook('onRequest', async (request) => { seen.at(-1)!.ip = request.ip })
  await server.listen({ port: sitePort, host: '127.0.0.1' })

  const config = join(folder, file)
  writeFileSync(config, fit(readFileSync(new URL(`../../docs/proxy/${file}`, import.meta.url), 'utf8'), { folder, port, sitePort }))
  const words = program === 'nginx' ? ['-p', folder, '-c', config, '-g', 'daemon off;'] : ['run', '--config', config, '--adapter', 'caddyfile']
  const child = spawn(programOf(program)!, words, { stdio: ['ignore', 'ignore', 'pipe'], env: { PATH: process.env.PATH, HOME: folder, XDG_DATA_HOME: folder, XDG_CONFIG_HOME: folder } })
  let said = ''
  child.stderr.on('data', (chunk: Buffer) => { said += chunk.toString() })
  const ended = exitOf(child)
  let open = true
  const stopSite = async () => {
    if (!open) return
    open = false
    site.switches.stop()
    site.failures.stop()
    server.server.closeAllConnections()
    await server.close()
  }
  after(async () => {
    child.kill('SIGTERM')
    await ended
    await stopSite()
    rmSync(folder, { recursive: true, force: true })
  })

  const ask: Behind['ask'] = (path, { method = 'GET', headers = {}, body } = {}) => new Promise((resolve, reject) => {
    const request = httpsRequest({ port, host: '127.0.0.1', servername: 'act.example', rejectUnauthorized: false, path, method, headers: { host: 'act.example', ...headers }, agent: false, signal: AbortSignal.timeout(15_000) }, (response) => {
      const chunks: Buffer[] = []
      response.on('data', (chunk: Buffer) => chunks.push(chunk))
      response.on('end', () => {
        const bytes = Buffer.concat(chunks)
        resolve({ status: response.statusCode!, headers: response.headers, bytes, text: bytes.toString() })
      })
    })
    request.on('error', reject)
    request.end(body)
  })
  await until(() => ask('/healthz').then(({ status }) => status === 200, () => { if (child.exitCode !== null) throw new Error(said); return false }), `${program} to start`)
  return {
    act, port, seen, ask, stopSite,
    post: (path, body, headers = {}) => ask(path, { method: 'POST', body, headers: { 'content-type': 'application/x-www-form-urlencoded', 'content-length': String(Buffer.byteLength(body)), origin: 'https://act.example', 'sec-fetch-site': 'same-origin', ...headers } }),
    line: () => connect({ port, host: '127.0.0.1', servername: 'act.example', rejectUnauthorized: false }),
  }
}
