import { html, type Html } from '#platform/html/html.ts'
import { directionOf } from '#platform/words.ts'
import { dateOf, difference, newestFirst, publishingWords, sayDate, sayHappened, type Block, type ItemWords, type Paragraph } from '#modules/publishing/index.ts'
import type { DeskWords, FieldName } from '../words/index.ts'

/** A part of what an item says: what it is called, and what it says. */
export interface Said {
  key: string
  name: string
  text: string
  /** What stands between the two where it does not say by itself what it is. */
  lead?: ': ' | ':\n'
}

/** All that an item says as one text, for comparing: nothing that somebody typed is left out, and what is not said in words is named. */
export function whole(t: DeskWords, words: ItemWords): string {
  return partsOf(t, words).map(({ name, text, lead }) => (lead ? `${name}${lead}${text}` : text)).join('\n\n')
}

/** The same in its parts, those that say something. */
export function partsOf(t: DeskWords, words: ItemWords): Said[] {
  const own = publishingWords(t.language)
  const { event, course } = words
  const part = (name: FieldName, text: string, lead?: Said['lead']): Said => ({ key: name, name: t(`f.${name}`), text, lead })
  const lines = (all: (string | false | null)[]) => all.filter(Boolean).join('\n')
  const named = (name: FieldName, said: string | number | null) => said !== '' && said !== null && `${t(`f.${name}`)}: ${said}`
  const all: (Said | null)[] = [
    part('title', words.title), part('standfirst', words.summary), part('lead_picture', words.picture, ': '), part('item_body', words.body),
    ...newestFirst(words.paragraphs).map((each) => ({ key: `paragraph ${each.id}`, name: sayDate(own, dateOf(each)), text: paragraph(t, each) })), ...words.blocks.map((each) => ({ key: `block ${each.id}`, name: t(`block.${each.kind}`), text: block(t, each) })),
    event && { key: 'event', name: own('kind.event'), text: lines([named('event_starts', event.starts.replace('T', ' ')), named('event_ends', event.ends.replace('T', ' ')), named('event_zone', event.zone), named('event_place', event.place), named('event_online', event.online), event.cancelled && t('f.event_cancelled')]) },
    course && { key: 'course', name: own('kind.course'), text: lines([named('course_minutes', course.minutes), named('course_price', course.price), named('course_provider', course.provider), named('course_url', course.url), named('course_language', course.language)]) },
    ...words.questions.map(({ id, question, answer }) => ({ key: `question ${id}`, name: t('f.questions'), text: `## ${question}\n\n${answer}` })),
    part('signatories', lines(words.signatories.map(({ name, country }) => (country ? `${name}; ${country}` : name))), ':\n'), part('copublishers', lines(words.copublishers), ':\n'), part('editors', words.editors, ':\n'),
    part('contacts', lines(words.contacts.map(({ role, name }) => (name ? `${role}: ${name}` : role))), ':\n'), ...words.documents.map(({ id, title, language }) => ({ key: `document ${id}`, name: t('documents.title'), text: `${title} (${t.languageName(language)})` })),
    part('labels', t.list(words.labels.map((label) => own(`label.${label}`))), ': '), part('happened', words.happened && sayHappened(own, words.happened), ': '), part('published_on', words.publishedOn && sayDate(own, words.publishedRoughly || words.publishedOn), ': '),
  ]
  return all.filter((each) => each !== null && each.text !== '') as Said[]
}

function paragraph(t: DeskWords, each: Paragraph): string {
  const { happened, text, links } = each
  const own = publishingWords(t.language)
  return [`${sayDate(own, dateOf(each))}${happened && ` (${t('f.happened')}: ${sayHappened(own, happened)})`}`, text, links.map((link) => `${link.text || own(`link.${link.kind}`)}: ${link.url}`).join('\n')].filter(Boolean).join('\n')
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
