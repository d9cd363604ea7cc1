import { countryNamed } from '#platform/countries.ts'
import { readNumber, writtenNumber } from '#platform/digits.ts'
import { html, type Html } from '#platform/html/html.ts'
import { field } from '#platform/http/server.ts'
import { checkContent, demandStates, noticeKinds, publishingWords, qualifiers, type RecordContent, type RecordKind } from '#modules/publishing/index.ts'
import { countrySaid } from '../countries.ts'
import { formFields, type Faults, type Field, type Typed } from '../forms.ts'
import type { DeskWords } from '../words/index.ts'
import { typedAddressees, type Addressee } from './addressee-rows.ts'
import { isMatter, matterCommon, matterFault, matterOwn, readMatter, typedMatter } from './matter-form.ts'
import { asWritten, dateFault, inWords } from './as-written.ts'
import { addressAsWritten } from '../pasted-address.ts'

/** Kinds of records whose fields are here: pictures and chronologies have forms of their own. */
export type WrittenKind = Exclude<RecordKind, 'image' | 'chronology'>

/** The fields of a record: what is the same in every language, then each language's own. */
export function recordFields(t: DeskWords, kind: WrittenKind, languages: string[], typed: Typed, faults: Faults): Html {
  return html`${formFields(t, common(t, kind), typed, faults)}${languages.map((language) => html`<fieldset><legend>${t.languageName(language)}</legend>${formFields(t, own(kind).map((each) => ({ ...each, as: `${each.name}.${language}` })), typed, faults)}</fieldset>`)}`
}

/** All of these fields, one after the other. */
export function recordFieldList(t: DeskWords, kind: WrittenKind, languages: string[]): Field[] {
  return [...common(t, kind), ...languages.flatMap((language) => own(kind).map((each) => ({ ...each, as: `${each.name}.${language}` })))]
}

function common(t: DeskWords, kind: WrittenKind): Field[] {
  const words = publishingWords(t.language)
  switch (kind) {
    case 'figure': return [
      { name: 'record_value', kind: 'line', narrow: true, direction: 'ltr' }, { name: 'qualifier', kind: 'select', choices: qualifiers.map((value) => ({ value, label: t(`qualifier.${value}`) })) },
      { name: 'holds_on', kind: 'line', narrow: true }, { name: 'source_url', kind: 'url' },
    ]
    case 'quote': return [{ name: 'holds_on', kind: 'line', narrow: true }, { name: 'source_url', kind: 'url' }]
    case 'demand': return [
      { name: 'first_made', kind: 'date', narrow: true }, { name: 'reiterated', kind: 'text' }, { name: 'demand_status', kind: 'select', choices: demandStates.map((value) => ({ value, label: words(`demand.${value}`) })) }, { name: 'source_url', kind: 'url' },
    ]
    case 'notice': return [{ name: 'notice_about', kind: 'ticks', choices: noticeKinds.map((value) => ({ value, label: words(`notice.${value}`) })) }, { name: 'strong', kind: 'tick' }, { name: 'notice_help_by_country', kind: 'text' }]
    case 'text': return []
    default: return matterCommon(t, kind)
  }
}

function own(kind: WrittenKind): Field[] {
  const text: Field = { name: 'record_text', kind: 'text' }
  switch (kind) {
    case 'figure': return [{ name: 'unit', kind: 'line', maxLength: 500 }, { name: 'record_source', kind: 'line', maxLength: 500 }]
    case 'quote': return [text, { name: 'speaker', kind: 'line', maxLength: 500 }, { name: 'speaker_role', kind: 'line', maxLength: 500 }, { name: 'record_source', kind: 'line', maxLength: 500 }]
    case 'demand': return [text, { name: 'basis', kind: 'line', maxLength: 500 }, { name: 'also_called', kind: 'line', maxLength: 500 }, { name: 'evidence', kind: 'line', maxLength: 500 }]
    case 'notice': return [text, { name: 'notice_help', kind: 'text' }]
    case 'text': return [{ name: 'standing_title', kind: 'line', maxLength: 500 }, text]
    default: return matterOwn(kind)
  }
}

