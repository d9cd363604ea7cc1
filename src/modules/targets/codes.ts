import { plainDigits } from '#platform/digits.ts'

/** How the codes of one scheme are written: data, so that a new country needs no code. */
export interface Scheme {
  id: string
  names: Record<string, string>
  /** In a format A is a letter, 9 a digit and # a digit that is read and does not matter; any other character stands for itself. Spaces and hyphens do not count. */
  formats: string[]
  /** How many characters at the end stand behind a space when a code is shown; 0 for none. */
  tail: number
  outsidePrefixes: string[]
  example: string
}

export type ReadCode =
  /** One way to read it, or several that differ by a common slip. */
  | { read: 'codes', codes: string[] }
  | { read: 'outside' }
  | { read: 'malformed' }

const longest = 20
// What hands and eyes confuse, at a place that wants a letter or a digit.
const slips: Record<'A' | '9', Record<string, string>> = { A: { 0: 'O', 1: 'I', 5: 'S', 8: 'B' }, 9: { O: '0', Q: '0', I: '1', L: '1', S: '5', B: '8', Z: '2' } }

/** Upper case, in one width, with plain digits, without spaces, hyphens and dots. */
export function compactCode(typed: string): string {
  // Turned away before normalising, which makes long nonsense longer.
  return typed.length > 200 ? '' : plainDigits(typed.normalize('NFKC')).toUpperCase().replace(/[\s.·\-‐-―_]+/g, '')
}

/**
 * Reads a code in any spacing, case and width. One that fits no format is read again with common slips put right (O for 0,
 * I for 1 and so on, each only where the format wants the other kind), which may give several readings; the caller keeps those that exist.
 */
export function readCode(scheme: Scheme, typed: string): ReadCode {
  const compact = compactCode(typed)
  if (compact.length === 0 || compact.length > longest) return { read: 'malformed' }
  const formats = scheme.formats.map(compactCode).filter((format) => format.length === compact.length)
  const exact = formats.some((format) => fit(format, compact) === compact)
  // What begins as places outside do is no slip of something else.
  if (!exact && isOutside(scheme, compact)) return { read: 'outside' }
  const codes = exact ? [compact] : [...new Set(formats.map((format) => fit(format, compact)).filter((code) => code !== undefined))]
  if (codes.length === 0) return { read: 'malformed' }
  return codes.every((code) => isOutside(scheme, code)) ? { read: 'outside' } : { read: 'codes', codes }
}

/** More than that is no slip: it is another word. */
const mostSlips = 2

function fit(format: string, text: string): string | undefined {
  let fitted = ''
  let slipped = 0
  for (let i = 0; i < format.length; i++) {
    const wanted = format[i]!
    const character = text[i]!
    if (wanted === 'A' || wanted === '9') {
      if (wanted === 'A' ? /[A-Z]/.test(character) : /[0-9]/.test(character)) fitted += character
      else if (slips[wanted][character] && ++slipped <= mostSlips) fitted += slips[wanted][character]
      else return undefined
    } else if (wanted === '#') {
      if (!/[0-9]/.test(character)) return undefined
    } else if (wanted === character) fitted += character
    else return undefined
  }
  return fitted
}

/** A prefix ends where the letters end: "JE" is outside in JE2 3AB and says nothing about JEX. */
function isOutside(scheme: Scheme, code: string): boolean {
  return scheme.outsidePrefixes.some((prefix) => code.startsWith(prefix) && (prefix.length > 3 || !/^[A-Z]/.test(code.slice(prefix.length))))
}

/** Whether what was typed is the first part of a code and the rest is missing: half a postcode, as people say it. */
export function isBeginning(scheme: Scheme, typed: string): boolean {
  const compact = compactCode(typed)
  return scheme.tail > 0 && scheme.formats.map((format) => compactCode(format).slice(0, -scheme.tail)).some((format) => format.length === compact.length && fit(format, compact) !== undefined)
}

/** A code as people write it. */
export function showCode(scheme: Scheme, code: string): string {
  return scheme.tail > 0 && code.length > scheme.tail ? `${code.slice(0, -scheme.tail)} ${code.slice(-scheme.tail)}` : code
}

/** What may be counted of a code that was not found: its first half, which many people share. */
export function codeBeginning(scheme: Scheme, typed: string): string {
  const code = readCode(scheme, typed)
  if (code.read !== 'codes') return ''
  return scheme.tail > 0 ? code.codes[0]!.slice(0, -scheme.tail) : code.codes[0]!.slice(0, Math.floor(code.codes[0]!.length / 2))
}
