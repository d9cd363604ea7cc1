import { longPatience, openDb, openPool } from '#platform/db.ts'
import { Log } from '#platform/log.ts'
import { startLoop } from '#platform/loop.ts'
import { standBack } from '#platform/stand-back.ts'
import { deskOrigin, siteOrigin } from '#platform/config.ts'
import { incidentKinds, noteIncidents, promiseSurgeMails, tellOfHead, tellOfMessages, tellStaff, workerTroubles } from '#modules/alerts/index.ts'
import { BulletinMaker } from '#modules/publishing/index.ts'
import { CardMaker } from '#modules/cards/index.ts'
import { countTick, settle, type SettlingTools } from '#modules/actions/index.ts'
import { lookForStale } from '#modules/digests/index.ts'
import { watchForSurges, workOnRemovals } from '#modules/integrity/index.ts'
import { deliverMails, deliverTrials, MailingCourier, markAbandonedRecipients, planEditions, planMailings, tidyMailings } from '#modules/mailings/index.ts'
import { mendMailClock } from '#modules/mails/index.ts'
import {
  countOffices, deliverDigests, deliverMessages, keepForTheRecord, markAbandoned, mendMessageClock, messageHooks, planDigests, releaseWaiting, tidySendingTimes, usualPace,
} from '#modules/messages/index.ts'
import { settleOwnData, writeCapsules } from '#modules/own-data/index.ts'
import { makeSheets } from '#modules/petitions/index.ts'
import { readNextFile, SearchIndexer } from '#modules/search/index.ts'
import { carryOutErasures, ErasureRegister, forgetOn, registerFile } from '#modules/privacy/index.ts'
import { isPractice, readLive } from '#modules/publisher/index.ts'
import { readLockdown, sealAudit } from '#modules/staff/index.ts'
import { AuditWatch } from './audit-watch.ts'
import { watchForDkim } from './dkim-watch.ts'
import { SignsOfLife } from './earlier-copy.ts'
import { healthSocket, returnsSocket, type AskForKeys, type Launches, type Rekeyable } from './launch.ts'
import { startJobs } from './jobs.ts'
import { PostOffice } from './post-office.ts'
import { receiveReturns, returnLoops } from './returns.ts'
import { answerHealth } from './worker-health.ts'
import { WorkerKeys } from './worker-keys.ts'

/** Entries in one turn of settling that show that there are more. */
const manyAtOnce = 250

/**
 * Milliseconds between two looks into the intake while there is no crowd. A turn costs some twenty-five questions whatever it finds, and wakes others: 1,500 signatures,
 * a hundred a second, with their mails took worker and database 15.5 s of the processor with a quarter of this pause, and 11.1 s with it.
 */
const settlingPause = 100

