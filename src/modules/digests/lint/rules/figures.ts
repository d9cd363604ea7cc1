import { attributed, counted, harmed, qualifier } from '../../lexicon/speech.ts'
import type { Finding } from '../finding.ts'
import { sentenceAround } from './dates.ts'
import { at, matches, type Context, type Part, type Prepared, type Rule } from '../text.ts'

interface Figure {
  part: Part
  start: number
  end: number
  /** As it stands, without what qualifies it. */
  number: string
  value: number
  qualifier: string
  from: number
}

const number = new RegExp(`(?:(?<![\\p{L}\\p{N}])(?<qualifier>${qualifier})\\s+)?(?<![\\p{L}\\p{N}.,/:-])(?<number>\\d{1,3}(?:[,.\\u00a0\\u202f ]\\d{3})+|\\d+)(?![\\p{L}\\p{N}/:-]|[.,]\\d)`, 'giu')
const cache = new WeakMap<Part, Figure[]>()

/** Numbers in a part, without years and days. In quotations too: they are compared, never changed. */
function figuresOf(part: Part): Figure[] {
  let found = cache.get(part)
  if (!found) cache.set(part, found = [...part.text.matchAll(number)].flatMap((match) => {
    const { qualifier: before = '', number: written } = match.groups!
    const value = Number(written!.replace(/\D/g, ''))
    const start = match.index + match[0].length - written!.length
    const year = /^(?:1[89]|20|21)\d\d$/.test(written!) && !before
    // Numbers in a row are a telephone's.
    const inRow = /\d[ )-]*$/.test(part.text.slice(Math.max(0, match.index - 3), match.index)) || /^[ -]\d/.test(part.text.slice(start + written!.length, start + written!.length + 2))
    return year || inRow ? [] : [{ part, start, end: match.index + match[0].length, number: written!, value, qualifier: before.toLowerCase(), from: match.index }]
  }))
  return found
}

const all = (text: Prepared) => text.parts.flatMap(figuresOf)
const quoted = ({ part, start }: Figure) => part.prose[start] === '\ufffc'

/** L20: a number that counts nothing: `More than 17,439 have been injured`. */
const nounless: Rule = {
  id: 'L20',
  find: (text) => all(text).flatMap((figure) => {
    const after = figure.part.prose.slice(figure.end, figure.end + 30)
    return !quoted(figure) && (figure.qualifier || figure.value >= 1000) && /^\s+(?:have|has|were|was|are|is|had)\s/.test(after) ? [at('L20', 'warning', figure.part, figure.from, figure.end, { figure: figure.part.text.slice(figure.from, figure.end) })] : []
  }),
}

/** L21: one text writes thousands in several ways. */
const grouping: Rule = {
  id: 'L21',
  find(text, { house }) {
    const large = all(text).filter(({ value }) => value >= 1000)
    const shape = ({ number: written }: Figure) => /\D/.exec(written)?.[0] ?? ''
    const grouped = large.map(shape).find((each) => each !== '')
    const wanted = house.thousands ?? grouped
    if (wanted === undefined) return []
    return large.filter((figure) => shape(figure) !== wanted && !quoted(figure) && (house.thousands !== undefined || figure.value >= 1000)).map((figure) =>
      at('L21', 'note', figure.part, figure.start, figure.end, { figure: figure.number }, String(figure.value).replace(/\B(?=(?:\d{3})+$)/g, wanted)))
  },
}

const eastern = '٠١٢٣٤٥٦٧٨٩'

/** L21 again: digits of the kind that the house does not write, in languages that have two. */
const digits: Rule = {
  id: 'L21',
  find(text, { house }) {
    const wanted = text.language === 'ar' ? house.numerals : undefined
    if (!wanted) return []
    const turn = (written: string) => written.replace(/./gu, (each) => (wanted === 'eastern' ? eastern[Number(each)]! : String(eastern.indexOf(each))))
    return matches(text, wanted === 'eastern' ? /\d+/gu : /[٠-٩]+/gu, ({ 0: written, index }, part) => at('L21', 'note', part, index, index + written.length, { figure: written }, turn(written)))
  },
}

/** L22: the same number with another qualifier: over 6,546 in one place, at least 6,546 in another. */
const drift: Rule = {
  id: 'L22',
  find(text) {
    const first = new Map<number, Figure>()
    return all(text).flatMap((figure) => {
      if (!figure.qualifier || figure.value < 10) return []
      const before = first.get(figure.value)
      if (!before) first.set(figure.value, figure)
      if (!before || before.qualifier === figure.qualifier) return []
      const written = figure.part.text.slice(figure.from, figure.from + figure.qualifier.length)
      const meant = /^\p{Lu}/u.test(written) ? before.qualifier[0]!.toUpperCase() + before.qualifier.slice(1) : before.qualifier
      return [at('L22', 'note', figure.part, figure.from, figure.from + figure.qualifier.length, { written, meant: before.qualifier, figure: figure.number, ...(sense(before.qualifier) === sense(figure.qualifier) && { fault: 'alike' }) }, ...(quoted(figure) ? [] : [meant]))]
    })
  },
}

