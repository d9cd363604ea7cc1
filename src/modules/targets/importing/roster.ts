import type { ReportRow } from './report.ts'

/** What a file says about offices and who holds them, whatever kind of file it was. */
export interface Roster {
  bodies: { id: string, name: string, names: Record<string, string> }[]
  areas: RosterArea[]
  rows: RosterRow[]
  refused: RefusedRow[]
  /** How many rows the file had. */
  read: number
}

export interface RosterArea {
  id: string
  name: string
  names: Record<string, string>
  kind: string
  parentId: string | null
}

export interface RosterHolder {
  id: string
  /** The file has no id for them: theirs was made from their name. */
  byName?: boolean
  name: string
  names: Record<string, string>
  otherNames: string[]
  formalName: string
  party: string
}

/** One office and, where there is one, one term of one holder in it. */
export interface RosterRow {
  number: number
  label: string
  areaId: string | null
  /** Until seats are given out, offices with several seats have several rows of one id. */
  office: { id: string, bodyId: string, label: string, labels: Record<string, string>, salutations: Record<string, string>, /** From when on there is no such office. */ validUntil?: string | null, mission?: RosterMission }
  /** How many may hold it at once; 0 for any number. */
  seats: number
  holder: RosterHolder | undefined
  since: string | null
  /** The day on which the term ended or will end, as the file says it. */
  until: string | null
  expectedUntil: string | null
  contacts: RosterContact[]
}

/** What a file says of an office beside who holds it: of an embassy which country it stands for and in which one it is, by ISO 3166-1; how many characters its web form takes. */
export interface RosterMission {
  represents: string | null
  host: string | null
  formLimit: number | null
}

export interface RosterContact {
  of: 'office' | 'holder'
  kind: string
  value: string
  source: string | undefined
  checkedOn: string | undefined
}

export interface RefusedRow extends ReportRow {
  /** The office that it is about, where that can be told: it stays as it was. */
  officeId?: string
}

/** Whether a term goes on, or begins, after this day. */
export function goesOn(row: RosterRow, asOf: string): boolean {
  return row.until === null || row.until > asOf
}
