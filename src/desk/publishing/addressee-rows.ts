import { sql } from '#platform/db.ts'
import { html, type Html } from '#platform/html/html.ts'
import { field } from '#platform/http/server.ts'
import { isInterfaceLanguage } from '#platform/words.ts'
import { addresseeKinds, type RecordContent } from '#modules/publishing/index.ts'
import type { Desk } from '../context.ts'
import { formFields, type Faults, type Field, type Typed } from '../forms.ts'
import { deskWords, type DeskWords } from '../words/index.ts'
import { choices, listOf } from './choices.ts'

export type Addressee = Extract<RecordContent, { kind: 'demand' }>['content']['addressees'][number]

interface Office {
  id: string
  label: string
  labels: Record<string, string>
}

const most = 20
/** More than anybody looks through; any other office is found by typing what it is called. */
const mostOffered = 500

/** Whom a demand is made of: a row for each with its kind, its office and what it is called in each language, and empty ones for more. */
export async function addresseeRows(desk: Desk, t: DeskWords, languages: string[], typed: Typed, faults: Faults): Promise<Html> {
  const ids = rowIds(typed)
  const next = ids.reduce((largest, id) => Math.max(largest, Number(id) + 1), 0)
  const { rows } = await sql<{ label: string }>`select distinct label from offices where valid_until is null order by label limit ${mostOffered}`.execute(desk.db)
  return html`<h2>${t('addressees.title')}</h2><p class="help">${t('addressees.why')}</p>${listOf(choices.offices, rows.map(({ label }) => [label, '']))}${[...ids, String(next), ...(ids.length === 0 ? [String(next + 1)] : [])].slice(0, most).map((id, place) => html`<fieldset class="card"><legend>${t('nth', { place: place + 1, what: t('addressees.one') })}</legend><input type="hidden" name="addressees" value="${id}">${formFields(t, ofRow(t, id), typed, faults)}${languages.map((language) => html`<fieldset><legend>${t.languageName(language)}</legend>${formFields(t, [called(id, language)], typed, faults)}</fieldset>`)}</fieldset>`)}`
}

/** All of these fields, for the rows that any of these has. */
export function addresseeFieldList(t: DeskWords, languages: string[], all: Typed[]): Field[] {
  return [...new Set(all.flatMap(rowIds))].flatMap((id) => [...ofRow(t, id), ...languages.map((language) => called(id, language))])
}

function ofRow(t: DeskWords, id: string): Field[] {
  return [
    { name: 'addressee_kind', as: `addressee_kind.${id}`, kind: 'select', empty: t('addressees.none'), choices: addresseeKinds.map((value) => ({ value, label: t(`addressee-word.${value}`) })) },
    { name: 'addressee_office', as: `addressee_office.${id}`, kind: 'line', from: choices.offices, maxLength: 300 },
  ]
}

function called(id: string, language: string): Field {
  return { name: 'addressee_name', as: `addressee_name.${id}.${language}`, kind: 'line', maxLength: 300 }
}

/** What stands in the rows for these addressees. */
export function typedAddressees(all: Addressee[]): Typed {
  return {
    addressees: all.map((_, place) => String(place)),
    ...Object.fromEntries(all.flatMap(({ kind, officeId, names }, place) => [[`addressee_kind.${place}`, kind], [`addressee_office.${place}`, officeId ?? ''], ...Object.entries(names).map(([language, name]) => [`addressee_name.${place}.${language}`, name])])),
  }
}

/** Reads the rows: addressees, or what is wrong at which field. A row with nothing chosen and nothing typed is none. An office that is not called anything here is called as it is under "Who we write to". */
export async function readAddressees(desk: Desk, t: DeskWords, typed: Typed, languages: string[]): Promise<{ addressees: Addressee[], faults: Faults }> {
  const faults: Faults = {}
  const text = (name: string) => field(typed, name).trim()
  const ids = rowIds(typed).slice(0, most)
  const offices = await officesNamed(desk, ids.map((id) => text(`addressee_office.${id}`)))
  const addressees = ids.flatMap((id): Addressee[] => {
    const which = text(`addressee_office.${id}`)
    const given = Object.fromEntries(languages.flatMap((language) => (text(`addressee_name.${id}.${language}`) ? [[language, text(`addressee_name.${id}.${language}`)]] : [])))
    const kind = addresseeKinds.find((each) => each === text(`addressee_kind.${id}`)) ?? (which ? 'office' : undefined)
    if (!kind) {
      if (Object.keys(given).length > 0) faults[`addressee_kind.${id}`] = t('fault.choose')
      return []
    }
    const office = which ? offices.get(which) : undefined
    if (which && !office) faults[`addressee_office.${id}`] = t('fault.office-named', { names: which })
    if (which && kind !== 'office') faults[`addressee_office.${id}`] ??= t('fault.not-an-office')
    const names = Object.keys(given).length > 0 ? given : office ? namesOf(office, languages) : kind === 'everybody' ? everybody(languages) : {}
    if (Object.keys(names).length === 0) faults[which ? `addressee_office.${id}` : `addressee_name.${id}.${languages[0]}`] ??= t('fault.needed')
    return [{ kind, ...(office && { officeId: office.id }), names }]
  })
  return { addressees, faults }
}

function namesOf({ label, labels }: Office, languages: string[]): Record<string, string> {
  return { [languages[0]!]: label, ...Object.fromEntries(languages.flatMap((language) => (labels[language] ? [[language, labels[language]]] : []))) }
}

function everybody(languages: string[]): Record<string, string> {
  return Object.fromEntries(languages.filter(isInterfaceLanguage).map((language) => [language, deskWords(language)('addressee-word.everybody')]))
}

/** Offices by what was typed: by id, or by a label that only one of them has. */
async function officesNamed(desk: Desk, all: string[]): Promise<Map<string, Office>> {
  const typed = all.filter(Boolean)
  if (typed.length === 0) return new Map()
  const lower = typed.map((each) => each.toLowerCase())
  const { rows } = await sql<Office>`select id, label, labels from offices
    where id = any (${typed}) or lower(label) = any (${lower}) or exists (select from jsonb_each_text(labels) where lower(value) = any (${lower}))`.execute(desk.db)
  return new Map(typed.flatMap((each): [string, Office][] => {
    const found = rows.filter(({ id, label, labels }) => id === each || [label, ...Object.values(labels)].some((name) => name.toLowerCase() === each.toLowerCase()))
    const one = found.find(({ id }) => id === each) ?? (found.length === 1 ? found[0] : undefined)
    return one ? [[each, one]] : []
  }))
}

/** The rows with their offices as they are called, as far as only one is: an id says nothing to anybody. */
export async function withOfficesCalled(desk: Desk, typed: Typed): Promise<Typed> {
  const names = rowIds(typed).map((id) => `addressee_office.${id}`).filter((name) => field(typed, name))
  if (names.length === 0) return typed
  const { rows } = await sql<{ id: string, label: string }>`select id, label from offices its where id = any (${names.map((name) => field(typed, name))})
    and not exists (select from offices other where other.id <> its.id and (lower(other.label) = lower(its.label) or exists (select from jsonb_each_text(other.labels) where lower(value) = lower(its.label))))`.execute(desk.db)
  return { ...typed, ...Object.fromEntries(names.map((name) => [name, rows.find(({ id }) => id === field(typed, name))?.label ?? field(typed, name)])) }
}

function rowIds(typed: Typed): string[] {
  return [...new Set([typed.addressees].flat().filter((id) => id !== undefined && /^\d{1,3}$/.test(id)))] as string[]
}
