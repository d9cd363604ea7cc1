import { parseArgs, type ParseArgsOptionsConfig } from 'node:util'
import { CliFault } from './fault.ts'

/** Whether somebody wants to know how a verb is used, and not use it. */
export function asksForHelp(words: string[]): boolean {
  return words.includes('--help') || words.includes('-h')
}

/** Reads what stands behind a verb. Whoever asks for help, and anything that it does not know, is shown how it is used. */
export function readWords<const Options extends ParseArgsOptionsConfig>(words: string[], options: Options, usage: string) {
  if (asksForHelp(words)) throw new CliFault(usage, 0)
  try {
    return parseArgs({ args: words, allowPositionals: true, options })
  } catch (error) {
    throw new CliFault(`${(error as Error).message}\n${usage}`, 2)
  }
}
