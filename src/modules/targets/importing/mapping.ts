import { readdirSync, readFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import { z } from 'zod'
import { boundariesMapping } from '../boundaries/mapping.ts'

const id = z.string().regex(/^[a-z0-9][a-z0-9-]*$/, 'use lower-case letters, digits and hyphens')
const names = z.record(z.string(), z.string()).default({})
/** From what a column can be to where the file has it: a column of a table, a path in a list (`name.full`), a text with several in braces (`{state}-{district}`); `a|b` is b where a is empty. */
const columns = z.record(z.string(), z.string().min(1).max(300))
const body = z.object({ id, name: z.string().min(1), names })

/** What a column of a targets file can be. A name may come in several languages: `area_name@ar`. */
export const targetColumns = [
  'area_code', 'area_name', 'parent_code', 'parent_name', 'office_code', 'office', 'holder_id', 'holder', 'formal_name', 'party', 'email', 'phone', 'address', 'url', 'form_limit', 'embassy_of', 'embassy_in', 'since', 'until', 'checked_on', 'source',
] as const
export type TargetColumn = (typeof targetColumns)[number]

export const dateOrders = ['ymd', 'dmy', 'mdy'] as const
export type DateOrder = (typeof dateOrders)[number]

export const codeColumns = ['code', 'area_code', 'area_name', 'share', 'street'] as const

function known(list: readonly string[]) {
  return (given: Record<string, string>) => Object.keys(given).every((key) => list.includes(key.split('@')[0]!))
}

const parent = z.object({ code: z.string().min(1), name: z.string().optional(), kind: z.string().default('') })

/** How the rows about one body are read: which column is what, and whose offices they are. */
const targetsPart = z.object({
  /** Only rows that have these values at these places. */
  when: z.record(z.string(), z.string()).default({}),
  body,
  /** Area ids are this, a colon, and the file's own code. */
  areaPrefix: id,
  areaKind: z.string().default(''),
  /** The area around each area, where no column of the file is `parent_code` or `parent_name`. */
  areaParent: parent.optional(),
  /** Holders' ids are this, a colon, and the file's own id; the body's id if nothing else is said. */
  holderPrefix: id.optional(),
  columns: columns.refine(known(targetColumns), 'an unknown kind of column'),
  /** An office's label where the file has no column for it; {area} stands for the area's name. */
  officeLabel: z.string().default('{area}'),
  officeLabels: names,
  salutations: names,
  /** Values that mean "nothing". */
  empty: z.array(z.string()).default([]),
  /** In which order the file writes its dates; whatever the order, those that begin with a year of four digits are read. */
  dates: z.enum(dateOrders).default('ymd'),
  /** How many may hold one office at once, each in an office of its own; 0 for any number. */
  seats: z.number().int().min(0).max(1000).default(1),
  /** Of a list within each row: only its last entry, or all of them. */
  entries: z.enum(['last', 'all']).default('all'),
  /** Whom the file names as the last is in office, whatever day it expects the term to end. */
  current: z.boolean().default(false),
}).refine((mapping) => mapping.columns.holder !== undefined, 'say which column has the name of the holder')
  .refine((mapping) => mapping.columns.area_code !== undefined || mapping.columns.office !== undefined || mapping.columns.office_code !== undefined, 'say which column has the code of the area, or the name of the office')
export type TargetsPart = z.infer<typeof targetsPart>

const targetsMapping = z.object({
  kind: z.literal('targets'),
  name: id,
  /** `table`: rows with columns. `list`: JSON or YAML. `popolo`: JSON as popoloproject describes it, which says by itself what is what. */
  shape: z.enum(['table', 'list', 'popolo']).default('table'),
  /** Where in JSON or YAML the list of rows is; nothing if it is the whole file. */
  list: z.string().default(''),
  /** A list within each row that has one entry for each term. */
  each: z.string().default(''),
  /** What the ids of a Popolo file are put behind, so that two countries' files do not meet. */
  prefix: id.optional(),
  salutations: names,
  parts: z.array(targetsPart).default([]),
}).refine((mapping) => (mapping.shape === 'popolo' ? mapping.prefix !== undefined : mapping.parts.length > 0), 'say how the rows are read')
export type TargetsMapping = z.infer<typeof targetsMapping>

/** How a file of codes is read, and how its codes are written. */
const lookupMapping = z.object({
  kind: z.literal('lookup'),
  name: id,
  scheme: z.object({
    id, names, formats: z.array(z.string().regex(/^[A-Z0-9# -]{2,20}$/)).min(1), tail: z.number().int().min(0).max(10).default(0),
    outsidePrefixes: z.array(z.string()).default([]), example: z.string().default(''),
  }),
  areaPrefix: id,
  /** `pairs`: a YAML or JSON object of area and code. `table`: rows with columns. `list`: JSON or YAML. */
  shape: z.enum(['table', 'pairs', 'list']).default('table'),
  list: z.string().default(''),
  columns: columns.refine(known(codeColumns), 'an unknown kind of column').default({}),
  /** The file has every code there is: those that it lacks have ended. */
  whole: z.boolean().default(false),
  /** Areas that nobody has told us about are made, each with an office that is vacant until somebody holds it. Otherwise their codes are left out. */
  areas: z.object({ name: z.string().default('{area_code}'), kind: z.string().default(''), parent: parent.optional(), office: z.object({ body, label: z.string(), labels: names, salutations: names }).optional() }).optional(),
})
export type LookupMapping = z.infer<typeof lookupMapping>

/** A mapping for one body may have what it says of it beside its name, without a list of parts. */
function inParts(given: unknown): unknown {
  if (typeof given !== 'object' || given === null || !('kind' in given) || given.kind !== 'targets' || 'parts' in given || ('shape' in given && given.shape === 'popolo')) return given
  const { kind, name, shape, list, each, prefix, ...part } = given as Record<string, unknown>
  return { kind, name, shape, list, each, prefix, parts: [part] }
}

export const mapping = z.preprocess(inParts, z.discriminatedUnion('kind', [targetsMapping, lookupMapping, boundariesMapping]))
export type Mapping = z.infer<typeof mapping>

const folder = fileURLToPath(new URL('mappings/', import.meta.url))

/** The mappings that come with the program: one JSON file each. */
export function readyMappings(): Mapping[] {
  return readdirSync(folder).filter((file) => file.endsWith('.json')).sort().map((file) => mapping.parse(JSON.parse(readFileSync(folder + file, 'utf8'))))
}
