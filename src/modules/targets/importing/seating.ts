import { goesOn, type RefusedRow, type RosterRow } from './roster.ts'

/** Who held which seat of an office with several, by the id of the office's first seat. */
export type FormerSeats = Map<string, Map<string, number>>

/** The office of one seat: the first has the id that the file gives, the others a number behind it. */
export function seatId(officeId: string, seat: number): string {
  return seat === 1 ? officeId : `${officeId}/${seat}`
}

/**
 * Gives each holder an office of their own: whom one writes to is a seat, and a second holder behind the same address would never be
 * read. Who had a seat keeps it, the others take what is free. More holders than seats at one time are all refused: one of them is
 * wrong and we do not know which.
 */
export function seated(rows: RosterRow[], former: FormerSeats, asOf: string): { rows: RosterRow[], refused: RefusedRow[] } {
  const placed: RosterRow[] = []
  const refused: RefusedRow[] = []
  for (const [officeId, all] of Map.groupBy(rows, (row) => row.office.id)) {
    const its = oneAfterAnother(once(all, refused))
    const held = its.filter((row) => row.holder)
    const tooMany = overbooked(held, its[0]!.seats)
    refused.push(...[...tooMany].map((row) => refusal(row, 'duplicate-office')))
    const seats = giveSeats(held.filter((row) => !tooMany.has(row)), former.get(officeId) ?? new Map(), asOf)
    placed.push(...[...seats].map(([row, seat]) => ({ ...row, office: { ...row.office, id: seatId(officeId, seat) } })))
    // An office that somebody holds has its row by that; one that nobody holds has one row.
    const empty = its.filter((row) => !row.holder)
    if (seats.size === 0 && tooMany.size === 0 && empty[0]) placed.push(empty[0])
  }
  return { rows: placed, refused }
}

function refusal(row: RosterRow, reason: 'duplicate-row' | 'duplicate-office'): RefusedRow {
  return { row: row.number, outcome: 'refused', label: row.label.slice(0, 200), reason, officeId: row.office.id }
}

/** A row that says the same term of the same holder again adds nothing, nor does one that begins on the same day. */
function once(rows: RosterRow[], refused: RefusedRow[]): RosterRow[] {
  const known = new Set<string>()
  return rows.filter((row) => {
    const key = JSON.stringify([row.holder?.id ?? null, row.since])
    if (known.has(key)) refused.push(refusal(row, 'duplicate-row'))
    return known.size < known.add(key).size
  })
}

/** Nobody holds one office twice at once: a term without an end ended where the holder's next one in it began. */
function oneAfterAnother(rows: RosterRow[]): RosterRow[] {
  const begins = Map.groupBy(rows.filter((row) => row.holder && row.since), (row) => row.holder!.id)
  return rows.map((row) => {
    const next = row.until === null ? begins.get(row.holder?.id ?? '')?.map((each) => each.since!).filter((since) => since > (row.since ?? '')).toSorted()[0] : undefined
    return next ? { ...row, until: next, expectedUntil: null } : row
  })
}

function overlap(one: RosterRow, other: RosterRow): boolean {
  return (one.until === null || (other.since ?? '') < one.until) && (other.until === null || (one.since ?? '') < other.until)
}

function overbooked(rows: RosterRow[], seats: number): Set<RosterRow> {
  if (seats === 0) return new Set()
  return new Set(rows.filter((row) => new Set(rows.filter((other) => overlap(row, other)).map((other) => other.holder!.id)).size > seats))
}

function giveSeats(rows: RosterRow[], former: Map<string, number>, asOf: string): Map<RosterRow, number> {
  const seats = new Map<RosterRow, number>()
  // Who is in office is seated before those who were, and among them who had a seat already.
  const order = rows.toSorted((one, other) => Number(goesOn(other, asOf)) - Number(goesOn(one, asOf)) || Number(former.has(other.holder!.id)) - Number(former.has(one.holder!.id)) || one.number - other.number)
  const own = new Map(former)
  for (const row of order) {
    const free = (seat: number) => ![...seats].some(([taken, its]) => its === seat && taken.holder!.id !== row.holder!.id && overlap(taken, row))
    const wanted = own.get(row.holder!.id)
    const seat = wanted !== undefined && free(wanted) ? wanted : firstFree(free)
    seats.set(row, seat)
    own.set(row.holder!.id, seat)
  }
  return seats
}

function firstFree(free: (seat: number) => boolean): number {
  let seat = 1
  while (!free(seat)) seat += 1
  return seat
}
