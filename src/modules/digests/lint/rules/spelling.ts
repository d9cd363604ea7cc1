import { realWords } from '../../lexicon/real-words.ts'
import { fieldWords, misspelt } from '../../lexicon/spelling.ts'
import type { Finding } from '../finding.ts'
import { Near } from '../near.ts'
import { at, matches, type Context, type Part, type Prepared, type Rule } from '../text.ts'
import { isForm } from './names.ts'

const word = /(?<![\p{L}\p{M}\p{N}@/.-])[\p{L}\p{M}]{4,}(?![\p{L}\p{M}\p{N}@-])/gu
const field = new Map<string, Near>()

function nearField(language: string): Near {
  let near = field.get(language)
  if (!near) field.set(language, near = new Near(fieldWords[language] ?? []))
  return near
}

/**
 * L12: a slip of the pen. Known ones of the language; a word one letter away from one that the field uses all the time; and a word that is used once, one letter away from one
 * that the organisation uses often. Quotations are never looked at.
 */
const slips: Rule = {
  id: 'L12',
  find(text, context) {
    const known = misspelt[text.language] ?? {}
    const often = frequent(context)
    const isRight = (each: string, meant: string) => isForm(each, meant) || isOtherForm(text.language, each, meant) || Boolean(realWords[text.language]?.has(each))
    return matches(text, word, (match, part) => {
      const written = match[0]
      const lower = written.toLowerCase()
      if (Object.hasOwn(known, lower)) return at('L12', 'warning', part, match.index, match.index + written.length, { written, meant: known[lower]! }, asWritten(written, known[lower]!))
      if (written.length < 7) return null
      // A name that is written once, a letter away from one that is written all the time.
      if (/^\p{Lu}/u.test(written)) {
        const usual = /^\p{Lu}\p{Ll}+$/u.test(written) && (context.usage.get(lower) ?? 0) <= 1 ? often.find(lower) : undefined
        return usual && !isRight(lower, usual) ? at('L12', 'note', part, match.index, match.index + written.length, { written, meant: asWritten(written, usual) }, asWritten(written, usual)) : null
      }
      if ((context.usage.get(lower) ?? 0) > 2) return null
      const meant = nearField(text.language).find(lower) ?? often.find(lower)
      return meant && !isRight(lower, meant) ? at('L12', 'note', part, match.index, match.index + written.length, { written, meant }, asWritten(written, meant)) : null
    })
  },
}

const endings: Record<string, RegExp> = { fr: /(?:[eé]+s?|s|er|ez)$/u, es: /(?:[aoe]s?|s)$/u }

/** Feminine and plural of a word, and what French makes of its verbs: `détenues` is no slip of `détenus`. An accent within the word is one. */
function isOtherForm(language: string, one: string, other: string): boolean {
  const ending = endings[language]
  return ending !== undefined && one.replace(ending, '') === other.replace(ending, '')
}

const oftenFrom = new WeakMap<ReadonlyMap<string, number>, Near>()

function frequent({ usage }: Context): Near {
  let near = oftenFrom.get(usage)
  if (!near) oftenFrom.set(usage, near = new Near([...usage].filter(([each, count]) => count >= 4 && each.length >= 7).toSorted(([, one], [, other]) => other - one).slice(0, 5000).map(([each]) => each)))
  return near
}

function asWritten(written: string, meant: string): string {
  return /^\p{Lu}\p{Ll}/u.test(written) ? meant[0]!.toUpperCase() + meant.slice(1) : /^\p{Lu}{2}/u.test(written) ? meant.toUpperCase() : meant
}

const rightTwice = new Set(['that', 'had', 'nous', 'vous', 'very', 'no', 'sí', 'muy', 'bora', 'faire', 'so'])

