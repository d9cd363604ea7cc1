import { promisify } from 'node:util'
import { brotliCompress, gzip } from 'node:zlib'
import { reading } from '#platform/db.ts'
import { notFound, type FastifyInstance, type FastifyReply, type FastifyRequest } from '#platform/http/server.ts'
import { boundaryFiles, dayHere } from '#modules/targets/index.ts'
import { actionOf, type Site } from '../context.ts'
import { pointScript } from '../point-script.ts'

const forever = 'public, max-age=31536000, immutable'
const compressions = { br: promisify(brotliCompress), gzip: promisify(gzip) }
type Packed = Record<keyof typeof compressions, Buffer> & { identity: Buffer }

/** How many sets of boundaries are kept in memory, ready to be sent. */
const mostSets = 8

/** The script and the boundaries by which a browser finds the area of its own position; each at an address that never means anything else. */
export function boundaryRoutes(server: FastifyInstance, site: Site): void {
  const sets = new Map<string, Promise<Map<string, Packed> | undefined>>()
  const scripts = new Map<string, Promise<Packed>>()

  /** The files of an action's boundaries as they are now, made once; nothing where the fingerprint is another one by now. */
  function filesOf(print: string, bodies: string[]): Promise<Map<string, Packed> | undefined> {
    const made = sets.get(print)
    if (made) return made
    const making = reading(site.db, async (tx) => boundaryFiles(tx, bodies, await dayHere(tx, site.now())))
      .then(async (set) => (set?.print === print ? new Map(await Promise.all([...set.files].map(async ([name, text]) => [name, await pack(text)] as const))) : undefined))
    sets.set(print, making)
    making.then((files) => { if (!files) sets.delete(print) }, () => sets.delete(print))
    if (sets.size > mostSets) sets.delete(sets.keys().next().value!)
    return making
  }

  server.get('/actions/:slug/boundaries/:print/:file', { config: { everyWay: true } }, async (request, reply) => {
    const { print, file } = request.params as { print: string, file: string }
    const action = await actionOf(site, request)
    if (!action?.boundaries || action.boundaries !== print) return notFound()
    const packed = (await filesOf(print, action.targets.flatMap((rule) => ('body' in rule ? [rule.body] : []))))?.get(file)
    return packed ? send(request, reply, packed, 'application/json') : notFound()
  })

  server.get('/assets/:script(^point-[a-z]+-[0-9a-f]+\\.js$)', async (request, reply) => {
    const { publisher } = await site.publisher.get('')
    const path = `/assets/${(request.params as { script: string }).script}`
    const text = pointScript(path, publisher.languages)
    if (text === undefined) return notFound()
    const packed = scripts.get(path) ?? pack(text)
    scripts.set(path, packed)
    return send(request, reply, await packed, 'text/javascript; charset=utf-8')
  })
}

async function pack(text: string): Promise<Packed> {
  const identity = Buffer.from(text)
  return { identity, br: await compressions.br(identity), gzip: await compressions.gzip(identity) }
}

function send(request: FastifyRequest, reply: FastifyReply, packed: Packed, type: string): FastifyReply {
  const accepted = request.headers['accept-encoding'] ?? ''
  const coding = accepted.includes('br') ? 'br' : accepted.includes('gzip') ? 'gzip' : 'identity'
  if (coding !== 'identity') void reply.header('content-encoding', coding)
  return reply.type(type).header('vary', 'accept-encoding').header('cache-control', forever).send(packed[coding])
}
