/** Finds which of some words a misspelt one was meant to be: one letter added, left out, changed or moved, or only accents and case between them. */
export class Near {
  private readonly words: ReadonlySet<string>
  private readonly byShape = new Map<string, string[]>()

  /** Each word is kept under itself and under all that is left of it without one letter (as SymSpell does), so that looking up takes the same time however many there are. */
  constructor(words: Iterable<string>) {
    this.words = new Set(words)
    for (const word of this.words) for (const shape of shapes(plain(word))) this.put(shape, word)
  }

  private put(shape: string, word: string): void {
    const known = this.byShape.get(shape)
    if (known) known.push(word)
    else this.byShape.set(shape, [word])
  }

  /** The word that was meant; undefined where the word is one of them or none is near. Words of fewer than five letters are never near. `other`: look among the others though it is one. */
  find(written: string, other = false): string | undefined {
    if (written.length < 5 || written.length > 40 || (!other && this.words.has(written))) return undefined
    const lower = plain(written)
    for (const shape of shapes(lower)) {
      for (const word of this.byShape.get(shape) ?? []) {
        if (word !== written && word.length >= 5 && isNear(lower, plain(word)) && word.toLowerCase() !== written.toLowerCase()) return word
      }
    }
    return undefined
  }
}

const plain = (word: string) => word.normalize('NFD').replace(/\p{M}/gu, '').toLowerCase()

function shapes(word: string): string[] {
  const letters = word.length >= 6 ? [`${word.slice(0, 2)} ${word.split('').toSorted().join('')}`] : []
  return [word, ...letters, ...Array.from({ length: word.length }, (_, place) => word.slice(0, place) + word.slice(place + 1))]
}

/** Whether one letter stands in another place: `Munterh` for `Munther`. */
function isMoved(one: string, other: string): boolean {
  if (one.length !== other.length || one.length < 2) return false
  const end = [...Array(one.length).keys()].find((place) => one.slice(one.length - place) !== other.slice(other.length - place)) ?? one.length
  const [a, b] = [one.slice(0, one.length - end + 1), other.slice(0, other.length - end + 1)]
  return a.slice(1) + a[0] === b || b.slice(1) + b[0] === a
}

/** Whether one step lies between two words (Damerau). The first letter is hardly ever the wrong one. */
export function isNear(one: string, other: string): boolean {
  if (one === other) return true
  if (Math.abs(one.length - other.length) > 1 || one[0] !== other[0]) return false
  let start = 0
  while (start < one.length && one[start] === other[start]) start += 1
  const [a, b] = [one.slice(start), other.slice(start)]
  return a.slice(1) === b.slice(1) || a.slice(1) === b || a === b.slice(1) || (a[0] === b[1] && a[1] === b[0] && a.slice(2) === b.slice(2)) || isMoved(a, b)
}