/** L13: a word twice: `and and`; or a pair of small words begun again: `in and in`. */
const doubled: Rule = {
  id: 'L13',
  find: (text) => [
    ...matches(text, /(?<![\p{L}\p{M}\p{N}’'-])(?<one>[\p{L}\p{M}]+)\s+\k<one>(?![\p{L}\p{M}\p{N}’'-])/giu, ({ 0: found, index, groups }, part) => {
      const { one } = groups as { one: string }
      return rightTwice.has(one.toLowerCase()) || part.role === 'title' && /^\p{Lu}/u.test(found.slice(one.length).trim()) && !/^\p{Lu}/u.test(one) ? null : at('L13', 'warning', part, index, index + found.length, { written: found }, one)
    }),
    ...matches(text, /(?<![\p{L}’'-])(?<two>(?:in|on|of|to|for|at|by|with|from)\s+(?:and|or))\s+(?:in|on|of|to|for|at|by|with|from)(?=\s)/giu, ({ 0: found, index, groups }, part) => {
      const [first, , third] = found.toLowerCase().split(/\s+/)
      return first === third && /\p{Ll}\s+$|\s$/u.test(part.prose.slice(0, index)) && /\b(?:and|or)\s+$/i.test(part.prose.slice(0, index)) ? at('L13', 'note', part, index, index + found.length, { written: found }, (groups as { two: string }).two.split(/\s+/)[0]!) : null
    }),
  ],
}

/** L15: a space is missing: `report,Black`, `ended.The`, or two words run together: `forceddisplacement`. */
const joined: Rule = {
  id: 'L15',
  find(text) {
    const words = new Set(fieldWords[text.language] ?? [])
    return [
      ...matches(text, /(?<=\p{L}{2})(?<sign>[,;!?]|\.(?=\p{Lu}\p{Ll}))(?=\p{L}{2})/gu, (match, part) => at('L15', 'warning', part, match.index, match.index + 1, { written: part.text.slice(Math.max(0, match.index - 8), match.index + 9) }, `${match[0]} `)),
      ...matches(text, /(?<![\p{L}-])\p{Ll}{10,30}(?![\p{L}-])/gu, (match, part) => {
        if (words.has(match[0])) return null
        for (let cut = 4; cut <= match[0].length - 4; cut++) {
          const [one, other] = [match[0].slice(0, cut), match[0].slice(cut)]
          if (words.has(one) && words.has(other)) return at('L15', 'warning', part, match.index, match.index + match[0].length, { written: match[0] }, `${one} ${other}`)
        }
        return null
      }),
    ]
  },
}

const plurals = 'findings|results|reports|attacks|charges|authorities|forces|documents|names|numbers|conditions|sentences|rights|violations|demolitions|laws|families|members|victims|survivors|detainees|prisoners|journalists|orders|measures|hearings|policies|practices'

const singular = new RegExp(`\\bthe (?:${plurals}) (?:of|into|about|on|from|against) (?<between>[^.,;:!?]{3,200}?) (?<verb>is|was|has)(?= (?:made|been|being|to be|not|now|published|kept|released|taken|ignored|respected)\\b)`, 'giu')

/** L18: a plural with a singular verb far behind it: `the findings of the investigation is made public`. A suggestion only; English. */
const agreement: Rule = {
  id: 'L18',
  find: (text) => (text.language === 'en' ? matches(text, singular, (match, part) => {
    if (/\b(?:that|which|who|and|are|were|have|is|was|has)\b/i.test(match.groups!.between!)) return null
    const verb = match.groups!.verb!
    const start = match.index + match[0].length - verb.length
    return at('L18', 'note', part, start, start + verb.length, { written: verb }, { is: 'are', was: 'were', has: 'have' }[verb.toLowerCase()]!)
  }) : []),
}

const notSpelling = /^(?:size|sized|prize|prizes|prized|seize|seized|seizes|capsized?|advise[ds]?|exercise[ds]?|surprise[ds]?|promise[ds]?|premises?|compromise[ds]?|enterprise|otherwise|likewise|raise[ds]?|arise[ns]?|rise|noise|praise[ds]?|wise|precise|concise|disguise[ds]?|revise[ds]?|devise[ds]?|supervise[ds]?|improvise[ds]?|televise[ds]?|expertise|franchise|paradise|exercising|raising|rising|promising|surprising|compromising|advising|revising|supervising|arising|devising|praising|seizing|hour|hours|four|your|our|tour|tours|pour|source|sources|journal\w*|court\w*|course\w*|resource\w*|encourag\w*|courage\w*|your\w*|hourly|four\w*|sour|flour|contour\w*|detour\w*|tourist\w*|tourism)$/i
const british: [british: RegExp, american: (word: string) => string][] = [
  [/^(?:hon|lab|neighb|col|behavi|fav|harb|hum|rum|vig|endeav|flav|arm|sav)our(?:s|ed|ing|hood|hoods|able|ably|ful|less|ite|ites|er|ers)?$/i, (each) => each.replace(/our/i, 'or')],
  [/^(?:cent|theat|fib|lit|met)res?$/i, (each) => each.replace(/re(s?)$/i, 'er$1')],
  [/^(?:defence|offence|licence|pretence)s?$/i, (each) => each.replace(/ce(s?)$/i, 'se$1')],
  [/^(?:travel|label|cancel|model|signal|counsel|level|fuel)l(?:ed|ing|er|ers)$/i, (each) => each.replace(/ll/i, 'l')],
]

/** L42: `organisation` and `organization` in one text, or not the way that the house writes. English. */
const mixed: Rule = {
  id: 'L42',
  find(text, { house }) {
    if (text.language !== 'en') return []
    const ise = suffixed(text, /(?<![\p{L}’'-])\p{L}{3,20}(?<end>is|iz)(?:e|es|ed|ing|ation|ations|ational|er|ers)(?![\p{L}-])/giu)
    const wanted = house.spelling ? (house.spelling === 'british' ? 'is' : 'iz') : undefined
    const sides = new Set(ise.map(({ side }) => side))
    const meant = wanted ?? (sides.size > 1 ? moreOften(ise.map(({ side }) => side)) : undefined)
    const swaps = meant ? ise.filter(({ side }) => side !== meant).map(({ part, start, written }) => at('L42', 'note', part, start, start + written.length, { written }, written.replace(meant === 'is' ? /iz(?=[^z]*$)/i : /is(?=[^s]*s?$)/i, meant))) : []
    return [...swaps, ...(house.spelling === 'american' ? matches(text, word, (match, part) => {
      const rule = british.find(([pattern]) => pattern.test(match[0]))
      return rule && !notSpelling.test(match[0]) ? at('L42', 'note', part, match.index, match.index + match[0].length, { written: match[0] }, rule[1](match[0])) : null
    }) : [])]
  },
}

interface Suffixed {
  part: Part
  start: number
  written: string
  side: string
}

function suffixed(text: Prepared, pattern: RegExp): Suffixed[] {
  return text.parts.flatMap((part) => [...part.prose.matchAll(pattern)].filter(([written]) => !notSpelling.test(written) && written.length > 6).map((match): Suffixed => ({ part, start: match.index, written: match[0], side: match.groups!.end!.toLowerCase() })))
}

function moreOften(values: string[]): string {
  return values.filter((each) => each === 'is').length * 2 >= values.length ? 'is' : 'iz'
}

/** Terms of the house: what it does not write, and what instead. They belong to L41, as names of places do. */
const terms: Rule = {
  id: 'L41',
  find: (text, { house }) => Object.entries(house.terms ?? {}).flatMap(([other, preferred]): Finding[] => matches(text, new RegExp(`(?<![\\p{L}\\p{N}])${RegExp.escape(other)}(?![\\p{L}\\p{N}])`, 'giu'), (match, part) =>
    (preferred ? at('L41', 'note', part, match.index, match.index + match[0].length, { written: match[0], meant: preferred }, preferred) : at('L41', 'warning', part, match.index, match.index + match[0].length, { written: match[0], fault: 'never' })))),
}

export const spellingRules: Rule[] = [slips, doubled, joined, agreement, mixed, terms]
