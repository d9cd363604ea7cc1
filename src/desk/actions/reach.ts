import { html, type Html } from '#platform/html/html.ts'
import type { Coverage, Revision } from '#modules/actions/index.ts'
import type { DeskWords } from '../words/index.ts'

type Covered = Coverage['targets'][number]

const ways = [['phone', 'contact.phone'], ['url', 'contact.url'], ['postalAddress', 'contact.address']] as const

/** Whether somebody holds the office to whom we have no e-mail address. */
export function isWithoutEmail({ office }: Covered): boolean {
  return office.holders.length > 0 && !office.contactable
}

/** By which other ways a target can be reached that has no e-mail address. */
export function otherWaysSaid(t: DeskWords, { office }: Covered): Html {
  const known = ways.filter(([way]) => office[way] !== undefined).map(([, word]) => t(word))
  return html`<small>${known.length ? t('reach.but', { ways: t.list(known) }) : t('reach.by-nothing')}</small>`
}

/** How many of those who are to be written to cannot be by e-mail, and in which languages nothing is written yet for those who then call. */
export function reachNotice(t: DeskWords, here: string, { targets, rules }: Coverage, revisions: Revision[]): Html | false {
  const without = targets.filter((each) => !each.copy && isWithoutEmail(each) && (rules.length === 0 || each.rules.some((place) => rules[place]!.outcome !== 'skip')))
  if (without.length === 0) return false
  const nothing = without.filter(({ office }) => ways.every(([way]) => office[way] === undefined))
  const unsaid = without.some(({ office }) => office.phone !== undefined) ? revisions.filter(({ words }) => !words.script) : []
  return html`<div class="notice"><p>${t('reach.without', { count: without.length })} <a href="${here}/rules?only=no-email">${t('reach.show')}</a></p>${nothing.length > 0 && html`<p>${t('reach.nothing', { count: nothing.length })}</p>`}
${unsaid.length > 0 && html`<p>${t('reach.no-script')} ${unsaid.map(({ language }) => html`<a href="${here}/words/${language}#script">${t('action.words', { language: t.languageName(language) })}</a> `)}</p>`}</div>`
}
