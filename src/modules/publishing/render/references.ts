import type { ItemWords } from '../item.ts'
import { blockReferences } from '../block.ts'
import { directivesIn } from './directives.ts'

/** What a text refers to: a record by its handle, or an action by its slug. */
export interface Reference {
  /** `action`, a kind of record, or something that there is not. */
  kind: string
  handle: string
  key: string
}

/** Everything that the words of an item refer to, each once. */
export function referencesIn(words: Pick<ItemWords, 'body' | 'paragraphs' | 'picture' | 'questions' | 'editors' | 'blocks'>): Reference[] {
  const all = [...(words.picture ? [{ kind: 'image', handles: [words.picture] }] : []), ...words.blocks.flatMap(blockReferences), ...[words.body, ...words.blocks.flatMap((each) => (each.kind === 'text' ? [each.text] : [])), ...words.paragraphs.map(({ text }) => text), ...words.questions.map(({ answer }) => answer), words.editors].flatMap(directivesIn)]
  return [...new Map(all.flatMap(({ kind, handles }) => handles.map((handle): [string, Reference] => [`${kind} ${handle}`, { kind, handle, key: `${kind} ${handle}` }]))).values()]
}
