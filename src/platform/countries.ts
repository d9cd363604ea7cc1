import { countryNameIn } from './formats.ts'
import { interfaceLanguages, type Words } from './words.ts'

/** Codes of ISO 3166-1; how a place is called is the language data's, or the publisher's, business. */
const codes = `AD AE AF AG AI AL AM AO AQ AR AS AT AU AW AX AZ BA BB BD BE BF BG BH BI BJ BL BM BN BO BQ BR BS BT BV BW BY BZ CA CC CD CF CG CH CI CK CL CM CN CO CR CU CV CW CX CY CZ
DE DJ DK DM DO DZ EC EE EG EH ER ES ET FI FJ FK FM FO FR GA GB GD GE GF GG GH GI GL GM GN GP GQ GR GS GT GU GW GY HK HM HN HR HT HU ID IE IL IM IN IO IQ IR IS IT JE JM JO JP KE KG KH KI
KM KN KP KR KW KY KZ LA LB LC LI LK LR LS LT LU LV LY MA MC MD ME MF MG MH MK ML MM MN MO MP MQ MR MS MT MU MV MW MX MY MZ NA NC NE NF NG NI NL NO NP NR NU NZ OM PA PE PF PG PH PK PL PM
PN PR PS PT PW PY QA RE RO RS RU RW SA SB SC SD SE SG SH SI SJ SK SL SM SN SO SR SS ST SV SX SY SZ TC TD TF TG TH TJ TK TL TM TN TO TR TT TV TW TZ UA UG UM US UY UZ VA VC VE VG VI VN VU
WF WS XK YE YT ZA ZM ZW`.split(/\s+/)

export function countryCodes(): string[] {
  return codes
}

const inOrder = new Map<string, { value: string, label: string }[]>()

/** All countries to choose from, by what they are called in the reader's language and in its order. Made once for a language: on a page with a form it would take longer than the page. */
export function countriesInOrder({ language, countryName }: Pick<Words<string>, 'language' | 'countryName'>): { value: string, label: string }[] {
  let all = inOrder.get(language)
  if (!all) {
    const { compare } = new Intl.Collator(language)
    inOrder.set(language, all = codes.map((value) => ({ value, label: countryName(value) })).toSorted((one, other) => compare(one.label, other.label)))
  }
  return all
}

let byName: Map<string, string> | undefined

/**
 * The code of a country that somebody named, by its code or by what it is called in one of our languages, in full or short, with its accents or
 * without; nothing where it is none. Two letters that are neither are taken for a code: some stand for a country before a standard says so.
 */
export function countryNamed(text: string): string | undefined {
  const typed = folded(text)
  const code = typed.toUpperCase()
  byName ??= allNames()
  return codes.includes(code) ? code : byName.get(typed) ?? (/^[a-z]{2}$/.test(typed) ? code : undefined)
}

/** Full names first: where a short one is also the name of another country, that one is meant. */
function allNames(): Map<string, string> {
  const short = interfaceLanguages.map((language) => new Intl.DisplayNames(language, { type: 'region', style: 'short' }))
  const named = (name: (code: string) => string) => codes.map((code): [string, string] => [folded(name(code)), code])
  const whole = [...interfaceLanguages.flatMap((language) => named((code) => countryNameIn(language, code))), ...short.flatMap((names) => named((code) => names.of(code)!))]
  // "One name (Another)": each is what somebody types.
  const parts = whole.flatMap(([name, code]) => (name.includes('(') ? name.split(/[()]/).map((part) => part.trim()).filter(Boolean).map((part): [string, string] => [part, code]) : []))
  return new Map([...whole, ...parts].toReversed())
}

function folded(text: string): string {
  return text.normalize('NFKD').replace(/\p{M}/gu, '').replace(/[’׳`]/g, "'").replace(/\s+/g, ' ').trim().toLowerCase()
}
