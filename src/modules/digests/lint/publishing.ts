import type { Tx } from '#platform/db.ts'
import { findItem, findRevision, publishItem, type Published } from '#modules/publishing/index.ts'
import type { House } from '../digest/known-names.ts'
import { lintItem, type ItemFinding } from './item-text.ts'

export type PublishedByTheRules = Published | { outcome: 'in-the-way', findings: ItemFinding[] }

/** Makes a revision public as `publishItem` does, unless the rules find in it what the house lets stand in the way, such as figures without a source in a press release. What is ignored at the item does not. Whoever publishes many reads the `house` of their language once. */
export async function publishByTheRules(tx: Tx, publishing: Parameters<typeof publishItem>[1], now: Date, house?: House): Promise<PublishedByTheRules> {
  const revision = await findRevision(tx, publishing.revisionId)
  const item = revision && await findItem(tx, revision.itemId)
  if (!revision || !item) throw new Error('A revision that nobody saved cannot be published')
  const { findings } = await lintItem(tx, { id: item.id, kind: item.kind, words: revision.words, language: revision.language }, now, house)
  const standing = findings.filter(({ severity }) => severity === 'error')
  return standing.length > 0 ? { outcome: 'in-the-way', findings: standing } : publishItem(tx, publishing, now)
}
