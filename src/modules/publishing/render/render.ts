import { html, raw, type Html } from '#platform/html/html.ts'
import type { Block } from '../block.ts'
import type { Chronology } from '../chronology.ts'
import { newestFirst, type ItemWords, type Paragraph } from '../item.ts'
import { saysIn, type Demand, type Figure, type Notice, type Quote, type RecordContent, type StandingText } from '../record.ts'
import { sayHappened } from '../say.ts'
import { publishingWords, type PublishingWords } from '../words/index.ts'
import { renderWith, type Directive } from './directives.ts'
import { figureAlone, figureSources, figureWithin, lang, source } from './figures.ts'
import { renderElsewhere, renderMeasure, renderProceeding } from './matters.ts'
import { renderFacts, renderMore, type Around } from './kinds.ts'
import { renderChronology, type ShownLink } from './chronology.ts'
import { renderNotice } from './notice.ts'
import { renderPicture, type PictureRendering } from './picture.ts'

/** An action as a text shows it. */
export interface ShownAction {
  title: string
  path: string
  open: boolean
}

/** What a text is rendered with. The same for a page, a feed and a preview. */
export interface Rendering extends PictureRendering {
  /** Records by "kind handle". What is not among them is not shown. */
  records: ReadonlyMap<string, RecordContent>
  actions: ReadonlyMap<string, ShownAction>
  /** Items that chronologies lead to, by their ids; and those of a campaign's blocks, by their slugs. */
  items?: ReadonlyMap<string, ShownLink>
  /** The day that it is for the publisher: a hearing that is past is not announced. */
  today: string
  /** The page, without a fragment, that says where the figures within this text's sentences are from: '' for the one it stands on. Without it they lead nowhere. */
  figuresAt?: string
}

export interface RenderedItem {
  /** The picture that stands before the text. */
  lead: Html | false
  /** Before the text: when and where an event is, what a course takes. */
  facts: Html | false
  /** After the text: questions and answers, signatories, notes to editors. */
  more: Html | false
  /** What its notices warn of. */
  warns: Notice['about']
  /** What comes before everything else, wherever the author wrote it. */
  notices: Html[]
  body: Html
  /** Of a campaign's page what its blocks say themselves, by their ids. What they refer to is for the page to show. */
  blocks: Map<string, Html>
  /** The same blocks as one text with all that they refer to, for what is no page: feeds and previews. */
  readonly blocksAlone: Html | false
  /** The newest first. */
  paragraphs: RenderedParagraph[]
  /** Where the figures are from that stand within sentences: of everything, for its own page; or of these paragraphs alone, where only they are shown among others. */
  figures: (paragraphs?: RenderedParagraph[]) => Html | false
}

type RenderedParagraph = Paragraph & { readonly html: Html, shownLinks: Html | false, readonly figures: ReadonlyMap<string, Figure> }

/** What of an item's words is rendered. */
export type RenderedWords = Pick<ItemWords, 'title' | 'body' | 'paragraphs' | 'picture' | 'event' | 'course' | 'copublishers' | 'questions' | 'signatories' | 'editors' | 'contacts' | 'documents' | 'blocks'>

/** The words of an item as HTML. A reference to what is not there becomes the words "no longer available", and never what was written. */
export function renderItem(words: RenderedWords, rendering: Rendering): RenderedItem {
  const t = publishingWords(rendering.language)
  const around = aroundOf(rendering)
  const notices: Html[] = []
  const warns = new Set<Notice['about'][number]>()
  const showing = (figures: Map<string, Figure>) => (directive: Directive): Html => {
    for (const handle of directive.kind === 'figure' && directive.inline ? directive.handles : []) {
      const record = rendering.records.get(`figure ${handle}`)
      if (record?.kind === 'figure') figures.set(handle, record.content)
    }
    const shown = directive.handles.map((handle) => one(t, rendering, directive, handle))
    if (directive.kind === 'notice' && !directive.inline) {
      notices.push(...shown)
      for (const handle of directive.handles) {
        const record = rendering.records.get(`notice ${handle}`)
        if (record?.kind === 'notice') for (const each of record.content.about) warns.add(each)
      }
      return html``
    }
    return directive.kind === 'demand' ? html`<ul class="demands">${shown.map((each) => html`<li>${each}</li>`)}</ul>` : html`${shown}`
  }
  const figures = new Map<string, Figure>()
  const show = showing(figures)
  const body = raw(renderWith(words.body, show))
  const blocks = new Map(words.blocks.flatMap((each): [string, Html][] => (each.kind === 'text' ? [[each.id, raw(renderWith(each.text, show))]] : each.kind === 'standing' ? [[each.id, one(t, rendering, { kind: 'text', handles: [each.handle], inline: false }, each.handle)]] : each.kind === 'count' ? [[each.id, countOf(around, each)]] : each.kind === 'asks' ? [[each.id, html`${each.elsewhere.flatMap((handle) => renderRecord(t, rendering, 'elsewhere', handle) ?? [])}`]] : [])))
  const lead = rendering.records.get(`image ${words.picture}`)
  const more = renderMore(around, words, rendering, (text) => raw(renderWith(text, show)))
  const paragraphs = newestFirst(words.paragraphs).map((each) => {
    // A list shows the newest of many: what nobody looks at is not rendered. A notice comes before everything else, wherever it stands.
    const within = new Map<string, Figure>()
    const make = () => raw(renderWith(each.text, showing(within)))
    let made = each.text.includes('::notice') ? make() : undefined
    return { ...each, get html() { return made ??= make() }, get figures() { made ??= make(); return within }, shownLinks: links(around, each, words.title, rendering) }
  })
  return {
    lead: lead?.kind === 'image' && (renderPicture(words.picture, lead.content, rendering, { first: true }) ?? false), facts: renderFacts(around, words), notices, body, blocks, more, get blocksAlone() { return words.blocks.length > 0 && blocksAlone(t, words.blocks, blocks, rendering) }, paragraphs, warns: [...warns],
    figures: (shown) => figureSources(around, new Map([...(shown ? [] : figures), ...(shown ?? paragraphs).flatMap((each) => [...each.figures])]), rendering, shown ? 'list' : 'page'),
  }
}

