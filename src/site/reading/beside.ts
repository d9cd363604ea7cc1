import { html, type Html } from '#platform/html/html.ts'
import { besideItem, linkIn, publishingWords, relations, linksIn, renderChronology, renderRecord, sayRelation, shownEnds, shownRecords, type Beside, type Chronology, type LinkedItem, type Rendering, type ShownRecords } from '#modules/publishing/index.ts'
import { reading, type Db } from '#platform/db.ts'
import type { Site } from '../context.ts'
import { localPath, type Frame, type PageParts } from '../look/layout.ts'
import { headOf } from './head.ts'
import { dayMark, inLanguage, itemPath, picturesIn, wordsFor } from './readable.ts'

/** What stands beside an item's text, with what its chronologies show. */
export interface ReadBeside extends Beside {
  rendering: Rendering
}

export async function readBeside(db: Db, frame: Frame, item: { id: string, beside: boolean }): Promise<ReadBeside> {
  const beside = await besideItem(db, item)
  return { ...beside, rendering: renderingOf(frame, await shownEnds(db, beside.chronologies.map(({ record }) => record.content))) }
}

function renderingOf(frame: Frame, { records, items }: Pick<ShownRecords, 'records' | 'items'>): Rendering {
  const { t, publisher } = frame
  return { language: t.language, fallback: publisher.defaultLanguage, records, actions: new Map(), items: linksIn(items, t.language, publisher.defaultLanguage, (its) => localPath(frame, itemPath(its))), ...picturesIn(frame), today: frame.today }
}

/** Other items by what they are to this one, then chronologies, then the names of those in which it has its place. */
export function besidePart(frame: Frame, { related, chronologies, within, rendering }: ReadBeside): Html | false {
  const words = wordsFor(frame)
  const groups = [false, true].flatMap((back) => relations.map((relation) => ({ heading: sayRelation(words, relation, back), its: related.filter((each) => each.relation === relation && each.back === back) })))
  // What is seen from both sides alike stands under one heading.
  const headed = [...Map.groupBy(groups.filter(({ its }) => its.length > 0), ({ heading }) => heading)]
  return (related.length > 0 || chronologies.length > 0 || within.length > 0) && html`<aside class="beside" aria-label="${frame.t('reading.beside')}">
${headed.map(([heading, all]) => html`<section><h2>${heading}</h2><ul class="bare">${all.flatMap(({ its }) => its).map(({ item }) => html`<li>${link(frame, item)}</li>`)}</ul></section>`)}
${chronologies.map(({ handle, record }) => html`<section>${titleOf(frame, handle, record.content.says)}${shown(frame, record.content, rendering)}</section>`)}
${within.length > 0 && html`<section><h2>${frame.t('reading.within')}</h2><ul class="bare">${within.map(({ handle, titles }) => html`<li>${nameOf(frame, handle, titles)}</li>`)}</ul></section>`}</aside>`
}

function link(frame: Frame, item: LinkedItem): Html {
  const its = linkIn(item, frame.t.language, frame.publisher.defaultLanguage, localPath(frame, itemPath(item)))
  return html`<p class="kind">${its.kind} · ${dayMark(frame, item.date)}</p><a href="${its.path}"${inLanguage(frame, its.language)}>${its.title}</a>`
}

function nameIn({ t, publisher }: Frame, titles: Record<string, { title: string }>): { title: string, language: string } | undefined {
  const language = [t.language, publisher.defaultLanguage, ...Object.keys(titles)].find((each) => titles[each])
  return language === undefined ? undefined : { title: titles[language]!.title, language }
}

function nameOf(frame: Frame, handle: string, titles: Record<string, { title: string }>): Html | undefined {
  const its = nameIn(frame, titles)
  return its && html`<a href="${localPath(frame, `/chronologies/${handle}`)}"${inLanguage(frame, its.language)}>${its.title}</a>`
}

function titleOf(frame: Frame, handle: string, titles: Record<string, { title: string }>): Html {
  return html`<h2>${nameOf(frame, handle, titles)}</h2>`
}

function shown(frame: Frame, its: Chronology, rendering: Rendering): Html | undefined {
  const words = publishingWords(frame.t.language)
  return renderChronology(words, its, rendering, (kind, handle) => renderRecord(words, rendering, kind, handle))
}

/** The names of chronologies about a place or topic, with how many entries each has: they can be long. */
export function chronologiesPart(frame: Frame, all: { handle: string, titles: Record<string, { title: string }>, count: number }[]): Html | false {
  return all.length > 0 && html`<section aria-labelledby="chronologies"><h2 id="chronologies">${frame.t('reading.chronologies')}</h2><ul class="bare">${all.map(({ handle, titles, count }) => html`<li>${nameOf(frame, handle, titles)} <small>${frame.t('reading.entries', { count })}</small></li>`)}</ul></section>`
}

/** A chronology alone. Nothing where none is public under this handle, or nothing of it can be seen. */
export async function chronologyPage(site: Site, frame: Frame, handle: string): Promise<PageParts | undefined> {
  const read = await reading(site.db, async (tx) => {
    const found = await shownRecords(tx, [{ kind: 'chronology', handle }])
    const record = found.records.get(`chronology ${handle}`)
    return record?.kind === 'chronology' ? { its: record.content, rendering: renderingOf(frame, found) } : undefined
  })
  const name = read && nameIn(frame, read.its.says)
  const body = read && shown(frame, read.its, read.rendering)
  if (!name || !body) return undefined
  const path = `/chronologies/${handle}`
  return {
    title: name.title, path, reading: true, head: headOf(site, frame, { path, title: name.title, description: read.its.says[name.language]?.about ?? '', language: name.language, type: 'CollectionPage' }),
    body: html`<article class="reading item"><p class="kind">${frame.t('reading.chronology')}</p><h1${inLanguage(frame, name.language)}>${name.title}</h1>${name.language !== frame.t.language && html`<div class="notice"><p>${frame.t('reading.other-language', { language: frame.t.languageName(name.language) })}</p></div>`}${body}</article>`,
  }
}
