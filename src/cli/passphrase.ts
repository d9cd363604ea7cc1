import { readFileSync } from 'node:fs'
import { createInterface } from 'node:readline/promises'
import { CliFault } from './fault.ts'

/** A passphrase from a file, or asked for at the terminal; twice where it is new. */
export async function passphrase(file: string | undefined, isNew: boolean): Promise<string> {
  const given = file ? readFileGiven('--passphrase-file', file).trim() : await ask(isNew ? 'A passphrase for the backup (at least 12 characters): ' : 'The passphrase of the backup: ')
  if (isNew && given.length < 12) throw new CliFault('A passphrase needs at least 12 characters; a few words are best.', 2)
  if (isNew && !file && await ask('Once more: ') !== given) throw new CliFault('These two are not the same.', 2)
  return given
}

/** The text of a file that an option names. Throws a CliFault if it cannot be read. */
export function readFileGiven(option: string, file: string): string {
  try {
    return readFileSync(file, 'utf8')
  } catch {
    throw new CliFault(`${option}: ${file} cannot be read.`, 2)
  }
}

async function ask(question: string): Promise<string> {
  if (!process.stdin.isTTY) throw new CliFault('There is nobody to ask for a passphrase: give --recipient, --identity or --passphrase-file.', 2)
  const terminal = createInterface({ input: process.stdin, output: process.stderr })
  const answer = await terminal.question(question)
  terminal.close()
  return answer.trim()
}
