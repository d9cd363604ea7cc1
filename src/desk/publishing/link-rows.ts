import { html, type Html } from '#platform/html/html.ts'
import { fields } from '#platform/http/server.ts'
import { linkKinds, publishingWords, type Paragraph } from '#modules/publishing/index.ts'
import type { Faults, Typed } from '../forms.ts'
import type { DeskWords } from '../words/index.ts'
import { addressAsWritten } from '../pasted-address.ts'
import { choices } from './choices.ts'

type Link = Paragraph['links'][number]
/** As many as one paragraph can have. */
const most = 20

/** The links of one paragraph: a row for each with its kind, address and words, and empty ones for more. */
export function linkRows(t: DeskWords, id: string, typed: Typed, faults: Faults, empty: number): Html {
  const words = publishingWords(t.language)
  const name = `links.${id}`
  const rows = [...typedRows(typed, id), ...Array.from({ length: empty }, () => ({ kind: 'read-more', url: '', text: '' }))].slice(0, most)
  const fault = faults[name]
  return html`<fieldset id="${name}" class="field"${fault && html` aria-invalid="true"`}><legend>${t('f.links')}</legend><span class="help">${t('f.links.help')}</span>${rows.map((row) => html`<div class="link-row"><label>${t('links.kind')}<select name="link_kind.${id}">${linkKinds.map((kind) => html`<option value="${kind}"${kind === row.kind && html` selected`}>${words(`link.${kind}`)}</option>`)}</select></label>
<label>${t('links.address')}<input type="text" inputmode="url" name="link_url.${id}" value="${row.url}" dir="ltr" list="${choices.addresses}" maxlength="2000" autocomplete="off"></label><label>${t('links.words')}<input type="text" name="link_text.${id}" value="${row.text}" dir="auto" maxlength="200" autocomplete="off"></label></div>`)}<p class="example">${t('example', { example: t('f.links.example') })}</p>${fault && html`<p class="wrong">${fault}</p>`}</fieldset>`
}

/** What stands in the rows of a paragraph's links. */
export function typedLinks(id: string, links: Link[]): Typed {
  return { [`link_kind.${id}`]: links.map(({ kind }) => kind), [`link_url.${id}`]: links.map(({ url }) => url), [`link_text.${id}`]: links.map(({ text }) => text) }
}

/** Reads the rows. A row without address and words is none; undefined stands for one whose address cannot be read. `own` is where the public site is reached. */
export function readLinks(typed: Typed, id: string, own: string): (Link | undefined)[] {
  return typedRows(typed, id).map(({ kind, url, text }) => {
    const read = readAddress(url, own)
    return read === undefined ? undefined : { kind: linkKinds.find((each) => each === kind) ?? 'read-more', url: read, text }
  })
}

function typedRows(typed: Typed, id: string): { kind: string, url: string, text: string }[] {
  const [kinds, urls, texts] = ['link_kind', 'link_url', 'link_text'].map((name) => fields(typed, `${name}.${id}`)) as [string[], string[], string[]]
  return urls.map((url, place) => ({ kind: kinds[place] ?? '', url: url.trim(), text: (texts[place] ?? '').trim() })).filter(({ url, text }) => url !== '' || text !== '')
}

/** An address as people paste it: one of our own pages becomes its path, and what browsers leave out of an address comes back. */
function readAddress(given: string, own: string): string | undefined {
  const url = addressAsWritten(given)
  const path = url === own ? '/' : url.startsWith(`${own}/`) ? url.slice(own.length) : url
  return /^(?:https?:\/\/[^\s/]\S*|\/(?!\/)\S*)$/i.test(path) ? path : undefined
}