/** What stands in the fields for a record. */
export function typedRecord(t: DeskWords, record: RecordContent): Typed {
  const { kind, content } = record
  const each = <Said>(says: Record<string, Said>, name: string, of: (said: Said) => string) => Object.fromEntries(Object.entries(says).map(([language, said]) => [`${name}.${language}`, of(said)]))
  switch (kind) {
    case 'figure': return { record_value: content.value === null ? '' : writtenNumber(content.value, t.language), qualifier: content.qualifier, holds_on: inWords(t, content.asOf), source_url: content.sourceUrl, ...each(content.says, 'unit', ({ unit }) => unit), ...each(content.says, 'record_source', ({ source }) => source) }
    case 'quote': return {
      holds_on: inWords(t, content.on), source_url: content.sourceUrl, ...each(content.says, 'record_text', ({ text }) => text), ...each(content.says, 'speaker', ({ speaker }) => speaker), ...each(content.says, 'speaker_role', ({ role }) => role), ...each(content.says, 'record_source', ({ source }) => source),
    }
    case 'demand': return {
      first_made: content.firstMade, reiterated: content.reiterated.map((day) => inWords(t, day)).join('\n'), demand_status: content.status, source_url: content.statusUrl, ...each(content.says, 'record_text', ({ text }) => text), ...each(content.says, 'basis', ({ basis }) => basis),
      ...each(content.says, 'also_called', ({ alsoCalled }) => alsoCalled), ...each(content.says, 'evidence', ({ evidence }) => evidence),
      ...typedAddressees(content.addressees),
    }
    case 'notice': return { notice_about: content.about, strong: content.strong ? 'yes' : '', notice_help_by_country: content.help.map(({ country, name, phone, url }) => [countrySaid(t, country) || '*', name, phone, url].join('; ').replace(/(; )+$/, '')).join('\n'), ...each(content.says, 'record_text', ({ text }) => text), ...each(content.says, 'notice_help', ({ help }) => help) }
    case 'text': return { ...each(content.says, 'standing_title', ({ title }) => title), ...each(content.says, 'record_text', ({ text }) => text) }
    case 'image': case 'chronology': return {}
    default: return typedMatter(t, record)
  }
}

/** Reads the form: a record, or what is wrong at which field. Languages with nothing typed are left out. `addressees` are those of a demand. */
export function readRecord(t: DeskWords, kind: WrittenKind, body: unknown, languages: string[], addressees: Addressee[] = []): { record?: RecordContent, faults: Faults } {
  const text = (name: string) => field(body, name).replace(/\r\n?/g, '\n').trim()
  const lines = (name: string) => text(name).split('\n').map((line) => line.trim()).filter(Boolean)
  if (isMatter(kind)) {
    const matter = readMatter(t, text, languages)
    const read = checkContent(kind, matter.content)
    if ('wrong' in read && Object.keys(matter.faults).length === 0) for (const path of read.wrong) {
      const [at, fault] = matterFault(t, text, path, languages)
      matter.faults[at] ??= fault
    }
    return 'wrong' in read || Object.keys(matter.faults).length > 0 ? { faults: matter.faults } : { record: read.content, faults: {} }
  }
  const faults: Faults = {}
  const main = kind === 'figure' ? 'unit' : 'record_text'
  const says = Object.fromEntries(languages.filter((language) => own(kind).some(({ name }) => text(`${name}.${language}`))).map((language) => {
    const of = (name: string) => text(`${name}.${language}`)
    if (kind !== 'notice' && !of(main)) faults[`${main}.${language}`] = t('fault.empty')
    return [language, { text: of('record_text'), unit: of('unit'), source: of('record_source'), speaker: of('speaker'), role: of('speaker_role'), basis: of('basis'), alsoCalled: of('also_called'), evidence: of('evidence'), help: of('notice_help'), title: of('standing_title') }]
  }))
  const about = [(body as Record<string, unknown>)?.notice_about].flat().filter(Boolean)
  // A notice can say what a text speaks of without a word of its own.
  if (Object.keys(says).length === 0 && !(kind === 'notice' && about.length > 0)) faults[`${main}.${languages[0]!}`] ??= t('fault.empty')
  const value = text('record_value') === '' ? null : readNumber(text('record_value'), t.language)
  if (Number.isNaN(value)) faults.record_value = t('fault.figure')
  const checked = checkContent(kind, {
    says, value, qualifier: text('qualifier') || 'exact', asOf: asWritten(text('holds_on')), on: asWritten(text('holds_on')), sourceUrl: addressAsWritten(text('source_url')), statusUrl: addressAsWritten(text('source_url')), firstMade: text('first_made'), reiterated: lines('reiterated').map(asWritten),
    status: text('demand_status') || 'made', about, strong: text('strong') === 'yes', help: lines('notice_help_by_country').map(readHelp), addressees,
  })
  if ('wrong' in checked) for (const path of checked.wrong) faults[path.startsWith('help') ? 'notice_help_by_country' : path.startsWith('reiterated') ? 'reiterated' : path.endsWith('Url') ? 'source_url' : path === 'asOf' || path === 'on' ? 'holds_on' : path === 'firstMade' ? 'first_made' : `${main}.${languages[0]!}`] ??= path.startsWith('help') ? t('fault.help-line') : path.endsWith('Url') ? t('fault.address') : path === 'asOf' || path === 'on' ? dateFault(t, text('holds_on')) : path.startsWith('reiterated') || path === 'firstMade' ? t('fault.day') : t('fault.too-long')
  return Object.keys(faults).length > 0 || 'wrong' in checked ? { faults } : { record: checked.content, faults }
}

/** "Country; name; phone; address", one a line; a star stands for anywhere. */
function readHelp(line: string): object {
  const [country = '', name = '', ...rest] = line.split(/[;؛]/).map((part) => part.trim())
  const phone = rest.find((part) => /^[+\d(]/.test(part)) ?? ''
  // Whatever else stands there has to be an address, so that nothing is dropped without a word.
  return { country: country === '*' ? '' : countryNamed(country) ?? country, name, phone, url: addressAsWritten(rest.filter((part) => part !== '' && part !== phone).join(' ')) }
}
