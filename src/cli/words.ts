import { parseArgs, type ParseArgsOptionsConfig } from 'node:util'
import { CliFault } from './fault.ts'

/** Reads what stands behind a verb. Anything that it does not know is a fault that shows how it is used. */
export function readWords<const Options extends ParseArgsOptionsConfig>(words: string[], options: Options, usage: string) {
  try {
    return parseArgs({ args: words, allowPositionals: true, options })
  } catch (error) {
    throw new CliFault(`${(error as Error).message}\n${usage}`, 2)
  }
}
