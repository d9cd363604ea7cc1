import type { TargetsMapping } from './mapping.ts'
import { partReader } from './part-row.ts'
import type { RefusedRow, Roster, RosterArea, RosterRow } from './roster.ts'
import { openRows, type FileRow } from './rows.ts'
import type { TextFile } from './source.ts'

/** Reads a table or a list of offices and holders by what the mapping says of each body. */
export async function partRoster(mapping: TargetsMapping, file: TextFile): Promise<Roster> {
  const rows = await openRows(file, { shape: mapping.shape === 'list' ? 'list' : 'table', list: mapping.list, each: mapping.each })
  const parts = mapping.parts.map((part) => ({ part, reader: partReader(part, rows) }))
  const areas = new Map<string, RosterArea>()
  const read: RosterRow[] = []
  const refused: RefusedRow[] = []
  const numbers = new Set<number>()
  const take = (row: FileRow): void => {
    numbers.add(row.number)
    const its = row.broken ? parts[0] : parts.find(({ reader }) => reader.fits(row))
    if (!its) {
      if (row.last) refused.push({ row: row.number, outcome: 'refused', label: parts[0]!.reader.label(row), reason: 'not-described' })
      return
    }
    if (!row.last && its.part.entries === 'last') return
    const one = its.reader.read(row)
    if ('outcome' in one) {
      refused.push(one)
      return
    }
    // An area that one row says more about than another: what lies around it is kept.
    for (const area of one.areas) areas.set(area.id, { ...area, parentId: area.parentId ?? areas.get(area.id)?.parentId ?? null })
    if (one.left) refused.push(one.left)
    read.push(one.row)
  }
  for await (const batch of rows.rows) batch.forEach(take)
  const bodies = [...new Map(mapping.parts.map(({ body }) => [body.id, body])).values()]
  return { bodies, areas: [...areas.values()], rows: namesakesApart(read), refused, read: numbers.size }
}

/** Two people of one name in two areas are two people: without ids of the file, their areas tell them apart. The same name in offices without areas may be one minister of two things. */
function namesakesApart(rows: RosterRow[]): RosterRow[] {
  const areas = Map.groupBy(rows.filter((row) => row.holder?.byName && row.areaId), (row) => row.holder!.id)
  const shared = new Set([...areas].filter(([, its]) => new Set(its.map((row) => row.areaId)).size > 1).map(([id]) => id))
  return rows.map((row) => (row.holder?.byName && row.areaId && shared.has(row.holder.id) ? { ...row, holder: { ...row.holder, id: `${row.holder.id}-${row.areaId.split(':').slice(1).join(':')}` } } : row))
}
