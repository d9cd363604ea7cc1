import { html, type Html } from '#platform/html/html.ts'
import type { OfficeNumbers, PublicOffice } from '#modules/messages/index.ts'
import { localLabel, localName, type BodyStanding } from '#modules/targets/index.ts'
import { actionPath } from '../actions/parts.ts'
import { localPath, type Frame, type PageParts } from '../look/layout.ts'
import { howItStands } from '../messages/when-sent.ts'
import { noteOn } from './opt-out-note.ts'
import { officePath } from './path.ts'
import { replyQuote } from './replies.ts'

/** An office: whether its body sits, who holds it and held it, how many wrote to it and about what, and what came back. */
export function officePage(frame: Frame, office: PublicOffice, standing: BodyStanding | undefined): PageParts {
  const { t } = frame
  const { record, today } = office
  const label = localLabel(record, t.language)
  return {
    title: label, path: officePath(record.id), narrow: true,
    body: html`<p class="kind"><bdi>${today ? localName(today.body, t.language) : t('office.abolished')}</bdi></p><h1><bdi>${label}</bdi></h1>
${today?.optOut && html`<div class="notice" role="note"><p>${today.optOut.until ? t('office.opted-out.until', { since: t.day(today.optOut.since), until: t.day(today.optOut.until) }) : t('office.opted-out', { since: t.day(today.optOut.since) })}</p>${noteOn(today, frame)}</div>`}
${today && standing && standing.state !== 'sitting' && html`<div class="notice" role="note"><p>${howItStands(t, today.body, { state: standing.state, until: standing.until })}</p></div>`}
${holders(frame, office)}
${frame.off.has('counts') ? html`<p class="fine">${t('switch.counts')}</p>` : html`<section class="card"><h2>${t('office.written')}</h2>${office.all ? writtenTo(frame, office, office.all) : html`<p>${t('office.nobody-yet')}</p>`}</section>
<section class="card"><h2>${t('office.answered')}</h2>${cameBack(frame, office.all)}</section>`}
${office.replies.length > 0 && html`<h2>${t('office.said')}</h2>${office.replies.map((reply) => replyQuote(frame, reply, { office: false, beside: aboutAction(frame, office, reply.actionId) }))}`}
<div class="row"><a class="plain" href="${localPath(frame, '/actions')}">${t('action.others')}</a></div>`,
  }
}

function holders({ t }: Frame, { record, today }: PublicOffice): Html {
  const current = new Set(today?.holders.map((holder) => holder.id))
  const former = record.terms.filter((term) => !current.has(term.officialId) && term.until)
  return html`<dl class="who"><div><dt>${t('office.holder')}</dt><dd>${today && today.holders.length > 0 ? today.holders.map((holder) => html`<div><bdi>${localName(holder, t.language)}</bdi>${holder.since && html` <span class="hint">${t('office.since', { day: t.day(holder.since) })}</span>`}</div>`) : t('office.vacant')}</dd></div></dl>
${former.length > 0 && html`<details><summary>${t('office.former')}</summary><ul>${former.map((term) => html`<li><bdi>${term.name}</bdi> <span class="hint">${term.since ? t('office.from-until', { since: t.day(term.since), until: t.day(term.until!) }) : t('office.until', { until: t.day(term.until!) })}</span></li>`)}</ul></details>`}`
}

function people({ t }: Frame, count: number | null): string {
  return count === null ? t('office.few') : t('office.people', { count })
}

function writtenTo(frame: Frame, { actions }: PublicOffice, all: OfficeNumbers): Html {
  const { t, publisher } = frame
  return html`<p><strong>${all.people === null ? t('office.written-since.few', { day: t.day(all.since) }) : t('office.written-since', { count: all.people, day: t.day(all.since) })}</strong></p><p class="fine">${t('office.accepted')}</p>
${actions.length > 0 && html`<ul class="targets">${actions.map((action) => html`<li><a href="${localPath(frame, actionPath(action))}"><bdi>${titleIn(action.titles, t.language, publisher.defaultLanguage)}</bdi></a> ${people(frame, action.people)}</li>`)}</ul>`}`
}

/** What supporters say came back, as shares: only from ten answers on. */
function cameBack({ t }: Frame, all: OfficeNumbers | undefined): Html {
  if (!all || all.noReply === null || all.standardReply === null || all.realReply === null) return html`<p>${t('office.answers-few')}</p>`
  const total = all.noReply + all.standardReply + all.realReply
  return html`<p>${t('office.answers', { count: total })}</p><ul class="states">${([['none', all.noReply], ['standard', all.standardReply], ['real', all.realReply]] as const).map(([answer, count]) => html`<li><strong>${t.percent(count / total)}</strong> ${t(`replied.${answer}`)}</li>`)}</ul>`
}

function aboutAction(frame: Frame, { titles }: PublicOffice, actionId: string | null): Html | false {
  const action = titles.get(actionId ?? '')
  return action !== undefined && html` ${frame.t.html('reply.about', { action: html`<a href="${localPath(frame, actionPath(action))}"><bdi>${titleIn(action.titles, frame.t.language, frame.publisher.defaultLanguage)}</bdi></a>` })}`
}

/** A title in the reader's language, or in the next best one there is. */
export function titleIn(titles: Record<string, string>, language: string, fallback: string): string {
  return titles[language] ?? titles[fallback] ?? Object.values(titles)[0] ?? ''
}
