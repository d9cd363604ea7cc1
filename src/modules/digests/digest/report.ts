import type { FoundDate } from '../lexicon/dates.ts'
import type { Finding } from '../lint/finding.ts'
import type { LinkKind } from '../lexicon/phrases.ts'

/** A link of a thread. */
export interface ThreadLink {
  kind: LinkKind
  text: string
  /** Null where the address was lost on the way, as in plain text. */
  href: string | null
  /** The paragraph that it belongs to, from 0; null for one of the whole thread. */
  paragraph: number | null
  /** Where its words begin in the paragraph's text; null for one that stands apart. */
  at: number | null
}

export interface Paragraph {
  text: string
  role: 'text' | 'heading' | 'item' | 'quote' | 'caption'
  /** Its own date, if it has one, in EDTF. */
  date: string | null
  /** The day of what it tells, where it begins with one ("On 24 March 2024, …"), in EDTF. */
  happened: string | null
}

/** One entry of a digest: a headline over dated paragraphs. */
export interface Thread {
  title: string
  kind: string | null
  labels: string[]
  /** In EDTF; null where there is none, or where only a person can know. */
  date: string | null
  paragraphs: Paragraph[]
  links: ThreadLink[]
  findings: Finding[]
}

/** Where a thread came from, for importing it once: never part of what is reported. */
export interface Origin {
  file: string
  url: string | null
  /** The source's own key of an item; null where it has none. */
  itemKey: string | null
  /** Whether it stood as an entry, with a label, under a header of its own. */
  entry: boolean
  language: string | null
  /** Pictures that were given with it, and how many paragraphs stand before each. */
  pictures: { source: string, alt: string, caption: string, bytes: Buffer | undefined, at: number }[]
  /** Its date as it stands there. */
  written: string
  /** A date without a year, to be worked out from its neighbours. */
  yearless: FoundDate | null
  /** Whether the labels say first how it is or what it is, where there are both. */
  labelOrder: 'tone-first' | 'kind-first' | null
  line: number
  /** The line of each paragraph and of each link, as far as they have one. */
  lines: number[]
  linkLines: number[]
}

export interface DigestReport {
  threads: Thread[]
  findings: Finding[]
}
