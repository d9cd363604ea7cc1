import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { clarionCommand } from '#test/support/command.ts'
import { measuredClarion } from './measured-clarion.ts'
import { measure, type Measure } from './report.ts'

const items = 5000
const places = ['Ardenhal', 'Belmora', 'Corvane', 'Delmey', 'Esterwick', 'Galdara']

/** A page as coordinators keep it: entries of two paragraphs with the usual slips, each with its links. */
function page(): string {
  return Array.from({ length: items }, (_, n) => {
    const place = places[n % places.length]!
    const day = new Date(Date.UTC(2024, 5, 28) - n * 6 * 3_600_000).toISOString().slice(0, 10).split('-').toReversed().join('/')
    return `Boat ${n} is seized in ${place} - ${n % 5 ? 'NEWS' : 'GOOD NEWS - URGENT ACTION UPDATE'} - ${day}\n\nOn 0${1 + (n % 9)} May 2024, the harbour police of ${place} took a boat with ${2 + (n % 40)} fishers, and 'held it for safety'. Over ${1000 + n} families live off the quays, the guild says. Read more: https://lamplight.example/boats/${n}\n\nLamplight asks the goverment of Marovia to give back every boat and to pay for what was lost in the the raids. Take action.\n`
  }).join('\n')
}

/** Items a second from the command to its report: read, linted and made into drafts in one transaction; then the same again, which changes nothing. */
export async function importTime(): Promise<Measure[]> {
  await using it = await measuredClarion()
  const folder = mkdtempSync(join(tmpdir(), 'clarion-bench-'))
  try {
    const file = join(folder, 'page.txt')
    writeFileSync(file, page())
    const run = async (...more: string[]) => {
      const startedAt = performance.now()
      const answer = await clarionCommand(it.clarion, 'import', 'digest', '--date-order', 'dmy', ...more, file)
      if (answer.code !== 0) throw new Error(answer.said)
      return { seconds: (performance.now() - startedAt) / 1000, said: answer.out.trim().split('\n').at(-1)! }
    }
    const [first, again, trial] = [await run(), await run(), await run('--dry-run')]
    return [measure('import', items / first.seconds, 'items/s', 500, `${items} entries of a digest by clarion import digest, from the command to its report in ${first.seconds.toFixed(1)} s: ${first.said} Again: ${again.seconds.toFixed(1)} s (${again.said}); a trial run ${trial.seconds.toFixed(1)} s; at least 500`)]
  } finally {
    rmSync(folder, { recursive: true, force: true })
  }
}
