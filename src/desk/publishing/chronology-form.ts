import { randomUUID } from 'node:crypto'
import { html, type Html } from '#platform/html/html.ts'
import { field } from '#platform/http/server.ts'
import type { Db } from '#platform/db.ts'
import type { PlacesWithin } from '#modules/places/index.ts'
import { readPublisher } from '#modules/publisher/index.ts'
import { asItHappened, checkContent, chronologyRecords, itemsTitled, keptRecords, linkedItems, type Chronology, type ChronologyEntry, type RecordContent } from '#modules/publishing/index.ts'
import { formFields, type Faults, type Field, type Typed } from '../forms.ts'
import type { DeskWords } from '../words/index.ts'
import { titleOf } from './record-picker.ts'
import { asWritten, dateFault, inWords } from './as-written.ts'
import { addressAsWritten } from '../pasted-address.ts'

/** A new entry's fields come last, under this name. */
const fresh = 'new'

/** What may have been meant by what somebody typed into "leads to": to choose from. */
export type Choices = Map<string, { value: string, label: string }[]>

/** The fields of a chronology: its name in each language, and its entries. */
export function chronologyFields(t: DeskWords, languages: string[], typed: Typed, faults: Faults, choices: Choices): Html {
  const wrong = (id: string) => Object.keys(faults).some((name) => name.split('.')[1] === id)
  return html`${languages.map((language) => html`<fieldset><legend>${t.languageName(language)}</legend>${formFields(t, named(language), typed, faults)}</fieldset>`)}
<h2>${t('chronologies.entries')}</h2><p class="help">${t('chronologies.entries.why')}</p>${[...entryIds(typed).filter((id) => id !== fresh), fresh].map((id) => html`<details class="card"${(id === fresh || wrong(id) || choices.has(id)) && html` open`}><summary><bdi>${id === fresh ? t('chronologies.new-entry') : summary(languages, typed, id)}</bdi></summary><input type="hidden" name="entries" value="${id}">${entryFields(t, languages, typed, faults, id, choices.get(id))}</details>`)}`
}

/** All of these fields, one after the other, for the entries that any of these has. */
export function chronologyFieldList(languages: string[], all: Typed[]): Field[] {
  const ids = [...new Set(all.flatMap(entryIds))]
  return [...languages.flatMap(named), ...ids.flatMap((id) => [...ofEntry(id), ...languages.flatMap((language) => saidOfEntry(id, language))])]
}

function named(language: string): Field[] {
  return [{ name: 'chronology_title', as: `chronology_title.${language}`, kind: 'line', maxLength: 300 }, { name: 'chronology_about', as: `chronology_about.${language}`, kind: 'text', maxLength: 1000 }]
}

function ofEntry(id: string): [happened: Field, leads: Field, source: Field] {
  return [{ name: 'happened', as: `happened.${id}`, kind: 'line', narrow: true }, { name: 'entry_leads', as: `entry_leads.${id}`, kind: 'line', maxLength: 300 }, { name: 'source_url', as: `source_url.${id}`, kind: 'url' }]
}

function saidOfEntry(id: string, language: string): Field[] {
  return [{ name: 'entry_text', as: `entry_text.${id}.${language}`, kind: 'text', maxLength: 1000 }, { name: 'record_source', as: `record_source.${id}.${language}`, kind: 'line', maxLength: 500 }]
}

function entryFields(t: DeskWords, languages: string[], typed: Typed, faults: Faults, id: string, choices: { value: string, label: string }[] | undefined): Html {
  const [happened, leads, source] = ofEntry(id)
  return html`${formFields(t, [happened, leads, choices !== undefined && { name: 'entry_choice', as: `entry_choice.${id}`, kind: 'choice', choices }, source], typed, faults)}
${languages.map((language) => html`<fieldset><legend>${t.languageName(language)}</legend>${formFields(t, saidOfEntry(id, language), typed, faults)}</fieldset>`)}`
}

function summary(languages: string[], typed: Typed, id: string): string {
  return [typed[`happened.${id}`], ...languages.map((language) => typed[`entry_text.${id}.${language}`]), typed[`entry_leads.${id}`]].filter((each) => typeof each === 'string' && each !== '').slice(0, 2).join(' · ').slice(0, 80)
}

/** What stands in the fields for a chronology. */
export async function typedChronology(db: Db, t: DeskWords, its: Chronology): Promise<Typed> {
  const linked = await linkedItems(db, its.entries.flatMap(({ leadsTo }) => (leadsTo && 'item' in leadsTo ? [leadsTo.item] : [])))
  const leads = ({ leadsTo }: ChronologyEntry) => (!leadsTo ? '' : 'item' in leadsTo ? linked.has(leadsTo.item) ? `/items/${linked.get(leadsTo.item)!.slug}` : leadsTo.item : `${leadsTo.kind}[${leadsTo.handle}]`)
  return {
    entries: asItHappened(its).map(({ id }) => id),
    ...Object.fromEntries(Object.entries(its.says).flatMap(([language, { title, about }]) => [[`chronology_title.${language}`, title], [`chronology_about.${language}`, about]])),
    ...Object.fromEntries(its.entries.flatMap((each) => [
      [`happened.${each.id}`, inWords(t, each.on)], [`source_url.${each.id}`, each.sourceUrl], [`entry_leads.${each.id}`, leads(each)],
      ...Object.entries(each.says).flatMap(([language, said]) => [[`entry_text.${each.id}.${language}`, said.text], [`record_source.${each.id}.${language}`, said.source]]),
    ])),
  }
}

