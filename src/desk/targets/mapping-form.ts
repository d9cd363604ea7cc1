import type { z } from 'zod'
import { html, type Html } from '#platform/html/html.ts'
import { slug } from '#platform/slug.ts'
import { codeColumns, dateOrders, orderSeen, targetColumns, type Preview } from '#modules/targets/index.ts'
import { formFields, type Faults, type Typed } from '../forms.ts'
import type { DeskWord, DeskWords } from '../words/index.ts'

export type Kind = 'targets' | 'lookup'

/** What a mapping is made of on a page: whose offices or codes these are, and which column is what. */
export function mappingFields(t: DeskWords, kind: Kind, preview: Preview, languages: string[], typed: Typed, faults: Faults): Html {
  if (preview.shape === 'popolo') return html`${formFields(t, [{ name: 'area_prefix', kind: 'line', required: true, direction: 'ltr', maxLength: 40 }], typed, faults)}${salutationFields(t, languages, typed)}${formFields(t, [{ name: 'mapping_name', kind: 'line', direction: 'ltr', maxLength: 60 }], typed, faults)}`
  const about = kind === 'targets'
    ? html`${formFields(t, [
      { name: 'body_name', kind: 'line', required: true, maxLength: 200 }, { name: 'area_prefix', kind: 'line', required: true, direction: 'ltr', maxLength: 40 }, { name: 'office_label_pattern', kind: 'line', maxLength: 200 },
      { name: 'seats', kind: 'number', narrow: true },
      { name: 'dates', kind: 'select', choices: dateOrders.map((order) => ({ value: order, label: t(`imports.dates.${order}`) })) },
    ], { dates: orderSeen(preview.rows.flatMap((row) => Object.values(row))) ?? 'ymd', ...typed }, faults)}${salutationFields(t, languages, typed)}`
    : formFields(t, [
      { name: 'scheme_id', kind: 'line', required: true, direction: 'ltr', maxLength: 40 }, { name: 'formats', kind: 'line', required: true, direction: 'ltr', maxLength: 300 }, { name: 'tail', kind: 'number', narrow: true },
      { name: 'scheme_example', kind: 'line', direction: 'ltr', maxLength: 20 }, { name: 'area_prefix', kind: 'line', required: true, direction: 'ltr', maxLength: 40 }, { name: 'whole', kind: 'tick' },
    ], typed, faults)
  const columns = columnsOf(kind, languages)
  const guesses = guess(preview.places, columns)
  return html`${about}${formFields(t, [{ name: 'mapping_name', kind: 'line', direction: 'ltr', maxLength: 60 }], typed, faults)}
${preview.shape !== 'pairs' && html`<h2>${t('imports.columns')}</h2>${preview.shape === 'list' && html`<p>${t('imports.places')}</p>`}
${columns.map((column) => columnField(t, column, preview, value(typed, `column-${column}`) ?? guesses[column] ?? '', faults[`column-${column}`]))}`}`
}

/** How those in office are addressed, in each language of the site. */
function salutationFields(t: DeskWords, languages: string[], typed: Typed): Html {
  const one = (language: string) => formFields(t, [{ name: 'salutation_pattern', as: `salutation_pattern-${language}`, kind: 'line', maxLength: 200 }], typed)
  return languages.length === 1 ? one(languages[0]!) : html`${languages.map((language) => html`<fieldset><legend>${t.languageName(language)}</legend>${one(language)}</fieldset>`)}`
}

/** Names come in the languages of the site besides. */
function columnsOf(kind: Kind, languages: string[]): string[] {
  return kind === 'lookup' ? [...codeColumns] : withLanguages(targetColumns, languages)
}

export function withLanguages(columns: readonly string[], languages: string[]): string[] {
  return columns.flatMap((column) => (['area_name', 'office', 'holder'].includes(column) ? [column, ...languages.map((language) => `${column}@${language}`)] : [column]))
}

export function columnField(t: DeskWords, column: string, preview: Pick<Preview, 'shape' | 'places'>, chosen: string, fault: string | undefined): Html {
  const [name, language] = column.split('@')
  const label = language ? t('imports.in-language', { column: t(`column.${name}` as DeskWord), language: t.languageName(language) }) : t(`column.${name}` as DeskWord)
  const id = `column-${column.replace('@', '-in-')}`
  // A place in a list can be written by hand: several in braces, or one for where another is empty.
  const control = preview.shape === 'list'
    ? html`<input id="${id}" name="column-${column}" value="${chosen}" list="places" dir="ltr" maxlength="300" autocomplete="off">`
    : html`<select id="${id}" name="column-${column}"><option value="">${t('imports.no-column')}</option>${preview.places.map((place) => html`<option value="${place}"${place === chosen && html` selected`}>${place}</option>`)}</select>`
  return html`<div class="field"><label for="${id}">${label}</label>${control}${fault && html`<p class="wrong">${fault}</p>`}</div>`
}

