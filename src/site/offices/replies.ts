import { html, type Html } from '#platform/html/html.ts'
import { localLabel, localName, type PublicReply } from '#modules/targets/index.ts'
import { localPath, type Frame } from '../look/layout.ts'
import { officePath } from './path.ts'

/** What an office said, in its own words, with who held it then, when and where it can be read. `beside` is said beside the source, such as what it is about. */
export function replyQuote(frame: Frame, reply: PublicReply, { office = true, beside }: { office?: boolean, beside?: Html | false } = {}): Html {
  const { t } = frame
  return html`<figure class="reply"><blockquote class="ask" lang="${reply.language}" dir="auto">${reply.words}</blockquote><figcaption>${(office || reply.official) && html`<strong>${reply.official && html`<bdi>${localName(reply.official, t.language)}</bdi>`}${office && html`${reply.official && ' · '}<a href="${localPath(frame, officePath(reply.officeId))}"><bdi>${localLabel(reply.office, t.language)}</bdi></a>`}</strong> `}<time datetime="${reply.saidOn}">${t.day(reply.saidOn)}</time>. ${reply.sourceUrl ? t.html('reply.source', { source: html`<a href="${reply.sourceUrl}" rel="noreferrer"><bdi>${reply.source}</bdi></a>` }) : t.html('reply.source', { source: reply.source })}${beside}</figcaption></figure>`
}

export interface Answers {
  replies: PublicReply[]
  mostWrittenTo: { officeId: string, label: string, labels: Record<string, string>, people: number }[]
}

/** On an action's page: what was answered, and which offices most people have written to. */
export function answersSection(frame: Frame, { replies, mostWrittenTo: counted }: Answers): Html | false {
  const { t } = frame
  const mostWrittenTo = frame.off.has('counts') ? [] : counted
  return (replies.length > 0 || mostWrittenTo.length > 0) && html`<section class="answers">${replies.length > 0 && html`<h2>${t('answers.title')}</h2>${replies.map((reply) => replyQuote(frame, reply))}`}
${mostWrittenTo.length > 0 && html`<h2>${t('answers.written-to')}</h2><ul class="targets">${mostWrittenTo.map((office) => html`<li><a href="${localPath(frame, officePath(office.officeId))}"><bdi>${localLabel(office, t.language)}</bdi></a> ${t('office.people', { count: office.people })}</li>`)}</ul>`}</section>`
}
