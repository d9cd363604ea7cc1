import { html, type Html } from '#platform/html/html.ts'
import { field } from '#platform/http/server.ts'
import { dateFormat } from '#platform/formats.ts'
import { changeHouseStyle, explainRule, houseStyle, readHouseStyle, ruleIds, type HouseStyle } from '#modules/digests/index.ts'
import { chosenKinds, publishingWords } from '#modules/publishing/index.ts'
import { readPublisher } from '#modules/publisher/index.ts'
import type { Desk } from '../context.ts'
import { errorSummary, formFields, type Choice, type Faults, type Field, type Typed } from '../forms.ts'
import type { DeskPage } from '../look/layout.ts'
import { notFoundUnless, type Answer, type DeskPages, type Visit } from '../pages.ts'
import type { DeskWord, DeskWords } from '../words/index.ts'

/** What can be chosen of one thing, by the names of the fields. */
const choices = {
  house_spelling: ['british', 'oxford', 'american'], house_dates: ['day-month-year', 'month-day-year'], house_thousands: ['comma', 'point', 'space', 'together'], house_numerals: ['western', 'eastern'],
  house_quotes: ['double', 'single', 'guillemets'], house_lists: ['full-stops', 'none'], house_labels: ['tone-first', 'kind-first'],
} as const
const thousands = { comma: ',', point: '.', space: ' ', together: '' } as const
/** Choices that are shown by how they look, and those that are said. */
const looks: Record<string, string> = {
  ...Object.fromEntries(Object.entries(thousands).map(([name, sign]) => [name, `6${sign}546`])), western: '1 2 3', eastern: '١ ٢ ٣', double: '“ ”', single: '‘ ’', guillemets: '« »',
  'day-month-year': longDay('en-GB'), 'month-day-year': longDay('en-US'),
}
const saidBy: Record<string, DeskWord> = {
  british: 'house.spelling.british', oxford: 'house.spelling.oxford', american: 'house.spelling.american', 'full-stops': 'house.lists.full-stops', none: 'house.lists.none', 'tone-first': 'house.labels.tone-first', 'kind-first': 'house.labels.kind-first',
}
const levels = ['error', 'warning', 'note', 'off'] as const

/** How the organisation writes, by language: what the rules go by while somebody writes, and when pages are brought over. */
export function houseStyleRoutes(pages: DeskPages, desk: Desk): void {
  pages.get('/settings/house-style', async (visit) => {
    const language = await languageOf(desk, visit, visit.query('language'))
    return page(desk, visit, language, typedOf(await readHouseStyle(desk.db, language)), {})
  }, 'settings')

  pages.post('/settings/house-style', async (visit): Promise<Answer> => {
    const { t, body, now } = visit
    const language = await languageOf(desk, visit, field(body, 'language'))
    const typed = body as Typed
    const months = field(body, 'house_new').trim()
    const read = houseStyle.safeParse(styleIn(body))
    const faults: Faults = {
      ...(months && !(Number.isInteger(Number(months)) && Number(months) >= 1 && Number(months) <= 60) && { house_new: t('fault.house-new') }),
      ...(!read.success && !months && { house_terms: t('fault.house-terms') }),
    }
    if (!read.success || Object.keys(faults).length > 0) return { ...await page(desk, visit, language, typed, Object.keys(faults).length > 0 ? faults : { house_terms: t('fault.house-terms') }), status: 422 }
    await pages.change(visit, { verb: 'change-house-style', subjectKind: 'settings', subjectIds: [], details: { language } }, (tx) => changeHouseStyle(tx, language, read.data, visit.staff.id, now))
    return { to: `/settings/house-style?language=${language}`, said: 'said.saved' }
  }, 'settings')
}

function longDay(locale: string): string {
  return dateFormat(locale, { dateStyle: 'long' }).format(new Date('2024-05-02'))
}

async function languageOf(desk: Desk, { t }: Visit, given: string): Promise<string> {
  const { languages, defaultLanguage } = await readPublisher(desk.db)
  return notFoundUnless(given || (languages.includes(t.language) ? t.language : defaultLanguage), (code) => languages.includes(code))
}

