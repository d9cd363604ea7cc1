/** What an import did with a row, or would do. `kept`: the file has no row for it, but some of its rows could not be read, so nothing was ended. */
export type RowOutcome = 'added' | 'changed' | 'unchanged' | 'refused' | 'ended' | 'kept'

export const refusalReasons = [
  'unreadable', 'no-area-code', 'no-name', 'no-code', 'malformed-code', 'outside-code', 'unknown-area', 'duplicate-office', 'duplicate-code', 'duplicate-row', 'bad-email', 'bad-url', 'bad-country', 'bad-limit', 'bad-date',
  'bad-share', 'too-long', 'not-described', 'no-office', 'unknown-person', 'unknown-body', 'unknown-office', 'unknown-kind',
  'no-shape', 'empty-ring', 'open-ring', 'outside-world', 'across-date-line', 'crosses-itself', 'duplicate-area', 'own-parent', 'older-file',
] as const
export type RefusalReason = (typeof refusalReasons)[number]

export interface ReportRow {
  row: number
  outcome: RowOutcome
  /** What the row is about: an office, or a code. Never longer than a line. */
  label: string
  reason?: RefusalReason
}

export interface Tally {
  rows: number
  added: number
  changed: number
  unchanged: number
  refused: number
  /** Offices or codes that ended although the file has no row for them. */
  ended: number
  kept: number
}

export interface ImportReport extends Tally {
  /** What was not plainly taken, and as many of the others as a list can hold: see `mostListed`. */
  report: ReportRow[]
}

/** What a row is about, with what it names that nobody knows. */
export function withWhat(label: string, unknown: string): string {
  return unknown ? `${label} (${unknown.slice(0, 80)})` : label
}

/** Whether so much would end, because the file does not have it, that the file may be cut short: more than a third of what stands, and not just a few. */
export function endsMuch({ ended, changed, unchanged }: Pick<Tally, 'ended' | 'changed' | 'unchanged'>): boolean {
  return ended >= 50 && ended > (ended + changed + unchanged) / 3
}

/** No report lists more rows than this; what is beyond is counted all the same. */
export const mostListed = 100_000

export function summarise(report: ReportRow[], rows: number): ImportReport {
  const count = (outcome: RowOutcome) => report.filter((row) => row.outcome === outcome).length
  return {
    rows, added: count('added'), changed: count('changed'), unchanged: count('unchanged'), refused: count('refused'), ended: count('ended'), kept: count('kept'),
    report: report.toSorted((one, other) => one.row - other.row),
  }
}

/** What imports call while they work: rows dealt with, of how many if that is known. */
export type Progress = (done: number, total?: number) => Promise<void> | void
