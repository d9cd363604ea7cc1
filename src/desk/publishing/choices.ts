import { html, type Html } from '#platform/html/html.ts'
import { sql } from '#platform/db.ts'
import { languageCodes, languageNamed } from '#platform/languages.ts'
import { titleIn } from '#modules/actions/index.ts'
import { itemsToLeadTo, keptRecords, publishingWords, type Item } from '#modules/publishing/index.ts'
import { readPublisher } from '#modules/publisher/index.ts'
import type { Desk } from '../context.ts'
import type { Visit } from '../pages.ts'
import type { DeskWords } from '../words/index.ts'
import { codesWithin } from './parts.ts'
import { titleOf } from './record-picker.ts'

/** Lists that fields of an editor offer while somebody types in them: by title, so that nobody needs to know a short name by heart. */
export const choices = { addresses: 'own-addresses', pictures: 'own-pictures', actions: 'own-actions', elsewhere: 'own-elsewhere', items: 'own-items', texts: 'own-texts', languages: 'languages', offices: 'own-offices' } as const

/** The lists that the editor of an item needs: pictures; where its paragraphs' links may lead; and what the blocks of a campaign show. */
export async function choicesFor(desk: Desk, { t, reach }: Pick<Visit, 't' | 'reach'>, item: Item): Promise<Html> {
  const within = codesWithin(reach)
  const campaign = item.kind === 'campaign'
  const { defaultLanguage } = await readPublisher(desk.db)
  const records = await keptRecords(desk.db, { kind: campaign ? ['image', 'elsewhere', 'text'] : 'image', within, orPublic: true })
  const ofKind = (kind: string) => records.filter((each) => each.kind === kind).map((each): Choice => [each.handle, titleOf(each, t.language, defaultLanguage)])
  const pictures = html`${listOf(choices.pictures, ofKind('image'))}${item.kind === 'course' && languageChoices(t)}`
  if (!campaign && !item.thread) return pictures
  const words = publishingWords(t.language)
  const { rows } = await sql<{ slug: string, title: string, open: boolean }>`select slug, ${titleIn(t.language)} as title, state = 'open' as open from actions where state <> 'draft' order by state = 'open' desc, title limit 200`.execute(desk.db)
  const items = (await itemsToLeadTo(desk.db, t.language, within)).filter(({ id }) => id !== item.id)
  const named = items.map(({ slug, kind, title }): Choice => [slug, t('choices.kind', { kind: words(`kind.${kind}`), title })])
  if (item.thread) return html`${pictures}${listOf(choices.addresses, [...rows.filter(({ open }) => open).map(({ slug, title }): Choice => [`/actions/${slug}`, title]), ...items.flatMap(({ shown, kind }, place): Choice[] => (shown ? [[`/${kind === 'campaign' ? 'campaigns' : 'items'}/${named[place]![0]}`, named[place]![1]]] : []))])}`
  return html`${pictures}${listOf(choices.actions, rows.map(({ slug, title }) => [slug, title]))}${listOf(choices.elsewhere, ofKind('elsewhere'))}${listOf(choices.items, named)}${listOf(choices.texts, ofKind('text'))}`
}

/** The list of languages by their names. */
export function languageChoices(t: DeskWords): Html {
  return html`<datalist id="${choices.languages}">${languageCodes().map((code) => t.languageName(code)).toSorted((one, other) => one.localeCompare(other, t.language)).map((name) => html`<option value="${name}"></option>`)}</datalist>`
}

/** What stands in a field for a language: its name where there is one, or what was typed. */
export function languageShown(t: DeskWords, typed: string): string {
  return languageNamed(typed) === typed ? t.languageName(typed) : typed
}

type Choice = [value: string, label: string]

export function listOf(id: string, all: Choice[]): Html {
  return html`<datalist id="${id}">${all.map(([value, label]) => html`<option value="${value}">${label}</option>`)}</datalist>`
}
