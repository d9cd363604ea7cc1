import { html, type Html } from '#platform/html/html.ts'
import { explain, lintItem, type ItemFinding, type TextField } from '#modules/digests/index.ts'
import { wordsWith, type Item, type ItemWords } from '#modules/publishing/index.ts'
import type { Desk } from '../context.ts'
import type { Faults, Typed } from '../forms.ts'
import type { DeskWords } from '../words/index.ts'
import { readDate } from './as-written.ts'

/** What the rules of wording find in what stands in the form of an item, whether it could be saved or not. */
export interface Findings {
  found: ItemFinding[]
  /** Rules that found something and are ignored here. */
  ignored: string[]
}

const mostShown = 100
const mostLooked = 500_000

export async function findingsIn(desk: Desk, item: Item, typed: Typed, language: string, today: string): Promise<Findings> {
  const { findings, ignored } = await lintItem(desk.db, { id: item.id, kind: item.kind, words: asTyped(typed, item, today), language, questions: [typed.questions].flat()[0] ?? '' }, desk.now())
  return { found: findings, ignored }
}

/** The words exactly as they stand in the fields, so that places in them are places there. */
function asTyped(typed: Typed, { thread }: Item, today: string): ItemWords {
  // All of it together: several hundred long paragraphs would keep everybody else at the desk waiting.
  let left = mostLooked
  const text = (name: string) => {
    const its = ([typed[name]].flat()[0] ?? '').slice(0, left)
    left -= its.length
    return its
  }
  const day = (name: string) => (/^\d{4}-\d\d-\d\d$/.test(text(name)) ? text(name) : '')
  const ids = [typed.paragraphs].flat().filter((id) => id !== undefined)
  return {
    ...wordsWith({}), title: text('title'), summary: text('standfirst'), body: thread ? '' : text('item_body'), publishedOn: readDate(day('published_on'), text('roughly').trim()).day,
    paragraphs: thread ? ids.slice(0, 500).map((id) => ({ id, text: text(`paragraph_text.${id}`), day: readDate(day(`paragraph_day.${id}`), text(`roughly.${id}`).trim()).day || today, roughly: '', happened: '', links: [] })).filter((each) => each.text) : [],
    blocks: [typed.blocks].flat().filter((id) => id !== undefined).slice(0, 60).map((id) => (typed[`block_kind.${id}`] === 'text' ? { id, kind: 'text', title: '', text: text(`block_text.${id}`) } : { id, kind: 'items', title: '', items: [] })), editors: text('editors'),
  }
}

function fieldName({ part, id }: TextField): string {
  return { title: 'title', summary: 'standfirst', body: 'item_body', paragraph: `paragraph_text.${id}`, questions: 'questions', block: `block_text.${id}`, editors: 'editors' }[part]
}

/** What is beside a form: each finding with its place, what it means and what puts it right. Its buttons belong to the form of that id. */
export function findingsPart(t: DeskWords, form: string, { found, ignored }: Findings, attention = false): Html {
  return html`${attention ? html`<h2 id="findings-title" tabindex="-1" autofocus>${t('findings.title')}</h2>` : html`<h2 id="findings-title">${t('findings.title')}</h2>`}<p role="status">${found.length === 0 ? t('findings.none') : t('digests.found', { count: found.length })}</p>
<ol class="findings">${found.slice(0, mostShown).map((each) => one(t, form, each))}</ol>${ignored.length > 0 && html`<p class="help">${t('findings.ignored', { count: ignored.length })}</p><button form="${form}" class="link" name="then" value="look-again">${t('findings.look-again')}</button>`}${found.length > 0 && html`<p class="help keys">${t('findings.keys')}</p>`}<p class="help">${t('findings.why')}</p>`
}

function whereIn(t: DeskWords, { part, place }: TextField, line: number): string {
  switch (part) {
    case 'title': return t('findings.in-title')
    case 'summary': case 'body': case 'paragraph': return t(`findings.in-${part}`, { line })
    case 'questions': case 'editors': return t('findings.in-field', { field: t(`f.${part}`), line })
    case 'block': return t('findings.in-field', { field: `${t.number(place ?? 1)}. ${t('block.text')}`, line })
  }
}

function one(t: DeskWords, form: string, finding: ItemFinding): Html {
  const { rule, severity, field, from, to, line, text, mends } = finding
  const name = fieldName(field)
  const explained = explain(finding, t.language)
  const where = whereIn(t, field, line)
  return html`<li class="${severity}"><p><a href="#${name}" data-place="${name} ${from} ${to}">${where}</a> ${severity === 'error' && html`<b class="bad">${t('findings.error')}</b> `}${explained}${text.trim() && !explained.includes(text) && html` <small dir="auto">${text.slice(0, 120)}</small>`}</p><div class="row">${mends.slice(0, 4).map((mend, place) => {
    const said = mend.as ? t(`findings.${mend.as}`) : mend.with.trim() ? t('findings.mend', { words: mend.with.trim().slice(0, 60) }) : mend.with ? t('findings.space') : t('findings.remove')
    return html`<button form="${form}" class="plain" name="then" value="mend ${rule} ${name} ${from} ${place}" data-mend="${JSON.stringify({ name, ...mend })}">${said}</button>`
  })}<button form="${form}" class="link" name="then" value="ignore ${rule}">${t('findings.ignore')}<span class="hidden-words"> ${explained}</span></button></div></li>`
}

/** Why something is not published as it stands, in words. */
export function faultInTheWay(t: DeskWords, findings: ItemFinding[]): string {
  return t('fault.in-the-way', { why: [...new Set(findings.map((each) => explain(each, t.language)))].slice(0, 3).join(' ') })
}

/** The same, each at its field. */
export function faultsInTheWay(t: DeskWords, findings: ItemFinding[]): Faults {
  return Object.fromEntries(Object.entries(Object.groupBy(findings, ({ field }) => fieldName(field))).map(([name, all]) => [name, faultInTheWay(t, all!)]))
}

/** What was typed, with what one of the buttons of the findings puts right. The same where its finding is not there any more: nothing is altered by guessing. */
export function mended(typed: Typed, { found }: Findings, pressed: string): Typed {
  const [, rule, name, from, place] = pressed.split(' ')
  const mend = found.find((each) => each.rule === rule && fieldName(each.field) === name && each.from === Number(from))?.mends[Number(place)]
  const text = name === undefined ? undefined : typed[name]
  return mend && name !== undefined && typeof text === 'string' ? { ...typed, [name]: text.slice(0, mend.from) + mend.with + text.slice(mend.to) } : typed
}

/** The rule that somebody wants to hear no more of here. */
export function ignoredRule(pressed: string): string | undefined {
  return /^ignore (L\d\d)$/.exec(pressed)?.[1]
}