/** The process that settles, counts, mails and tidies up. It faces nobody. */
export async function runWorker(launch: Launches['worker'], ask?: AskForKeys): Promise<Rekeyable<'worker'>> {
  const { database, directDatabase, secrets, socketFolder, workerId, besideId } = launch
  standBack()
  const log = new Log('worker')
  const pool = openPool(database, { name: 'worker', size: 12, patience: longPatience })
  const db = openDb(pool)
  const ring = new WorkerKeys(db, secrets)
  const { keys } = ring
  const now = () => new Date()
  const here = { origin: launch.config.origins[0], installId: secrets.installId }
  const numbers = { clarion_settled_total: 0, clarion_counted_total: 0, clarion_mails_total: 0, clarion_messages_total: 0, clarion_digests_total: 0, clarion_mailings_total: 0 }
  const posts = new PostOffice(db, launch, ring)
  const mailings = new MailingCourier({ db, keys, log, workerId })
  // Each of its turns asks the same, and planning that takes longer than finding nothing.
  const search = new SearchIndexer(openDb(pool, { prepared: true }))
  const cards = new CardMaker(db, now())
  const settling = (id: string): SettlingTools => ({ db, keys, hooks: messageHooks(keys), ownData: settleOwnData, log, workerId: id, practice: (tx) => isPractice(tx, here) })
  const bulletins = new BulletinMaker(db, siteOrigin(launch.config), now())
  const counted = async (name: keyof typeof numbers, work: Promise<number>) => {
    const done = await work
    numbers[name] += done
    return done
  }

  await ring.note(now())
  const register = new ErasureRegister(registerFile(launch.config.dataFolder))
  // Before anything is settled or sent.
  const life = new SignsOfLife(launch.config.dataFolder)
  const auditWatch = new AuditWatch(launch.config.dataFolder)
  const signOfLife = async () => { if (await life.next(db, keys, log, now())) await auditWatch.beginAnew(now()) }
  await signOfLife()

  /** A turn that sends something: while everything is locked it sends nothing. */
  const sending = (turn: () => Promise<number>) => async () => (await readLockdown(db) ? 0 : turn())

  // Whether a crowd is at the door: then people are settled and counted first, and mails get a sixth of the time.
  let crowded = false
  const mails = startLoop('mails', sending(async () => {
    const { post, publisher } = await posts.open()
    return counted('clarion_mails_total', deliverMails({ db, opener: keys.opener, linkKey: keys.linkKey, post, publisher, log, workerId }, now()))
  }), { idle: 1000, restAfter: (took) => (crowded ? took * 5 : 0), log })
  const messages = startLoop('messages', sending(async () => {
    const { post, publisher } = await posts.open()
    const sent = await counted('clarion_messages_total', deliverMessages({ db, opener: keys.opener, post, publisher, log, pace: usualPace }, now()))
    // Copies for who wrote.
    if (sent) mails.wake()
    return sent
  }), { idle: 1000, log })
  const ownData = startLoop('own-data', async () => {
    const written = await writeCapsules({ db, opener: keys.opener, indexKeys: keys.indexKeys, log }, now())
    if (written) mails.wake()
    return written
  }, { idle: 1000, log })
  // In a crowd the database works on one batch while we open the next. It claims as another worker would.
  const beside = startLoop('settle-beside', async () => (crowded ? counted('clarion_settled_total', settle(settling(besideId), now())) : 0), { idle: 1000, log })
  // Settling looks often whether somebody has come; what comes of that is told to those who go on with it, so that they need not look as often.
  const loops = [
    mails, messages, ownData, beside,
    startLoop('settle', async () => {
      const settled = await counted('clarion_settled_total', settle(settling(workerId), now()))
      crowded = settled >= manyAtOnce
      if (crowded) beside.wake()
      else if (settled) for (const next of [mails, messages, ownData]) next.wake()
      return settled
    }, { idle: settlingPause, restAfter: () => (crowded ? 0 : settlingPause), log }),
    startLoop('count', () => counted('clarion_counted_total', countTick(db, now())), { idle: 500, restAfter: () => 500, log }),
    startLoop('digests', sending(async () => {
      const { post, publisher } = await posts.open()
      await planDigests(db, { practice: post.practice, zone: publisher.zone, linkKey: secrets.linkKey }, now())
      return counted('clarion_digests_total', deliverDigests({ db, opener: keys.opener, post, publisher, log, pace: usualPace, linkKey: secrets.linkKey }, now()))
    }), { idle: 5000, log }),
    startLoop('mailing-plans', sending(async () => {
      const { post, publisher } = await posts.open()
      return await planEditions(db, { practice: post.practice, zone: publisher.zone }, now()) + await planMailings(db, post.practice, now()) + await deliverTrials({ db, keys, log, workerId }, { post, publisher }, now())
    }), { idle: 1000, restAfter: (took) => took / 2, log }),
    // Everything else goes first: in a crowd mailings rest.
    startLoop('mailings', sending(async () => {
      if (crowded) return 0
      const { mailingPost, publisher } = await posts.open()
      return counted('clarion_mailings_total', mailings.turn({ post: mailingPost, publisher }, now()))
    }), { idle: 1000, log }),
    startLoop('offices', () => countOffices(db), { idle: 2000, restAfter: () => 500, log }),
    startLoop('tidy', async () => {
      await mendMailClock(db, now())
      await mendMessageClock(db, now())
      await markAbandoned(db, now())
      await releaseWaiting(db, now())
      await tidySendingTimes(db, now())
      await markAbandonedRecipients(db, now())
      await tidyMailings(db, now())
      return keepForTheRecord({ db, opener: keys.opener, record: keys.record }, now())
    }, { idle: 15_000, log }),
    startLoop('forget', async () => {
      const erased = await carryOutErasures(db, keys, now())
      await register.write(db)
      return erased + await forgetOn(db, keys, now())
    }, { idle: 10_000, restAfter: (took) => (crowded ? took * 5 : took / 4), log }),
    startLoop('removals', () => workOnRemovals({ db, keys, hooks: messageHooks(keys) }, now()), { idle: 1000, restAfter: (took) => took, log }),
    startLoop('surges', async () => {
      await watchForSurges(db, now())
      await promiseSurgeMails(db, now())
      return 0
    }, { idle: 60_000, log }),
    startLoop('watch', async () => {
      await signOfLife()
      const { live } = await readLive(db, here)
      const wrong = await workerTroubles(db, { folder: launch.config.dataFolder, live, now: now() })
      if (auditWatch.broken) wrong.add('audit')
      await noteIncidents(db, incidentKinds, wrong, now())
      const { post, publisher } = await posts.open()
      const told = await tellStaff({ db, opener: keys.opener, post, publisher, kinds: incidentKinds, surges: true, deskOrigin: deskOrigin(launch.config) }, now())
      const telling = { db, opener: keys.opener, post, publisher, deskOrigin: deskOrigin(launch.config) }
      if (!auditWatch.broken) await tellOfHead(telling, now())
      return told + await tellOfMessages(telling, now())
    }, { idle: 15_000, restAfter: () => 15_000, log }),
    startLoop('keys', () => ring.step(now()), { idle: 5000, restAfter: (took) => (crowded ? took * 5 : took / 2), log }),
    startLoop('seal-audit', () => sealAudit(db), { idle: 2000, log }),
    startLoop('audit-head', async () => {
      await auditWatch.turn(db, log, now())
      return 0
    }, { idle: 3_600_000, log }),
    startLoop('dkim', () => watchForDkim(db, ring.dkimNext, ask, now()), { idle: 600_000, log }),
    ...returnLoops({ db, keys, log, posts, config: launch.config }),
    startLoop('search', () => search.turn(now()), { idle: 2000, restAfter: (took) => (crowded ? took * 5 : took / 4), log }),
    startLoop('cards', () => cards.turn(now()), { idle: 5000, restAfter: (took) => (crowded ? took * 10 : took * 2), log }),
    startLoop('stale', () => lookForStale(db, now()), { idle: 60_000, restAfter: (took) => took * 4, log }),
    startLoop('bulletins', () => bulletins.turn(now()), { idle: 5000, restAfter: (took) => (crowded ? took * 10 : took * 2), log }),
    startLoop('file-texts', () => readNextFile(db, now()), { idle: 10_000, restAfter: (took) => (crowded ? took * 10 : took), log }),
    startLoop('sheets', () => makeSheets(db, siteOrigin(launch.config)), { idle: 5000, log }),
  ]
  const jobs = await startJobs({ database: directDatabase, db, keys, register, practice: (tx) => isPractice(tx, here), log, now })
  // What the inbox sends back in practice: a socket that only this machine's own processes reach.
  const returns = await receiveReturns({ socket: returnsSocket(socketFolder) }, { db, key: () => keys.contact, way: 'inbox' })
  const health = await answerHealth(healthSocket(socketFolder, 'worker'), db, numbers)
  return {
    async rekey(fresh) { ring.take(fresh) },
    async stop() {
      await returns.stop()
      await Promise.all(loops.map((loop) => loop.stop()))
      await jobs.stop()
      posts.close()
      await health.stop()
      await pool.end()
    },
  }
}
