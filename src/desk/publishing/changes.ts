import { html, type Html } from '#platform/html/html.ts'
import { directionOf } from '#platform/words.ts'
import { difference, newestFirst, publishingWords, sayHappened, type Block, type ItemWords, type Paragraph } from '#modules/publishing/index.ts'
import type { DeskWords, FieldName } from '../words/index.ts'

/** All that an item says as one text, for comparing: nothing that somebody typed is left out, and what is not said in words is named. */
export function whole(t: DeskWords, words: ItemWords): string {
  const own = publishingWords(t.language)
  const named = (name: FieldName, said: string | number | false | null | undefined) => said !== '' && said !== false && said !== null && said !== undefined && `${t(`f.${name}`)}: ${said}`
  const lines = (name: FieldName, all: string[]) => all.length > 0 && `${t(`f.${name}`)}:\n${all.join('\n')}`
  const { event, course } = words
  return [
    words.title, words.summary, named('lead_picture', words.picture), words.body,
    ...newestFirst(words.paragraphs).map((each) => paragraph(t, each)), ...words.blocks.map((each) => block(t, each)),
    event && [named('event_starts', event.starts.replace('T', ' ')), named('event_ends', event.ends.replace('T', ' ')), named('event_zone', event.zone), named('event_place', event.place), named('event_online', event.online), event.cancelled && t('f.event_cancelled')].filter(Boolean).join('\n'),
    course && [named('course_minutes', course.minutes), named('course_price', course.price), named('course_provider', course.provider), named('course_url', course.url), named('course_language', course.language)].filter(Boolean).join('\n'),
    ...words.questions.map(({ question, answer }) => `## ${question}\n\n${answer}`), lines('signatories', words.signatories.map(({ name, country }) => (country ? `${name}; ${country}` : name))),
    lines('copublishers', words.copublishers), words.editors && `${t('f.editors')}:\n${words.editors}`, lines('contacts', words.contacts.map(({ role, name }) => (name ? `${role}: ${name}` : role))),
    ...words.documents.map(({ title, language }) => `${title} (${t.languageName(language)})`),
    named('labels', t.list(words.labels.map((label) => own(`label.${label}`)))), named('happened', words.happened && sayHappened(own, words.happened)), named('published_on', words.publishedOn && t.day(words.publishedOn)),
  ].filter(Boolean).join('\n\n')
}

function paragraph(t: DeskWords, { day, happened, text, links }: Paragraph): string {
  const own = publishingWords(t.language)
  return [`${t.day(day)}${happened && ` (${t('f.happened')}: ${sayHappened(own, happened)})`}`, text, links.map((link) => `${link.text || own(`link.${link.kind}`)}: ${link.url}`).join('\n')].filter(Boolean).join('\n')
}

function block(t: DeskWords, its: Block): string {
  const said = () => {
    switch (its.kind) {
      case 'text': return its.text
      case 'asks': return [...its.actions, ...its.elsewhere].join('\n')
      case 'items': return its.items.join('\n')
      case 'count': return `${its.value} ${its.unit}, ${its.who}, ${sayHappened(publishingWords(t.language), its.asOf)}\n${its.sourceUrl}`
      case 'standing': return its.handle
    }
  }
  return `[${t(`block.${its.kind}`)}] ${its.title}\n${said()}`
}

/** What has changed between two texts, by marks that are read out too. */
export function changesBetween(former: string, later: string, language: string): Html {
  return html`<div class="words" lang="${language}" dir="${directionOf(language)}">${difference(former, later).map(({ in: where, text }, place, all) => (where === 'both' ? text : where === 'former' ? html`<del>${text}</del>` : html`${all[place - 1]?.in === 'former' && ' '}<ins>${text}</ins>`))}</div>`
}
