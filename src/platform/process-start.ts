import { existsSync, readFileSync } from 'node:fs'

/**
 * Something that tells a running process from a later one with the same number: its start time where the system says it (Linux), else one word for all.
 * Nothing where there is none. One that was killed and that nobody has buried yet, as happens in containers, is none.
 */
export function processStart(processId: number): string | undefined {
  const file = `/proc/${processId}/stat`
  if (existsSync(file)) {
    const [state, ...rest] = readFileSync(file, 'utf8').split(') ').at(-1)!.split(' ')
    return state === 'Z' || state === 'X' ? undefined : rest[18]
  }
  try {
    process.kill(processId, 0)
    return 'alive'
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === 'EPERM' ? 'alive' : undefined
  }
}
