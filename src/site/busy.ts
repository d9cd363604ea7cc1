import { setTimeout as wait } from 'node:timers/promises'
import { html, raw, type Html } from '#platform/html/html.ts'
import { sendPage, type FastifyReply, type FastifyRequest } from '#platform/http/server.ts'
import type { Collector } from '#modules/actions/index.ts'
import type { Publisher } from '#modules/publisher/index.ts'
import { layout, type Frame } from './look/layout.ts'
import { styleFor } from './look/style.ts'

/** Visitors who wait for room at the same time; who comes beyond is answered at once, so that what they sent does not fill the memory. */
const mostWaiting = 4000
const patience = 2000
let waiting = 0

/**
 * Waits up to two seconds for room in a full intake. Saying "no" at once would cost more than it saves: whoever is told so quickly is back as quickly,
 * and a thousand refusals take the time of some hundred signatures.
 */
export async function roomSoon(collector: Pick<Collector, 'full' | 'stats'>): Promise<boolean> {
  if (waiting < mostWaiting) {
    waiting += 1
    // Not all at the same moment.
    await wait(patience / 2 + Math.random() * patience / 2)
    waiting -= 1
    if (!collector.full) return true
  }
  collector.stats.refused += 1
  return false
}

/** The page around a form that was not taken, by publisher and language: in a crowd it is the same for everybody. */
const shells = new WeakMap<Publisher, Map<string, [before: string, after: string]>>()

const gap = '<!-- held -->'

function shellFor(frame: Frame): [before: string, after: string] {
  const known = shells.get(frame.publisher) ?? new Map<string, [string, string]>()
  shells.set(frame.publisher, known)
  const key = `${frame.t.language} ${frame.practice !== undefined} ${frame.rehearsal}`
  let shell = known.get(key)
  if (!shell) {
    const { t } = frame
    shell = layout(frame, { title: t('busy.title'), narrow: true, body: html`<h1>${t('busy.title')}</h1><p class="stand">${t('busy.held')}</p>${raw(gap)}` }).text.split(gap) as [string, string]
    known.set(key, shell)
  }
  return shell
}

/** Everything that was posted, to be posted again as it is. */
function heldForm({ t }: Frame, path: string, body: unknown): Html {
  const fields = Object.entries((body ?? {}) as Record<string, string | string[]>).flatMap(([name, value]) => [value].flat().map((each) => html`<input type="hidden" name="${name}" value="${each}">`))
  return html`<form method="post" action="${path}" class="card" id="do">${fields}<button class="go">${t('busy.again')}</button></form>`
}

/**
 * Says "busy" to somebody whose form cannot be taken in now, on a page that holds all of it and a button that sends it again. It reads nothing and
 * costs a fraction of what taking it in would: a crowd that is turned away must not slow down those who are let in.
 */
export function sendBusy(asked: Frame, request: FastifyRequest, reply: FastifyReply): FastifyReply {
  const frame: Frame = { ...asked, textOnly: undefined }
  const [before, after] = shellFor(frame)
  void reply.code(503).headers({ 'cache-control': 'private, no-cache', 'retry-after': '10', 'content-security-policy': styleFor(frame.publisher.accent, 'plain').policy })
  return sendPage(reply, raw(`${before}${heldForm(frame, request.originalUrl, request.body).text}${after}`))
}
