import { z } from 'zod'
import { isDay } from '#platform/days.ts'
import { block } from './block.ts'
import { isHappened } from './happened.ts'
import { kindFields } from './kinds.ts'

/** What an item is. An 'about' item is what the page of a place or topic says of itself. */
export const itemKinds = ['about', 'news', 'urgent-action', 'press-release', 'report', 'blog-post', 'questions-and-answers', 'letter', 'joint-statement', 'explainer', 'education', 'course', 'event', 'page', 'campaign'] as const
export type ItemKind = (typeof itemKinds)[number]

/** Kinds that staff choose from. */
export const chosenKinds = itemKinds.filter((kind) => kind !== 'about')

/** What is said of a kind besides: "Good news · Urgent action · Update" is one kind and two labels. */
export const itemLabels = ['good-news', 'sad-news', 'joint', 'open', 'update', 'outcome'] as const
export type ItemLabel = (typeof itemLabels)[number]

export const linkKinds = ['read-more', 'take-action', 'download', 'course'] as const
export type LinkKind = (typeof linkKinds)[number]

const day = z.string().refine(isDay)
const happened = z.union([z.literal(''), z.string().refine(isHappened)])
/** A page elsewhere, or one of ours by its path. */
const address = z.string().max(2000).refine((text) => /^https?:\/\/[^\s/]/i.test(text) || /^\/(?!\/)\S*$/.test(text))

export const paragraph = z.object({
  /** Its permalink ends with this: it stays the same in every version and language. */
  id: z.string().regex(/^[a-z0-9-]{1,40}$/),
  /** The day on which it was published; the first that it can have been where nobody knows it. */
  day,
  /** As much as is known of that day, as EDTF, where it is not the day itself. */
  roughly: happened.optional(),
  /** When what it tells happened, as EDTF, where somebody has said so. */
  happened: happened.default(''),
  text: z.string().max(20_000),
  links: z.array(z.object({ kind: z.enum(linkKinds), url: address, text: z.string().max(200).default('') })).max(20).default([]),
})
export type Paragraph = z.infer<typeof paragraph>

/** All texts of an item in one language. */
export const itemWords = z.object({
  title: z.string().max(300),
  summary: z.string().max(2000).default(''),
  /** The handle of the picture that stands before the text. */
  picture: z.union([z.literal(''), z.string().regex(/^[a-z0-9]+(-[a-z0-9]+)*$/).max(60)]).default(''),
  /** Markdown with directives. A thread has paragraphs instead. */
  body: z.string().max(500_000).default(''),
  labels: z.array(z.enum(itemLabels)).max(6).default([]),
  happened: happened.default(''),
  /** The day on which it was first published elsewhere, where that was before it came here. */
  publishedOn: z.union([z.literal(''), day]).default(''),
  /** As much as is known of that day, as EDTF, where it is not the day itself: it is the first that this can mean then. */
  publishedRoughly: happened.default(''),
  /** It was public elsewhere before, and nobody has said when: until then it does not become public, for it would stand here as new. */
  undated: z.boolean().default(false),
  paragraphs: z.array(paragraph).max(500).refine((all) => new Set(all.map(({ id }) => id)).size === all.length).default([]),
  /** What the page of a campaign is made of, in its order. */
  blocks: z.array(block).max(60).refine((all) => new Set(all.map(({ id }) => id)).size === all.length).default([]),
  /** Whom a press release names to turn to: by role, and by name where they want that. Those of a place or topic are kept beside it (`places/contacts.ts`). */
  contacts: z.array(z.object({ role: z.string().max(200), name: z.string().max(200).default('') })).max(20).default([]),
  ...kindFields,
})
export type ItemWords = z.infer<typeof itemWords>

/** Where words contradict themselves though each of them can be read: news that is good and sad; one that signed twice, for they are counted. */
export function contradictions({ labels, signatories }: Pick<ItemWords, 'labels' | 'signatories'>): ('labels' | 'signatories')[] {
  const signed = new Set(signatories.map(({ name, country }) => `${name.toLowerCase()} ${country}`))
  return [...(labels.includes('good-news') && labels.includes('sad-news') ? ['labels' as const] : []), ...(signed.size < signatories.length ? ['signatories' as const] : [])]
}

/** What is true of an item in all its languages, for staff and for everybody. */
export interface ItemFacts {
  id: string
  slug: string
  kind: ItemKind
  /** A thread of the digest: paragraphs under one headline. */
  thread: boolean
  /** The place or topic whose page this is the text of. */
  subjectId: string | null
  pinned: boolean
  checkedOn: string | null
  archivedAt: Date | null
  /** Ids of the places and topics that it is about. */
  subjects: string[]
}

/** Words with nothing in them but what is given. */
export function wordsWith(given: Partial<ItemWords>): ItemWords {
  return itemWords.parse({ title: '', ...given })
}

/** The newest paragraph first; of one day, the later one in the text. */
export function newestFirst(paragraphs: Paragraph[]): Paragraph[] {
  return paragraphs.map((each, place) => ({ each, place })).toSorted((a, b) => b.each.day.localeCompare(a.each.day) || a.place - b.place).map(({ each }) => each)
}

/** When a paragraph was published, as exactly as it is known. */
export function dateOf({ day, roughly }: Pick<Paragraph, 'day' | 'roughly'>): string {
  return roughly || day
}

/** The date under which these words, of one item, stand in a list by this day: as exactly as it is known, and no more. */
export function knownDate(day: string, all: ItemWords[]): string {
  const known = all.flatMap(({ publishedOn, publishedRoughly, paragraphs }) => (publishedOn === day ? [publishedRoughly] : paragraphs.flatMap((each) => (each.day === day ? [each.roughly ?? ''] : []))))
  return known.length > 0 && !known.includes('') ? known[0]! : day
}

/** The day that a thread stands under: that of its newest paragraph. */
export function newestDay(words: ItemWords): string | undefined {
  return words.paragraphs.map(({ day: each }) => each).toSorted().at(-1)
}
