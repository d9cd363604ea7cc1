import { setPriority } from 'node:os'

/** As `nice` has it: where a core is contended for, others get nine times as much of it. */
const behindOthers = 10

/** Lets whoever answers people go first: where a machine has more to do than it can, this process gets what they leave (decision 85). */
export function standBack(): void {
  try {
    setPriority(behindOthers)
  } catch {
    // Where that is not allowed all are equals.
  }
}
