import { randomUUID } from 'node:crypto'
import { html, type Html } from '#platform/html/html.ts'
import { languageNamed } from '#platform/languages.ts'
import { field } from '#platform/http/server.ts'
import { contradictions, itemLabels, itemWords, newestFirst, publishingWords, referencesIn, wordsWith, type Item, type ItemWords, type Paragraph, type Reference } from '#modules/publishing/index.ts'
import { formField, formFields, type Faults, type Field, type Typed } from '../forms.ts'
import type { DeskWords, FieldName } from '../words/index.ts'
import { asWritten, dateFault, inWords, readDate } from './as-written.ts'
import { blockFault, blockFields, fieldReferringTo, readBlocks, typedBlocks } from './blocks-form.ts'
import { choices } from './choices.ts'
import { linkRows, readLinks, typedLinks } from './link-rows.ts'
import { fieldsOfKind, kindFault, kindFieldOf, readOfKind, typedOfKind } from './kind-form.ts'

/** A new paragraph's fields come first, under this name. */
const fresh = 'new'

/** The fields for an item's words, as its kind and form need them. */
export function itemFields(t: DeskWords, item: Item, typed: Typed, faults: Faults): Html {
  const words = publishingWords(t.language)
  const title: Field = { name: 'title', kind: 'line', required: true, maxLength: 300 }
  const fields: (Field | false)[] = [
    { name: 'standfirst', kind: 'text', maxLength: 2000 },
    { name: 'lead_picture', kind: 'line', narrow: true, direction: 'ltr', maxLength: 60, from: choices.pictures },
    !item.thread && { name: 'item_body', kind: 'text', tall: true, markdown: true },
    ...fieldsOfKind(item),
    item.kind !== 'about' && { name: 'labels', kind: 'ticks', choices: itemLabels.map((value) => ({ value, label: words(`label.${value}`) })) },
    !item.thread && item.kind !== 'about' && { name: 'happened', kind: 'line', narrow: true },
    !item.thread && item.kind !== 'about' && { name: 'published_on', kind: 'date', narrow: true },
    !item.thread && item.kind !== 'about' && { name: 'roughly', kind: 'line', narrow: true },
  ]
  // What a thread is opened for comes first: its next paragraph.
  return html`${formField(t, title, typed, faults)}${item.thread && paragraphFields(t, typed, faults)}${formFields(t, fields, typed, faults)}${item.kind === 'campaign' && blockFields(t, typed, faults)}`
}

function paragraphFields(t: DeskWords, typed: Typed, faults: Faults): Html {
  const ids = [typed.paragraphs].flat().filter((id) => id !== undefined)
  const one = (id: string, title: string, open: boolean) => {
    const named = (name: FieldName, more: object): Html => formField(t, { ...more, name, as: `${name}.${id}` } as Field, typed, faults)
    return html`<details class="card"${open && html` open`}><summary><bdi>${title}</bdi></summary><input type="hidden" name="paragraphs" value="${id}">${named('paragraph_text', { kind: 'text', maxLength: 20_000, markdown: true })}${named('paragraph_day', { kind: 'date', narrow: true })}${named('roughly', { kind: 'line', narrow: true })}${named('happened', { kind: 'line', narrow: true })}${linkRows(t, id, typed, faults, id === fresh ? 2 : 1)}</details>`
  }
  const wrong = (id: string) => Object.keys(faults).some((name) => name.endsWith(`.${id}`))
  const text = (id: string) => String(typed[`paragraph_text.${id}`] ?? '')
  const old = ids.filter((id) => id !== fresh)
  // What is still to be translated stands open, and comes before anything new.
  const waiting = old.filter((id) => !text(id).trim())
  return html`<section><h2>${t('items.paragraphs')}</h2>${one(fresh, t('items.new-paragraph'), !waiting.length)}${old.map((id) => one(id, [day(t, typed[`paragraph_day.${id}`]) || String(typed[`roughly.${id}`] ?? ''), text(id).slice(0, 60)].filter(Boolean).join(' · '), wrong(id) || waiting.includes(id)))}</section>`
}

