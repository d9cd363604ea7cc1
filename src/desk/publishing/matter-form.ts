import { publishingWords, elsewhereKinds, measureStates, type RecordContent, type RecordKind } from '#modules/publishing/index.ts'
import type { Faults, Field, Typed } from '../forms.ts'
import type { DeskWords } from '../words/index.ts'
import { dateFault, lineAsWritten, lineInWords } from './as-written.ts'
import { addressAsWritten } from '../pasted-address.ts'

/** Kinds of records whose fields are here: bills, proceedings, and what is held elsewhere. */
export type MatterKind = Extract<RecordKind, 'measure' | 'proceeding' | 'elsewhere'>

export function isMatter(kind: RecordKind): kind is MatterKind {
  return kind === 'measure' || kind === 'proceeding' || kind === 'elsewhere'
}

/** The fields that are the same in every language. */
export function matterCommon(t: DeskWords, kind: MatterKind): Field[] {
  const words = publishingWords(t.language)
  switch (kind) {
    case 'measure': return [{ name: 'matter_number', kind: 'line', narrow: true, maxLength: 100 }, { name: 'measure_status', kind: 'select', choices: measureStates.map((value) => ({ value, label: words(`measure.${value}`) })) }, { name: 'status_on', kind: 'date', narrow: true }, { name: 'source_url', kind: 'url' }]
    case 'proceeding': return [{ name: 'matter_number', kind: 'line', narrow: true, maxLength: 100 }, { name: 'next_hearing', kind: 'date', narrow: true }, { name: 'source_url', kind: 'url' }]
    case 'elsewhere': return [{ name: 'elsewhere_what', kind: 'select', choices: elsewhereKinds.map((value) => ({ value, label: words(`elsewhere.${value}`) })) }, { name: 'elsewhere_url', kind: 'url', required: true }, { name: 'expires_on', kind: 'date', narrow: true }, { name: 'elsewhere_stopped', kind: 'tick' }]
  }
}

/** The fields of one language. */
export function matterOwn(kind: MatterKind): Field[] {
  const title: Field = { name: 'matter_title', kind: 'line', maxLength: 500 }
  const body: Field = { name: 'matter_body', kind: 'line', maxLength: 500 }
  const source: Field = { name: 'record_source', kind: 'line', maxLength: 500 }
  switch (kind) {
    case 'measure': return [title, body, { name: 'measure_asks', kind: 'text', maxLength: 2000 }, source]
    case 'proceeding': return [title, body, { name: 'parties', kind: 'line', maxLength: 500 }, { name: 'steps', kind: 'text' }, { name: 'matter_documents', kind: 'text' }, source]
    case 'elsewhere': return [title, { name: 'organisation', kind: 'line', maxLength: 500 }, { name: 'elsewhere_about', kind: 'text', maxLength: 1000 }]
  }
}

/** What stands in the fields for such a record. */
export function typedMatter(t: DeskWords, { kind, content }: Extract<RecordContent, { kind: MatterKind }>): Typed {
  const each = <Said>(says: Record<string, Said>, name: string, of: (said: Said) => string) => Object.fromEntries(Object.entries(says).map(([language, said]) => [`${name}.${language}`, of(said)]))
  const lines = (name: string, all: Record<string, string>[], line: (place: number, said: string) => string) => Object.fromEntries([...new Set(all.flatMap((words) => Object.keys(words)))].map((language) => [`${name}.${language}`, all.map((words, place) => line(place, words[language] ?? '')).join('\n')]))
  const title = each(content.says as Record<string, { title: string }>, 'matter_title', (said) => said.title)
  switch (kind) {
    case 'measure': return {
      matter_number: content.number, measure_status: content.status, status_on: content.statusOn, source_url: content.sourceUrl, ...title, ...each(content.says, 'matter_body', ({ body }) => body),
      ...each(content.says, 'measure_asks', ({ asks }) => asks), ...each(content.says, 'record_source', ({ source }) => source),
    }
    case 'proceeding': return {
      matter_number: content.number, next_hearing: content.nextHearing, source_url: content.sourceUrl, ...title, ...each(content.says, 'matter_body', ({ body }) => body), ...each(content.says, 'parties', ({ parties }) => parties),
      ...each(content.says, 'record_source', ({ source }) => source), ...lines('steps', content.steps.map(({ what }) => what), (place, said) => (content.steps[place]!.on ? lineInWords(t, content.steps[place]!.on, said) : `- ${said}`.trim())), ...lines('matter_documents', content.documents.map(({ names }) => names), (place, said) => `${content.documents[place]!.url} ${said}`.trim()),
    }
    case 'elsewhere': return {
      elsewhere_what: content.what, elsewhere_url: content.url, expires_on: content.expiresOn, elsewhere_stopped: content.stopped ? 'yes' : '', ...title, ...each(content.says, 'organisation', ({ by }) => by), ...each(content.says, 'elsewhere_about', ({ about }) => about),
    }
  }
}

