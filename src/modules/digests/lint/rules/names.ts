import { folded } from '../../lexicon/labels.ts'
import type { Finding } from '../finding.ts'
import { at, matches, type Context, type Known, type Part, type Prepared, type Rule } from '../text.ts'
import { isNear, Near } from '../near.ts'

const word = /[\p{L}\p{M}][\p{L}\p{M}’'-]{3,}/gu

type NameRule = 'L09' | 'L10' | 'L11'

/** What is near to one of the words of known names, and none itself, is a slip. */
function slips(rule: NameRule, text: Prepared, known: Known): Finding[] {
  const near = nearNames(known)[rule]
  if (!near) return []
  return matches(text, word, (match, part) => {
    const written = match[0].replace(/['’]s?$/u, '')
    if (!/^\p{Lu}|^\p{Lo}/u.test(written)) return null
    const meant = near.find(written)
    if (meant && isOfThatPlace(written, meant)) return null
    if (meant && rule === 'L10' && !isThatName(meant, match, part, known.people)) return null
    return meant ? at(rule, 'warning', part, match.index, match.index + written.length, { written, meant }, meant) : null
  })
}

/** What a language makes of a name by a letter at its end: the people of a place, what is theirs, a plural. English, French and Spanish; Arabic and Hebrew with the letter that stands for it, which may take the place of the name's last. */
const endings = /^(?:s|i|n|e|ي|י)$/
const wholeNames = /(?:ias|ian|is|ns|ss|يا|יה)$/

/** Whether a word is a form of that name, or the name a form of it, and no slip: `Marovian` beside `Marovia`, `Marovians` beside `Marovian`. */
function isOfThatPlace(written: string, meant: string): boolean {
  const [one, name] = [plainly(written), plainly(meant)]
  return (one.startsWith(name) && endings.test(one.slice(name.length))) || (name.startsWith(one) && name.length === one.length + 1 && wholeNames.test(name))
}

/** Whether what stands around a word is the rest of that name: Amira is not Amina for being near, and a family name may stand alone. */
function isThatName(meant: string, { 0: written, index }: RegExpExecArray, { prose }: Part, names: string[]): boolean {
  const before = /(?<word>[\p{L}\p{M}’'-]+)\s+$/u.exec(prose.slice(Math.max(0, index - 60), index))?.groups!.word
  const after = /^\s+(?<word>[\p{L}\p{M}’'-]+)/u.exec(prose.slice(index + written.length, index + written.length + 60))?.groups!.word
  const beside = [before, after].filter((each) => each !== undefined)
  const alone = !beside.some((each) => /^\p{Lu}\p{Ll}/u.test(each)) && /^\p{Lu}/u.test(written)
  return names.some((name) => {
    const parts = name.split(/\s+/)
    const place = parts.indexOf(meant)
    if (place < 0) return false
    const others = parts.filter((_, each) => each !== place)
    return others.length === 0 || (alone && place > 0) || beside.some((each) => others.some((other) => isNear(plainly(each), plainly(other))))
  })
}

const plainly = (each: string) => folded(each).replace(/['’]s?$/u, '')

const made = new WeakMap<Known, Record<NameRule, Near | undefined>>()

/** What is known is the same for all texts that are looked at together. */
function nearNames(known: Known): Record<NameRule, Near | undefined> {
  let near = made.get(known)
  if (!near) {
    const of = (names: string[]) => (names.length === 0 ? undefined : new Near(names.flatMap((name) => name.match(word) ?? []).filter((each) => /^\p{Lu}|^\p{Lo}/u.test(each))))
    made.set(known, near = { L09: of(known.places.flatMap(({ preferred, others }) => [preferred, ...others])), L10: of(known.people), L11: of(known.own) })
  }
  return near
}

/** L09: the name of a place, misspelt. */
const places: Rule = { id: 'L09', find: (text, { known }) => slips('L09', text, known) }

/** L10: the name of a person, misspelt, or without its accents; and two ways of writing one name in the same text. */
const people: Rule = {
  id: 'L10',
  find: (text, context) => [...slips('L10', text, context.known), ...unalike(text, context)],
}

/** Two capitalised words that differ by a letter or by accents; the rarer one is asked about. */
function unalike(text: Prepared, { known }: Context): Finding[] {
  const counts = new Map<string, number>()
  const place = new Map<string, { part: Part, start: number }>()
  for (const part of text.parts) {
    if (part.part === 'title') continue
    for (const match of part.text.matchAll(word)) {
      const written = match[0].replace(/['’]s?$/u, '')
      // A word that begins a sentence may be any word, unless another name follows it.
      const begins = /(?:^|[.!?“"‘'(]\s?)$/u.test(part.text.slice(Math.max(0, match.index - 2), match.index))
      if (!/^\p{Lu}\p{Ll}/u.test(written) || (begins && !/^\s\p{Lu}\p{Ll}/u.test(part.text.slice(match.index + match[0].length, match.index + match[0].length + 3)))) continue
      counts.set(written, (counts.get(written) ?? 0) + 1)
      place.set(written, { part, start: match.index })
    }
  }
  if (counts.size < 2 || counts.size > 3000) return []
  const near = new Near([...counts.keys()].filter((each) => each.length >= 5))
  const peopleWords = new Set(known.people.flatMap((each) => each.split(/\s+/)))
  return [...counts].flatMap(([written, count]) => {
    if (written.length < 5 || peopleWords.has(written)) return []
    const other = near.find(written, true)
    if (!other || (counts.get(other)! < count) || isForm(written, other) || (counts.get(other) === count && written > other && !/\p{M}/u.test(other.normalize('NFD')))) return []
    const { part, start } = place.get(written)!
    // Within a quotation it is said, and never changed by a key.
    const quoted = part.prose[start] === '\ufffc'
    return [at('L10', 'note', part, start, start + written.length, { written, meant: other }, ...(quoted ? [] : [other]))]
  })
}

/** Forms of one word, such as a plural or the people of a place, are no slips. */
export function isForm(one: string, other: string): boolean {
  const [short, long] = one.length <= other.length ? [one, other] : [other, one]
  return long.startsWith(short) || (one.length === other.length && one.slice(0, -1) === other.slice(0, -1)) || /(?:ise|ize|our|or|re|er)/.test(long) && folded(long).replace(/z/g, 's').replace(/our/g, 'or') === folded(short).replace(/z/g, 's').replace(/our/g, 'or')
}

/** L11: the organisation's own name, misspelt. */
const own: Rule = { id: 'L11', find: (text, { known }) => slips('L11', text, known) }

/** L17: a possessive of the word for the people of a place: `Marovian's coast` for `Marovia's coast`. English only. */
const possessive: Rule = {
  id: 'L17',
  find: (text, { known }) => (text.language === 'en' ? matches(text, /(?<!\b(?:an?|the|this|every|each|another|one|no|young|old)\s)(?<!\p{Lu}\p{L}*\s)\b(?<stem>\p{Lu}\p{Ll}{2,}?)(?<end>ian|ean|an|ese|ish|i)['’]s(?=\s+\p{Ll})/gu, (match, part) => {
    const adjective = `${match.groups!.stem}${match.groups!.end}`
    const place = known.places.flatMap(({ preferred, others }) => [preferred, ...others]).find((name) => name !== adjective && adjective.startsWith(name.replace(/(?:ia|a|e|y)$/, '')) && name.length > 3 && Math.abs(name.length - adjective.length) <= 3)
    if (!place && match.groups!.end !== 'i' && known.places.length > 0) return null
    return at('L17', 'note', part, match.index, match.index + match[0].length, { written: match[0] }, adjective, ...(place ? [`${place}’s`] : []))
  }) : []),
}

/** L41: another name for a place than the publisher chose. Never within a quotation. */
const variants: Rule = {
  id: 'L41',
  find: (text, { known }) => known.places.flatMap(({ preferred, others }) => others.filter((each) => each !== preferred).flatMap((other) => matches(text, new RegExp(`(?<![\\p{L}\\p{N}])${RegExp.escape(other)}(?![\\p{L}\\p{N}])`, 'gu'), (match, part) => {
    const around = part.prose.slice(Math.max(0, match.index - preferred.length), match.index + match[0].length + preferred.length)
    return preferred.includes(other) && around.includes(preferred) ? null : at('L41', 'note', part, match.index, match.index + other.length, { written: other, meant: preferred }, preferred)
  }))),
}

/** L43: the title of a course or report, not as it is written. */
const titles: Rule = {
  id: 'L43',
  find: (text, { known }) => known.titles.filter((title) => title.length > 8).flatMap((title) => text.parts.flatMap((part) => {
    const pattern = new RegExp(title.split(/\s+/).map((each) => each.split('').map((sign) => (/[’'‘]/.test(sign) ? '[’\'‘]' : RegExp.escape(sign))).join('')).join('\\s+'), 'giu')
    return [...part.text.matchAll(pattern)].filter(([found]) => found !== title).map((match) => at('L43', 'note', part, match.index, match.index + match[0].length, { written: match[0], meant: title }, title))
  })),
}

export const nameRules: Rule[] = [places, people, own, possessive, variants, titles]
