/** A word of a text: how it is looked for, and where it stands. */
export interface Token {
  word: string
  /** The same without a prefix that readers leave out as often as not: in Hebrew the article and the small words that are written together with the next one. */
  also?: string
  start: number
  end: number
}

/** Longer words are cut: nobody looks for more of them. */
const longest = 60

// A mark of abbreviation belongs to a Hebrew word, typed as a quotation mark or not. Invisible joiners and hyphens belong to any.
const run = /[\p{L}\p{N}](?:[\p{L}\p{M}\p{N}\u00AD\u200C\u200D]|["'״׳](?=[\u05D0-\u05EA]))*/gu
const unspaced = /[\p{Script=Han}\p{Script=Hiragana}\p{Script=Katakana}\p{Script=Thai}\p{Script=Lao}\p{Script=Khmer}\p{Script=Myanmar}]/u
const segmenters = new Map<string, Intl.Segmenter>()

/** The words of a text in their order, folded so that what readers take for the same is the same. Where a script has no spaces, words are found by dictionary. */
export function tokensOf(text: string, language: string): Token[] {
  const found: Token[] = []
  for (const match of text.matchAll(run)) {
    if (!unspaced.test(match[0])) add(found, match[0], match.index)
    else for (const segment of segmenterFor(language).segment(match[0])) if (segment.isWordLike) add(found, segment.segment, match.index + segment.index)
  }
  return found
}

function add(found: Token[], text: string, start: number): void {
  const word = fold(text)
  if (!word) return
  const token: Token = { word, start, end: start + text.length }
  const also = withoutPrefix(word)
  if (also) token.also = also
  found.push(token)
}

function segmenterFor(language: string): Intl.Segmenter {
  let segmenter = segmenters.get(language)
  if (!segmenter) segmenters.set(language, segmenter = new Intl.Segmenter(language, { granularity: 'word' }))
  return segmenter
}

const alike: Record<string, string> = { ß: 'ss', ς: 'σ', ø: 'o', ł: 'l', đ: 'd', ð: 'd', þ: 'th', æ: 'ae', œ: 'oe', ı: 'i', ى: 'ي', ی: 'ي', ک: 'ك', ة: 'ه', ۀ: 'ه', ٱ: 'ا', ך: 'כ', ם: 'מ', ן: 'נ', ף: 'פ', ץ: 'צ' }
const others = new RegExp(`[${Object.keys(alike).join('')}]`, 'g')

/**
 * One word as it is looked for: without case, accents, vowel signs and lengthening, with one form of letters that are written in several, an Arabic one
 * without its article, and without the s that makes many of one in languages with Latin letters.
 */
export function fold(text: string): string {
  const lower = text.toLowerCase()
  const plain = /^[a-z0-9]*$/.test(lower) ? lower : lower.normalize('NFKD').toLowerCase()
    .replace(/[\u00AD\u0300-\u036F\u0591-\u05C7\u0610-\u061A\u0640\u064B-\u065F\u0670\u06D6-\u06ED\u200C\u200D"'״׳]/g, '').normalize('NFC')
    .replace(others, (letter) => alike[letter]!).replace(/[\u0660-\u0669\u06F0-\u06F9]/g, (digit) => String(digit.charCodeAt(0) & 0xF))
  return withoutEnd(plain).slice(0, longest).toWellFormed()
}

function withoutEnd(word: string): string {
  const arabic = /^(?:[وفبك]?ال|لل)([\u0621-\u064A]{3,})$/.exec(word)
  if (arabic) return arabic[1]!
  return word.length > 4 && word.endsWith('s') && !word.endsWith('ss') && /^[a-z]+$/.test(word) ? word.slice(0, -1) : word
}

function withoutPrefix(word: string): string | undefined {
  return /^[הובלמשכ][\u05D0-\u05EA]{3,}$/.test(word) ? word.slice(1) : undefined
}
