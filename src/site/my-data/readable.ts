import { html, type Html } from '#platform/html/html.ts'
import { around, facts, wrote } from './known.ts'
import { participation, saidLine } from './participation.ts'
import type { DataView } from './view.ts'

/**
 * All that is known of somebody as a page to read without us: hardly a style, no script, nothing that leads anywhere or changes anything, and nothing folded away, so that it can be printed. The same for
 * whoever takes their own with them and for staff who answer a letter, who are handed it by this one function.
 */
export function readablePage(frame: DataView['frame'], { own, records }: Pick<DataView['ready'], 'own' | 'records'>): Html {
  const { t, publisher } = frame
  const view: DataView = { frame, token: '', ready: { state: 'ready', own, records }, now: new Date(own.writtenAt), typed: {}, faults: {}, plain: true }
  return html`<html lang="${t.language}" dir="${t.direction}"><head><meta charset="utf-8"><meta name="viewport" content="width=device-width"><title>${t('my.title')}</title><style>.preview,.ask{white-space:pre-line}</style></head><body>
<h1>${t('my.title')}</h1><p>${t('my.as-of', { moment: t.moment(new Date(own.writtenAt), publisher.zone) })}</p>
${own.erasing && html`<p>${t('my.erasing')}</p>`}${own.shared && html`<p>${t('my.shared')}</p>`}${own.newAddress && html`<p>${t.html('my.new-address', { address: html`<bdi dir="ltr">${own.newAddress}</bdi>` })}</p>`}
<h2>${t('my.you')}</h2>${facts(view)}
<h2>${t('my.writing')}</h2><ul>${own.choices.map((choice) => html`<li><q dir="auto">${choice.wording?.text ?? ''}</q>${choice.action && html` (<bdi>${choice.action.title}</bdi>)`}${choice.controller && html` (<bdi>${choice.controller}</bdi>)`}: <strong>${t(`my.answer.${choice.answer ?? 'not-answered'}`)}</strong>${choice.answer === 'yes' && choice.channel === 'email' && !choice.byTopic && html` · ${t(`my.often.${choice.frequency}`)}`}
${choice.topics.filter(({ frequency }) => frequency !== 'never').map((topic) => html`<br>${t('my.often.topic', { topic: topic.name })}: ${t(`my.often.${topic.frequency}`)}`)}</li>`)}</ul>
<h2>${t('my.did')}</h2>${own.participations.length === 0 && html`<p>${t('my.did.none')}</p>`}${own.participations.map((each) => participation(view, each))}
${own.consents.length > 0 && html`<h2>${t('my.answers')}</h2><ul>${own.consents.map((each) => saidLine(view, each))}</ul>`}
${wrote(view)}${around(view)}</body></html>`
}
