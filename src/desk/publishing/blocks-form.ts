import { randomUUID } from 'node:crypto'
import { readNumber, writtenNumber } from '#platform/digits.ts'
import { html, type Html } from '#platform/html/html.ts'
import { field, fields } from '#platform/http/server.ts'
import { blockKinds, blockReferences, referencesIn, wordsWith, type Block, type BlockKind, type Reference } from '#modules/publishing/index.ts'
import { formField, type Faults, type Field, type Typed } from '../forms.ts'
import type { DeskWords, FieldName } from '../words/index.ts'

import { asWritten, dateFault, inWords } from './as-written.ts'
import { addressAsWritten } from '../pasted-address.ts'
import { choices } from './choices.ts'

interface Part {
  name: FieldName
  kind: 'text' | 'line' | 'url' | 'lines'
  narrow?: boolean
  /** The list of what can be chosen, and how many at most. */
  from?: string
  most?: number
  part: string
}

/** The fields that each kind of block has, with the part of a block that each is. */
const parts: Record<BlockKind, Part[]> = {
  text: [{ name: 'block_text', kind: 'text', part: 'text' }],
  asks: [{ name: 'block_actions', kind: 'lines', from: choices.actions, most: 20, part: 'actions' }, { name: 'block_elsewhere', kind: 'lines', from: choices.elsewhere, most: 20, part: 'elsewhere' }],
  items: [{ name: 'block_items', kind: 'lines', from: choices.items, most: 30, part: 'items' }],
  count: [{ name: 'block_count', kind: 'line', narrow: true, part: 'value' }, { name: 'unit', kind: 'line', part: 'unit' }, { name: 'organisation', kind: 'line', part: 'who' }, { name: 'source_url', kind: 'url', part: 'sourceUrl' }, { name: 'holds_on', kind: 'line', narrow: true, part: 'asOf' }],
  standing: [{ name: 'block_standing', kind: 'line', from: choices.texts, part: 'handle' }],
}
const mostBlocks = 60

/** The blocks of a campaign's page in their order, each with the buttons that move it or take it away; and one for each kind to add. Each button leads back to the block that it is about. */
export function blockFields(t: DeskWords, typed: Typed, faults: Faults): Html {
  const ids = blockIds(typed)
  const press = (id: string, then: string, label: string, what: string) => html`<button class="plain" name="then" value="${then}" formaction="#${id}">${label}<span class="hidden-words"> ${what}</span></button>`
  return html`<section id="blocks"><h2>${t('blocks.title')}</h2><button name="then" value="save" hidden tabindex="-1">${t('save')}</button>${ids.map((id, place) => {
    const kind = kindOf(typed, id)
    const name = kind && t('blocks.nth', { place: place + 1, kind: t(`block.${kind}`) })
    return kind && html`${gone(t, typed, ids, (at) => at === place)}<fieldset class="card" id="block-${id}" tabindex="-1"><legend>${name}</legend><input type="hidden" name="blocks" value="${id}"><input type="hidden" name="block_kind.${id}" value="${kind}">
${formField(t, { name: 'block_title', as: `block_title.${id}`, kind: 'line', maxLength: 300 }, typed, faults)}${parts[kind].map((each) => formField(t, fieldOf(each, id), typed, faults))}
<div class="row">${place > 0 && press(`block-${id}`, `block-up:${id}`, t('blocks.up'), name!)}${place < ids.length - 1 && press(`block-${id}`, `block-down:${id}`, t('blocks.down'), name!)}${press(`gone-${id}`, `block-drop:${id}`, t('blocks.drop'), name!)}</div></fieldset>`
  })}${gone(t, typed, ids, (at) => at >= ids.length)}${ids.length < mostBlocks && html`<div class="row" role="group" aria-label="${t('blocks.add')}">${blockKinds.map((kind) => {
    const id = randomUUID().slice(0, 8)
    return html`<button class="plain" name="then" value="block-add:${kind}:${id}" formaction="#block-${id}">${t('blocks.add-one', { kind: t(`block.${kind}`) })}</button>`
  })}</div>`}</section>`
}

/** What was taken out of the form at these places and not saved yet: all of it is still there, to be put back where it stood. */
function gone(t: DeskWords, typed: Typed, ids: string[], here: (place: number) => boolean): Html[] {
  return fields(typed, 'dropped').flatMap((each) => {
    const [, id, place] = /^([a-z0-9-]{1,40})@(\d{1,2})$/.exec(each) ?? []
    const kind = id !== undefined && !ids.includes(id) && kindOf(typed, id)
    if (!kind || !here(Number(place))) return []
    const names = [`block_kind.${id}`, `block_title.${id}`, ...parts[kind].map(({ name }) => `${name}.${id}`)]
    const what = field(typed, `block_title.${id}`) || t(`block.${kind}`)
    return html`<div class="notice row" role="status" id="gone-${id}" tabindex="-1"><p>${t('blocks.gone', { what })}</p><input type="hidden" name="dropped" value="${each}">${names.flatMap((name) => fields(typed, name).map((value) => html`<input type="hidden" name="${name}" value="${value}">`))}<button class="plain" name="then" value="block-back:${id}:${place}" formaction="#block-${id}">${t('blocks.back')}<span class="hidden-words"> ${what}</span></button></div>`
  })
}

function fieldOf({ name, kind, narrow, from, most = 0 }: Part, id: string): Field {
  const as = `${name}.${id}`
  switch (kind) {
    case 'lines': return { name, as, kind, from: from!, most, direction: 'ltr' }
    case 'text': return { name, as, kind, markdown: true, maxLength: 50_000 }
    default: return { name, as, kind, narrow, from, ...(from !== undefined && { direction: 'ltr' }) }
  }
}

