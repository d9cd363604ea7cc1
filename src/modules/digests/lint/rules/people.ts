import { datesIn } from '../../lexicon/dates.ts'
import { firstDay } from '../../lexicon/imprecise.ts'
import { contactOf } from '../../lexicon/phrases.ts'
import { calling, notice, roles } from '../../lexicon/speech.ts'
import type { Finding, Fix } from '../finding.ts'
import { at, matches, type Prepared, type Rule } from '../text.ts'
import { runs } from './punctuation.ts'

const passages = (text: Prepared) => text.parts.filter(({ part }) => part === 'passage')

/** L38: an age in the present tense is wrong within a year. */
const ages: Rule = {
  id: 'L38',
  find(text) {
    const year = text.date ? firstDay(text.date).slice(0, 4) : ''
    const pattern = /\b(?<verb>is|,)\s(?<article>an?\s)?(?<age>\d{1,2})[- ]years?[- ]old\b|tiene (?<edad>\d{1,2}) años|est âgée? de (?<ans>\d{1,2}) ans|(?:يبلغ|تبلغ) من العمر (?<umr>\d{1,2})|(?:בן|בת) (?<gil>\d{1,2})(?!\d)/giu
    return matches(text, pattern, (match, part) => {
      const { verb, article, age, edad, ans, umr, gil } = match.groups!
      const years = (age ?? edad ?? ans ?? umr ?? gil)!
      if (verb === ',') return null
      const fix = age && !article && year ? [`was ${age} years old in ${year}`] : age && year ? [`was a ${age}-year-old in ${year}`.replace(/\ba (8|11|18|8\d)-/, 'an $1-')] : []
      return at('L38', 'note', part, match.index, match.index + match[0].length, { age: years, year }, ...fix)
    })
  },
}

// Only what surrounds the name may be in either case: without capitals, the whole demand would be taken for a name.
const askedOfHolder = new RegExp(`(?i:\\b(?:call(?:s|ing)? on|urg(?:e|es|ing)|demand(?:s|ing)? that|ask(?:s|ing)?)\\s(?:the\\s)?(?<office>${roles}))\\s(?<name>\\p{Lu}[\\p{L}\\p{M}’'-]+(?:\\s\\p{Lu}[\\p{L}\\p{M}’'-]+)+)`, 'gu')

/** L39: a demand to a person by name: the office stays, its holder does not. */
const holders: Rule = {
  id: 'L39',
  find: (text, { known }) => [
    ...known.formerHolders.flatMap(({ name, office }) => matches(text, new RegExp(`(?<!\\p{L})(?:(?<the>[Tt]he )?(?i:${RegExp.escape(office)}) )?${RegExp.escape(name)}(?!\\p{L})`, 'gu'), (match, part) =>
      at('L39', 'warning', part, match.index, match.index + match[0].length, { name, office, fault: 'former' }, text.language === 'en' && !/^the\s/i.test(office) ? `${match.groups!.the ?? 'the '}${office}` : office))),
    ...matches(text, askedOfHolder, (match, part) => {
      const { name, office } = match.groups as { name: string, office: string }
      const end = match.index + match[0].length
      const start = end - name.length - office.length - 1
      return !known.formerHolders.some((each) => each.name === name) ? at('L39', 'note', part, start, end, { name, office, fault: 'named' }, /\bthe\s$/i.test(part.prose.slice(0, start)) ? office : `the ${office}`) : null
    }),
  ],
}

/** L44: something is asked of nobody. */
const addressless: Rule = {
  id: 'L44',
  find: (text, { known }) => runs(text).flatMap((items) => {
    const lead = text.parts[text.parts.indexOf(items[0]!) - 1]
    if (!lead || !calling.test(lead.text) || !/:\s*$/u.test(lead.text)) return []
    // "We call on the government to:" names whom for all of them.
    if (/\b(?:on|from)\s+\S+.*?\bto\s*:\s*$|\b(?:the|our|all)\s+[\p{L} ]{3,60}(?:to)?\s*:\s*$|\bmust\s*:\s*$/iu.test(lead.text) && !/\b(?:calls?|demands?)\s*(?:for|are)?\s*:\s*$/iu.test(lead.text)) return []
    return items.filter(({ text: words }) => {
      const to = /^(?<whom>[^,.;]{3,120}?)\s+(?:to|must|should|a|debe[n]?|doi(?:t|vent))\s+(?<verb>\p{L}+)/iu.exec(words)
      const passive = to?.groups!.verb === 'be' || /^(?:an? end|the (?:end|release|lifting)|that)\b/i.test(words)
      return !known.addressees.some((each) => words.includes(each)) && (!to || passive)
    }).map((part) => at('L44', 'warning', part, 0, part.text.length))
  }),
}

/** L45: a warning behind what it warns of. */
const late: Rule = {
  id: 'L45',
  find: (text) => passages(text).flatMap((part, place): Finding[] => {
    if (place === 0 || part.text.length > 400 || !notice.test(part.prose)) return []
    return [{ ...at('L45', 'warning', part, 0, part.text.length), fixes: [{ do: 'move', to: 0 } satisfies Fix] }]
  }),
}

/** L46: a contact without a way to reach them, or several announced and one named. */
const contacts: Rule = {
  id: 'L46',
  find: (text) => passages(text).flatMap((part) => {
    const contact = contactOf(part.text)
    if (!contact || (contact.reachable && (!contact.plural || contact.several))) return []
    return [at('L46', 'warning', part, 0, part.text.length, { fault: contact.reachable ? 'plural' : 'channel' })]
  }),
}

/** L47: a page that does not say of which day it is. */
const undated: Rule = { id: 'L47', find: (text) => (text.date || (!text.title && text.passages.length === 0) ? [] : [{ rule: 'L47', severity: 'warning', where: { part: 'page', index: 0, start: 0, end: 0 }, text: text.title, values: {}, fixes: [] }]) }

/** L04: label or date in brackets in a title; L05: behind a separator. Both have fields of their own. */
const inTitle: Rule = {
  id: 'L05',
  find: (text, { order, today }) => text.parts.filter(({ part }) => part === 'title').flatMap((part) => {
    const label = /\s[-–—|]\s(?=[\p{Lu}\s&-]{4,60}$)/u.exec(part.text)
    if (label && /\p{Lu}{3}/u.test(part.text.slice(label.index)) && /\p{Ll}/u.test(part.text.slice(0, label.index))) return [at('L05', 'warning', part, label.index, part.text.length, { written: part.text.slice(label.index + label[0].length) }, '')]
    const [date] = datesIn(part.text, order, today).filter(({ style }) => style !== 'year' && style !== 'imprecise').slice(-1)
    const bracket = /\s*\((?<inside>[^()]{3,60})\)\s*$/u.exec(part.text)
    if (bracket && linkless(bracket.groups!.inside!)) return [at('L04', 'note', part, bracket.index, part.text.length, { written: bracket.groups!.inside!, fault: 'title' }, '')]
    return date && date.end >= part.text.trimEnd().length && /[-–—|(,]\s*$/u.test(part.text.slice(0, date.start)) ? [at('L04', 'note', part, part.text.slice(0, date.start).replace(/[\s\-–—|(,]+$/u, '').length, part.text.length, { written: date.text, fault: 'title' }, '')] : []
  }),
}

const linkless = (inside: string) => /^(?:blog ?post|report|news release|press release|q&a|questions? (?:&|and) answers?|news|informe|rapport|تقرير|דוח)$/i.test(inside.trim())

export const peopleRules: Rule[] = [ages, holders, addressless, late, contacts, undated, inTitle]
