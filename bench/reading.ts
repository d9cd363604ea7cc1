import { getRequest, runLoad } from './load.ts'
import { measuredClarion } from './measured-clarion.ts'
import { plainServer } from './reference.ts'
import { interleaved, measure, type Measure } from './report.ts'

const connections = 64
const seconds = 2
const rounds = 7

/** An action page, or its count, beside a plain server that sends the same bytes. */
async function reading(name: string, path: string): Promise<Measure[]> {
  await using it = await measuredClarion()
  const page = await fetchRaw(it.port, path)
  using plain = await plainServer(page)
  const load = (port: number) => async () => {
    const result = await runLoad({ port, connections, seconds, request: getRequest(path, it.port) })
    if (result.failed) throw new Error(`${result.failed} requests failed`)
    return result.perSecond
  }
  await load(it.port)()
  const { clarion, reference } = await interleaved(rounds, { reference: load(plain.port), clarion: load(it.port) })
  return [measure(name, clarion, 'requests/s', reference, `${connections} connections, ${page.body.length} bytes a body, beside plain node:http sending the same; at least 0.85`)]
}

/** An answer as it went over the wire: compressed, with all its headers. */
async function fetchRaw(port: number, path: string): Promise<{ status: number, headers: Record<string, string>, body: Buffer }> {
  const { get } = await import('node:http')
  return new Promise((resolve, reject) => {
    get({ port, path, host: '127.0.0.1', headers: { host: `localhost:${port}`, accept: 'text/html', 'accept-encoding': 'gzip, deflate, br' } }, (response) => {
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
export const feed = () => reading('feed', '/places/marovia/feed.atom')
export const count = () => reading('count', `${petition}/count.json`)

/** What a first visit to an action page costs its visitor: HTML with its styles inside, compressed. */
export async function weight(): Promise<Measure[]> {
  await using it = await measuredClarion()
  const { body } = await fetchRaw(it.port, petition)
  const place = await fetchRaw(it.port, '/places/marovia')
  return [measure('place-weight', place.body.length, 'bytes', 20_000, 'country page with a digest of twelve threads, compressed, with its styles; at most 20 kB'), measure('weight', body.length, 'bytes', 14_000, 'action page, compressed, with its styles; at most 14 kB')]
}
