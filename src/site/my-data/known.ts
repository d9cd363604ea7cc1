import { html, type Html } from '#platform/html/html.ts'
import type { OwnNews } from '#modules/own-data/index.ts'
import type { DataView } from './view.ts'

/** Who somebody is, as far as we know. */
export function facts({ frame: { t, publisher }, ready: { own }, now }: DataView): Html {
  const at = (moment: string) => t.moment(new Date(moment), publisher.zone)
  const fact = (label: string, value: Html | string | null | undefined | false, ltr = false) => value && html`<div><dt>${label}</dt><dd${ltr && html` dir="ltr"`}>${typeof value === 'string' ? html`<bdi>${value}</bdi>` : value}</dd></div>`
  return html`<dl class="who">${fact(t('field.name'), own.name)}${fact(t('field.email'), own.email, true)}${fact(t('my.language'), t.languageName(own.language))}
${fact(t('field.country'), own.country && t.countryName(own.country))}${fact(t('my.area'), own.area)}${fact(t('my.since'), at(own.since))}${fact(t('my.confirmed'), own.confirmedAt && at(own.confirmedAt))}${fact(t('my.paused'), own.pausedUntil && new Date(own.pausedUntil) > now && t.day(own.pausedUntil))}
${(own.holds ?? []).map((hold) => fact(t('my.held'), hold.until ? t('my.held.until', { from: at(hold.since), until: at(hold.until) }) : t('my.held.since', { moment: at(hold.since) })))}${fact(t('my.browsers'), own.browsers > 0 && t('my.browsers.count', { count: own.browsers }))}</dl>`
}

/** What was written by the forms of places and topics with this address, and what has become of it. */
export function wrote({ frame: { t, publisher }, ready: { own, records } }: DataView): Html | false {
  const all = own.contactMessages ?? []
  return all.length > 0 && html`<section class="card"><h2>${t('my.wrote')}</h2>${all.map((each) => html`<h3><bdi>${each.about}</bdi></h3><p><strong>${t(`my.wrote.${each.state}`)}</strong> <small>${t.moment(new Date(each.at), publisher.zone)}</small></p>
${records?.records[each.id]?.text?.map(({ body }) => html`<div class="preview" dir="auto">${body}</div>`) ?? html`<p class="fine">${t('my.wrote.locked')}</p>`}`)}</section>`
}

/** Mails and what came of them, what must not be written, and what was asked of staff. */
export function around(view: DataView): Html {
  const { frame: { t, publisher }, ready: { own } } = view
  const at = (moment: string) => t.moment(new Date(moment), publisher.zone)
  const part = (title: string, lines: Html[]) => lines.length > 0 && html`<section class="card"><h2>${title}</h2><ul>${lines}</ul></section>`
  const folded = (title: string, lines: Html[]) => lines.length > 0 && html`<section class="card"><details${view.plain && html` open`}><summary>${title}</summary><ul>${lines}</ul></details></section>`
  return html`${part(t('my.bulletins'), (own.bulletins ?? []).map((each) => html`<li><bdi>${each.about}</bdi>: ${t(`my.bulletins.${each.state}`)}${each.state === 'confirmed' && each.confirmedAt && html` <small>${at(each.confirmedAt)}</small>`}${each.state !== 'confirmed' && html` <small>${at(each.askedAt)}</small>`}</li>`))}
${part(t('my.suppressed'), own.suppressions.map((each) => html`<li>${word(view, 'suppression', each.scope)} <small>${word(view, 'because', each.reason)} · ${at(each.at)}</small></li>`))}
${part(t('my.requests'), own.requests.map((each) => html`<li>${word(view, 'asked', each.what)} · ${word(view, 'way', each.way)} <small>${at(each.at)}</small></li>`))}
${part(t('my.letters'), (own.letters ?? []).map((each) => html`<li>${each.from && html`<bdi>${each.from}</bdi> `}<small>${at(each.at)}</small></li>`))}
${part(t('my.returns'), (own.cameBack ?? []).map((each) => html`<li>${word(view, 'return', each.kind)} <small>${at(each.at)}</small></li>`))}
${part(t('my.handed'), (own.handedOver ?? []).map((each) => html`<li>${each.to ? t.html('my.handed.partner', { name: html`<bdi>${each.to}</bdi>` }) : word(view, 'handed', each.kind)}${each.action && html` <bdi>${each.action}</bdi>`} <small>${at(each.at)}</small></li>`))}
${folded(t('my.news', { count: own.news?.length ?? 0 }), (own.news ?? []).map((each) => newsLine(view, each)))}
${folded(t('my.mails', { count: own.mails.length }), own.mails.map((each) => html`<li>${word(view, 'mail', each.kind)}: ${word(view, 'mail-state', each.state)} <small>${at(each.at)}</small></li>`))}`
}

/** One update, newsletter or bulletin: what it was, what became of it, and what they did with it. */
function newsLine(view: DataView, it: OwnNews): Html {
  const { frame: { t, publisher } } = view
  const at = (moment: string) => t.moment(new Date(moment), publisher.zone)
  return html`<li>${t.html(`my.news.${it.kind}`, { about: html`<bdi>${it.about}</bdi>` })}: ${it.leftOut ? word(view, 'left-out', it.leftOut) : word(view, 'news-state', it.state)}${it.returned && html`, ${t(`my.news-returned.${it.returned}`)}`} <small>${at(it.at)}${it.unsubscribedAt && html` · ${t('my.news-left', { moment: at(it.unsubscribedAt) })}`}</small></li>`
}

/** The word for something that has a name in the database; that name where there is none. */
function word({ frame: { t } }: DataView, group: 'mail' | 'mail-state' | 'news-state' | 'left-out' | 'suppression' | 'because' | 'handed' | 'asked' | 'way' | 'return', name: string): string {
  const key = `my.${group}.${name}`
  return t.has(key) ? t(key) : name
}
