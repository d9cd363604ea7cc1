import { html, type Html } from '#platform/html/html.ts'
import { aboutAsWished, allSubjects, looksAfter, mayPutUnder, nameIn, type Subject } from '#modules/places/index.ts'
import { findItem, newestRevisions, standings, type Item, type ItemState, type Reference, type Revision, type Standing } from '#modules/publishing/index.ts'
import { readPublisher, type Publisher } from '#modules/publisher/index.ts'
import type { Ability, Reach } from '#modules/staff/index.ts'
import type { Desk } from '../context.ts'
import { idOf, notFoundUnless, orNotFound, type Visit } from '../pages.ts'
import type { DeskWords } from '../words/index.ts'

/** An item with all that pages of the desk show of it. */
export interface Opened {
  item: Item
  revisions: Revision[]
  /** How each language that has words stands. */
  standings: Standing[]
  subjects: Subject[]
  /** The places and topics that it is about, or whose page it is the text of. */
  its: Subject[]
  publisher: Publisher
  /** The language that the others translate. */
  original: string
  title: string
}

/** The item of an address, if it lies within what this visit reaches; otherwise there is no such page. */
export async function openItem(desk: Desk, visit: Visit): Promise<Opened> {
  const item = orNotFound(await findItem(desk.db, idOf(visit)))
  const subjects = await allSubjects(desk.db)
  const its = subjects.filter(({ id }) => id === item.subjectId || item.subjects.includes(id))
  notFoundUnless(its, (all) => within(visit.reach, all))
  const publisher = await readPublisher(desk.db)
  const revisions = await newestRevisions(desk.db, item.id)
  const original = originalOf(revisions, publisher.defaultLanguage)
  const title = [visit.t.language, original].map((language) => revisions.find((each) => each.language === language)?.words.title).find(Boolean) ?? item.slug
  return { item, revisions, standings: await standings(desk.db, item.id, visit.now), subjects, its, publisher, original, title }
}

function originalOf(revisions: Revision[], fallback: string): string {
  const free = revisions.filter(({ sourceId }) => sourceId === null)
  return (free.find(({ language }) => language === fallback) ?? free[0] ?? revisions[0])?.language ?? fallback
}

/** Whether somebody may do something with this item: may at all, and here. */
export function mayHere({ may, reachOf }: Pick<Visit, 'may' | 'reachOf'>, { its }: Pick<Opened, 'its'>, ability: Ability): boolean {
  return may(ability) && within(reachOf(ability), its)
}

/** The visit of whoever writes here: by the ability to write, where they have that here. */
export function writingHere(visit: Visit, opened: Opened): Visit {
  return mayHere(visit, opened, 'write-pages') ? visit.as('write-pages') : visit
}

/** Whether something about these places and topics lies within what somebody looks after. */
export function within(reach: Reach, subjects: Pick<Subject, 'kind' | 'code'>[]): boolean {
  return looksAfter(codesWithin(reach), subjects)
}

/** The short codes of the places that somebody looks after; nothing where that is everything. */
export function codesWithin(reach: Reach): string[] | undefined {
  return reach === 'everywhere' ? undefined : reach.filter((each) => each.startsWith('place:')).map((each) => each.slice('place:'.length))
}

/** The places and topics that were ticked in a form, by their ids; nothing where that would put it outside of what this visit reaches. */
export async function chosenSubjects(desk: Desk, { reach, body }: Visit, before: readonly string[] = []): Promise<string[] | undefined> {
  return aboutAsWished(await allSubjects(desk.db), { within: codesWithin(reach), before, wanted: [(body as Record<string, unknown> | null)?.item_about].flat() })
}

/** What can be ticked there: one's own places, and every topic. */
export async function subjectChoices(desk: Desk, { t, reach }: Visit): Promise<{ value: string, label: string }[]> {
  return choicesAmong(t, reach, await allSubjects(desk.db), (await readPublisher(desk.db)).defaultLanguage)
}

/** The same where all places and topics are known. */
export function choicesAmong(t: DeskWords, reach: Reach, subjects: Subject[], fallback: string): { value: string, label: string }[] {
  return subjects.filter((each) => mayPutUnder(codesWithin(reach), each)).map((each) => ({ value: each.id, label: nameIn(each, t.language, fallback) }))
}

/** What is ticked in the form of something new: the place whose page it was asked for on, or the only one that somebody looks after. */
export async function subjectsBegun(desk: Desk, { reach, query }: Visit): Promise<string[]> {
  const all = (await allSubjects(desk.db)).filter((each) => within(reach, [each])).map(({ id }) => id)
  const asked = all.filter((id) => id === query('about'))
  return asked.length > 0 ? asked : reach !== 'everywhere' && all.length === 1 ? all : []
}

export function itemPath(id: string, rest = ''): string {
  return `/items/${id}${rest}`
}

/** Where the site has the page of a place or topic. */
export function subjectPath({ kind, slug }: Pick<Subject, 'kind' | 'slug'>): string {
  return `/${kind}s/${slug}`
}

/** Where readers find an item in a language, or the page that it is the text of. */
export function publicPath({ item, subjects, publisher }: Pick<Opened, 'item' | 'subjects' | 'publisher'>, language: string): string {
  const subject = subjects.find(({ id }) => id === item.subjectId)
  return `${language === publisher.defaultLanguage ? '' : `/${language}`}${subject ? subjectPath(subject) : `/${item.kind === 'campaign' ? 'campaigns' : 'items'}/${item.slug}`}`
}

export function itemCrumbs(t: DeskWords, { item, subjects, title }: Pick<Opened, 'item' | 'subjects' | 'title'>, inside = true) {
  const subject = subjects.find(({ id }) => id === item.subjectId)
  return [subject ? { href: '/subjects', label: t('nav.subjects') } : { href: '/items', label: t('nav.items') }, ...(inside ? [{ href: itemPath(item.id), label: title }] : [])]
}

/** A state as a mark: by word and colour. */
export function stateOf(t: DeskWords, state: ItemState): Html {
  const look = { published: 'ok', corrected: 'ok', scheduled: 'wait', review: 'wait', approved: 'wait', withdrawn: 'bad', archived: 'off', draft: 'off' } as const
  return html`<span class="state ${look[state]}">${t(`item-state.${state}`)}</span>`
}

export function subjectNames(t: DeskWords, subjects: Subject[], ids: string[], fallback: string): string[] {
  return subjects.filter(({ id }) => ids.includes(id)).map((each) => nameIn(each, t.language, fallback))
}

/** What words refer to: as it stands in the text, or by its name where it is chosen in a field of its own. */
export function sayReference(t: DeskWords, { kind, handle }: Pick<Reference, 'kind' | 'handle'>): string {
  return kind === 'image' || kind === 'item' || kind === 'action' ? t(`reference.${kind}`, { handle }) : `${kind}[${handle}]`
}
