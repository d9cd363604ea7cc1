import { unknownFacts, withoutFallBack, type Missing, type Revision, type WordsNeed } from '#modules/actions/index.ts'
import type { DeskWord, DeskWords } from '../words/index.ts'

/** What is missing, in words: texts that want the same are named together, and so are fields that no column of the facts fills. */
export function missingSaid(t: DeskWords, missing: Missing[], revisions: Pick<Revision, 'words'>[], needs: WordsNeed): string[] {
  return [...Map.groupBy(missing, kindOf).values()].map((some) => {
    const named = (its: (words: Revision['words']) => string[]) => [...new Set(revisions.flatMap(({ words }) => its(words)))].map((each) => `{${each}}`)
    const fields = some[0] === 'facts' ? named((words) => unknownFacts(words, needs.facts)) : some[0] === 'fall-backs' ? named((words) => withoutFallBack(words, needs.partly)) : []
    return missingWord(t, some, fields)
  })
}

function kindOf(missing: Missing): string {
  return missing.replace(/:.*/, '')
}

/** What is missing, in words: one thing, or texts that want the same. */
function missingWord(t: DeskWords, missing: Missing[], fields: string[] = []): string {
  const names = missing.map((each) => each.split(':')[1]).filter((name) => name !== undefined)
  const kind = kindOf(missing[0]!)
  if (names.length === 0) return t(`missing.${kind as Exclude<Missing, `${string}:${string}`>}`, { fields: t.list(fields), example: (fields[0] ?? '{fact_…}').replace('}', '|}') })
  return t(`missing.${kind as 'unwritten' | 'reference'}`, { field: t.list(names.map((name) => (name === 'variants' ? t('variants.title') : t(`f.${formName(name)}` as DeskWord)))) })
}

/** What a form calls a text of an action. */
export function formName(name: string): string {
  return name.replace(/[A-Z]/g, (letter) => `_${letter.toLowerCase()}`)
}
