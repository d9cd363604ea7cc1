import { nativeName } from '#platform/formats.ts'
import { html, type Html } from '#platform/html/html.ts'
import type { OwnChoice } from '#modules/own-data/index.ts'
import { bulletinFrequencies, frequencies, type Frequency } from '#modules/people/index.ts'
import { localPath } from '../look/layout.ts'
import { changeForm, type DataView } from './view.ts'

/** For how many months a pause can be asked. */
export const pauses = ['1', '3', '6', '12'] as const

/** What may be written to somebody, how often and in which language: everything in one form, as it stands. */
export function choices(view: DataView): Html {
  const { frame, ready: { own }, now } = view
  const { t, publisher } = frame
  const paused = own.pausedUntil && new Date(own.pausedUntil) > now ? own.pausedUntil : undefined
  return html`<section class="card" id="writing"><h2>${t('my.writing')}</h2><p>${t('my.writing.why')}</p>
${changeForm(view, 'writing', t('my.writing.button'), html`${own.choices.map((choice, place) => question(view, choice, place))}
<div class="field"><label for="language">${t('my.language.which')}</label><select id="language" name="language">${[...new Set([...publisher.languages, own.language])].map((language) => html`<option value="${language}" lang="${language}"${language === own.language && html` selected`}>${nativeName(language)}</option>`)}</select></div>
<div class="field"><label for="pause">${t('my.pause')} <span class="hint">${t('my.pause.hint')}</span></label><select id="pause" name="pause">${paused && html`<option value="keep" selected>${t('my.pause.until', { day: t.day(paused) })}</option>`}<option value="no">${t('my.pause.no')}</option>${pauses.map((months) => html`<option value="${months}">${t('my.pause.months', { count: Number(months) })}</option>`)}</select></div>`, 'go')}
${frame.places && html`<p class="fine">${t('my.bulletins.where')} <a href="${localPath(frame, '/places')}">${t('nav.places')}</a></p>`}
<details><summary>${t('my.stop')}</summary><p>${t('my.stop.why')}</p>${changeForm(view, 'no-mail', t('my.stop.button'))}</details></section>`
}

/** One question: the words, the answer that holds, and for mail how often. */
function question({ frame: { t } }: DataView, choice: OwnChoice, place: number): Html {
  const yes = choice.answer === 'yes'
  const option = (value: 'yes' | 'no') => html`<label class="opt"><input type="radio" name="answer-${place}" value="${value}"${(value === 'yes' ? yes : choice.answer !== null && !yes) && html` checked`}>${t(`consent.${value}`)}</label>`
  return html`<fieldset><legend><span dir="auto">${choice.wording?.text ?? ''}</span>${choice.action && html` <span class="hint">${t('my.about-action', { title: choice.action.title })}</span>`}${choice.controller && html` <span class="hint">${t('consent.controller', { name: choice.controller })}</span>`}</legend>
<input type="hidden" name="statement-${place}" value="${choice.statement}"><input type="hidden" name="action-${place}" value="${choice.action?.id ?? ''}"><input type="hidden" name="wording-${place}" value="${choice.wording?.id ?? ''}">
<div class="opts">${choice.channel === 'email' || yes ? option('yes') : false}${option('no')}</div>
${choice.channel === 'email' && html`${!choice.byTopic && html`<div class="field">${oftenField(t, `often-${place}`, t(choice.topics.length > 0 ? 'my.often.all' : 'my.often'), choice.frequency)}</div>`}${choice.topics.length > 0 && !choice.byTopic && html`<p class="fine">${t('my.topics')}</p>`}${choice.topics.map((topic, at) => html`<div class="field"><input type="hidden" name="topic-${place}-${at}" value="${topic.topic}">${oftenField(t, `often-${place}-${at}`, t('my.often.topic', { topic: topic.name }), topic.frequency, choice.byTopic ? [...bulletinFrequencies, 'never'] : frequencies)}</div>`)}`}</fieldset>`
}

function oftenField(t: DataView['frame']['t'], name: string, label: string, chosen: string, offered: readonly Frequency[] = frequencies): Html {
  return html`<label for="${name}">${label}</label><select id="${name}" name="${name}">${offered.map((value) => html`<option value="${value}"${value === chosen && html` selected`}>${t(`my.often.${value}`)}</option>`)}</select>`
}
