import { html, type Html } from '#platform/html/html.ts'
import type { OwnParticipation, SaidConsent } from '#modules/own-data/index.ts'
import { textArea, textField } from '../forms/fields.ts'
import { localPath } from '../look/layout.ts'
import { lifeLine } from '../receipts/receipt-page.ts'
import type { SiteWord } from '../words/index.ts'
import { changeForm, type DataView } from './view.ts'

/** One participation: what became of it, what was said to what, and what is kept where. */
export function participation(view: DataView, it: OwnParticipation): Html {
  const { frame, ready, now, plain } = view
  const { t, publisher } = frame
  const at = (moment: string) => t.moment(new Date(moment), publisher.zone)
  const fact = (label: string, value: Html | string | null | undefined | false) => value && html`<div><dt>${label}</dt><dd dir="auto">${value}</dd></div>`
  const record = ready.records?.records[it.id]
  const text = it.text ?? record?.text
  const over = ['withdrawn', 'refused', 'removed'].includes(it.state)
  const id = `did-${it.id}`
  return html`<section class="card" id="${id}"><p class="kind">${t(`kind.${it.action.kind}`)}</p><h3>${it.action.public && !plain ? html`<a href="${localPath(frame, `/actions/${it.action.slug}`)}">${it.action.title}</a>` : html`<bdi>${it.action.title}</bdi>`}</h3>
<p><strong>${t(`my.state.${it.state}` as SiteWord)}</strong></p>
<dl class="who">${fact(t('my.taken'), at(it.takenAt))}${fact(t('my.confirmed'), it.confirmedAt && at(it.confirmedAt))}${fact(t('my.ended'), it.endedAt && at(it.endedAt))}${fact(t('field.name'), it.name)}${fact(t('field.comment'), it.comment)}${fact(t('field.postcode'), it.postcode)}
${fact(t('field.country'), it.country && t.countryName(it.country))}${fact(t('my.area'), it.area)}${fact(t('my.source'), it.source)}${fact(t('field.phone'), record?.phone && html`<bdi dir="ltr">${record.phone}</bdi>`)}${fact(t('field.address'), record?.postalAddress && html`<span class="ask">${record.postalAddress}</span>`)}${fact(t('my.shown'), it.shown && t(`my.shown.${it.shown.state}` as SiteWord, { name: it.shown.name }))}</dl>
${it.records.details && !record && html`<p class="fine">${t('my.records.details')}</p>`}${it.records.text && !text && html`<p class="fine">${t('my.records.text')}</p>`}
${it.messages.length > 0 && html`<h4>${t('receipt.title')}</h4><ul class="states">${it.messages.map((message) => lifeLine(frame, message, message.office, now))}</ul>`}
${text && html`<details${plain && html` open`}><summary>${t('my.text')}</summary>${text.map(({ subject, body }) => html`<p dir="auto"><strong>${subject}</strong></p><div class="preview" dir="auto">${body}</div>`)}</details>`}
${it.ask && html`<details${plain && html` open`}><summary>${t('my.ask')}</summary><div class="preview" dir="auto">${it.ask}</div></details>`}
${it.consents.length > 0 && html`<details${plain && html` open`}><summary>${t('my.answers.here', { count: it.consents.length })}</summary><ul>${it.consents.map((each) => saidLine(view, each))}</ul></details>`}
${it.records.details && !over && !plain && html`<details><summary>${t('my.record.change')}</summary>${changeForm(view, 'record', t('my.record.button'), html`<input type="hidden" name="participation" value="${it.id}"><p class="fine">${t('my.record.hint')}</p>${textField({ name: `phone-${it.id}`, label: t('field.phone'), typed: { [`phone-${it.id}`]: record?.phone ?? '' }, faults: {}, autocomplete: 'tel', type: 'tel', maxLength: 40, direction: 'ltr' })}${textArea({ name: `address-${it.id}`, label: t('field.address'), typed: { [`address-${it.id}`]: record?.postalAddress ?? '' }, faults: {} })}`)}</details>`}
${!over && !plain && html`<details><summary>${t('link.withdraw.title')}</summary><p>${t('link.withdraw.why')}</p>${changeForm(view, 'withdraw', t('link.withdraw.button'), html`<input type="hidden" name="participation" value="${it.id}">`)}</details>`}</section>`
}

/** One answer, in the exact words that stood there, with their version and when it was given how. */
export function saidLine({ frame: { t, publisher } }: DataView, said: SaidConsent): Html {
  return html`<li>${said.wording && html`<q${said.language && html` lang="${said.language}"`} dir="auto">${said.wording}</q> `}<strong>${t(`my.answer.${said.answer}` as SiteWord)}</strong>
<small>${said.controller && html`<bdi>${said.controller}</bdi> · `}${t(`my.channel.${said.channel}` as SiteWord)}${said.version !== null && html` · ${t('my.version', { version: said.version })}`} · ${t(`my.said-by.${said.way}` as SiteWord)} · ${t.moment(new Date(said.recordedAt), publisher.zone)}</small></li>`
}