/** Qualifiers that say the same in other words. */
const senses = [['more than', 'over', 'más de', 'plus de', 'أكثر من', 'יותר מ', 'מעל'], ['at least', 'al menos', 'au moins', 'ما لا يقل عن', 'לפחות'], ['almost', 'nearly', 'casi', 'près de', 'presque', 'قرابة', 'כמעט'], ['around', 'about', 'approximately', 'some', 'unos', 'unas', 'cerca de', 'environ', 'نحو', 'حوالي', 'כ־'], ['fewer than', 'less than', 'under']]
const sense = (words: string) => senses.findIndex((each) => each.includes(words))

const countsSomebody = new RegExp(`^(?!\\s+(?:years?|months?|weeks?|days?|hours?|per cent|percent|años?|meses|días|ans|mois|jours|سنة|سنوات|عام|شهر|أيام|שנים|שנה|חודשים|ימים)(?![\\p{L}]))(?:\\s+(?:\\p{L}+\\s+){0,2}(?:${counted})(?![\\p{L}])|^\\s+(?:[\\p{L}]+\\s+){0,3}(?:${harmed})(?![\\p{L}]))`, 'iu')

/** A number written out: it counts somebody only in a sentence that tells of harm. */
const inWords = new RegExp(`(?<![\\p{L}\\p{N}])(?:(?:${qualifier})\\s+)?(?:two|three|four|five|six|seven|eight|nine|ten|eleven|twelve|twenty|dozens|hundreds|thousands|dos|tres|cuatro|cinco|seis|siete|ocho|nueve|diez|deux|trois|quatre|cinq|sept|huit|neuf|dix|ثلاثة|أربعة|خمسة|ستة|سبعة|ثمانية|تسعة|عشرة|שלושה|ארבעה|חמישה|שישה|שבעה|שמונה|תשעה|עשרה)(?: (?:of|de|d[’'])(?=\\s))?(?![\\p{L}\\p{N}])`, 'giu')
const harm = new RegExp(`(?<!\\p{L})(?:${harmed})(?!\\p{L})`, 'iu')

function countingFigures(part: Part): Figure[] {
  return figuresOf(part).filter((figure) => countsSomebody.test(part.text.slice(figure.end, figure.end + 80)))
}

/** L23: a figure of people or harm without who counted: never about what it says. */
const sourceless: Rule = {
  id: 'L23',
  find(text, { house }: Context) {
    const severity = house.figuresNeedSource?.includes(text.kind ?? '') ? 'error' : 'warning'
    return text.parts.filter(({ part, role }) => part === 'passage' && role !== 'heading').flatMap((part) => countingFigures(part).flatMap((figure): Finding[] => {
      const sentence = sentenceAround(part.text, figure.start)
      const linked = text.links.some(({ paragraph, at: place }) => paragraph === part.index && place !== null && place !== undefined && Math.abs(place - figure.start) < 200)
      return attributed.test(sentence) || linked || quoted(figure) ? [] : [at('L23', severity, part, figure.from, figure.end, { figure: part.text.slice(figure.from, figure.end) })]
    }).concat([...part.prose.matchAll(inWords)].flatMap((match): Finding[] => {
      const sentence = sentenceAround(part.text, match.index)
      const from = part.prose.slice(match.index + match[0].length, match.index + match[0].length + 80)
      const linked = text.links.some(({ paragraph, at: place }) => paragraph === part.index && place !== null && place !== undefined && Math.abs(place - match.index) < 200)
      return attributed.test(sentence) || linked || !harm.test(sentence) || !countsSomebody.test(from) ? [] : [at('L23', severity, part, match.index, match.index + match[0].length, { figure: match[0] })]
    })))
  },
}

/** L24: several figures in a sentence and several sources: which is whose cannot be seen. */
const scope: Rule = {
  id: 'L24',
  find: (text) => text.parts.flatMap((part) => {
    const figures = countingFigures(part)
    const sentences = new Map<string, Figure[]>()
    for (const figure of figures) {
      const sentence = sentenceAround(part.text, figure.start)
      sentences.set(sentence, [...(sentences.get(sentence) ?? []), figure])
    }
    return [...sentences].flatMap(([sentence, within]) => {
      const sources = sentence.match(/\baccording to\b|\bsegún\b|\bselon\b|وفق(?:ًا|اً|ا)? ?ل|بحسب|לפי|על פי/giu)?.length ?? 0
      const [first] = within
      return within.length >= 2 && sources >= 1 && within.length > sources && first ? [at('L24', 'note', part, first.from, within.at(-1)!.end, { figures: String(within.length), sources: String(sources) })] : []
    })
  }),
}

export const figureRules: Rule[] = [nounless, grouping, digits, drift, sourceless, scope]
