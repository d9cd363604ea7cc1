import { html } from '#platform/html/html.ts'
import { sendPage, type FastifyReply } from '#platform/http/server.ts'
import { asJson } from '#modules/own-data/index.ts'
import type { Frame } from '../look/layout.ts'
import type { Ready } from './view.ts'
import { around, facts, wrote } from './data-page.ts'
import { participation, saidLine } from './participation.ts'

/** Everything as a file, made from the capsule and kept nowhere. Its name says nothing about whose it is. */
export function download(frame: Frame, reply: FastifyReply, ready: Ready, as: 'json' | 'html'): FastifyReply {
  void reply.header('cache-control', 'no-store').header('content-disposition', `attachment; filename="my-data.${as}"`)
  if (as === 'json') return reply.type('application/json; charset=utf-8').send(asJson(ready.own, ready.records))
  return sendPage(reply, asPage(frame, ready))
}

/** A page to read without us: hardly a style, no script, nothing that changes anything. */
function asPage(frame: Frame, ready: Ready) {
  const { t, publisher } = frame
  const { own } = ready
  const view = { frame, token: '', ready, now: new Date(own.writtenAt), typed: {}, faults: {}, plain: true }
  return html`<html lang="${t.language}" dir="${t.direction}"><head><meta charset="utf-8"><meta name="viewport" content="width=device-width"><title>${t('my.title')}</title><style>.preview,.ask{white-space:pre-line}</style></head><body>
<h1>${t('my.title')}</h1><p>${t('my.as-of', { moment: t.moment(new Date(own.writtenAt), publisher.zone) })}</p>
${own.shared && html`<p>${t('my.shared')}</p>`}${own.newAddress && html`<p>${t.html('my.new-address', { address: html`<bdi dir="ltr">${own.newAddress}</bdi>` })}</p>`}
<h2>${t('my.you')}</h2>${facts(view)}
<h2>${t('my.writing')}</h2><ul>${own.choices.map((choice) => html`<li><q dir="auto">${choice.wording?.text ?? ''}</q>${choice.action && html` (<bdi>${choice.action.title}</bdi>)`} ${t(`my.answer.${choice.answer ?? 'not-answered'}`)}, ${t(`my.often.${choice.frequency}`)}</li>`)}</ul>
<h2>${t('my.did')}</h2>${own.participations.map((each) => participation(view, each))}
${own.consents.length > 0 && html`<h2>${t('my.answers')}</h2><ul>${own.consents.map((each) => saidLine(view, each))}</ul>`}
${wrote(view)}${around(view)}</body></html>`
}