function styleIn(body: unknown): unknown {
  const chosen = (name: keyof typeof choices) => choices[name].find((each) => each === field(body, name))
  const ticked = [(body as Typed).house_sources].flat().filter((each) => chosenKinds.some((kind) => kind === each))
  const rules = ruleIds.flatMap((id) => levels.filter((each) => each === field(body, `level-${id}`)).map((level) => ({ id, level })))
  const grouping = chosen('house_thousands') as keyof typeof thousands | undefined
  const months = field(body, 'house_new').trim()
  return {
    spelling: chosen('house_spelling'), dates: chosen('house_dates'), numerals: chosen('house_numerals'), quotes: chosen('house_quotes'), lists: chosen('house_lists'), labels: chosen('house_labels'),
    thousands: grouping && thousands[grouping], ...(field(body, 'house_noughts') === 'yes' && { zeroPadded: true }), ...(ticked.length > 0 && { figuresNeedSource: ticked }), ...(months && { newForMonths: Number(months) }),
    terms: Object.fromEntries(field(body, 'house_terms').split('\n').map((line) => line.trim()).filter(Boolean).map((line) => [line.split('=')[0]!.trim(), line.split('=').slice(1).join('=').trim()])),
    off: rules.filter(({ level }) => level === 'off').map(({ id }) => id), levels: Object.fromEntries(rules.filter(({ level }) => level !== 'off').map(({ id, level }) => [id, level])),
  }
}

function typedOf(style: HouseStyle): Typed {
  const grouping = Object.entries(thousands).find(([, sign]) => sign === style.thousands)?.[0]
  return {
    house_spelling: style.spelling, house_dates: style.dates, house_numerals: style.numerals, house_quotes: style.quotes, house_lists: style.lists, house_labels: style.labels, house_thousands: grouping,
    house_noughts: style.zeroPadded ? 'yes' : undefined, house_sources: style.figuresNeedSource, house_new: style.newForMonths ? String(style.newForMonths) : '',
    house_terms: Object.entries(style.terms ?? {}).toSorted(([one], [other]) => one.localeCompare(other)).map(([term, instead]) => (instead ? `${term} = ${instead}` : term)).join('\n'),
    ...Object.fromEntries([...(style.off ?? []).map((id) => [`level-${id}`, 'off']), ...Object.entries(style.levels ?? {}).map(([id, level]) => [`level-${id}`, level])]),
  }
}

async function page(desk: Desk, { t }: Visit, language: string, typed: Typed, faults: Faults): Promise<DeskPage> {
  const { languages } = await readPublisher(desk.db)
  const pick = (name: keyof typeof choices): Field => ({ name, kind: 'select', empty: t('house.open'), choices: choices[name].map((value): Choice => ({ value, label: looks[value] ?? t(saidBy[value]!) })) })
  const kinds = publishingWords(t.language)
  return {
    title: t('settings.house-style'), section: 'settings', crumbs: [{ href: '/settings', label: t('nav.settings') }],
    body: html`<p>${t('settings.house-style.why')}</p><ul class="filters">${languages.map((each) => html`<li><a href="/settings/house-style?language=${each}"${each === language && html` aria-current="true"`}>${t.languageName(each)}</a></li>`)}</ul>
<form method="post" action="/settings/house-style" class="card" novalidate data-keep>${errorSummary(t, faults)}<input type="hidden" name="language" value="${language}">${formFields(t, [
      language === 'en' && pick('house_spelling'), language === 'en' && pick('house_dates'), { name: 'house_noughts', kind: 'tick' }, pick('house_thousands'), language === 'ar' && pick('house_numerals'), pick('house_quotes'), pick('house_lists'), pick('house_labels'),
      { name: 'house_terms', kind: 'text', maxLength: 50_000 }, { name: 'house_sources', kind: 'ticks', choices: chosenKinds.map((value) => ({ value, label: kinds(`kind.${value}`) })) }, { name: 'house_new', kind: 'line', narrow: true, direction: 'ltr', maxLength: 2 },
    ], typed, faults)}<details><summary>${t('house.rules')}</summary><p class="help">${t('house.rules.help')}</p>${ruleIds.map((id) => rule(t, id, typed))}</details><div class="row"><button>${t('save')}</button></div></form>`,
  }
}

function rule(t: DeskWords, id: string, typed: Typed): Html {
  const name = `level-${id}`
  return html`<div class="field"><label for="${name}"><bdi>${id}</bdi> ${explainRule(id, t.language)}</label><select id="${name}" name="${name}" class="narrow"><option value="">${t('house.level.usual')}</option>${levels.map((level) => html`<option value="${level}"${typed[name] === level && html` selected`}>${t(`house.level.${level}`)}</option>`)}</select></div>`
}