/** Reads the form: a chronology, or what is wrong at which field, with what to choose from where a title fits several: what is public, and what lies `within` what somebody looks after. An entry that was emptied goes. */
export async function readChronology(db: Db, t: DeskWords, typed: Typed, languages: string[], within: PlacesWithin): Promise<{ record?: RecordContent, faults: Faults, choices: Choices }> {
  const faults: Faults = {}
  const choices: Choices = new Map()
  const text = (name: string) => field(typed, name).trim()
  const entries: object[] = []
  const places: string[] = []
  for (const id of entryIds(typed)) {
    const said = Object.fromEntries(languages.flatMap((language) => (text(`entry_text.${id}.${language}`) ? [[language, { text: text(`entry_text.${id}.${language}`), source: text(`record_source.${id}.${language}`) }]] : [])))
    const leads = text(`entry_leads.${id}`)
    if (Object.keys(said).length === 0 && !leads) {
      if (text(`happened.${id}`) && id === fresh) faults[`entry_leads.${id}`] = t('fault.entry-empty')
      continue
    }
    const found = leads ? await endsFor(db, t, leads, within) : []
    const chosen = found.find(({ value }) => value === text(`entry_choice.${id}`)) ?? (found.length === 1 ? found[0] : undefined)
    if (leads && !chosen) faults[`entry_leads.${id}`] = t(found.length > 0 ? 'fault.entry-several' : 'fault.entry-none')
    if (leads && !chosen && found.length > 0) choices.set(id, found)
    places.push(id)
    entries.push({ id: id === fresh ? randomUUID().slice(0, 8) : id, on: asWritten(text(`happened.${id}`)), leadsTo: chosen ? endOf(chosen.value) : null, sourceUrl: addressAsWritten(text(`source_url.${id}`)), says: said })
  }
  const says = Object.fromEntries(languages.flatMap((language) => (text(`chronology_title.${language}`) || text(`chronology_about.${language}`) ? [[language, { title: text(`chronology_title.${language}`), about: text(`chronology_about.${language}`) }]] : [])))
  if (Object.keys(says).length === 0) faults[`chronology_title.${languages[0]}`] = t('fault.empty')
  const checked = checkContent('chronology', { entries, says })
  if ('wrong' in checked) for (const path of checked.wrong) {
    const [at, fault] = faultAt(t, typed, path, places, languages)
    faults[at] ??= fault
  }
  return 'wrong' in checked || Object.keys(faults).length > 0 ? { faults, choices } : { record: checked.content, faults, choices }
}

/** What somebody may mean: an item by its address, its id or its title, or a record by its short name or what it says. */
async function endsFor(db: Db, t: DeskWords, typed: string, within: PlacesWithin): Promise<{ value: string, label: string }[]> {
  const { defaultLanguage: fallback } = await readPublisher(db)
  const [, kind, handle] = /^:{0,2}([a-z]+)\[([a-z0-9-]+)\]$/.exec(typed) ?? []
  const records = (await keptRecords(db, { within, orPublic: true })).filter((each) => chronologyRecords.some((its) => its === each.kind))
  if (kind) return records.filter((each) => each.kind === kind && each.handle === handle).map((each) => ({ value: `${each.kind} ${each.handle}`, label: titleOf(each, t.language, fallback) }))
  const items = await itemsTitled(db, typed, t.language, within)
  const exact = items.filter(({ id, title }) => id === typed || title.toLowerCase() === typed.toLowerCase())
  const said = records.map((each) => ({ value: `${each.kind} ${each.handle}`, label: titleOf(each, t.language, fallback), handle: each.handle })).filter(({ label, handle: its }) => its === typed || label.toLowerCase().includes(typed.toLowerCase()))
  if (/^(?:https?:\/)?\/\S+$/.test(typed)) return items.slice(0, 1).map(({ id, title }) => ({ value: id, label: title }))
  return exact.length === 1 ? [{ value: exact[0]!.id, label: exact[0]!.title }] : [...items.map(({ id, title }) => ({ value: id, label: title })), ...said.map(({ value, label }) => ({ value, label }))].slice(0, 20)
}

function endOf(value: string): object {
  const [kind, handle] = value.split(' ')
  return handle === undefined ? { item: kind } : { kind, handle }
}

function faultAt(t: DeskWords, typed: Typed, path: string, places: string[], languages: string[]): [field: string, fault: string] {
  const [first, place, part, language, inner] = path.split('.')
  if (first === 'says') return [`chronology_${part === 'about' ? 'about' : 'title'}.${place}`, t(part === 'title' ? 'fault.empty' : 'fault.too-long')]
  const id = places[Number(place)]
  if (id === undefined) return ['happened.new', t('fault.no-entry')]
  if (part === 'on') return [`happened.${id}`, dateFault(t, field(typed, `happened.${id}`))]
  if (part === 'sourceUrl') return [`source_url.${id}`, t('fault.entry-source')]
  return [inner === 'source' ? `record_source.${id}.${language}` : `entry_text.${id}.${language ?? languages[0]}`, t('fault.too-long')]
}

function entryIds(typed: Typed): string[] {
  return [typed.entries].flat().filter((id) => id !== undefined && /^[a-z0-9-]{1,40}$/.test(id)) as string[]
}
