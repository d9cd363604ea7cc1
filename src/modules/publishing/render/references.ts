import type { ItemWords } from '../item.ts'
import { blockReferences } from '../block.ts'
import { recordKinds } from '../record.ts'
import { directivesIn, plainIn } from './directives.ts'

/** What a text refers to: a record by its handle, or an action by its slug. */
export interface Reference {
  /** `action`, a kind of record, or something that there is not. */
  kind: string
  handle: string
  key: string
}

type Referring = Pick<ItemWords, 'body' | 'paragraphs' | 'picture' | 'questions' | 'editors' | 'blocks'>

/** Everything that the words of an item refer to, each once. */
export function referencesIn(words: Referring): Reference[] {
  const all = [...(words.picture ? [{ kind: 'image', handles: [words.picture] }] : []), ...words.blocks.flatMap(blockReferences), ...textsOf(words).flatMap(directivesIn)]
  return [...new Map(all.flatMap(({ kind, handles }) => handles.map((handle): [string, Reference] => [`${kind} ${handle}`, { kind, handle, key: `${kind} ${handle}` }]))).values()]
}

/** The texts in which directives are read. */
function textsOf(words: Referring): string[] {
  return [words.body, ...words.blocks.flatMap((each) => (each.kind === 'text' ? [each.text] : [])), ...words.paragraphs.map(({ text }) => text), ...words.questions.map(({ answer }) => answer), words.editors]
}

const looksLikeOne = new RegExp(`::?(?:${[...recordKinds, 'action'].join('|')})\\[[^\\]\\n]*\\]?`, 'g')

/** What readers would see as it was written: references where none is read, such as in a title, in the middle of a sentence, or as code. */
export function straysIn(words: ItemWords): string[] {
  const elsewhere = { ...words, body: '', editors: '', paragraphs: words.paragraphs.map((each) => ({ ...each, text: '' })), questions: words.questions.map((each) => ({ ...each, answer: '' })), blocks: words.blocks.map((each) => ({ ...each, text: '' })) }
  return strays([...stringsIn(elsewhere), ...textsOf(words).flatMap(plainIn)])
}

/** The same of what a record says: no record refers to another by its words. */
export function straysInRecord(content: object): string[] {
  return strays(stringsIn(content))
}

/** The same of what somebody typed where no reference is read at all. */
export function straysInText(text: string): string[] {
  return strays([text])
}

function strays(texts: string[]): string[] {
  return [...new Set(texts.flatMap((text) => text.match(looksLikeOne) ?? []))]
}

function stringsIn(value: unknown): string[] {
  return typeof value === 'string' ? [value] : typeof value === 'object' && value !== null ? Object.values(value).flatMap(stringsIn) : []
}
