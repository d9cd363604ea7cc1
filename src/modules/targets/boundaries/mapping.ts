import { z } from 'zod'

/** What a property of a boundary can be. A name may come in several languages: `area_name@ar`. */
export const boundaryColumns = ['area_code', 'area_name', 'parent_code', 'parent_name'] as const

const id = z.string().regex(/^[a-z0-9][a-z0-9-]*$/, 'use lower-case letters, digits and hyphens')

/** How a file of boundaries is read: which property is what, and whose areas they are. */
export const boundariesMapping = z.object({
  kind: z.literal('boundaries'),
  name: id,
  /** Boundaries of one kind; a place lies in one of them at most. */
  layer: id,
  /** Area ids are this, a colon, and the file's own code. */
  areaPrefix: id,
  areaKind: z.string().default(''),
  /** The kind of the areas around them, where the file names those. */
  parentKind: z.string().default(''),
  columns: z.record(z.string(), z.string().min(1)).refine((given) => Object.keys(given).every((key) => boundaryColumns.some((column) => column === key.split('@')[0])), 'an unknown kind of column'),
  /** Whether the file has all boundaries of its layer, so that those it does not have end. */
  whole: z.boolean().default(true),
}).refine((mapping) => mapping.columns.area_code !== undefined, 'say which property has the code of the area')
export type BoundariesMapping = z.infer<typeof boundariesMapping>
