import { openDb, openPool } from '#platform/db.ts'
import { Log } from '#platform/log.ts'
import { Opener, type OpeningKey } from '#platform/sealing/index.ts'
import type { DatabaseAddress } from '#platform/db.ts'
import { workOnExports, type ExportTools } from '#modules/exports/index.ts'

/** Works on exports, a few lines at a time, until somebody ends it. */
process.on('message', ({ address, keys, linesAtOnce, now }: { address: DatabaseAddress, keys: OpeningKey[], linesAtOnce: number, now: string }) => {
  const db = openDb(openPool(address, { name: 'test exporting', size: 2 }))
  const tools: ExportTools = { db, opener: new Opener(keys), record: keys.findLast(({ purpose }) => purpose === 'record')!, log: new Log('test'), auditLines: new Map(), linesAtOnce }
  void (async () => {
    for (;;) await workOnExports(tools, new Date(now))
  })()
})
