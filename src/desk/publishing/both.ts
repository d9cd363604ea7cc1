import { directionOf } from '#platform/words.ts'
import { html, type Html } from '#platform/html/html.ts'
import { combined, difference, passages, wordsWith, type ItemWords, type Revision } from '#modules/publishing/index.ts'
import type { Desk } from '../context.ts'
import type { DeskWords } from '../words/index.ts'
import { partsOf, type Said } from './changes.ts'
import { whoSaved } from './who-saved.ts'

/** Two at one item: what the second typed, with what only the first changed taken over; and what to see of the rest. */
export interface Both {
  words: ItemWords
  part: Html
}

interface Differing {
  name: string | Html
  theirs: string
  mine: string
  language: string
  /** Whether both changed it, or only the other one. */
  by?: 'both' | 'theirs'
}

/** What `staffId` typed, who began with `base`, against what somebody else has saved since, or they themselves in another window. */
export async function bothAtOnce(desk: Desk, t: DeskWords, { base, mine, theirs, staffId, zone }: { base: ItemWords | undefined, mine: ItemWords, theirs: Revision, staffId: string, zone: string }): Promise<Both> {
  const began = base ?? wordsWith({ title: '' })
  const rows = differing(t, began, mine, theirs)
  const [clashes, taken] = [rows.filter(({ by }) => by === 'both'), rows.filter(({ by }) => by === 'theirs')]
  const who = (await whoSaved(desk, [theirs]))(theirs)
  return {
    words: combined(began, mine, theirs.words),
    part: html`<div class="notice" role="alert"><p><strong>${t(theirs.staffId === staffId ? 'items.both.own' : 'items.both')}</strong></p><p class="soft">${who && html`${who} · `}${t.moment(theirs.savedAt, zone)}</p><p>${t(clashes.length > 0 ? 'items.both.clash' : 'items.both.apart')}</p></div>
${clashes.length > 0 && html`<section class="card"><h2>${t('items.both.changed')}</h2>${sideBySide(t, clashes)}</section>`}${taken.length > 0 && html`<details class="card"><summary>${t('items.both.taken', { count: taken.length })}</summary>${sideBySide(t, taken)}</details>`}`,
  }
}

/** What differs, each by its name with the two beside each other: the words that only one of them has are marked. */
export function sideBySide(t: DeskWords, rows: Differing[]): Html {
  return html`${rows.map(({ name, theirs, mine, language }) => {
    const stretches = difference(theirs, mine)
    const side = (label: string, other: 'former' | 'later', text: string) => html`<div><p class="label">${label}</p>${text ? html`<div class="words" lang="${language}" dir="${directionOf(language)}">${stretches.filter(({ in: where }) => where !== other).map((each) => (each.in === 'both' ? each.text : html`<mark>${each.text}</mark>`))}</div>` : html`<p class="soft">${t('items.both.nothing')}</p>`}</div>`
    return html`<div class="two"><h3>${name}</h3>${side(t('items.theirs'), 'later', theirs)}${side(t('items.mine'), 'former', mine)}</div>`
  })}`
}

function differing(t: DeskWords, base: ItemWords, mine: ItemWords, { words, language }: Revision): Differing[] {
  const [was, here, there] = [partsOf(t, base), partsOf(t, mine), partsOf(t, words)]
  const keys = [...new Set([...here, ...there, ...was].map(({ key }) => key))]
  const find = (parts: Said[], key: string) => parts.find((each) => each.key === key)
  return keys.flatMap((key) => {
    const [before, ours, theirs] = [was, here, there].map((parts) => find(parts, key)?.text ?? '') as [string, string, string]
    const { name } = find(here, key) ?? find(there, key) ?? find(was, key)!
    const texts = key === 'item_body' ? passages(before, ours, theirs).map((each) => [each.base.join('\n\n'), each.mine.join('\n\n'), each.theirs.join('\n\n')]) : [[before, ours, theirs]]
    return texts.flatMap(([from, one, other]): Differing[] => (one === other || from === other ? [] : [{ name, mine: one!, theirs: other!, language, by: from === one ? 'theirs' : 'both' }]))
  })
}
