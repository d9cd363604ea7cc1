import { longPatience, openDb, openPool, type DatabaseAddress } from '#platform/db.ts'
import { Opener, type OpeningKey, type SealingKey } from '#platform/sealing/index.ts'
import { standBack } from '#platform/stand-back.ts'
import { makeParts, type Export, type MakingTools } from '#modules/exports/index.ts'

/** What the desk tells the process that makes its exports: once how to sign in, and then one step after the other, each with the keys that are at hand for it. */
export type ToMaker = { database: DatabaseAddress } | Step
export interface Step {
  it: Export
  now: Date
  keys: OpeningKey[]
  record: SealingKey
}

/** What came of a step: how many lines were made, or why none. */
export type FromMaker = { made: number } | { fault: { message: string, code?: string } }

standBack()
const opener = new Opener([])
const auditLines: MakingTools['auditLines'] = new Map()
let db: MakingTools['db'] | undefined
let known = ''

process.on('message', (message: ToMaker) => {
  if ('database' in message) db = openDb(openPool(message.database, { name: 'desk exporting', size: 4, patience: longPatience }))
  else void step(message).then((answer) => process.send!(answer, undefined, undefined, () => {}))
})
// Whoever asked has ended, or wants no more.
process.on('disconnect', () => process.exit(0))
// Ctrl-C goes to everybody; the desk decides when this ends.
process.on('SIGINT', () => {})

async function step({ it, now, keys, record }: Step): Promise<FromMaker> {
  const named = JSON.stringify(keys)
  if (named !== known) opener.use(keys)
  known = named
  try {
    return { made: await makeParts({ db: db!, opener, record, auditLines }, it, now) }
  } catch (error) {
    return { fault: { message: (error as Error).message, code: (error as { code?: string }).code } }
  }
}
