import { reading } from '#platform/db.ts'
import { html, type Html } from '#platform/html/html.ts'
import { addressees, demandsAbout, renderDemand, type ShownSubject } from '#modules/publishing/index.ts'
import type { Site } from '../context.ts'
import { localPath, type Frame, type PageParts } from '../look/layout.ts'
import { headOf } from './head.ts'
import { inLanguage, wordsFor } from './readable.ts'
import { allSubjects, subjectName, subjectPath } from './subjects.ts'

const ways = ['addressee', 'topic', 'date', 'prose'] as const
type Way = (typeof ways)[number]
type Asked = Awaited<ReturnType<typeof demandsAbout>>[number]

/** All that is asked about a place or topic: by whom it is asked of, by what it is about, by when it was last made, or as a text to read. Nothing where nothing is asked. */
export async function demandsPage(site: Site, frame: Frame, subject: ShownSubject, wanted: string | undefined): Promise<PageParts | undefined> {
  const { t } = frame
  const by = wanted === undefined ? 'addressee' : ways.find((each) => each === wanted)
  const demands = by === undefined ? [] : await reading(site.db, (tx) => demandsAbout(tx, subject.id))
  if (by === undefined || demands.length === 0) return undefined
  const { name } = subjectName(frame, subject)
  const title = t('demands.title', { name })
  const base = subjectPath(subject, '/demands')
  const pathOf = (way: Way) => (way === 'addressee' ? base : `${base}/${way}`)
  return {
    title, path: pathOf(by), reading: true, head: headOf(site, frame, { path: pathOf(by), title, description: '', language: t.language, type: 'CollectionPage' }),
    body: html`<p class="crumbs"><a href="${localPath(frame, subjectPath(subject))}">${name}</a></p><h1>${title}</h1>
<nav class="filters" aria-label="${t('demands.ways')}"><ul>${ways.map((way) => html`<li><a href="${localPath(frame, pathOf(way))}"${way === by && html` aria-current="true"`}>${t(`demands.by.${way}`)}</a></li>`)}</ul></nav>
<div class="reading">${by === 'prose' ? asProse(frame, demands) : grouped(frame, demands, by, await allSubjects(site)).map(([heading, its]) => html`<section><h2>${heading}</h2><ul class="demands">${its.map(({ record }) => html`<li>${renderDemand(wordsFor(frame), record.content, within(frame))}</li>`)}</ul></section>`)}</div>`,
  }
}

function within({ t, publisher }: Frame): { language: string, fallback: string } {
  return { language: t.language, fallback: publisher.defaultLanguage }
}

/** Under headings in their order; a demand about several topics stands under each. */
function grouped(frame: Frame, demands: Asked[], by: Exclude<Way, 'prose'>, subjects: ShownSubject[]): [string, Asked[]][] {
  const { t } = frame
  switch (by) {
    case 'addressee': return byName(frame, demands, (each) => [whoOf(frame, each)], t('demands.nobody'))
    case 'topic': return byName(frame, demands, (each) => {
      const topics = subjects.filter(({ id, kind }) => kind === 'topic' && each.subjects.includes(id)).map((topic) => subjectName(frame, topic).name)
      return topics.length > 0 ? topics : ['']
    }, t('demands.no-topic'))
    case 'date': return [...Map.groupBy(demands.toSorted((a, b) => lastMade(b).localeCompare(lastMade(a))), (each) => lastMade(each).slice(0, 4))].map(([year, its]) => [year || t('demands.undated'), its])
  }
}

/** By names from A to Z; what has none comes last, under a heading of its own. */
function byName({ t }: Frame, demands: Asked[], namesOf: (demand: Asked) => string[], none: string): [string, Asked[]][] {
  const groups = Map.groupBy(demands.flatMap((demand) => namesOf(demand).map((name) => ({ name, demand }))), ({ name }) => name)
  return [...groups].toSorted(([a], [b]) => Number(a === '') - Number(b === '') || a.localeCompare(b, t.language)).map(([name, its]) => [name || none, its.map(({ demand }) => demand)])
}

/** All whom a demand is made to, together. */
function whoOf(frame: Frame, { record }: Asked): string {
  return frame.t.list(addressees(record.content, within(frame)))
}

function lastMade({ record: { content } }: Asked): string {
  return [content.firstMade, ...content.reiterated].toSorted().at(-1) ?? ''
}

/** What is still asked, as a text: one paragraph for each addressee, one sentence for each demand. */
function asProse(frame: Frame, demands: Asked[]): Html {
  const { t } = frame
  const open = demands.filter(({ record }) => !['met', 'rejected', 'overtaken'].includes(record.content.status))
  return html`${byName(frame, open, (each) => [whoOf(frame, each)], '').map(([who, its]) => html`<p>${who && html`<b>${t('demands.to', { who })}</b> `}${its.map(({ record: { content: { says } } }, place) => {
    const language = [t.language, frame.publisher.defaultLanguage, ...Object.keys(says)].find((each) => says[each])
    return language !== undefined && html`${place > 0 && ' '}<span${inLanguage(frame, language)}>${sentence(says[language]!.text)}</span>`
  })}</p>`)}`
}

function sentence(text: string): string {
  return /[.!?؟…]["”’»)]?$/u.test(text.trim()) ? text.trim() : `${text.trim()}.`
}
