/** The rules of domain.md 1.7, by their numbers, and what an import says beside them. */
export type RuleId = `L${string}` | ImportNote
export type ImportNote = 'page-title' | 'page-stamp' | 'archive' | 'impossible-date' | 'backward-date' | 'unknown-label' | 'active-content' | 'image' | 'cut-off' | 'outside' | 'not-public'

/** error: stands in the way of publishing; warning: somebody should look; note: how something was read. */
export type Severity = 'error' | 'warning' | 'note'

/** What one key does. A replacement is of the passage that the finding is about, from and to a place in it. */
export type Fix = { do: 'replace', start: number, end: number, with: string } | { do: 'date', value: string } | { do: 'happened', value: string } | { do: 'move', to: number } | { do: 'drop' } | { do: 'heading' }

/** Where something is: which part of a text, and from which character to which. */
export interface Place {
  part: 'title' | 'header' | 'passage' | 'link' | 'image' | 'page'
  /** The number of the passage, link or image, from 0. */
  index: number
  start: number
  end: number
  /** The line of the file that it was read from, from 1, and the file; where it is a text of ours, neither. */
  line?: number
  file?: string
}

/** Something that is wrong, or that somebody should know. */
export interface Finding {
  rule: RuleId
  severity: Severity
  where: Place
  /** The words that it is about. */
  text: string
  /** What the explanation is filled with. */
  values: Record<string, string>
  /** What would put it right; the first is the likeliest. None where only a person can know. */
  fixes: Fix[]
}
