/** A stretch of text that two versions share, or that only one of them has. */
export interface Stretch {
  in: 'both' | 'former' | 'later'
  text: string
}

/** How large a table of comparisons may become; what differs by more is shown as a whole. */
const largest = 4_000_000

/** What has changed from one text to another, word by word: the longest common subsequence. */
export function difference(former: string, later: string): Stretch[] {
  return joined(compared(pieces(former), pieces(later)))
}

/** The same of texts that were cut already, piece by piece. */
export function compared(a: string[], b: string[]): Stretch[] {
  let start = 0
  while (start < a.length && start < b.length && a[start] === b[start]) start += 1
  let end = 0
  while (end < a.length - start && end < b.length - start && a.at(-1 - end) === b.at(-1 - end)) end += 1
  const [left, right] = [a.slice(start, a.length - end), b.slice(start, b.length - end)]
  const middle = left.length * right.length > largest ? [...left.map((text): Stretch => ({ in: 'former', text })), ...right.map((text): Stretch => ({ in: 'later', text }))] : between(left, right)
  return [...a.slice(0, start).map((text): Stretch => ({ in: 'both', text })), ...middle, ...a.slice(a.length - end).map((text): Stretch => ({ in: 'both', text }))]
}

function pieces(text: string): string[] {
  return text.match(/\s+|[^\s]+/g) ?? []
}

function between(a: string[], b: string[]): Stretch[] {
  const width = b.length + 1
  const lengths = new Uint32Array((a.length + 1) * width)
  for (let i = a.length - 1; i >= 0; i -= 1) {
    for (let j = b.length - 1; j >= 0; j -= 1) lengths[i * width + j] = a[i] === b[j] ? lengths[(i + 1) * width + j + 1]! + 1 : Math.max(lengths[(i + 1) * width + j]!, lengths[i * width + j + 1]!)
  }
  const found: Stretch[] = []
  let [i, j] = [0, 0]
  while (i < a.length || j < b.length) {
    if (i < a.length && j < b.length && a[i] === b[j]) {
      found.push({ in: 'both', text: a[i]! })
      i += 1
      j += 1
    } else if (j >= b.length || (i < a.length && lengths[(i + 1) * width + j]! >= lengths[i * width + j + 1]!)) {
      found.push({ in: 'former', text: a[i]! })
      i += 1
    } else {
      found.push({ in: 'later', text: b[j]! })
      j += 1
    }
  }
  return found
}

function joined(stretches: Stretch[]): Stretch[] {
  const all: Stretch[] = []
  for (const each of stretches) {
    const last = all.at(-1)
    if (last?.in === each.in) last.text += each.text
    else all.push({ ...each })
  }
  return all
}
