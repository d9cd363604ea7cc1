import { getRequest, runLoad } from './load.ts'
import { measuredClarion } from './measured-clarion.ts'
import { plainServer } from './reference.ts'
import { interleaved, measure, type Measure } from './report.ts'

const connections = 64
const seconds = 2
const rounds = 7

/** A page, a count or a feed beside a plain server that sends the same bytes; `again` as whoever asks that has it already and wants to know whether there is anything new. */
async function reading(name: string, path: string, { again = false } = {}): Promise<Measure[]> {
  await using it = await measuredClarion()
  const first = await fetchRaw(it.port, path)
  const known: Record<string, string> = again ? { 'if-none-match': first.headers.etag! } : {}
  const page = again ? await fetchRaw(it.port, path, known) : first
  if (page.status !== (again ? 304 : 200)) throw new Error(`${path} answered ${page.status}`)
  using plain = await plainServer(page)
  const request = getRequest(path, it.port).replace(/\r\n\r\n$/, `${Object.entries(known).map(([header, value]) => `\r\n${header}: ${value}`).join('')}\r\n\r\n`)
  const load = (port: number) => async () => {
    const result = await runLoad({ port, connections, seconds, request })
    if (result.failed) throw new Error(`${result.failed} requests failed`)
    return result.perSecond
  }
  await load(it.port)()
  const { clarion, reference } = await interleaved(rounds, { reference: load(plain.port), clarion: load(it.port) })
  return [measure(name, clarion, 'requests/s', reference, `${connections} connections, ${again ? 'nothing new (304)' : `${page.body.length} bytes a body`}, beside plain node:http sending the same; at least 0.85`)]
}

/** An answer as it went over the wire: compressed, with all its headers. */
async function fetchRaw(port: number, path: string, more: Record<string, string> = {}): Promise<{ status: number, headers: Record<string, string>, body: Buffer }> {
  const { get } = await import('node:http')
  return new Promise((resolve, reject) => {
    get({ port, path, host: '127.0.0.1', headers: { host: `localhost:${port}`, accept: 'text/html', 'accept-encoding': 'gzip, deflate, br', ...more } }, (response) => {
      const chunks: Buffer[] = []
      response.on('data', (chunk: Buffer) => chunks.push(chunk))
      response.on('end', () => {
        const own = ['connection', 'keep-alive', 'date']
        resolve({ status: response.statusCode!, headers: Object.fromEntries(Object.entries(response.headers).filter(([name]) => !own.includes(name)).map(([name, value]) => [name, String(value)])), body: Buffer.concat(chunks) })
      })
    }).on('error', reject)
  })
}

const petition = '/actions/no-one-should-vanish'

export const page = () => reading('page', petition)
export const placePage = () => reading('place-page', '/places/marovia')
export const itemPage = () => reading('item-page', '/items/assembly-must-keep-two-days')
export const feed = async () => [...await reading('feed', '/places/marovia/feed.atom', { again: true }), ...await reading('feed-whole', '/places/marovia/feed.atom')]
export const count = () => reading('count', `${petition}/count.json`)

/** What a first visit to an action page costs its visitor: HTML with its styles inside, compressed. */
export async function weight(): Promise<Measure[]> {
  await using it = await measuredClarion()
  const { body } = await fetchRaw(it.port, petition)
  const place = await fetchRaw(it.port, '/places/marovia')
  return [measure('place-weight', place.body.length, 'bytes', 20_000, 'country page with a digest of twelve threads, compressed, with its styles; at most 20 kB'), measure('weight', body.length, 'bytes', 14_000, 'action page, compressed, with its styles; at most 14 kB')]
}
