import { createHash } from 'node:crypto'
import { encodeRings } from '#platform/shapes.js'
import type { RefusalReason, ReportRow } from '../importing/report.ts'
import { FileFault, lineOfFault, openText, wholeText, type FileSource } from '../importing/source.ts'
import { readShape } from './checking.ts'
import type { BoundariesMapping } from './mapping.ts'

export interface BoundaryRow {
  number: number
  label: string
  area: { id: string, name: string, names: Record<string, string> }
  parent: { id: string, name: string } | undefined
  shape: string
  print: string
}

/** A row that was left out, with the area that it is about where it says so. */
export interface RefusedRow extends ReportRow {
  areaId?: string
}

interface Feature {
  geometry: unknown
  properties: Record<string, unknown>
}

/** The features of a GeoJSON file (RFC 7946), whole or broken, in its order. Throws a FileFault if it is no such file, or its places are not in degrees. */
export function featuresOf(text: string): (Feature | undefined)[] {
  let file: { type?: unknown, features?: unknown, crs?: { properties?: { name?: unknown } } | null }
  try {
    file = JSON.parse(text) as typeof file
  } catch (error) {
    throw new FileFault('This file cannot be read as GeoJSON.', { cause: error, line: lineOfFault(text, error) })
  }
  if (file?.type !== 'FeatureCollection' || !Array.isArray(file.features)) throw new FileFault('This file is not a GeoJSON collection of features.')
  const system = file.crs?.properties?.name
  if (typeof system === 'string' && !/(?:EPSG:+4326|CRS:?84)$/i.test(system)) throw new FileFault('The places in this file are not in degrees (WGS 84).')
  return file.features.map((feature: { type?: unknown, geometry?: unknown, properties?: unknown } | null) => (
    feature?.type === 'Feature' ? { geometry: feature.geometry, properties: (feature.properties ?? {}) as Record<string, unknown> } : undefined))
}

/** Properties and their values in the first features, to choose from before an import. */
export async function previewFeatures(source: FileSource, rows = 5): Promise<{ columns: string[], rows: Record<string, string>[] }> {
  const first = featuresOf(await wholeText(await openText(source))).filter((feature) => feature !== undefined).slice(0, rows)
  const columns = [...new Set(first.flatMap((feature) => Object.keys(feature.properties)))]
  return { columns, rows: first.map(({ properties }) => Object.fromEntries(columns.map((column) => [column, asText(properties[column])]))) }
}

/** One feature as a boundary, or why it is none. */
export function readBoundary(mapping: BoundariesMapping, feature: Feature | undefined, number: number): BoundaryRow | RefusedRow {
  const value = (column: string) => asText(feature?.properties[mapping.columns[column] ?? '']).normalize('NFC').replace(/\s+/g, ' ').trim()
  const code = value('area_code')
  const name = value('area_name') || code
  const label = name.slice(0, 200)
  const refused = (reason: RefusalReason): RefusedRow => ({ row: number, outcome: 'refused', label, reason, ...(code && { areaId: `${mapping.areaPrefix}:${code}` }) })
  if (!feature) return refused('unreadable')
  if (!code) return refused('no-area-code')
  const parentCode = value('parent_code')
  if (parentCode === code) return refused('own-parent')
  const read = readShape(feature.geometry)
  if ('fault' in read) return refused(read.fault)
  const shape = encodeRings(read.rings)
  const languages = Object.keys(mapping.columns).filter((key) => key.startsWith('area_name@')).map((key) => key.slice('area_name@'.length))
  return {
    number, label, shape, print: createHash('sha256').update(shape).digest('hex').slice(0, 24),
    area: { id: `${mapping.areaPrefix}:${code}`, name, names: Object.fromEntries(languages.map((language) => [language, value(`area_name@${language}`)]).filter(([, text]) => text)) },
    parent: parentCode ? { id: `${mapping.areaPrefix}:${parentCode}`, name: value('parent_name') || parentCode } : undefined,
  }
}

function asText(value: unknown): string {
  return typeof value === 'string' ? value : typeof value === 'number' ? String(value) : ''
}