function blocksAlone(t: PublishingWords, all: Block[], said: Map<string, Html>, rendering: Rendering): Html {
  const items = (slugs: string[]) => html`<ul>${slugs.flatMap((slug) => rendering.items?.get(slug) ?? []).map((its) => html`<li>${its.kind} · <a href="${its.path}"${lang(its.language, rendering)}><bdi>${its.title}</bdi></a></li>`)}</ul>`
  return html`${all.map((each) => html`<section>${each.title && html`<h3>${each.title}</h3>`}${each.kind === 'asks' && each.actions.filter((slug) => rendering.actions.has(slug)).map((slug) => one(t, rendering, { kind: 'action', handles: [slug], inline: false }, slug))}${each.kind === 'items' ? items(each.items) : said.get(each.id)}</section>`)}`
}

/** What another organisation counts: never without who, where and when. */
function countOf({ t, ours, own }: Around, its: Extract<Block, { kind: 'count' }>): Html {
  const theirs = (text: string) => (own ? html`<bdi${own}>${text}</bdi>` : html`${text}`)
  return html`<p class="figure"${ours}><b>${t.html('count.by', { number: html`${t.number(its.value)}`, unit: theirs(its.unit) })}</b><small><a href="${its.sourceUrl}" rel="noreferrer">${t.html('count.who', { who: theirs(its.who) })}</a> ${t('figure.as-of', { when: sayHappened(t, its.asOf) })}</small></p>`
}

/** Links by what they lead to. Of a link to elsewhere the page says where that is; one of ours stays in the reader's language, and is named apart from those of other threads on the page. */
function links({ t, ours }: Around, { links: all }: Paragraph, title: string, rendering: Rendering): Html | false {
  return all.length > 0 && html`<p class="more">${all.map(({ kind, url, text }) => {
    const own = url.startsWith('/')
    const what = text || t(`link.${kind}`)
    const host = own ? undefined : new URL(url).hostname
    return html`<a href="${own ? rendering.localPath(url) : url}"${!own && html` rel="noreferrer"`}${kind === 'take-action' && html` class="act"`}${!text && ours}${own && !text && html` aria-label="${t('link.of', { what, title })}"`}>${host === undefined ? what : t('link.at', { what, where: host })}</a> `
  })}</p>`
}

function one(t: PublishingWords, rendering: Rendering, { kind, inline, begins = false, linked = false }: Directive, handle: string): Html {
  const gone = inline ? html`<span class="gone">${t('unavailable')}</span>` : html`<p class="gone">${t('unavailable')}</p>`
  if (kind === 'action') {
    const action = rendering.actions.get(handle)
    return action ? html`<p class="call"><a class="plain" href="${action.path}"><bdi>${action.title}</bdi></a> <span>${action.open ? t('action.go') : t('action.over')}</span></p>` : gone
  }
  const record = rendering.records.get(`${kind} ${handle}`)
  if (!record) return gone
  switch (record.kind) {
    case 'figure': return (inline ? figureWithin(t, handle, record.content, { rendering, begins, linked }) : figureAlone(t, record.content, rendering)) ?? gone
    case 'quote': return quote(t, record.content, rendering) ?? gone
    case 'demand': return renderDemand(t, record.content, rendering) ?? gone
    case 'notice': return renderNotice(aroundOf(rendering), handle, record.content, rendering.fallback) ?? gone
    case 'text': return standingText(record.content, rendering) ?? gone
    case 'measure': return renderMeasure(t, record.content, rendering) ?? gone
    case 'proceeding': return renderProceeding(t, record.content, rendering, rendering.today) ?? gone
    case 'elsewhere': return renderElsewhere(t, record.content, rendering) ?? gone
    case 'image': return renderPicture(handle, record.content, rendering) ?? gone
    case 'chronology': return chronologyWithin(t, record.content, rendering) ?? gone
  }
}

