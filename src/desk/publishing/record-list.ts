import { html, type Html } from '#platform/html/html.ts'
import { allSubjects, nameIn } from '#modules/places/index.ts'
import { keptRecords } from '#modules/publishing/index.ts'
import { readPublisher } from '#modules/publisher/index.ts'
import type { Desk } from '../context.ts'
import type { DeskPage } from '../look/layout.ts'
import type { Visit } from '../pages.ts'
import { codesWithin, within } from './parts.ts'
import type { WrittenKind } from './record-form.ts'
import { markOf, recordRights } from './record-life.ts'
import { titlePart } from './record-picker.ts'

/** The records that somebody keeps, and those of others that texts can refer to: what these say, and no way to change them. */
export async function recordList(desk: Desk, visit: Visit, kinds: readonly WrittenKind[]): Promise<DeskPage> {
  const { t, query, reach } = visit
  const kind = kinds.find((each) => each === query('kind'))
  const { defaultLanguage } = await readPublisher(desk.db)
  const subjects = await allSubjects(desk.db)
  const about = subjects.find((each) => each.id === query('about') && within(reach, [each]))
  const { mayAdd, mayOpen } = await recordRights(desk, visit)
  const all = (await keptRecords(desk.db, { kind, subjectId: about?.id, within: codesWithin(reach), orPublic: about === undefined })).flatMap((each) => kinds.flatMap((its) => (its === each.kind ? [{ ...each, kind: its }] : [])))
  const link = (changes: Record<string, string>) => `/records?${new URLSearchParams({ ...(kind && { kind }), ...(about && { about: about.id }), ...changes })}`
  const list = (records: typeof all): Html => html`<div class="card"><ul class="todo">${records.map((each) => html`<li>${mayOpen(each) ? html`<a href="/records/${each.id}">${titlePart(t, each, defaultLanguage)}</a>` : titlePart(t, each, defaultLanguage)} <span class="soft">${t(`record.${each.kind}`)} · <code dir="ltr">${each.handle}</code></span>${(each.shown === 'none' || each.scheduledFor) && html` ${markOf(t, each)}`}</li>`)}</ul></div>`
  const [own, others] = [all.filter(({ mine }) => mine), all.filter(({ mine }) => !mine)]
  return {
    title: about ? t('records.about', { name: nameIn(about, t.language, defaultLanguage) }) : t('nav.records'), section: 'items', crumbs: [{ href: '/items', label: t('nav.items') }, ...(about ? [{ href: '/subjects', label: t('nav.subjects') }, { href: `/subjects/${about.id}`, label: nameIn(about, t.language, defaultLanguage) }] : [])],
    body: html`<ul class="filters"><li><a href="${link({ kind: '' })}"${!kind && html` aria-current="true"`}>${t('items.any')}</a></li>${kinds.map((each) => html`<li><a href="${link({ kind: each })}"${each === kind && html` aria-current="true"`}>${t(`record.${each}`)}</a></li>`)}<li><a href="/chronologies">${t('nav.chronologies')}</a></li></ul>
${mayAdd && html`<p class="row">${kinds.map((each) => html`<a class="btn plain" href="/records/new/${each}${about && `?about=${about.id}`}">${t('records.new', { what: t(`record.${each}`) })}</a>`)}</p>`}
${own.length === 0 ? html`<div class="card"><p>${t('items.empty')}</p></div>` : list(own)}${others.length > 0 && html`<h2>${t('records.others')}</h2><p class="soft">${t('records.others.why')}</p>${list(others)}`}`,
  }
}
