import { roles } from '../../lexicon/speech.ts'
import type { Finding } from '../finding.ts'
import { quotations } from '../quotations.ts'
import { at, matches, type Context, type Part, type Prepared, type Rule } from '../text.ts'

const dotAfterRole = new RegExp(`\\b(?:${roles})(?<dot>\\.)(?=\\s\\p{Lu}\\p{Ll}+\\s\\p{Lu}\\p{Ll}+,)`, 'giu')

/** L14: signs that stand where none belongs: `prime minister. Amina`, `new, law`, `the coast ’s`, `Lod, May, 2021`, `,,`. */
const stray: Rule = {
  id: 'L14',
  find(text) {
    const french = text.language === 'fr'
    return [
      ...matches(text, dotAfterRole, (match, part) => at('L14', 'warning', part, match.index + match[0].length - 1, match.index + match[0].length, { written: match[0] }, '')),
      ...matches(text, /\b(?:an?|the|new|this|these|its|their|our|his|her|every|any|no)(?<comma>,)(?=\s\p{Ll}{4,})(?!\s(?:and|but|though|including|however|despite|even)\b)/giu, (match, part) => (text.language === 'en' ? at('L14', 'note', part, match.index + match[0].length - 1, match.index + match[0].length, { written: part.text.slice(match.index, match.index + match[0].length + 8) }, '') : null)),
      ...matches(text, /(?<=\p{L})\s+(?=[’']s\b)/gu, (match, part) => at('L14', 'warning', part, match.index, match.index + match[0].length, { written: part.text.slice(Math.max(0, match.index - 6), match.index + 4) }, '')),
      ...matches(text, /(?<=\b(?:January|February|March|April|May|June|July|August|September|October|November|December)),(?=\s[12]\d{3}\b)/gu, (match, part) => at('L14', 'note', part, match.index, match.index + 1, { written: part.text.slice(Math.max(0, match.index - 9), match.index + 6) }, '')),
      ...matches(text, /(?<=\S)[ \u00a0]+(?=[,.;:!?](?:\s|$))/gu, (match, part) => (french && /[;:!?]/.test(part.text[match.index + match[0].length]!) ? null : at('L14', 'note', part, match.index, match.index + match[0].length, { written: part.text.slice(Math.max(0, match.index - 6), match.index + 3) }, ''))),
      ...matches(text, /(?<!\.)\.\.(?!\.)|,{2,}|;{2,}|:{2,}(?![a-z[{])|,\.|\.,/gu, (match, part) => at('L14', 'note', part, match.index, match.index + match[0].length, { written: match[0] }, match[0][0]!)),
    ]
  },
}

/** L16: a quotation mark without its partner. A quotation that goes on in the next paragraph is none of these. */
const unbalanced: Rule = {
  id: 'L16',
  find: (text) => text.parts.flatMap((part, place): Finding[] => {
    const next = text.parts[place + 1]
    const opens = count(part.text, '“„«')
    const closes = count(part.text, '”»')
    const straight = count(part.text, '"')
    const continued = next !== undefined && /^\s*[“«„"]/u.test(next.text)
    const lone = /(?<![\p{L}\p{N}])(?:,|\s|^)?\p{Lu}[\p{L} ]{2,40}’(?=[\s:,])/u.exec(part.text)
    if (opens > closes && !continued) return [at('L16', 'warning', part, lastOf(part.text, '“„«'), part.text.length, { fault: 'open' })]
    if (closes > opens && !/„/.test(part.text)) return [at('L16', 'warning', part, 0, lastOf(part.text, '”»') + 1, { fault: 'closed' })]
    if (straight % 2 === 1 && text.language !== 'he') return [at('L16', 'warning', part, part.text.lastIndexOf('"'), part.text.lastIndexOf('"') + 1, { fault: 'open' })]
    if (lone && !part.text.slice(0, lone.index + lone[0].length).includes('‘') && !lone[0].endsWith('s’')) return [at('L16', 'note', part, lone.index + lone[0].length - 1, lone.index + lone[0].length, { fault: 'closed' })]
    return []
  }),
}

const houseMarks = { double: ['“', '”'], single: ['‘', '’'], guillemets: ['«', '»'] } as const
const everyMark = new Set(['"', '“', '”', '„', '«', '»', '‘', '’', '\''])

/** L16 again: a quotation in other marks than the house's. Its marks are changed, and nothing between them. */
const marks: Rule = {
  id: 'L16',
  find(text, { house }) {
    const [open, close] = house.quotes ? houseMarks[house.quotes] : []
    if (!open || !close) return []
    return text.parts.flatMap((part) => quotations(part.text).flatMap(([start, end]): Finding[] => {
      const [first, last] = [part.text[start]!, part.text[end - 1]!]
      // A quotation that goes on elsewhere has no mark at its end; the title of a link is none.
      if (first === open || !everyMark.has(last) || end - start < 3 || /\]\([^)\n]*$/u.test(part.text.slice(Math.max(0, start - 2000), start))) return []
      return [at('L16', 'note', part, start, end, { written: first + last, meant: open + close, fault: 'marks' }, open + part.text.slice(start + 1, end - 1) + close)]
    }))
  },
}

function count(text: string, signs: string): number {
  let found = 0
  for (const sign of text) if (signs.includes(sign)) found += 1
  return found
}

const lastOf = (text: string, signs: string) => Math.max(...signs.split('').map((sign) => text.lastIndexOf(sign)))

const saying = /\b(?:said|says|added|told|explained|warned)\s\p{Lu}/u

/** L19: no comma between a speaker and what they are: `said Amina Rao Lamplight’s director`. English. */
const title: Rule = {
  id: 'L19',
  find(text, { known }: Context) {
    if (text.language !== 'en') return []
    if (!text.parts.some((part) => saying.test(part.text))) return []
    const whose = known.own.length ? `(?:${known.own.map((each) => RegExp.escape(each)).join('|')})` : '\\p{Lu}\\p{L}+(?:\\s\\p{Lu}\\p{L}+)?'
    const pattern = new RegExp(`\\b(?:said|says|added|told|explained|warned)\\s(?<name>\\p{Lu}[\\p{L}\\p{M}’'-]+\\s(?:(?:al|el|de|van|bin|ibn)[\\s-])?\\p{Lu}[\\p{L}\\p{M}-]+)(?=\\s(?:${whose}[’']s?\\s\\p{L}|${known.own.length ? whose : '(?!)'}\\b))`, 'gu')
    return text.parts.flatMap((part) => [...part.text.matchAll(pattern)].filter(({ index }) => part.prose[index] !== '\ufffc').map((match) => at('L19', 'note', part, match.index + match[0].length, match.index + match[0].length, { name: match.groups!.name! }, ',')))
  },
}

/** L25: spaces that do not show: two for one, ones that do not break, ones at the end. French keeps its own. */
const spaces: Rule = {
  id: 'L25',
  find: (text) => text.parts.flatMap((part) => [...part.text.matchAll(/[ \u00a0\u202f\t]{2,}|[\u00a0\u202f](?![:;!?»%€])|^\s+|\s+$/gu)].filter(({ index, 0: found }) => !(text.language === 'fr' && found.length === 1 && part.text[index - 1] === '«') && !/\d/.test(found.length === 1 ? (part.text[index - 1] ?? '') + (part.text[index + 1] ?? '') : '')).map((match) =>
    at('L25', 'note', part, match.index, match.index + match[0].length, { fault: 'here' }, match.index === 0 || match.index + match[0].length === part.text.length ? '' : ' '))),
}

/** L49: some items of a list end with a full stop and some do not. */
const lists: Rule = {
  id: 'L49',
  find: (text, { house }) => runs(text).flatMap((items): Finding[] => {
    const ended = items.filter(({ text: words }) => /[.;]\s*$/u.test(words)).length
    const wanted = house.lists ?? (ended === 0 || ended === items.length ? undefined : ended * 2 >= items.length ? 'full-stops' : 'none')
    if (!wanted) return []
    return items.flatMap((part) => {
      const trimmed = part.text.trimEnd()
      if (/[!?؟:]["”’»)]?$/u.test(trimmed)) return []
      if (wanted === 'full-stops' && !/[.;]["”’»)]?$/u.test(trimmed)) return [at('L49', 'note', part, trimmed.length, trimmed.length, { fault: 'missing' }, '.')]
      return wanted === 'none' && /[.;]$/u.test(trimmed) ? [at('L49', 'note', part, trimmed.length - 1, trimmed.length, { fault: 'extra' }, '')] : []
    })
  }),
}

/** Items that stand together as one list. */
export function runs(text: Prepared): Part[][] {
  const found: Part[][] = []
  let last: Part | undefined
  for (const part of text.parts) {
    if (part.role === 'item') {
      if (last?.role === 'item') found.at(-1)!.push(part)
      else found.push([part])
    }
    last = part
  }
  return found.filter(({ length }) => length > 1)
}

export const punctuationRules: Rule[] = [stray, unbalanced, marks, title, spaces, lists]
