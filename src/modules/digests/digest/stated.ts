import type { ItemKind, ItemWords } from '#modules/publishing/index.ts'
import { related } from '../lexicon/speech.ts'
import { notesToEditors, signedBy, statesMinutes } from '../lexicon/stated.ts'
import type { Thread } from './report.ts'

export interface Stated {
  /** The entry without what was taken out of it. Places of paragraphs stay, so that links and pictures keep theirs. */
  thread: Thread
  words: Partial<Pick<ItemWords, 'signatories' | 'questions' | 'editors' | 'course'>>
}

/**
 * What an entry of some kinds states in a form of its own: who signed, under such a heading; questions that are headings, each with its answer; notes to editors; how long a course takes and where
 * it is. What has not exactly that form stays text: nothing is guessed. `markdown` writes a paragraph.
 */
export function stated(thread: Thread, kind: ItemKind, markdown: (place: number) => string): Stated {
  switch (kind) {
    case 'joint-statement': return signatories(thread)
    case 'questions-and-answers': return questions(thread, markdown)
    case 'press-release': return editors(thread, markdown)
    case 'course': return course(thread)
    default: return { thread, words: {} }
  }
}

/** A line "Signed by:" with a list below. One that leads somewhere stays a list: a signatory here has no address. */
function signatories(thread: Thread): Stated {
  const { paragraphs, links } = thread
  const heading = paragraphs.findLastIndex(({ text }) => signedBy.test(plain(text)))
  let until = heading + 1
  while (paragraphs[until]?.role === 'item') until += 1
  const names = paragraphs.slice(heading + 1, until).map(({ text }) => text.replace(/[\s,;.]+$/u, '').trim()).filter(Boolean)
  const leads = links.some(({ paragraph }) => paragraph !== null && paragraph >= heading && paragraph < until)
  if (heading < 0 || names.length === 0 || leads || names.some((name) => name.length > 300)) return { thread, words: {} }
  return { thread: without(thread, heading, until), words: { signatories: [...new Set(names)].slice(0, 2000).map((name) => ({ name, country: '' })) } }
}

/** Headings that are questions, from the first of them to the end. Where another heading stands between them, all of it stays a text. */
function questions(thread: Thread, markdown: (place: number) => string): Stated {
  const { paragraphs } = thread
  const headings = paragraphs.flatMap(({ role }, place) => (role === 'heading' ? [place] : []))
  const asked = headings.slice(Math.max(0, headings.findIndex((place) => isQuestion(paragraphs[place]!.text))))
  if (asked.length === 0 || !asked.every((place) => isQuestion(paragraphs[place]!.text) && paragraphs[place]!.text.length <= 500)) return { thread, words: {} }
  const all = asked.map((place, index) => ({
    id: `q${index + 1}`, question: paragraphs[place]!.text,
    answer: paragraphs.slice(place + 1, asked[index + 1]).map((_, after) => markdown(place + 1 + after)).filter(Boolean).join('\n\n').slice(0, 20_000),
  }))
  return { thread: without(thread, asked[0]!, paragraphs.length), words: { questions: all.slice(0, 200) } }
}

/** Everything below such a heading, up to the next one. */
function editors(thread: Thread, markdown: (place: number) => string): Stated {
  const { paragraphs } = thread
  const heading = paragraphs.findIndex(({ text }) => notesToEditors.test(plain(text)))
  if (heading < 0) return { thread, words: {} }
  const next = paragraphs.findIndex(({ role, text }, place) => place > heading && (role === 'heading' || related.test(text.trim())))
  const until = next < 0 ? paragraphs.length : next
  const said = paragraphs.slice(heading + 1, until).map((_, after) => markdown(heading + 1 + after)).filter(Boolean).join('\n\n')
  return said && said.length <= 10_000 ? { thread: without(thread, heading, until), words: { editors: said } } : { thread, words: {} }
}

function course(thread: Thread): Stated {
  const said = [thread.title, ...thread.paragraphs.map(({ text }) => text)].flatMap((text) => [...text.matchAll(statesMinutes)].map(([, minutes]) => Number(minutes)))
  const leads = thread.links.filter(({ kind, href }) => kind === 'course' && href !== null && /^https?:\/\//i.test(href))
  const [minutes, url] = [said.length === 1 && said[0]! > 0 ? said[0]! : null, leads.length === 1 && leads[0]!.at === null ? leads[0]!.href! : '']
  if (minutes === null && url === '') return { thread, words: {} }
  return { thread: { ...thread, links: url ? thread.links.filter((link) => link !== leads[0]) : thread.links }, words: { course: { minutes, price: '', provider: '', url, language: '' } } }
}

function without(thread: Thread, from: number, until: number): Thread {
  return {
    ...thread, paragraphs: thread.paragraphs.map((each, place) => (place >= from && place < until ? { ...each, role: 'text', text: '' } : each)),
    links: thread.links.filter(({ paragraph }) => paragraph === null || paragraph < from || paragraph >= until),
  }
}

function isQuestion(text: string): boolean {
  return /[?؟]\s*$/u.test(text)
}

/** Without vowel signs, which some write and others do not. */
function plain(text: string): string {
  return text.trim().replace(/[\u064B-\u0652\u0591-\u05C7]/gu, '')
}
