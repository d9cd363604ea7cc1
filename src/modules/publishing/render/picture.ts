import { html, type Html } from '#platform/html/html.ts'
import { directionOf } from '#platform/words.ts'
import type { ItemWords } from '../item.ts'
import { creditOf, plainFile, pictureLacks, type Picture } from '../picture.ts'
import { sayHappened } from '../say.ts'
import { publishingWords, type PublishingWords } from '../words/index.ts'

/** What a picture is rendered with. */
export interface PictureRendering {
  /** The language that the words are in. */
  language: string
  /** The language of the page around the text, where it is not the text's own: what we say ourselves is said in it. */
  around?: string
  /** The one that is taken for what is missing in it. */
  fallback: string
  /** The address of a page of ours in the reader's language. */
  localPath: (path: string) => string
  /** Where a file is fetched by its hash. */
  filePath: (hash: string) => string
  /** Where an item's file is fetched; without it none are offered. */
  documentPath?: (document: ItemWords['documents'][number]) => string
  /** A feed, letter or the like: nothing in it waits for a click. */
  still?: boolean
  /** Only words: what pictures show is said instead. */
  wordsOnly?: boolean
}

/**
 * A picture with its credit. One that can hurt to see is veiled: nothing but a blurred small one is loaded before somebody asks, by a page of its own or, with a script, in its place.
 * `asked` shows it.
 */
export function renderPicture(handle: string, its: Picture, rendering: PictureRendering, { first = false, asked = false }: { first?: boolean, asked?: boolean } = {}): Html | undefined {
  const plain = plainFile(its)
  if (!plain || pictureLacks(its).length > 0) return undefined
  const around = rendering.around ?? rendering.language
  const t = publishingWords(around)
  const ours = lang(around, rendering)
  const said = saidOf(its, rendering)
  const caption = html`<figcaption>${said?.caption && html`<span${lang(said.language, rendering)}>${said.caption}</span> `}<small${ours}>${facts(t, its, said, around).map((each, place) => html`${place > 0 && ' · '}${each}`)}</small></figcaption>`
  if (rendering.wordsOnly) return html`<figure class="picture">${said?.alt && html`<p${ours}>${t.html('picture.said', { alt: html`<bdi${lang(said.language, { language: around })}>${said.alt}</bdi>` })}</p>`}${caption}</figure>`
  if (its.sensitive.length === 0 || asked) return html`<figure class="picture">${pictureTag(its, plain, said, rendering, first)}${caption}</figure>`
  const veil = its.files.find(({ use }) => use === 'veil')
  const shows = t('picture.veiled', { what: t.list(its.sensitive.map((each) => t(`sensitive.${each}`))) })
  return html`<figure class="picture veiled"><p><a href="${rendering.localPath(`/pictures/${handle}`)}"${!rendering.still && html` data-veil`}>${veil && !rendering.still && html`<img src="${rendering.filePath(veil.hash)}" width="${plain.width}" height="${plain.height}" alt="">`}<span${ours}>${shows} <b>${t('picture.show')}</b></span>${!rendering.still && html`<template>${pictureTag(its, plain, said, rendering, true)}</template>`}</a></p>${caption}</figure>`
}

interface Said {
  language: string
  alt: string
  caption: string
  place: string
}

/** What is said of a picture: in the reader's language, in the text's, or in another one where there is nothing in these. */
function saidOf({ says }: Picture, { language, around = language, fallback }: Pick<PictureRendering, 'language' | 'around' | 'fallback'>): Said | undefined {
  const chosen = [around, language, fallback, ...Object.keys(says)].find((each) => says[each] !== undefined)
  return chosen === undefined ? undefined : { language: chosen, ...says[chosen]! }
}

function facts(t: PublishingWords, its: Picture, said: Said | undefined, around: string): Html[] {
  return [
    t.html('picture.credit', { credit: html`<bdi>${creditOf(its)}</bdi>` }), said?.place && html`<bdi${lang(said.language, { language: around })}>${said.place}</bdi>`, its.takenOn && html`${sayHappened(t, its.takenOn)}`, its.licence && t.html('picture.licence', { licence: html`<bdi>${its.licence}</bdi>` }),
  ].filter((each) => each !== '' && each !== undefined)
}

function pictureTag(its: Picture, plain: Picture['files'][number], said: Said | undefined, rendering: PictureRendering, first: boolean): Html {
  const sources = (['image/avif', 'image/webp'] as const).map((type) => {
    const files = its.files.filter(({ use, mediaType }) => use === 'shown' && mediaType === type)
    return files.length > 0 && html`<source type="${type}" srcset="${files.map(({ hash, width }) => `${rendering.filePath(hash)} ${width}w`).join(', ')}" sizes="(min-width:56rem) 42rem, 100vw">`
  })
  const image = html`<img src="${rendering.filePath(plain.hash)}" width="${plain.width}" height="${plain.height}" alt="${its.decorative ? '' : said?.alt ?? ''}"${said && !its.decorative && lang(said.language, rendering)}${!first && html` loading="lazy" decoding="async"`}>`
  return rendering.still ? image : html`<picture>${sources}${image}</picture>`
}

function lang(language: string, rendering: Pick<PictureRendering, 'language'>): Html | false {
  return language !== rendering.language && html` lang="${language}" dir="${directionOf(language)}"`
}
