import { html, raw, type Html } from '#platform/html/html.ts'
import { publisherTexts } from '#modules/publisher/index.ts'
import { creditOf, plainFile, type Picture } from '#modules/publishing/index.ts'
import { cardOf, pictureTags } from '../cards.ts'
import type { Site } from '../context.ts'
import { ownPath, type Frame } from '../look/layout.ts'

export interface Head {
  path: string
  title: string
  description: string
  /** The language of the words. */
  language: string
  published?: Date
  updated?: Date
  /** The address below which its feeds are. */
  feeds?: string
  /** What it is to schema.org. */
  type: 'CollectionPage' | 'NewsArticle' | 'Article' | 'Report'
  corrections?: string[]
  picture?: Picture
  /** The version of the words: it has a card where there is no picture. */
  revision?: string
  /** What is said of its kind besides; its own `@type` stands for the usual one. */
  more?: object
}

/** What a page says of itself to machines: as schema.org knows it, for link previews, and where its feeds are. */
export function headOf(site: Site, frame: Frame, head: Head): Html {
  const { t, publisher } = frame
  const url = `${site.origin}${ownPath(frame, head.path)}`
  const name = publisherTexts(publisher, t.language).name
  const facts = {
    '@context': 'https://schema.org', '@type': head.type, url, [head.type === 'CollectionPage' ? 'name' : 'headline']: head.title, description: head.description || undefined, inLanguage: head.language,
    datePublished: head.published, dateModified: head.updated, publisher: { '@type': 'Organization', name, url: site.origin },
    ...(head.picture && !frame.off.has('images') && { image: imageFacts(site, head.picture, head.language) }),
    ...head.more,
    ...(head.corrections?.length && { correction: head.corrections }),
  }
  const card = head.picture?.files.find(({ use }) => use === 'card')
  const shared = card && head.picture ? { url: `${site.origin}/files/${card.hash}`, width: card.width, height: card.height, alt: head.picture.says[head.language]?.alt || head.title } : cardOf(site, head.revision ?? `house-${t.language}`, `${head.title} – ${name}`)
  return html`<link rel="canonical" href="${url}"><meta property="og:title" content="${head.title}"><meta property="og:type" content="${head.type === 'CollectionPage' ? 'website' : 'article'}"><meta property="og:url" content="${url}">
<meta property="og:site_name" content="${name}">${head.description && html`<meta property="og:description" content="${head.description}">`}<meta property="og:locale" content="${head.language}">${!frame.off.has('images') && pictureTags(shared)}
${head.feeds !== undefined && html`<link rel="alternate" type="application/atom+xml" title="${head.title}" href="${ownPath(frame, `${head.feeds}/feed.atom`)}"><link rel="alternate" type="application/feed+json" title="${head.title}" href="${ownPath(frame, `${head.feeds}/feed.json`)}">`}
<script type="application/ld+json">${raw(JSON.stringify(facts).replace(/</g, '\\u003c'))}</script>`
}

function imageFacts(site: Site, picture: Picture, language: string): object {
  const file = plainFile(picture)!
  const said = picture.says[language]
  return { '@type': 'ImageObject', contentUrl: `${site.origin}/files/${file.hash}`, width: file.width, height: file.height, creditText: creditOf(picture), caption: said?.caption || said?.alt || undefined, license: /^https?:/.test(picture.licence) ? picture.licence : undefined }
}
