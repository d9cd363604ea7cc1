import { datedLine, writtenDate } from '#modules/digests/index.ts'

/** A date as it is kept. What is none stays as it was typed, and is refused. */
export function asWritten(text: string): string {
  return writtenDate(text) ?? text
}

/** A line with its date first as that is kept. */
export function lineAsWritten(line: string): string {
  const read = datedLine(line)
  return read ? `${read.date} ${read.rest}`.trim() : line
}

/** An address as people paste it: what browsers leave out of it comes back. */
export function addressAsWritten(text: string): string {
  return /^[\p{L}\p{N}-]+(?:\.[\p{L}\p{N}-]+)*\.\p{L}{2,}(?:[/?#:]\S*)?$/u.test(text) ? `https://${text}` : text
}
