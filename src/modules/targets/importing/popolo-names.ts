import type { Thing } from './popolo-file.ts'

/** A text of a record, trimmed; empty where it has none. */
export function textIn(thing: Thing, name: string): string {
  const value = thing[name]
  return typeof value === 'string' || typeof value === 'number' ? String(value).normalize('NFC').trim().slice(0, 500) : ''
}

/** What a record says about a day, as it stands there; empty where it says nothing. What is neither text nor number is no day, and is not taken for nothing. */
export function dayTextIn(thing: Thing, name: string): string {
  const value = thing[name] ?? ''
  return textIn(thing, name) || (value === '' || typeof value === 'string' ? '' : JSON.stringify(value).slice(0, 80))
}

/** What somebody or something is called; its id if nothing else. */
export function nameOf(thing: Thing): string {
  const parts = ['given_name', 'family_name'].map((name) => textIn(thing, name)).filter(Boolean).join(' ')
  return textIn(thing, 'name') || Object.values(byLanguage(thing.name))[0] || parts || textIn(thing, 'identifier') || textIn(thing, 'id')
}

/** Names by language: other names that say their language and have not ended. */
export function namesOf(thing: Thing, name = 'name'): Record<string, string> {
  return { ...byLanguage(thing[name]), ...Object.fromEntries(otherNames(thing).filter((each) => each.language && !each.ended).map((each) => [each.language, each.name])) }
}

/** Names that somebody had or has besides, whatever the language: to be found by. */
export function otherNamesOf(thing: Thing): string[] {
  return [...new Set(otherNames(thing).filter((each) => !each.language || each.ended).map((each) => each.name))].slice(0, 50)
}

export function formalNameOf(person: Thing): string {
  const formal = [textIn(person, 'honorific_prefix'), nameOf(person), textIn(person, 'honorific_suffix')].filter(Boolean).join(' ')
  return formal === nameOf(person) ? '' : formal
}

function otherNames(thing: Thing): { name: string, language: string, ended: boolean }[] {
  const list = Array.isArray(thing.other_names) ? thing.other_names : []
  return list.flatMap((each: unknown) => {
    if (typeof each !== 'object' || each === null) return []
    const other = each as Thing
    const language = (textIn(other, 'lang') || textIn(other, 'language')).toLowerCase().split(/[-_]/)[0]!
    const name = textIn(other, 'name')
    return name ? [{ name, language: /^[a-z]{2,3}$/.test(language) ? language : '', ended: textIn(other, 'end_date') !== '' }] : []
  })
}

function byLanguage(value: unknown): Record<string, string> {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) return {}
  return Object.fromEntries(Object.entries(value).filter((entry): entry is [string, string] => /^[a-z]{2,3}$/.test(entry[0]) && typeof entry[1] === 'string'))
}
