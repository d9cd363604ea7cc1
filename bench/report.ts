/** One measurement: a line of JSON. */
export interface Measure {
  name: string
  value: number
  unit: string
  /** What it was measured beside, in the same unit; or the limit that it has to keep. */
  reference: number
  ratio: number
  notes: string
}

export function measure(name: string, value: number, unit: string, reference: number, notes: string): Measure {
  return { name, value: round(value), unit, reference: round(reference), ratio: round(value / reference), notes }
}

function round(value: number): number {
  return Number(value.toPrecision(4))
}

export function median(values: number[]): number {
  const sorted = values.toSorted((one, other) => one - other)
  const middle = sorted.length >> 1
  return sorted.length % 2 ? sorted[middle]! : (sorted[middle - 1]! + sorted[middle]!) / 2
}

/** Runs each of several things once per round, one after the other, and returns the median of each. */
export async function interleaved<Name extends string>(rounds: number, things: Record<Name, () => Promise<number>>): Promise<Record<Name, number>> {
  const names = Object.keys(things) as Name[]
  const results = Object.fromEntries(names.map((name) => [name, [] as number[]])) as Record<Name, number[]>
  for (let round = 0; round < rounds; round++) for (const name of names) results[name].push(await things[name]())
  return Object.fromEntries(names.map((name) => [name, median(results[name])])) as Record<Name, number>
}
