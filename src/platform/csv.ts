/** Most cells have none of it: a list of a million lines has twelve times as many. */
const needsCare = /[",\r\n]|^[=+\-@\t]/

/** A cell that no spreadsheet takes for a formula and no comma or quote breaks (RFC 4180; OWASP on CSV injection). */
export function csvCell(value: string | number | null | undefined): string {
  const text = value === null || value === undefined ? '' : String(value)
  if (!needsCare.test(text)) return text
  return `"${/^[=+\-@\t\r\n]/.test(text) ? "'" : ''}${text.replaceAll('"', '""')}"`
}

export function csvRow(values: (string | number | null | undefined)[]): string {
  return `${values.map(csvCell).join(',')}\r\n`
}
