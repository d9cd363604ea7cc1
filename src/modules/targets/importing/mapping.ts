import { readdirSync, readFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import { z } from 'zod'
import { boundariesMapping } from '../boundaries/mapping.ts'

const id = z.string().regex(/^[a-z0-9][a-z0-9-]*$/, 'use lower-case letters, digits and hyphens')
const names = z.record(z.string(), z.string()).default({})
const columns = z.record(z.string(), z.string().min(1))

/** What a column of a targets file can be. A name may come in several languages: `area_name@ar`. */
export const targetColumns = [
  'area_code', 'area_name', 'office_code', 'office', 'holder_id', 'holder', 'formal_name', 'party', 'email', 'phone', 'address', 'url', 'since',
] as const
export type TargetColumn = (typeof targetColumns)[number]

export const codeColumns = ['code', 'area_code', 'share'] as const

function known(list: readonly string[]) {
  return (given: Record<string, string>) => Object.keys(given).every((key) => list.includes(key.split('@')[0]!))
}

/** How a file of office-holders is read: which column is what, and whose offices they are. */
export const targetsMapping = z.object({
  kind: z.literal('targets'),
  name: id,
  body: z.object({ id, name: z.string().min(1), names }),
  /** Area ids are this, a colon, and the file's own code. */
  areaPrefix: id,
  areaKind: z.string().default(''),
  columns: columns.refine(known(targetColumns), 'an unknown kind of column'),
  /** An office's label where the file has no column for it; {area} stands for the area's name. */
  officeLabel: z.string().default('{area}'),
  officeLabels: names,
  salutations: names,
  /** Values that mean "nothing". */
  empty: z.array(z.string()).default([]),
}).refine((mapping) => mapping.columns.holder !== undefined, 'say which column has the name of the holder')
  .refine((mapping) => mapping.columns.area_code !== undefined || mapping.columns.office !== undefined, 'say which column has the code of the area, or the name of the office')
export type TargetsMapping = z.infer<typeof targetsMapping>

/** How a file of codes is read, and how its codes are written. */
export const lookupMapping = z.object({
  kind: z.literal('lookup'),
  name: id,
  scheme: z.object({
    id, names, formats: z.array(z.string().regex(/^[A-Z0-9 -]{2,20}$/)).min(1), tail: z.number().int().min(0).max(10).default(0),
    outsidePrefixes: z.array(z.string()).default([]), example: z.string().default(''),
  }),
  areaPrefix: id,
  /** `pairs`: a YAML or JSON object of area and code. `table`: rows with columns. */
  shape: z.enum(['table', 'pairs']).default('table'),
  columns: columns.refine(known(codeColumns), 'an unknown kind of column').default({}),
})
export type LookupMapping = z.infer<typeof lookupMapping>

export const mapping = z.discriminatedUnion('kind', [targetsMapping, lookupMapping, boundariesMapping])
export type Mapping = z.infer<typeof mapping>

const folder = fileURLToPath(new URL('mappings/', import.meta.url))

/** The mappings that come with the program: one JSON file each. */
export function readyMappings(): Mapping[] {
  return readdirSync(folder).filter((file) => file.endsWith('.json')).sort().map((file) => mapping.parse(JSON.parse(readFileSync(folder + file, 'utf8'))))
}
