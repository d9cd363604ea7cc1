import { html, type Html } from '#platform/html/html.ts'
import { field } from '#platform/http/server.ts'
import { checkContent, consentKinds, publishingWords, sensitiveKinds, type Picture, type RecordContent } from '#modules/publishing/index.ts'
import { formFields, type Faults, type Field, type Typed } from '../forms.ts'
import type { DeskWords } from '../words/index.ts'
import { asWritten, dateFault, inWords } from './as-written.ts'

/** The fields of a picture: what is true of it, then what is said of it in each language. */
export function pictureFields(t: DeskWords, languages: string[], typed: Typed, faults: Faults): Html {
  return html`${formFields(t, facts(t), typed, faults)}${languages.map((language) => html`<fieldset><legend>${t.languageName(language)}</legend>${formFields(t, said(language), typed, faults)}</fieldset>`)}`
}

/** All of these fields, one after the other. */
export function pictureFieldList(t: DeskWords, languages: string[]): Field[] {
  return [...facts(t), ...languages.flatMap(said)]
}

function facts(t: DeskWords): Field[] {
  const words = publishingWords(t.language)
  return [
    { name: 'credit', kind: 'line', required: true, maxLength: 300 }, { name: 'agency', kind: 'line', maxLength: 300 }, { name: 'licence', kind: 'line', maxLength: 500 }, { name: 'taken_on', kind: 'line', narrow: true },
    { name: 'sensitive', kind: 'ticks', choices: sensitiveKinds.map((value) => ({ value, label: words(`sensitive.${value}`) })) },
    { name: 'picture_consent', kind: 'select', empty: '', choices: consentKinds.map((value) => ({ value, label: t(`picture-consent.${value}`) })) }, { name: 'picture_until', kind: 'date', narrow: true }, { name: 'decorative', kind: 'tick' },
  ]
}

function said(language: string): Field[] {
  return [{ name: 'alt', as: `alt.${language}`, kind: 'text', maxLength: 1000 }, { name: 'caption', as: `caption.${language}`, kind: 'text', maxLength: 1000 }, { name: 'picture_place', as: `picture_place.${language}`, kind: 'line', maxLength: 500 }]
}

/** What stands in the fields for a picture. */
export function typedPicture(t: DeskWords, its: Picture): Typed {
  return {
    credit: its.author, agency: its.agency, licence: its.licence, taken_on: inWords(t, its.takenOn), sensitive: its.sensitive, picture_consent: its.consent, picture_until: its.until, decorative: its.decorative ? 'yes' : '',
    ...Object.fromEntries(Object.entries(its.says).flatMap(([language, { alt, caption, place }]) => [[`alt.${language}`, alt], [`caption.${language}`, caption], [`picture_place.${language}`, place]])),
  }
}

/** Reads the form: a picture, or what is wrong at which field. `files` are those of a new upload or of the version before; `today` is the first day that can be its last. */
export function readPicture(t: DeskWords, body: unknown, languages: string[], files: Pick<Picture, 'imageId' | 'files'> | undefined, today: string): { record?: Extract<RecordContent, { kind: 'image' }>, faults: Faults } {
  const text = (name: string) => field(body, name).trim()
  const faults: Faults = {}
  if (!text('credit')) faults.credit = t('fault.credit')
  const decorative = text('decorative') === 'yes'
  const says = Object.fromEntries(languages.filter((language) => ['alt', 'caption', 'picture_place'].some((name) => text(`${name}.${language}`))).map((language) => [language, { alt: text(`alt.${language}`), caption: text(`caption.${language}`), place: text(`picture_place.${language}`) }]))
  if (!decorative) for (const language of Object.keys(says).length > 0 ? Object.keys(says) : [languages[0]!]) if (!says[language]?.alt) faults[`alt.${language}`] = t('fault.alt')
  const until = text('picture_until')
  if (until && until < today) faults.picture_until = t('fault.until-over')
  const checked = files && checkContent('image', {
    ...files, author: text('credit'), agency: text('agency'), licence: text('licence'), takenOn: asWritten(text('taken_on')), sensitive: [(body as Record<string, unknown>)?.sensitive].flat().filter(Boolean), decorative, consent: text('picture_consent'), until, says,
  })
  if (checked && 'wrong' in checked) {
    const names: Record<string, [string, string]> = { author: ['credit', t('fault.credit')], takenOn: ['taken_on', dateFault(t, text('taken_on'))], until: ['picture_until', t('fault.day')], says: [`alt.${languages[0]!}`, t('fault.alt')] }
    for (const path of checked.wrong) {
      const [name, fault] = names[path] ?? ['credit', t('fault.too-long')]
      faults[name] ??= fault
    }
  }
  return checked && 'content' in checked && Object.keys(faults).length === 0 ? { record: checked.content as Extract<RecordContent, { kind: 'image' }>, faults } : { faults }
}
