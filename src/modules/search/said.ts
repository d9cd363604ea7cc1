import { actionWords } from '#modules/actions/index.ts'
import { itemWords, newestFirst, wordsOf, type ItemWords } from '#modules/publishing/index.ts'
import { plainText } from '#platform/html/markdown.ts'

/** A document as it is searched and shown among what was found. Parts stand in the order in which they are looked through. */
export interface Document {
  title: string
  /** What it says of itself where nothing of it was found. */
  summary: string
  parts: Part[]
}

/** A piece of what a document says. */
export interface Part {
  text: string
  /** The paragraph of the page in which it stands. */
  anchor?: string
  /** The page of the file in which it stands. */
  file?: FilePage
}

/** A page of a file that an item offers. */
export interface FilePage {
  id: string
  title: string
  language: string
  mediaType: string
  page: number
}

/** What an item says in one language. Directives are not words; what they show is not searched. `pages` are those of its files, by hash. `names` are those of the place whose page it is, and the number that it is cited by. */
export function documentOfItem(words: unknown, names: string[] = [], pages: (hash: string) => { page: number, text: string }[] = () => []): Document {
  const its = itemWords.parse(words)
  return {
    title: its.title, summary: its.summary,
    parts: [
      { text: its.summary }, ...newestFirst(its.paragraphs).map(({ id, text, links }) => ({ text: [wordsOf(text), ...links.map((link) => link.text)].filter(Boolean).join('\n'), anchor: `p-${id}` })),
      { text: wordsOf(its.body) }, ...its.questions.map(({ id, question, answer }) => ({ text: `${question}\n${wordsOf(answer)}`, anchor: `q-${id}` })), ...its.blocks.map((each) => ({ text: saidInBlock(each) })),
      { text: lines(its.event?.place, its.course?.provider, wordsOf(its.editors), ...its.documents.map((each) => each.title), ...its.copublishers, ...its.signatories.map((each) => each.name)) }, { text: its.contacts.map(({ role, name }) => `${role} ${name}`).join('\n') }, { text: names.join('\n') },
      ...its.documents.flatMap(({ id, hash, title, language, mediaType }) => pages(hash).map(({ page, text }): Part => ({ text, file: { id, title, language, mediaType, page } }))),
    ].filter(({ text }) => text),
  }
}

function saidInBlock(its: ItemWords['blocks'][number]): string {
  switch (its.kind) {
    case 'text': return lines(its.title, wordsOf(its.text))
    case 'count': return lines(its.title, its.unit, its.who)
    default: return its.title
  }
}

function lines(...texts: (string | undefined)[]): string {
  return texts.filter(Boolean).join('\n')
}

/** What an action says in one language, with what it asks. */
export function documentOfAction(words: unknown, ask: string | null): Document {
  const its = actionWords.parse(words)
  return { title: its.title, summary: its.summary, parts: [its.summary, ask ?? '', plainText(its.story), its.addressee, its.subject, its.body].filter(Boolean).map((text) => ({ text })) }
}
