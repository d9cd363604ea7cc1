import type { LinkKind } from '../lexicon/phrases.ts'
import type { Finding } from '../lint/finding.ts'

/** A link in a block's text, from and to a place in it. */
export interface Anchor {
  start: number
  end: number
  /** Null where the address was lost. */
  href: string | null
}

/** One block of a page as a reader found it: a paragraph, heading, item of a list or quotation. Lines within it are kept. */
export interface Block {
  text: string
  anchors: Anchor[]
  /** 1 to 6 for a heading, 0 for what is none. */
  level: number
  role: 'text' | 'item' | 'quote' | 'caption'
  /** The line of the file on which it begins, from 1; 0 where there are no lines. */
  line: number
  /** Those that stand behind its words. */
  pictures?: Picture[]
}

export interface Picture {
  /** The name of the file among those that were given, or the address that was left out. */
  source: string
  given: boolean
  alt: string
  caption: string
  /** Of one that was given. */
  bytes?: Buffer | undefined
  /** How many blocks stand before it. */
  block?: number
}

/** One page of what is imported, read by any of the readers, before the grammar. */
export interface Page {
  file: string
  /** Its old address, where the file says it. */
  url: string | null
  /** Its language, where the file says it. */
  language: string | null
  blocks: Block[]
  pictures: Picture[]
  findings: Finding[]
  /** What is known of a page that is one item: from a feed, an export or a table. */
  item: PageItem | null
}

export interface PageItem {
  title: string
  /** What it is filed under, in words: kinds and labels where they are any. */
  categories: string[]
  /** Its day, where the source says it for machines. */
  date: string | null
  /** Its date as somebody typed it. */
  written?: string
  /** The source's own key; empty where it has none. */
  key: string
  links?: { kind: LinkKind, href: string }[]
  /** What kept it from readers where it comes from, in the source's word: `draft`, `private`. */
  notPublic?: string
}
