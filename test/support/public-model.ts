import fc from './property.ts'

export const languages = ['en', 'ar'] as const

interface Pointer {
  from: number
  words: string | null
}

/** What ought to be public, as simply as it can be said. */
export class Model {
  readonly pointers: Record<string, Pointer[]> = { en: [], ar: [] }
  readonly newest: Record<string, string | undefined> = {}
  readonly corrections: { language: string, words: string }[] = []
  record: { newest?: string, shown?: string } = {}
  chronology: { newest?: string, shown?: string } = {}
  /** What an import made a draft of, with the word that its title has. */
  readonly imported: { shown?: string, readonly title: string }

  constructor(title: string) {
    this.imported = { title }
  }

  shown(language: string, at: number): string | null {
    return this.pointers[language]!.filter(({ from }) => from <= at).toSorted((a, b) => a.from - b.from).at(-1)?.words ?? null
  }

  cancelLater(language: string, at: number): void {
    this.pointers[language] = this.pointers[language]!.filter(({ from }) => from <= at)
  }

  public(at: number): string[] {
    return [...languages.flatMap((language) => this.shown(language, at) ?? []), ...this.corrections.filter(({ language }) => this.shown(language, at) !== null).map(({ words }) => words), ...[this.record, this.chronology, this.imported].flatMap(({ shown }) => shown ?? []), ...(this.imported.shown ? [this.imported.title] : [])].toSorted()
  }
}

/** How far ahead something is published: at once, some steps later but before today, or in hours. */
export const delays = { now: 0, soon: 45_000, far: 9 * 3_600_000 } as const
const language = fc.constantFrom(...languages)
/** Anything that somebody may do to one item, its translation, a figure and a chronology that it refers to, and an item that was brought from elsewhere. */
export const step = fc.oneof(
  fc.record({ does: fc.constant('save' as const), language, refers: fc.constantFrom('nothing' as const, 'figure' as const, 'chronology' as const) }),
  fc.record({ does: fc.constant('publish' as const), language, when: fc.constantFrom<(keyof typeof delays)[]>('now', 'soon', 'far') }),
  fc.record({ does: fc.constant('publish' as const), language, when: fc.constant('now' as const) }),
  fc.record({ does: fc.constant('correct' as const), language }),
  fc.record({ does: fc.constantFrom('cancel' as const, 'withdraw' as const, 'translate' as const), language }),
  fc.record({ does: fc.constantFrom('withdraw-all' as const, 'withdraw-import' as const, 'record-withdraw' as const, 'chronology-withdraw' as const) }),
  fc.record({ does: fc.constantFrom('import' as const, 'publish-import' as const, 'undo-import' as const, 'relate' as const, 'unrelate' as const, 'chronology-save' as const, 'chronology-publish' as const) }),
  fc.record({ does: fc.constantFrom('rename' as const, 'untag' as const, 'record-save' as const, 'record-publish' as const) }),
)

type Step = typeof step extends fc.Arbitrary<infer Value> ? Value : never

/** How far things often are: an item that was brought from elsewhere is public, and a chronology, in a public item, leads to it. Chance alone hardly ever gets there. */
export const settled: Step[] = [
  { does: 'import' }, { does: 'publish-import' }, { does: 'save', language: 'en', refers: 'nothing' }, { does: 'publish', language: 'en', when: 'now' }, { does: 'chronology-save' }, { does: 'chronology-publish' },
  { does: 'record-save' }, { does: 'record-publish' }, { does: 'save', language: 'en', refers: 'chronology' }, { does: 'publish', language: 'en', when: 'now' },
]
