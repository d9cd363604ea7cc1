import { raw, type Html } from '#platform/html/html.ts'
import type { DeskWords } from '../words/index.ts'

const summary = /<div class="errors"[^>]*>.*?<\/div>/gs
const entry = /<li><a href="#([^"]+)">(.*?)<\/a><\/li>/gs

/** A page of which the list of what is wrong goes from above to below, as its fields do, and says of each which it is about: by the label that the field has on this very page. */
export function withFieldNames(t: DeskWords, page: Html): Html {
  if (!page.text.includes('<div class="errors"')) return page
  return raw(page.text.replace(summary, (list) => {
    const entries = [...list.matchAll(entry)].map(([whole, id, fault]) => ({ place: placeOf(page.text, id!), line: lineFor(t, page.text, id!, fault!) ?? whole })).toSorted((one, other) => one.place - other.place)
    return list.replace(entry, () => entries.shift()!.line)
  }))
}

/** Where the field with this id stands; behind all others where there is none. */
function placeOf(page: string, id: string): number {
  const place = page.indexOf(` id="${id}"`)
  return place < 0 ? Infinity : place
}

function lineFor(t: DeskWords, page: string, id: string, fault: string): string | undefined {
  const name = nameOf(page, id)
  return name === undefined ? undefined : `<li><a href="#${id}">${t.html('errors.entry', { field: raw(`<strong>${name}</strong>`), fault: raw(fault) }).text}</a></li>`
}

/** The label of the field with this id, behind the name of the group of fields that it is in; nothing where there is no such field. */
function nameOf(page: string, id: string): string | undefined {
  const its = id.replaceAll(/[.*+?^${}()|[\]\\]/g, '\\$&')
  const found = new RegExp(`<label for="${its}">(.*?)</label>|<fieldset id="${its}"[^>]*><legend>(.*?)</legend>|<label class="opt"><input type="checkbox" id="${its}"[^>]*>(.*?)</label>`, 's').exec(page)
  if (!found) return undefined
  // What is only said beside a label is no part of the name.
  const label = (found[1] ?? found[2] ?? found[3]!).replaceAll(/\s*<small.*?<\/small>|\s*<span class="state.*?<\/span>/gs, '')
  const group = groupAt(page, found.index)
  return group === undefined ? label : `${group} · ${label}`
}

/** What the innermost group of fields is called that is open at a place of the page. */
function groupAt(page: string, place: number): string | undefined {
  const open: number[] = []
  for (const tag of page.slice(0, place).matchAll(/<(\/?)fieldset/g)) {
    if (tag[1]) open.pop()
    else open.push(tag.index)
  }
  return open.length === 0 ? undefined : /^<fieldset[^>]*><legend>(.*?)<\/legend>/s.exec(page.slice(open.at(-1)))?.[1]
}