/** A chronology under its name. What its entries show of records is the same as in a text. */
function chronologyWithin(t: PublishingWords, its: Chronology, rendering: Rendering): Html | undefined {
  const shown = renderChronology(t, its, rendering, (kind, handle) => renderRecord(t, rendering, kind, handle))
  const found = saysIn(its.says, rendering.language, rendering.fallback)
  return shown && html`<section class="beside">${found && html`<h3${lang(found.language, rendering)}>${found.said.title}</h3>`}${shown}</section>`
}

/** A record as it stands in a text on a line of its own; nothing where it is not public. */
export function renderRecord(t: PublishingWords, rendering: Rendering, kind: string, handle: string): Html | undefined {
  return rendering.records.has(`${kind} ${handle}`) ? one(t, rendering, { kind, handles: [handle], inline: false }, handle) : undefined
}

/** The language of the page, and how its words and the text's own are marked where they differ. */
function aroundOf({ language, around = language }: Pick<Rendering, 'language' | 'around'>): Around {
  return { t: publishingWords(around), ours: lang(around, { language }), own: lang(language, { language: around }) }
}

function quote(t: PublishingWords, { says, on, sourceUrl }: Quote, rendering: Rendering): Html | undefined {
  const found = saysIn(says, rendering.language, rendering.fallback)
  if (!found) return undefined
  const { text, speaker, role, source: from } = found.said
  const where = [speaker, role, on && sayHappened(t, on)].filter(Boolean)
  return html`<figure class="quote"><blockquote${lang(found.language, rendering)}><p>${text}</p></blockquote><figcaption>${where.map((each, place) => html`${place > 0 && t('comma')} <bdi>${each}</bdi>`)}${from && html`${t('comma')} ${source(from, sourceUrl)}`}${!from && sourceUrl && html`${t('comma')} ${source(t('quote.source'), sourceUrl)}`}</figcaption></figure>`
}

/** One demand: what, of whom, on what ground, and what has come of it. */
export function renderDemand(t: PublishingWords, its: Demand, rendering: Pick<Rendering, 'language' | 'fallback'>): Html | undefined {
  const found = saysIn(its.says, rendering.language, rendering.fallback)
  if (!found) return undefined
  const { text } = found.said
  // What nobody has translated yet is said in another language, and is not missing.
  const [basis, alsoCalled, evidence] = (['basis', 'alsoCalled', 'evidence'] as const).map((name) => found.said[name] || apart([rendering.fallback, ...Object.keys(its.says)].map((language) => its.says[language]?.[name]).find(Boolean)))
  const to = addressees(its, rendering)
  return html`<p class="asked"${lang(found.language, rendering)}>${text}</p><p class="fine">${[
    to.length > 0 && t('demand.to', { who: t.list(to) }), basis && t('demand.basis', { basis }), its.firstMade && t('demand.first', { day: t.day(its.firstMade) }),
    its.reiterated.length > 0 && t('demand.again-on', { days: t.list(its.reiterated.map((day) => t.day(day))) }), alsoCalled && t('demand.also', { who: alsoCalled }),
  ].filter(Boolean).map((each) => html`<span>${each}.</span> `)}${its.status !== 'made' && html`<b class="state">${t(`demand.${its.status}`)}</b>`}${evidence && html` ${source(t('demand.evidence', { evidence }), its.statusUrl)}`}</p>`
}

/** Words of another language within a line, each in its own direction. */
function apart(text: string | undefined): string | undefined {
  return text === undefined ? undefined : `\u2068${text}\u2069`
}

/** Whom a demand is addressed to, by name. */
export function addressees(its: Demand, { language, fallback }: Pick<Rendering, 'language' | 'fallback'>): string[] {
  return its.addressees.flatMap(({ names }) => names[language] ?? names[fallback] ?? Object.values(names)[0] ?? [])
}

/** Written once, and a text itself: but what it refers to in its turn is not followed, so that none can hold itself. */
function standingText({ says }: StandingText, rendering: Rendering): Html | undefined {
  const found = saysIn(says, rendering.language, rendering.fallback)
  return found && html`<aside class="standing"${lang(found.language, rendering)}>${found.said.title && html`<h3>${found.said.title}</h3>`}${raw(renderWith(found.said.text, () => html``))}</aside>`
}
