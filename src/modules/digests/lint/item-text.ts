import type { Db } from '#platform/db.ts'
import type { ItemKind, ItemWords } from '#modules/publishing/index.ts'
import { houseOf, type House } from '../digest/known-names.ts'
import type { Finding } from './finding.ts'
import { ignoredAt } from './ignored.ts'
import { lint } from './lint.ts'
import type { HouseStyle, Known, Role } from './text.ts'

/** One of an item's texts: its title, its summary, its body, its questions with their answers, its notes to editors, or one of its paragraphs or blocks by its id. */
export interface TextField {
  part: 'title' | 'summary' | 'body' | 'paragraph' | 'questions' | 'block' | 'editors'
  id: string
  /** Of a block: the how manieth it is, from 1. */
  place?: number
}

/** What puts a finding right: these characters of its text give way to others. */
export interface Mend {
  from: number
  to: number
  with: string
  /** What it makes of the passage, where the words stay the same. */
  as?: 'heading' | 'front'
}

/** A finding with its place in the texts as somebody types them. */
export interface ItemFinding extends Finding {
  field: TextField
  /** From 1. */
  line: number
  from: number
  to: number
  mends: Mend[]
}

/** An item's words to be looked at. `questions`: how its questions and answers stand in their field, where that is not how they are kept. */
interface Looked {
  kind: ItemKind
  words: ItemWords
  language: string
  questions?: string
}

/** What the rules find in an item's words. What is ignored at the item is left out, and said which. Whoever looks at many reads the `house` of their language once. */
export async function lintItem(db: Db, item: Looked & { id: string }, now: Date, house?: House): Promise<{ findings: ItemFinding[], ignored: string[] }> {
  const ignored = await ignoredAt(db, item.id, item.language)
  const findings = lintWordsOf(item, { ...house ?? await houseOf(db, item.language), today: now.toISOString().slice(0, 10) })
  return { findings: findings.filter(({ rule }) => !ignored.includes(rule)), ignored: ignored.filter((rule) => findings.some((each) => each.rule === rule)) }
}

/** The same with everything given. */
export function lintWordsOf({ kind, words, language, questions }: Looked, options: { house?: HouseStyle, known?: Partial<Known>, today: string }): ItemFinding[] {
  const passages = fieldsOf(words, questions ?? questionsAsTyped(words)).flatMap(passagesOf)
  const links = passages.flatMap((passage, paragraph) => linksIn(passage.text).map((link) => ({ ...link, paragraph })))
  const days = words.paragraphs.map(({ day }) => day).toSorted()
  const found = lint({
    language, kind, labels: words.labels, date: days.at(-1) ?? (words.publishedOn || words.happened || null), title: words.title, links, images: [],
    passages: passages.map(({ text, role, date }) => ({ text, role, date })),
  }, options)
  const title = passage(sourceOf({ part: 'title', id: '' }, words.title, null), 0, words.title)
  return found.flatMap((finding): ItemFinding[] => {
    const { part, index, start, end } = finding.where
    if (part === 'title') return [placed(finding, title, start, end)]
    const link = part === 'link' ? links[index] : undefined
    const inside = part === 'passage' || link ? passages[link?.paragraph ?? index] : undefined
    return inside ? [link ? placed(finding, inside, link.at, link.at + link.text.length + 1) : placed(finding, inside, start, end)] : []
  })
}

interface Source {
  field: TextField
  text: string
  date: string | null
  /** Where its lines end. */
  ends: number[]
}

interface Passage {
  source: Source
  /** Where it begins in its text with the signs of its kind, such as `## `, and where its words do. */
  begins: number
  at: number
  text: string
  role: Role
  date: string | null
}

/** Questions and answers as one text: each begins with `##`. */
export function questionsAsTyped({ questions }: Pick<ItemWords, 'questions'>): string {
  return questions.map(({ question, answer }) => `## ${question}\n\n${answer}`).join('\n\n')
}

function fieldsOf(words: ItemWords, questions: string): Source[] {
  return [
    sourceOf({ part: 'summary', id: '' }, words.summary, null), sourceOf({ part: 'body', id: '' }, words.body, null),
    ...words.paragraphs.map(({ id, text, day }) => sourceOf({ part: 'paragraph', id }, text, day)),
    sourceOf({ part: 'questions', id: '' }, questions, null), ...words.blocks.flatMap((block, before) => (block.kind === 'text' ? [sourceOf({ part: 'block', id: block.id, place: before + 1 }, block.text, null)] : [])),
    sourceOf({ part: 'editors', id: '' }, words.editors, null),
  ]
}

function sourceOf(field: TextField, text: string, date: string | null): Source {
  return { field, text, date, ends: [...text.matchAll(/\n/g)].map(({ index }) => index) }
}

/** The line of a place, from 1. A long text with many findings is looked at while somebody types: it is not counted anew for each. */
function lineAt({ ends }: Source, place: number): number {
  let [from, to] = [0, ends.length]
  while (from < to) {
    const middle = (from + to) >> 1
    if (ends[middle]! < place) from = middle + 1
    else to = middle
  }
  return from + 1
}

/** A passage for each paragraph, item and heading of a text; lines that only show a record, and code, are none. */
function passagesOf(source: Source): Passage[] {
  const found: Passage[] = []
  let begins = 0
  let code = false
  for (const written of source.text.split(/(\n{2,}|\n(?=[ \t]*(?:[-*+]|\d{1,9}[.)]) )|\n(?=#{1,6} )|(?<=^#{1,6} [^\n]*)\n)/mu)) {
    const fences = written.match(/^(?:```|~~~)/gmu)?.length ?? 0
    if (written.trim() && !code && fences === 0 && !written.trimStart().startsWith('::')) found.push(passage(source, begins, written))
    if (fences % 2 === 1) code = !code
    begins += written.length
  }
  return found
}

function passage(source: Source, begins: number, written: string): Passage {
  const signs = /^\s*(?<sign>#{1,6}|[-*+>]|\d{1,9}[.)])?(?:\s+|$)/u.exec(written)
  const sign = signs?.groups?.sign
  const before = signs?.[0].length ?? 0
  return { source, begins, at: begins + before, text: written.slice(before).trimEnd(), role: sign?.startsWith('#') ? 'heading' : sign === '>' ? 'quote' : sign ? 'item' : 'text', date: source.date }
}

function linksIn(text: string): { text: string, href: string | null, at: number }[] {
  return [...text.matchAll(/(?<!!)\[(?<words>[^[\]\n]{1,300})\]\((?<href>[^()\s]{0,2000})\)/gu)].map(({ index, groups }) => ({ text: groups!.words!, href: groups!.href || null, at: index }))
}

const mostMoved = 50_000

function placed(finding: Finding, { source, begins, at, text }: Passage, start: number, end: number): ItemFinding {
  const mends = finding.fixes.flatMap((fix): Mend[] => {
    if (fix.do === 'replace') return [{ from: at + fix.start, to: at + fix.end, with: fix.with }]
    // What moves to the front takes what stood before it along, in one piece: places in the text stay what they are.
    if (fix.do === 'move') return source.text.length > mostMoved ? [] : [{ from: 0, to: at + text.length, with: `${source.text.slice(begins, at + text.length)}\n\n${source.text.slice(0, begins).trimEnd()}`, as: 'front' }]
    if (fix.do === 'heading') return [{ from: at, to: at, with: '## ', as: 'heading' }]
    return fix.do === 'drop' ? [{ from: begins, to: at + text.length, with: '' }] : []
  })
  return { ...finding, field: source.field, line: lineAt(source, at + start), from: at + start, to: at + end, mends }
}
