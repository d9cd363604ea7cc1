import { existsSync, readFileSync } from 'node:fs'
import { drifts } from '#modules/actions/index.ts'
import { checkChain, headInWords, headsInText, readHead, type ChainHead } from '#modules/staff/index.ts'
import { headsFile } from '#processes/audit-watch.ts'
import { CliFault } from '../fault.ts'
import { withInstallation } from '../content.ts'
import { readWords } from '../words.ts'

const usage = 'clarion verify [--head HEAD …] [--heads-file FILE]'

const faults = {
  missing: 'it, or its seal, is gone', changed: 'it, or its seal, was changed', unchained: 'it was written past the seals',
  shorter: 'the log was longer when one of the heads was written down', other: 'it is another line than when one of the heads was written down',
} as const

/**
 * Checks the chain of the audit log from its first line, against the heads that were kept in the data folder and elsewhere, and counts every action again without
 * changing anything. Ends with 1 at whatever does not hold.
 */
export async function verifyVerb(words: string[]): Promise<void> {
  const { values } = readWords(words, { head: { type: 'string', multiple: true }, 'heads-file': { type: 'string' } }, usage)
  const given = (values.head ?? []).map((text) => {
    const head = readHead(text)
    if (!head) throw new CliFault(`--head: this is not the end of an audit log. It looks like ${headInWords({ position: 1204, hash: '0'.repeat(64) })}.`, 2)
    return head
  })
  given.push(...headsIn(values['heads-file']))
  await withInstallation(async (db, { config }) => {
    const own = headsFile(config.dataFolder)
    const kept = [...given, ...existsSync(own) ? headsIn(own) : []]
    const check = await checkChain(db, kept)
    if (check.holds) console.log(`audit log  ${check.lines} lines, unbroken${kept.length ? `, and as the ${kept.length === 1 ? 'head that was' : `${kept.length} heads that were`} kept` : ''}; ${check.unsealed} written just now and not sealed yet\n           it ends with ${headInWords(check.head)}`)
    else console.error(`audit log  BROKEN at line ${check.position}${check.auditId ? ` (${check.auditId})` : ''}: ${faults[check.fault]}`)
    const differing = await drifts(db)
    if (differing.length === 0) console.log('counts     agree to the unit')
    else for (const each of differing) console.error(`counts     DIFFER: action ${each.actionId}, ${each.dimension} ${each.value}: ${each.was} shown, ${each.isNow} there`)
    if (!check.holds || differing.length > 0) process.exitCode = 1
  })
}

/** The heads in a file: whatever a backup, a mail or the worker's log said about them. */
function headsIn(file: string | undefined): ChainHead[] {
  if (file === undefined) return []
  try {
    return headsInText(readFileSync(file, 'utf8'))
  } catch {
    throw new CliFault(`${file} cannot be read.`, 2)
  }
}
