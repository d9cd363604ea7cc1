import { inTransaction, type Db, type Tx } from '#platform/db.ts'
import type { DatabaseAddress } from '#platform/db.ts'
import type { Log } from '#platform/log.ts'
import { workOffQueue, type Queue } from '#platform/queue.ts'
import { askOwners, recount, type Keys } from '#modules/actions/index.ts'
import { askForReplies, markAllOffices, messageHooks } from '#modules/messages/index.ts'
import { remind } from '#modules/mailings/index.ts'
import { carryOutRequest, tidyOwnData } from '#modules/own-data/index.ts'
import { answerSearch, answerSuppressionRequest } from '#modules/people/index.ts'
import { erasePerson, expire, removePractice, startForgetting, type ErasureRegister } from '#modules/privacy/index.ts'
import { workOnDigest } from '#modules/digests/index.ts'
import { forgetFileTexts } from '#modules/search/index.ts'
import { reach } from '#modules/publisher/index.ts'
import { runStoredImport } from '#modules/targets/index.ts'

/** The worker's jobs: ids in, one call, done; each safe to run twice. */
export function startJobs({ database, db, keys, register, practice, log, now }: { database: DatabaseAddress, db: Db, keys: Keys, register: ErasureRegister, practice: (tx: Tx) => Promise<boolean>, log: Log, now: () => Date }): Promise<Queue> {
  return workOffQueue(database, {
    'imports.run': ({ importId }) => runStoredImport(db, importId, now),
    'digests.work': ({ importId }) => workOnDigest(db, importId, now()),
    'people.find': ({ searchId }) => answerSearch(db, keys.opener, keys.indexKeys, searchId, now()),
    'suppressions.answer': ({ requestId }) => answerSuppressionRequest(db, keys.opener, keys.indexKeys, requestId, now()),
    'people.change': ({ requestId }) => carryOutRequest(db, { keys, hooks: messageHooks(keys), practice }, requestId, now()),
    'people.erase': async ({ personId }) => {
      await erasePerson(db, keys, personId, now())
      await register.write(db)
    },
    'participations.ask': ({ personId, participationId }) => askOwners(db, keys, [{ personId, id: participationId }], now()),
    'participations.ask-many': ({ participations }) => askOwners(db, keys, participations, now()),
    'practice.remove': () => removePractice(db, now()),
    'mails.remind': async () => {
      await remind(db, keys, now())
      await askForReplies(db, now())
    },
    'privacy.expire': async () => {
      await expire(db, now())
      await tidyOwnData(db, now())
      await forgetFileTexts(db)
      await inTransaction(db, (tx) => startForgetting(tx, now()))
    },
    'counts.recount': async () => {
      const drifts = await recount(db, now())
      if (drifts.length) log.error('the recount disagreed and put it right', { count: drifts.length })
      await markAllOffices(db)
      await inTransaction(db, (tx) => reach(tx, 'recount', null, now()))
    },
  }, log)
}
