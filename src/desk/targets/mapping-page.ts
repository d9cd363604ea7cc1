import { html, type Html } from '#platform/html/html.ts'
import type { Preview } from '#modules/targets/index.ts'
import { form, formFields, type Faults, type Typed } from '../forms.ts'
import type { DeskPage } from '../look/layout.ts'
import type { Visit } from '../pages.ts'
import { mappingFields, type Kind } from './mapping-form.ts'

/** A file on its way through a form: it is kept nowhere until somebody has said what it is. */
export interface CarriedFile {
  fileName: string
  bytes: Buffer
  asOf: string
  newBoundaries: boolean
}

/** What the columns of a file are: with its first rows to look at. */
export function mappingPage({ t }: Visit, kind: Kind, file: CarriedFile, preview: Preview, languages: string[], typed: Typed, faults: Faults): DeskPage {
  return {
    title: t('imports.columns'), section: 'targets', crumbs: [{ href: '/targets', label: t('nav.targets') }, { href: '/imports', label: t('imports.title') }], ...(Object.keys(faults).length > 0 && { status: 422 }),
    body: html`${preview.rows.length > 0 && firstRows(t('imports.columns'), t('imports.first-rows', { file: file.fileName }), preview)}
${preview.shape === 'popolo' && html`<div class="card"><p>${t('imports.is-popolo')}</p></div>`}
${form(t, {
      action: '/imports/columns', button: t('imports.look'), faults, files: true,
      fields: html`<input type="hidden" name="kind" value="${kind}"><input type="hidden" name="as_of" value="${file.asOf}"><input type="hidden" name="new_boundaries" value="${file.newBoundaries && 'yes'}"><input type="hidden" name="file_name" value="${file.fileName}"><input type="hidden" name="content" value="${file.bytes.toString('base64')}">
${preview.shape === 'list' && html`${formFields(t, [
        preview.lists.length > 1 && { name: 'list', kind: 'select', choices: preview.lists.map((value) => ({ value, label: value })) },
        kind === 'targets' && preview.inner.length > 0 && { name: 'each', kind: 'select', empty: t('f.each.none'), choices: preview.inner.map((value) => ({ value, label: value })) },
        kind === 'targets' && preview.each !== '' && { name: 'entries', kind: 'choice', choices: [{ value: 'last', label: t('f.entries.last') }, { value: 'all', label: t('f.entries.all') }] },
      ], { entries: 'last', ...typed, list: preview.list, each: preview.each }, faults)}
${(preview.lists.length > 1 || preview.inner.length > 0) && html`<button class="plain" name="again" value="yes" formnovalidate>${t('imports.again')}</button>`}
<datalist id="places">${preview.places.map((place) => html`<option value="${place}"></option>`)}</datalist>`}
${mappingFields(t, kind, preview, languages, typed, faults)}`,
    })}`,
  }
}

function firstRows(label: string, caption: string, { places, rows }: Preview): Html {
  return html`<div class="card scroll" role="region" tabindex="0" aria-label="${label}"><table><caption>${caption}</caption><thead><tr>${places.map((place) => html`<th scope="col"><bdi>${place}</bdi></th>`)}</tr></thead><tbody>${rows.map((row) => html`<tr>${places.map((place) => html`<td><bdi>${(row[place] ?? '').slice(0, 60)}</bdi></td>`)}</tr>`)}</tbody></table></div>`
}
