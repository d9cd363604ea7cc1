import { isDay } from '#platform/days.ts'
import { plainDigits } from '#platform/digits.ts'
import type { DateOrder } from './mapping.ts'

/** A day that a file says, as YYYY-MM-DD: in digits of any width, with or without a time behind it. What begins with its year needs no order; all else is read in that of the file, and never guessed. */
export function dayWritten(text: string, order: DateOrder): string | undefined {
  const day = plainDigits(text.normalize('NFKC')).replace(/^(\d{4}-\d{2}-\d{2})[T ].*$/, '$1').replace(/[ ,]+\d{1,2}:\d{2}(:\d{2})?$/, '').replace(/\. /g, '.')
  const parts = day.match(/^(\d{1,4})([./-])(\d{1,2})\2(\d{1,4})\.?$/)
  if (!parts) return undefined
  const [first, second, third] = [parts[1]!, parts[3]!, parts[4]!]
  const [year, month, of] = first.length === 4 ? [first, second, third] : order === 'dmy' ? [third, second, first] : order === 'mdy' ? [third, first, second] : ['', '', '']
  const written = `${year}-${month.padStart(2, '0')}-${of.padStart(2, '0')}`
  return isDay(written) ? written : undefined
}

/** In which order the dates among these values seem to be written, as far as one of them can be read in one way only. */
export function orderSeen(values: string[]): DateOrder | undefined {
  const readings = values.map((value) => ({ dmy: dayWritten(value, 'dmy'), mdy: dayWritten(value, 'mdy') })).filter(({ dmy, mdy }) => dmy !== mdy)
  const only = readings.find(({ dmy, mdy }) => !dmy || !mdy)
  return only ? (only.dmy ? 'dmy' : 'mdy') : undefined
}
