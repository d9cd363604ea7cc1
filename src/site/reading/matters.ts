import { html, type Html } from '#platform/html/html.ts'
import { renderElsewhere, renderMeasure, renderProceeding, type AboutSubject } from '#modules/publishing/index.ts'
import { localPath, type Frame } from '../look/layout.ts'
import { wordsFor } from './readable.ts'

/** Bills, proceedings and what other organisations offer, each in a section of its own. */
export function mattersPart(frame: Frame, matters: AboutSubject['matters']): Html {
  const { t, publisher, today } = frame
  const words = wordsFor(frame)
  const within = { language: t.language, fallback: publisher.defaultLanguage, localPath: (path: string) => localPath(frame, path) }
  const section = (id: 'measures' | 'proceedings' | 'elsewhere', shown: { handle: string, body: Html | undefined }[]) => shown.length > 0 && html`<section aria-labelledby="${id}"><h2 id="${id}">${t(`reading.${id}`)}</h2><ul class="demands">${shown.map(({ handle, body }) => body && html`<li id="record-${handle}">${body}</li>`)}</ul></section>`
  return html`${section('measures', matters.flatMap(({ handle, record }) => (record.kind === 'measure' ? [{ handle, body: renderMeasure(words, record.content, within) }] : [])))}
${section('proceedings', matters.flatMap(({ handle, record }) => (record.kind === 'proceeding' ? [{ handle, body: renderProceeding(words, record.content, within, today) }] : [])))}
${section('elsewhere', matters.flatMap(({ handle, record }) => (record.kind === 'elsewhere' ? [{ handle, body: renderElsewhere(words, record.content, within) }] : [])))}`
}