/** The content as it was typed, to be checked, with what is wrong before that: a step or document that is not the same in every language. */
export function readMatter(t: DeskWords, text: (name: string) => string, languages: string[]): { content: object, faults: Faults } {
  const faults: Faults = {}
  const lines = (name: string) => text(name).split('\n').map((line) => line.trim()).filter(Boolean)
  const typed = languages.filter((language) => ['matter_title', 'matter_body', 'measure_asks', 'parties', 'organisation', 'elsewhere_about', 'record_source', 'steps', 'matter_documents'].some((name) => text(`${name}.${language}`)))
  const says = Object.fromEntries(typed.map((language) => {
    const of = (name: string) => text(`${name}.${language}`)
    if (!of('matter_title')) faults[`matter_title.${language}`] = t('fault.empty')
    return [language, { title: of('matter_title'), body: of('matter_body'), asks: of('measure_asks'), parties: of('parties'), by: of('organisation'), about: of('elsewhere_about'), source: of('record_source') }]
  }))
  if (typed.length === 0) faults[`matter_title.${languages[0]!}`] = t('fault.empty')
  /** Lines that begin with what is the same in every language: by their place, or the fault of the language in which they differ. */
  const sideBySide = (name: string) => {
    const all = languages.map((language) => ({ language, read: lines(`${name}.${language}`).map((line) => (name === 'steps' ? lineAsWritten(line) : line)).map((line) => /^(\S+)(?:\s+(.*))?$/.exec(line)!) })).filter(({ read }) => read.length > 0)
    const first = all[0]
    for (const { language, read } of all) if (read.length !== first!.read.length || read.some(([, key], place) => key !== first!.read[place]![1])) faults[`${name}.${language}`] = t('fault.same-lines')
    return (first?.read ?? []).map(([, key], place) => ({ key: key!, words: Object.fromEntries(all.flatMap(({ language, read }) => (read[place]?.[2] ? [[language, read[place][2]]] : []))) }))
  }
  return {
    content: {
      says, number: text('matter_number'), status: text('measure_status') || 'introduced', statusOn: text('status_on'), sourceUrl: addressAsWritten(text('source_url')), nextHearing: text('next_hearing'),
      steps: sideBySide('steps').map(({ key, words }) => ({ on: key === '-' ? '' : key, what: words })), documents: sideBySide('matter_documents').map(({ key, words }) => ({ url: key, names: words })),
      what: text('elsewhere_what') || 'document', url: addressAsWritten(text('elsewhere_url')), expiresOn: text('expires_on'), stopped: text('elsewhere_stopped') === 'yes',
    }, faults,
  }
}

/** The field that a wrong path of such a record was typed in, and what to say there. */
export function matterFault(t: DeskWords, text: (name: string) => string, path: string, languages: string[]): [field: string, fault: string] {
  // Lines are read in the first language that has any.
  const firstOf = (name: string) => `${name}.${languages.find((language) => text(`${name}.${language}`)) ?? languages[0]}`
  const [first] = path.split('.')
  switch (first) {
    case 'statusOn': return ['status_on', t('fault.day')]
    case 'nextHearing': return ['next_hearing', t('fault.day')]
    case 'expiresOn': return ['expires_on', t('fault.day')]
    case 'sourceUrl': return ['source_url', t('fault.address')]
    case 'url': return ['elsewhere_url', t('fault.address')]
    case 'steps': return [firstOf('steps'), dateFault(t, text(firstOf('steps')))]
    case 'documents': return [firstOf('matter_documents'), t('fault.address')]
    default: return [`matter_title.${languages[0]}`, t('fault.too-long')]
  }
}
