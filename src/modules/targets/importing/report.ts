/** What an import did with a row, or would do. */
export type RowOutcome = 'added' | 'changed' | 'unchanged' | 'refused' | 'ended'

export type RefusalReason =
  | 'no-shape' | 'empty-ring' | 'open-ring' | 'outside-world' | 'across-date-line' | 'crosses-itself' | 'duplicate-area' | 'own-parent' | 'older-file'
  | 'unreadable' | 'no-area-code' | 'no-name' | 'no-code' | 'malformed-code' | 'outside-code' | 'unknown-area' | 'duplicate-office' | 'bad-email' | 'bad-date' | 'bad-share'

export interface ReportRow {
  row: number
  outcome: RowOutcome
  /** What the row is about: an office, or a code. Never longer than a line. */
  label: string
  reason?: RefusalReason
}

export interface ImportReport {
  rows: number
  added: number
  changed: number
  unchanged: number
  refused: number
  /** Offices whose holder's term ended although the file has no row for them. */
  ended: number
  report: ReportRow[]
}

export function summarise(report: ReportRow[], rows: number): ImportReport {
  const count = (outcome: RowOutcome) => report.filter((row) => row.outcome === outcome).length
  return { rows, added: count('added'), changed: count('changed'), unchanged: count('unchanged'), refused: count('refused'), ended: count('ended'), report }
}

/** What imports call while they work: rows dealt with, of how many if that is known. */
export type Progress = (done: number, total?: number) => Promise<void> | void
