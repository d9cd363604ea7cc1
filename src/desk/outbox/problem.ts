import type { DeskWords } from '../words/index.ts'

const known = ['action-closed', 'body-away', 'election-over', 'holder-left', 'interrupted', 'restored', 'not-written'] as const

/** What became a problem, in words; the numbers that a server gave, and what broke on the line, stay as they are. */
export function problemWords(t: DeskWords, problem: string): string {
  const ours = known.find((each) => each === problem.replaceAll(' ', '-'))
  if (ours) return t(`problem.${ours}`)
  const [, what, code] = /^(refused|bounced)(?: (.+))?$/.exec(problem) ?? []
  return what === 'refused' || what === 'bounced' ? t(`problem.${what}`, { code: code ?? '–' }) : problem
}
