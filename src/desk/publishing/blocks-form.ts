import { randomUUID } from 'node:crypto'
import { html, type Html } from '#platform/html/html.ts'
import { field } from '#platform/http/server.ts'
import { blockKinds, type Block, type BlockKind } from '#modules/publishing/index.ts'
import { formField, type Faults, type Typed } from '../forms.ts'
import type { DeskWords, FieldName } from '../words/index.ts'

/** The fields that each kind of block has, with the part of a block that each is. */
const parts: Record<BlockKind, { name: FieldName, kind: 'text' | 'line' | 'url', narrow?: boolean, part: string }[]> = {
  text: [{ name: 'block_text', kind: 'text', part: 'text' }],
  asks: [{ name: 'block_actions', kind: 'text', part: 'actions' }, { name: 'block_elsewhere', kind: 'text', part: 'elsewhere' }],
  items: [{ name: 'block_items', kind: 'text', part: 'items' }],
  count: [{ name: 'block_count', kind: 'line', narrow: true, part: 'value' }, { name: 'unit', kind: 'line', part: 'unit' }, { name: 'organisation', kind: 'line', part: 'who' }, { name: 'source_url', kind: 'url', part: 'sourceUrl' }, { name: 'holds_on', kind: 'line', narrow: true, part: 'asOf' }],
  standing: [{ name: 'block_standing', kind: 'line', part: 'handle' }],
}

/** The blocks of a campaign's page in their order, each with the buttons that move it or take it away; and one for each kind to add. */
export function blockFields(t: DeskWords, typed: Typed, faults: Faults): Html {
  const ids = blockIds(typed)
  return html`<section><h2>${t('blocks.title')}</h2><button name="then" value="save" hidden tabindex="-1">${t('save')}</button>${ids.map((id, place) => {
    const kind = kindOf(typed, id)
    return kind && html`<fieldset class="card" id="block-${id}"><legend>${t('blocks.nth', { place: place + 1, kind: t(`block.${kind}`) })}</legend><input type="hidden" name="blocks" value="${id}"><input type="hidden" name="block_kind.${id}" value="${kind}">
${formField(t, { name: 'block_title', as: `block_title.${id}`, kind: 'line', maxLength: 300 }, typed, faults)}${parts[kind].map(({ name, kind: control, narrow }) => formField(t, { name, kind: control, narrow, as: `${name}.${id}` }, typed, faults))}
<div class="row">${place > 0 && html`<button class="plain" name="then" value="block-up:${id}">${t('blocks.up')}</button>`}${place < ids.length - 1 && html`<button class="plain" name="then" value="block-down:${id}">${t('blocks.down')}</button>`}<button class="plain" name="then" value="block-drop:${id}">${t('blocks.drop')}</button></div></fieldset>`
  })}<div class="row" role="group" aria-label="${t('blocks.add')}">${blockKinds.map((kind) => html`<button class="plain" name="then" value="block-add:${kind}">${t('blocks.add-one', { kind: t(`block.${kind}`) })}</button>`)}</div></section>`
}

/** What stands in the form after one of those buttons; nothing where it was another one. Nothing is saved by them. */
export function moveBlocks(typed: Typed, then: string): Typed | undefined {
  const [, verb, what] = /^block-(up|down|drop|add):([a-z0-9-]{1,40})$/.exec(then) ?? []
  if (verb === undefined) return undefined
  const ids = blockIds(typed)
  if (verb === 'add') {
    const kind = blockKinds.find((each) => each === what)
    const id = randomUUID().slice(0, 8)
    return kind ? { ...typed, blocks: [...ids, id], [`block_kind.${id}`]: kind } : typed
  }
  const at = ids.indexOf(what!)
  if (at < 0) return typed
  const rest = ids.filter((id) => id !== what)
  return { ...typed, blocks: verb === 'drop' ? rest : rest.toSpliced(Math.max(0, verb === 'up' ? at - 1 : at + 1), 0, what!) }
}

/** What stands in the fields for these blocks. A translation begins with what does not depend on the language. */
export function typedBlocks(blocks: Block[], { fresh = false } = {}): Typed {
  return {
    blocks: blocks.map(({ id }) => id),
    ...Object.fromEntries(blocks.flatMap((block) => [
      [`block_kind.${block.id}`, block.kind], [`block_title.${block.id}`, fresh ? '' : block.title],
      ...parts[block.kind].map(({ name, part }) => {
        const value = (block as unknown as Record<string, string | number | string[]>)[part]!
        return [`${name}.${block.id}`, fresh && (part === 'text' || part === 'unit') ? '' : Array.isArray(value) ? value.join('\n') : String(value)]
      }),
    ])),
  }
}

/** The blocks as they were typed, to be checked with the other words. */
export function readBlocks(typed: Typed): object[] {
  return blockIds(typed).flatMap((id) => {
    const kind = kindOf(typed, id)
    if (!kind) return []
    const value = (name: string, part: string) => {
      const text = field(typed, `${name}.${id}`).trim()
      if (part === 'actions' || part === 'items' || part === 'elsewhere') return text.split(/[\s,]+/).filter(Boolean).map(slugIn)
      return part === 'value' ? Number(text.replace(/[\s,']/g, '') || Number.NaN) : text
    }
    return [{ id, kind, title: field(typed, `block_title.${id}`).trim(), ...Object.fromEntries(parts[kind].map(({ name, part }) => [part, value(name, part)])) }]
  })
}

/** The field in which a wrong part of a block was typed. */
export function blockFault(t: DeskWords, typed: Typed, [, place, part]: PropertyKey[]): [name: string, fault: string] {
  const id = blockIds(typed)[Number(place)] ?? ''
  const found = parts[kindOf(typed, id) ?? 'text'].find((each) => each.part === part)
  const fault = part === 'sourceUrl' ? t('fault.address') : part === 'asOf' ? t('fault.happened') : part === 'value' ? t('fault.number') : part === 'actions' || part === 'items' || part === 'elsewhere' || part === 'handle' ? t('fault.slug') : field(typed, `${found?.name}.${id}`).trim() ? t('fault.too-long') : t('fault.needed')
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
