import { FileFault, openText, wholeText, type FileSource } from './source.ts'
import { delimiterOf } from './table.ts'

/** A whole table with its columns in the file's order, up to a number of rows: for tables that are small. A short row has empty cells. Throws a FileFault where it cannot be read. */
export async function readTable(source: FileSource, most: number): Promise<{ columns: string[], rows: { number: number, values: string[] }[] }> {
  const { parse } = await import('csv-parse/sync')
  const text = await wholeText(await openText(source))
  try {
    const [header, ...rows] = parse(text, { delimiter: delimiterOf(text), bom: true, info: true, relax_quotes: true, relax_column_count: true, skip_empty_lines: true, trim: true, to: most + 1 }) as unknown as { record: string[], info: { lines: number } }[]
    return { columns: header?.record ?? [], rows: rows.map(({ record, info }) => ({ number: info.lines, values: record })) }
  } catch (error) {
    throw new FileFault('This file cannot be read as a table.', { cause: error })
  }
}
