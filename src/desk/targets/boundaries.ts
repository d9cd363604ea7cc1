import { html } from '#platform/html/html.ts'
import { field } from '#platform/http/server.ts'
import { isDay } from '#platform/days.ts'
import { boundariesMapping, boundaryColumns, FileFault, previewFeatures, type BoundariesMapping } from '#modules/targets/index.ts'
import { form, formFields, type Faults, type Typed } from '../forms.ts'
import type { DeskPage } from '../look/layout.ts'
import type { Answer, DeskPages, Visit } from '../pages.ts'
import type { CarriedFile } from './mapping-page.ts'

type Start = (visit: Visit, mapping: BoundariesMapping, file: CarriedFile) => Promise<Answer>

/** The second page for boundaries without a ready mapping: which property is what. The file travels with the form. */
export function boundaryRoutes(pages: DeskPages, startDryRun: Start): void {
  pages.post('/imports/boundaries', async (visit): Promise<Answer> => {
    const { body, now, t } = visit
    const file: CarriedFile = {
      bytes: Buffer.from(field(body, 'content'), 'base64'), fileName: field(body, 'file_name').slice(0, 200), newBoundaries: false,
      asOf: isDay(field(body, 'as_of')) ? field(body, 'as_of') : now.toISOString().slice(0, 10),
    }
    const typed = Object.fromEntries(Object.entries(body as Record<string, string>).filter(([name]) => name !== 'content'))
    const built = boundariesMapping.safeParse(mappingFrom(typed))
    if (built.success) return startDryRun(visit, built.data, file)
    const faults: Faults = Object.fromEntries(built.error.issues.map(({ path: [first] }) => (
      first === 'areaPrefix' ? ['area_prefix', t('fault.short-name')] : first === 'layer' || first === 'name' ? ['layer', t('fault.short-name')] : ['column-area_code', t('fault.boundary-columns')])))
    return { ...await boundaryPage(visit, file, typed, faults), status: 422 }
  }, 'change-targets')
}

function mappingFrom(typed: Record<string, string>): unknown {
  const layer = (typed.layer ?? '').trim()
  return {
    kind: 'boundaries', name: layer, layer, areaPrefix: (typed.area_prefix ?? '').trim(), whole: typed.whole_layer === 'yes',
    columns: Object.fromEntries(boundaryColumns.flatMap((column) => (typed[`column-${column}`] ? [[column, typed[`column-${column}`]]] : []))),
  }
}

/** What the properties of boundaries are: with those of the first ones to look at. Throws a FileFault if the file has no boundaries. */
export async function boundaryPage({ t }: Visit, file: CarriedFile, typed: Typed, faults: Faults): Promise<DeskPage> {
  const { columns, rows } = await previewFeatures(file.bytes)
  if (columns.length === 0) throw new FileFault('empty')
  return {
    title: t('imports.columns'), section: 'targets', crumbs: [{ href: '/imports', label: t('imports.title') }],
    body: html`<div class="card scroll" role="region" tabindex="0" aria-label="${t('imports.columns')}"><table><caption>${t('imports.first-rows', { file: file.fileName })}</caption><thead><tr>${columns.map((column) => html`<th scope="col"><bdi>${column}</bdi></th>`)}</tr></thead><tbody>${rows.map((row) => html`<tr>${columns.map((column) => html`<td><bdi>${row[column]!.slice(0, 60)}</bdi></td>`)}</tr>`)}</tbody></table></div>
${form(t, {
      action: '/imports/boundaries', button: t('imports.look'), faults, files: true,
      fields: html`<input type="hidden" name="as_of" value="${file.asOf}"><input type="hidden" name="file_name" value="${file.fileName}"><input type="hidden" name="content" value="${file.bytes.toString('base64')}">
${formFields(t, [{ name: 'layer', kind: 'line', required: true, direction: 'ltr', maxLength: 40 }, { name: 'area_prefix', kind: 'line', required: true, direction: 'ltr', maxLength: 40 }, { name: 'whole_layer', kind: 'tick' }], typed, faults)}<h2>${t('imports.columns')}</h2>${boundaryColumns.map((column) => html`<div class="field"><label for="column-${column}">${t(`column.${column}`)}</label><select id="column-${column}" name="column-${column}"><option value="">${t('imports.no-column')}</option>${columns.map((value) => html`<option value="${value}"${typed[`column-${column}`] === value && html` selected`}>${value}</option>`)}</select>${faults[`column-${column}`] && html`<p class="wrong">${faults[`column-${column}`]}</p>`}</div>`)}`,
    })}`,
  }
}
