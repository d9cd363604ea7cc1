import { html } from '#platform/html/html.ts'
import { field } from '#platform/http/server.ts'
import { isDay } from '#platform/days.ts'
import { readPublisher } from '#modules/publisher/index.ts'
import { boundariesMapping, boundaryColumns, dayHere, FileFault, previewFeatures, type BoundariesMapping } from '#modules/targets/index.ts'
import type { Desk } from '../context.ts'
import { form, formFields, type Faults, type Typed } from '../forms.ts'
import type { DeskPage } from '../look/layout.ts'
import type { Answer, DeskPages, Visit } from '../pages.ts'
import { columnField, withLanguages } from './mapping-form.ts'
import type { CarriedFile } from './mapping-page.ts'

interface Next {
  /** Keeps a mapping under its name, unless one that comes with the program has it. */
  keep: (visit: Visit, mapping: BoundariesMapping) => Promise<'saved' | 'taken'>
  startDryRun: (visit: Visit, mapping: BoundariesMapping, file: CarriedFile) => Promise<Answer>
}

/** The second page for boundaries without a ready mapping: which property is what. The file travels with the form. */
export function boundaryRoutes(pages: DeskPages, desk: Desk, { keep, startDryRun }: Next): void {
  pages.post('/imports/boundaries', async (visit): Promise<Answer> => {
    const { body, now, t } = visit
    const file: CarriedFile = {
      bytes: Buffer.from(field(body, 'content'), 'base64'), fileName: field(body, 'file_name').slice(0, 200), newBoundaries: false,
      asOf: isDay(field(body, 'as_of')) ? field(body, 'as_of') : await dayHere(desk.db, now),
    }
    const typed = Object.fromEntries(Object.entries(body as Record<string, string>).filter(([name]) => name !== 'content'))
    const built = boundariesMapping.safeParse(mappingFrom(typed))
    const name = (typed.mapping_name ?? '').trim()
    const taken = built.success && name !== '' && await keep(visit, built.data) === 'taken'
    if (built.success && !taken) return startDryRun(visit, built.data, file)
    const faults: Faults = built.success ? { mapping_name: t('fault.mapping-taken') } : Object.fromEntries(built.error.issues.map(({ path: [first] }) => (
      first === 'areaPrefix' ? ['area_prefix', t('fault.short-name')] : first === 'layer' || first === 'name' ? [first === 'name' && name ? 'mapping_name' : 'layer', t('fault.short-name')] : ['column-area_code', t('fault.boundary-columns')])))
    return { ...await boundaryPage(visit, file, (await readPublisher(desk.db)).languages, typed, faults), status: 422 }
  }, 'change-targets')
}

function mappingFrom(typed: Record<string, string>): unknown {
  const layer = (typed.layer ?? '').trim()
  return {
    kind: 'boundaries', name: (typed.mapping_name ?? '').trim() || layer, layer, areaPrefix: (typed.area_prefix ?? '').trim(), whole: typed.whole_layer === 'yes',
    columns: Object.fromEntries(Object.entries(typed).flatMap(([name, property]) => (name.startsWith('column-') && property ? [[name.slice(7), property]] : []))),
  }
}

/** What the properties of boundaries are: with those of the first ones to look at. Throws a FileFault if the file has no boundaries. */
export async function boundaryPage({ t }: Visit, file: CarriedFile, languages: string[], typed: Typed, faults: Faults): Promise<DeskPage> {
  const { columns, rows } = await previewFeatures(file.bytes)
  if (columns.length === 0) throw new FileFault('empty')
  const wanted = withLanguages(boundaryColumns, languages)
  const guesses = guessed(columns, languages)
  return {
    title: t('imports.columns'), section: 'targets', crumbs: [{ href: '/targets', label: t('nav.targets') }, { href: '/imports', label: t('imports.title') }],
    body: html`<div class="card scroll" role="region" tabindex="0" aria-label="${t('imports.columns')}"><table><caption>${t('imports.first-rows', { file: file.fileName })}</caption><thead><tr>${columns.map((column) => html`<th scope="col"><bdi>${column}</bdi></th>`)}</tr></thead><tbody>${rows.map((row) => html`<tr>${columns.map((column) => html`<td><bdi>${row[column]!.slice(0, 60)}</bdi></td>`)}</tr>`)}</tbody></table></div>
${form(t, {
      action: '/imports/boundaries', button: t('imports.look'), faults, files: true,
      fields: html`<input type="hidden" name="as_of" value="${file.asOf}"><input type="hidden" name="file_name" value="${file.fileName}"><input type="hidden" name="content" value="${file.bytes.toString('base64')}">
${formFields(t, [{ name: 'layer', kind: 'line', required: true, direction: 'ltr', maxLength: 40 }, { name: 'area_prefix', kind: 'line', required: true, direction: 'ltr', maxLength: 40 }, { name: 'whole_layer', kind: 'tick' }, { name: 'mapping_name', kind: 'line', direction: 'ltr', maxLength: 60 }], typed, faults)}<h2>${t('imports.columns')}</h2>${wanted.map((column) => columnField(t, column, { shape: 'table', places: columns }, (typed[`column-${column}`] as string | undefined) ?? guesses[column] ?? '', faults[`column-${column}`]))}`,
    })}`,
  }
}

/** Properties whose names say what they are are chosen already, as files of boundaries usually call them: WARD_CODE or wd24cd, NAME or wd24nm, NAME_AR. */
function guessed(properties: string[], languages: string[]): Record<string, string | undefined> {
  const first = (...hints: RegExp[]) => hints.map((hint) => properties.find((each) => hint.test(each))).find((each) => each !== undefined)
  const bare = '^(?:area|district|constituency|ward)'
  return {
    area_code: first(/(code|cd)$/i, /(^|_)(gss|id)$/i, new RegExp(`${bare}$`, 'i')), area_name: first(/(name|nm)$/i, new RegExp(`${bare}$`, 'i')),
    ...Object.fromEntries(languages.map((language) => [`area_name@${language}`, first(new RegExp(`(?:(?:name|nm)|${bare})[._-]?${language}$`, 'i'))])),
  }
}
