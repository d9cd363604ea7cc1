/** The height of a column, in millimetres. */
const column = 250
const steps = 6
/** Where so much of the last page stays empty under both columns, a few lines have spilled over. */
const spilled = 200

interface Made {
  bytes: Buffer
  pages: number
}

/** Millimetres that stay empty under both columns of the last page, and whether the letters are a little smaller. */
export interface Setting {
  empty_below: number
  small: boolean
}

/**
 * The columns of the last page end at about the same height: as much room is left empty under both as does not make another page. Typst fills one column before it
 * begins the next, and does not know beforehand how long they will be. What would leave a few lines alone on a page is set smaller, if that is enough.
 */
export async function evenly(first: Made, make: (setting: Setting) => Promise<Made>, small = false): Promise<Made> {
  let made = first
  let [fits, tooMuch] = [0, column]
  for (let step = 0; step < steps; step++) {
    const tried = (fits + tooMuch) / 2
    const next = await make({ empty_below: tried, small })
    if (next.pages <= first.pages) [made, fits] = [next, tried]
    else tooMuch = tried
  }
  if (small || first.pages === 1 || fits < spilled) return made
  const smaller = await make({ empty_below: 0, small: true })
  return smaller.pages < first.pages ? evenly(smaller, make, true) : made
}