/** What stands in the form after one of those buttons; nothing where it was another one. Nothing is saved by them. */
export function moveBlocks(typed: Typed, then: string): Typed | undefined {
  const [, verb, what, added] = /^block-(up|down|drop|add|back):([a-z0-9-]{1,40})(?::([a-z0-9]{1,8}))?$/.exec(then) ?? []
  if (verb === undefined) return undefined
  const ids = blockIds(typed)
  if (verb === 'add') {
    const kind = blockKinds.find((each) => each === what)
    const id = added?.length === 8 ? added : randomUUID().slice(0, 8)
    // Once, also for whoever goes back and presses it again.
    return kind && !ids.includes(id) && ids.length < mostBlocks ? { ...typed, blocks: [...ids, id], [`block_kind.${id}`]: kind } : typed
  }
  if (verb === 'back') return ids.includes(what!) || !kindOf(typed, what!) ? typed : { ...typed, blocks: ids.toSpliced(Number(added), 0, what!), dropped: fields(typed, 'dropped').filter((each) => !each.startsWith(`${what}@`)) }
  const at = ids.indexOf(what!)
  if (at < 0) return typed
  const rest = ids.filter((id) => id !== what)
  if (verb === 'drop') return { ...typed, blocks: rest, dropped: [...fields(typed, 'dropped'), `${what}@${at}`] }
  return { ...typed, blocks: rest.toSpliced(Math.max(0, verb === 'up' ? at - 1 : at + 1), 0, what!) }
}

/** What stands in the fields for these blocks. A translation begins with what does not depend on the language. */
export function typedBlocks(t: DeskWords, blocks: Block[], { fresh = false } = {}): Typed {
  return {
    blocks: blocks.map(({ id }) => id),
    ...Object.fromEntries(blocks.flatMap((block) => [
      [`block_kind.${block.id}`, block.kind], [`block_title.${block.id}`, fresh ? '' : block.title],
      ...parts[block.kind].map(({ name, part }) => {
        const value = (block as unknown as Record<string, string | number | string[]>)[part]!
        return [`${name}.${block.id}`, fresh && (part === 'text' || part === 'unit') ? '' : Array.isArray(value) ? value : part === 'asOf' ? inWords(t, String(value)) : typeof value === 'number' ? writtenNumber(value, t.language) : value]
      }),
    ])),
  }
}

/** The blocks as they were typed, to be checked with the other words. */
export function readBlocks(t: DeskWords, typed: Typed): object[] {
  return blockIds(typed).flatMap((id) => {
    const kind = kindOf(typed, id)
    if (!kind) return []
    const value = (name: string, part: string) => {
      const text = field(typed, `${name}.${id}`).trim()
      if (part === 'actions' || part === 'items' || part === 'elsewhere') return [...new Set(fields(typed, `${name}.${id}`).flatMap((each) => each.split(/[\s,]+/)).filter(Boolean).map(slugIn))]
      if (part === 'handle') return slugIn(text)
      if (part === 'asOf') return asWritten(text)
      if (part === 'sourceUrl') return addressAsWritten(text)
      return part === 'value' ? readNumber(text, t.language) : text
    }
    return [{ id, kind, title: field(typed, `block_title.${id}`).trim(), ...Object.fromEntries(parts[kind].map(({ name, part }) => [part, value(name, part)])) }]
  })
}

/** The field in which a block refers to something; nothing where none does. */
export function fieldReferringTo(blocks: Block[], { kind, handle, key }: Reference): string | undefined {
  for (const block of blocks) {
    const part = parts[block.kind].find((each) => each.part === { action: 'actions', elsewhere: 'elsewhere', item: 'items', text: 'handle' }[kind])
    if (part && blockReferences(block).some((each) => each.kind === kind && each.handles.includes(handle))) return `${part.name}.${block.id}`
    if (referencesIn(wordsWith({ blocks: [block] })).some((each) => each.key === key)) return `block_text.${block.id}`
  }
  return undefined
}

/** The field in which a wrong part of a block was typed. */
export function blockFault(t: DeskWords, typed: Typed, [, place, part]: PropertyKey[]): [name: string, fault: string] {
  const id = blockIds(typed)[Number(place)] ?? ''
  const found = parts[kindOf(typed, id) ?? 'text'].find((each) => each.part === part)
  const fault = part === 'sourceUrl' ? t('fault.address') : part === 'asOf' ? dateFault(t, field(typed, `${found?.name}.${id}`)) : part === 'value' ? t('fault.number') : part === 'actions' || part === 'items' || part === 'elsewhere' || part === 'handle' ? t('fault.slug') : field(typed, `${found?.name}.${id}`).trim() ? t('fault.too-long') : t('fault.needed')
  return [`${found?.name ?? 'block_title'}.${id}`, fault]
}

function blockIds(typed: Typed): string[] {
  return [typed.blocks].flat().filter((id) => id !== undefined && /^[a-z0-9-]{1,40}$/.test(id)) as string[]
}

function kindOf(typed: Typed, id: string): BlockKind | undefined {
  return blockKinds.find((each) => each === field(typed, `block_kind.${id}`))
}

/** The slug at the end of an address that was pasted, or what was typed. */
function slugIn(text: string): string {
  return /\/([a-z0-9-]+)\/?$/.exec(text)?.[1] ?? text
}