function day(t: DeskWords, given: Typed[string]): string {
  return typeof given === 'string' && /^\d{4}-\d\d-\d\d$/.test(given) ? t.day(given) : ''
}

/** What stands in the fields: these words, and for a translation what does not depend on the language and the paragraphs that are still to be translated. */
export function typedWords(t: DeskWords, words: ItemWords | undefined, source?: ItemWords): Typed {
  if (!words) return source ? { ...typedOf(t, { ...source, paragraphs: source.paragraphs.map((each) => ({ ...each, text: '' })) }), title: '', standfirst: '', item_body: '', contacts: '', ...typedBlocks(t, source.blocks, { fresh: true }) } : {}
  const left = source?.paragraphs.filter(({ id }) => !words.paragraphs.some((each) => each.id === id)) ?? []
  return typedOf(t, { ...words, paragraphs: [...words.paragraphs, ...left.map((each) => ({ ...each, text: '' }))] })
}

function typedOf(t: DeskWords, words: ItemWords): Typed {
  return {
    title: words.title, standfirst: words.summary, lead_picture: words.picture, item_body: words.body, labels: words.labels, happened: inWords(t, words.happened), published_on: words.publishedRoughly ? '' : words.publishedOn, roughly: inWords(t, words.publishedRoughly),
    ...typedOfKind(t, words), ...typedBlocks(t, words.blocks),
    contacts: words.contacts.map(({ role, name }) => (name ? `${role}: ${name}` : role)).join('\n'), paragraphs: newestFirst(words.paragraphs).map(({ id }) => id),
    ...Object.fromEntries(words.paragraphs.flatMap((each) => [
      [`paragraph_text.${each.id}`, each.text], [`paragraph_day.${each.id}`, each.roughly ? '' : each.day], [`roughly.${each.id}`, inWords(t, each.roughly ?? '')], [`happened.${each.id}`, inWords(t, each.happened)], ...Object.entries(typedLinks(each.id, each.links)),
    ])),
  }
}

/** What was typed, as it stood in the form; without the one sign that no database keeps. A file that came with it is none of that, and stays as it is. */
export function typedIn(body: unknown): Typed {
  const read = (value: string) => (typeof value === 'string' ? value.replace(/\r\n?/g, '\n').replaceAll('\0', '') : value)
  return Object.fromEntries(Object.entries(body as Record<string, string | string[]> ?? {}).map(([name, value]): [string, string | string[]] => [name, Array.isArray(value) ? value.map(read) : read(value)]))
}