/** Columns whose names say what they are are chosen already; a person looks at the choice before anything happens. */
function guess(places: string[], wanted: readonly string[]): Record<string, string | undefined> {
  const hints: Record<string, RegExp | RegExp[]> = {
    // A column of names stands for the code only where there is none of codes.
    area_code: [/^(area|district|constituency|ward|seat|region|pcon).?(code|id)$|area.?code|district.?code|gss/i, /^(area|district|constituency|ward)$/i], area_name: /^(area|district|constituency|ward|pcon.?name)(.?name)?$/i, parent_name: /^(region|state|province|county|governorate|canton|oblast|prefecture)(.?name)?$/i, office: /^(office|post|role|title)$/i, holder: /(^|\.)(name|holder|member|full.?name|display.?(as|name)|minister|official|deputy|senator|councill?or|representative)$/i,
    holder_id: /^(id|member.?id|person.?id)$/i, email: /e-?mail|^mail$/i, phone: /phone|tel/i, party: /party|list/i, url: /url|website/i, address: /address/i, since: /since|start/i, until: /until|end_?date/i, code: /post.?code|zip|^code$/i, share: /share/i, street: /^(street|address(es)?)$/i, form_limit: /form.?limit|max.?(length|characters)/i, embassy_of: /embassy.?of|represents/i, embassy_in: /embassy.?in|^host/i, formal_name: /formal|style|full_title/i,
  }
  return Object.fromEntries(wanted.map((column) => [column, [hints[column] ?? []].flat().map((hint) => places.find((name) => hint.test(name.trim()))).find((name) => name !== undefined)]))
}

function value(typed: Typed, name: string): string | undefined {
  const given = typed[name]
  return Array.isArray(given) ? given[0] : given
}

/** The mapping that somebody made on the page, not checked yet. */
export function builtMapping(kind: Kind, preview: Preview, typed: Record<string, string>): unknown {
  const text = (name: string) => (typed[name] ?? '').trim()
  const columns = Object.fromEntries(Object.entries(typed).filter(([name, column]) => name.startsWith('column-') && column.trim()).map(([name, column]) => [name.slice(7), column.trim()]))
  const how = { shape: preview.shape, list: preview.list }
  const salutations = Object.fromEntries(Object.keys(typed).flatMap((name) => (name.startsWith('salutation_pattern-') && text(name) ? [[name.slice('salutation_pattern-'.length), text(name)]] : [])))
  if (preview.shape === 'popolo') return { kind: 'targets', name: text('mapping_name') || text('area_prefix'), shape: 'popolo', prefix: text('area_prefix'), salutations }
  if (kind === 'lookup') {
    return {
      kind, name: text('mapping_name') || text('scheme_id'), ...how, areaPrefix: text('area_prefix'), columns, whole: typed.whole === 'yes',
      scheme: { id: text('scheme_id'), formats: text('formats').split(',').map((format) => format.trim().toUpperCase()).filter(Boolean), tail: Number(typed.tail || 0), example: text('scheme_example') },
    }
  }
  const id = slug(text('body_name'))
  return {
    kind, name: text('mapping_name') || id, ...how, each: preview.each,
    parts: [{
      body: { id, name: text('body_name') }, areaPrefix: text('area_prefix'), columns, officeLabel: text('office_label_pattern') || '{area}', salutations, seats: text('seats') ? Number(text('seats')) : 1, dates: text('dates') || 'ymd',
      ...(preview.each && { entries: typed.entries === 'all' ? 'all' : 'last', current: true }),
    }],
  }
}

/** What is wrong with it, by the fields of the page. */
export function mappingFaults(t: DeskWords, kind: Kind, error: z.ZodError): Faults {
  const fields: [field: string, names: string[], word: DeskWord][] = [
    ['formats', ['formats'], 'fault.formats'], ['tail', ['tail'], 'fault.number'], ['seats', ['seats'], 'fault.number'], ['scheme_id', ['scheme'], 'fault.short-name'], ['body_name', ['body'], 'fault.name'],
    ['area_prefix', ['areaPrefix', 'prefix'], 'fault.short-name'], ['mapping_name', ['name'], 'fault.short-name'],
  ]
  return Object.fromEntries(error.issues.map((issue) => {
    const [field, , word] = fields.find(([, names]) => names.some((name) => issue.path.includes(name))) ?? ['column-holder', [], 'fault.columns' as const]
    return [kind === 'lookup' && field === 'column-holder' ? 'column-code' : field, t(word)]
  }))
}
