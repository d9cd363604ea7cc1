import { sendPage, type FastifyReply } from '#platform/http/server.ts'
import { asJson } from '#modules/own-data/index.ts'
import type { Frame } from '../look/layout.ts'
import { readablePage } from './readable.ts'
import type { Ready } from './view.ts'

/** Everything as a file, made from the capsule and kept nowhere. Its name says nothing about whose it is. */
export function download(frame: Frame, reply: FastifyReply, ready: Ready, as: 'json' | 'html'): FastifyReply {
  void reply.header('cache-control', 'no-store').header('content-disposition', `attachment; filename="my-data.${as}"`)
  return as === 'json' ? reply.type('application/json; charset=utf-8').send(asJson(ready.own, ready.records)) : sendPage(reply, readablePage(frame, ready))
}