/** Reads the form: words, or what is wrong at which field. A new paragraph without text is none, and one that was emptied goes. `today` is the day of a new one, `zone` the clock of an event that names none, `own` where the public site is reached, `source` the words that a translation begins with. */
export function readWords(t: DeskWords, body: unknown, item: Item, before: ItemWords | undefined, { source, today, zone, own }: { source?: ItemWords, today: string, zone: string, own: string }): { words?: ItemWords, faults: Faults } {
  const typed = typedIn(body)
  const text = (name: string) => field(typed, name).trim()
  const faults: Faults = {}
  if (!text('title')) faults.title = t('fault.title')
  const ids = [typed.paragraphs].flat().filter((id) => id !== undefined)
  const order = new Map(before?.paragraphs.map(({ id }, place) => [id, place]))
  const paragraphs = ids.flatMap((id): Paragraph[] => {
    const said = text(`paragraph_text.${id}`)
    if (!said) return []
    const links = readLinks(typed, id, own)
    if (links.includes(undefined)) faults[`links.${id}`] = t('fault.links')
    const { day: stands, roughly } = readDate(text(`paragraph_day.${id}`), text(`roughly.${id}`))
    if (text(`paragraph_day.${id}`) && roughly) faults[`roughly.${id}`] = t('fault.day-and-roughly')
    return [{ id: id === fresh ? randomUUID().slice(0, 8) : id, text: said, day: stands || today, ...(roughly && { roughly }), happened: asWritten(text(`happened.${id}`)), links: links.filter((link) => link !== undefined) }]
  }).toSorted((a, b) => (order.get(a.id) ?? -1) - (order.get(b.id) ?? -1))
  const published = readDate(text('published_on'), text('roughly'))
  if (text('published_on') && published.roughly) faults.roughly = t('fault.day-and-roughly')
  const read = itemWords.safeParse({
    title: text('title'), summary: text('standfirst'), picture: text('lead_picture'), body: field(typed, 'item_body'), labels: [typed.labels].flat().filter(Boolean), happened: asWritten(text('happened')), publishedOn: published.day, publishedRoughly: published.roughly, undated: (before ?? source)?.undated === true && !published.day, paragraphs: item.thread ? paragraphs : [], ...readOfKind(typed, item, before, zone), blocks: item.kind === 'campaign' ? readBlocks(t, typed) : [], documents: before?.documents ?? [],
    contacts: text('contacts').split('\n').map((line) => line.trim()).filter(Boolean).map((line) => ({ role: line.split(/[:：]/)[0]!.trim(), name: line.split(/[:：]/).slice(1).join(':').trim() })),
  })
  if (!read.success) for (const { path } of read.error.issues) if (path[0] === 'blocks') {
    const [at, fault] = blockFault(t, typed, path)
    faults[at] ??= fault
  } else {
    const at = formName(path, paragraphs.map(({ id }) => (ids.includes(id) ? id : fresh)))
    faults[at] ??= faultAt(t, path.map(String), text(at))
  }
  if (read.success && read.data.course?.language && languageNamed(read.data.course.language) !== read.data.course.language) faults.course_language = t('fault.language-code')
  if (read.success) for (const which of contradictions(read.data)) faults[which] = t(which === 'labels' ? 'fault.both-tones' : 'fault.signatories')
  return Object.keys(faults).length > 0 || !read.success ? { faults } : { words: read.data, faults }
}

/** What is wrong with a part of the words that does not fit. */
function faultAt(t: DeskWords, path: string[], typed: string): string {
  if (kindFieldOf(path) !== undefined) return kindFault(t, path)
  if (path.includes('happened') || path.includes('roughly') || path.includes('publishedRoughly')) return dateFault(t, typed)
  if (path.includes('day') || path.includes('publishedOn')) return t('fault.day')
  if (path.includes('url')) return t('fault.links')
  return t(path.includes('picture') ? 'fault.slug' : 'fault.too-long')
}

function formName(path: PropertyKey[], paragraphs: string[]): string {
  const [first, place, inner] = path.map(String)
  const ofKind = kindFieldOf([first!, place!])
  if (ofKind) return ofKind
  const names: Record<string, string> = { summary: 'standfirst', picture: 'lead_picture', body: 'item_body', publishedOn: 'published_on', publishedRoughly: 'roughly', roughly: 'roughly', text: 'paragraph_text', day: 'paragraph_day', happened: 'happened', links: 'links' }
  if (first === 'paragraphs') return `${names[inner ?? 'text'] ?? 'paragraph_text'}.${paragraphs[Number(place)] ?? fresh}`
  return names[first!] ?? first!
}

/** The field in which words refer to something. */
export function fieldReferring(words: ItemWords, reference: Reference): string {
  const within = (part: Partial<ItemWords>) => referencesIn(wordsWith(part)).some(({ key }) => key === reference.key)
  if (reference.key === `image ${words.picture}`) return 'lead_picture'
  const paragraph = words.paragraphs.find((each) => within({ paragraphs: [each] }))
  return fieldReferringTo(words.blocks, reference) ?? (paragraph ? `paragraph_text.${paragraph.id}` : within({ questions: words.questions }) ? 'questions' : within({ editors: words.editors }) ? 'editors' : 'item_body')
}
