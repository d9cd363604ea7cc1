import { isDay } from '#platform/days.ts'
import { dateFormat } from '#platform/formats.ts'
import type { Happened } from './happened.ts'
import { readHappened } from './happened.ts'
import type { ItemKind, ItemLabel } from './item.ts'
import type { Relation } from './relations.ts'
import type { PublishingWords } from './words/index.ts'

/** When something happened, as exactly as it is known and no more: "late 2014", "about June 2019". */
export function sayHappened(t: PublishingWords, edtf: string): string {
  const read = readHappened(edtf)
  if (!read) return edtf
  const [from, to] = read.map((each) => sayOne(t, each))
  return to === undefined ? from! : t('when.stretch', { from: from!, to })
}

/** The date that something stands under, as exactly as it is known. */
export function sayDate(t: PublishingWords, date: string): string {
  return isDay(date) ? t.day(date) : sayHappened(t, date)
}

/** Parts of a year by their number in EDTF. */
const partWords = { 21: 'when.21', 22: 'when.22', 23: 'when.23', 24: 'when.24', 33: 'when.33', 34: 'when.34', 35: 'when.35', 36: 'when.36', 38: 'when.38', 40: 'when.40', 41: 'when.41' } as const

/** The same as a line of its own: "Happened: late 2014". */
export function sayWhen(t: PublishingWords, edtf: string): string {
  return t('happened', { when: sayHappened(t, edtf) })
}

function sayOne(t: PublishingWords, { year, month, day, part, about, uncertain }: Happened): string {
  const said = part !== undefined ? t(partWords[part as keyof typeof partWords], { year: sayParts(t, { year: 'numeric' }, year) })
    : day !== undefined ? sayParts(t, { dateStyle: 'long' }, year, month, day) : month !== undefined ? sayParts(t, { year: 'numeric', month: 'long' }, year, month) : sayParts(t, { year: 'numeric' }, year)
  const almost = about ? t('when.about', { when: said }) : said
  return uncertain ? t('when.uncertain', { when: almost }) : almost
}

function sayParts(t: PublishingWords, parts: Intl.DateTimeFormatOptions, year: number, month = 1, day = 1): string {
  const date = new Date(Date.UTC(2000, month - 1, day))
  date.setUTCFullYear(year)
  return dateFormat(t.language, parts).format(date)
}

/** Kind and labels as one line: "Good news · Urgent action · Update". The tone comes first, what has become of it last. */
export function sayKind(t: PublishingWords, kind: ItemKind, labels: ItemLabel[]): string {
  const openLetter = kind === 'letter' && labels.includes('open')
  const rest = labels.filter((label) => !(openLetter && label === 'open'))
  const before = rest.filter((label) => label !== 'update' && label !== 'outcome')
  const after = rest.filter((label) => label === 'update' || label === 'outcome')
  // "Good news · News" would say one thing twice.
  const own = kind === 'news' && rest.some((label) => label === 'good-news' || label === 'sad-news') ? [] : [openLetter ? t('kind.open-letter') : t(`kind.${kind}`)]
  return [...before.map((label) => t(`label.${label}`)), ...own, ...after.map((label) => t(`label.${label}`))].join(' · ')
}

/** What another item is to this one; `back` where it was said on the other one's page. */
export function sayRelation(t: PublishingWords, relation: Relation, back: boolean): string {
  return t(back ? `relation.${relation}.back` : `relation.${relation}`)
}
