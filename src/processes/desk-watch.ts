import { deskOrigin, type Config } from '#platform/config.ts'
import type { Db } from '#platform/db.ts'
import type { Log } from '#platform/log.ts'
import { startLoop, type Loop } from '#platform/loop.ts'
import type { Opener } from '#platform/sealing/index.ts'
import { noteIncidents, openIncidents, tellStaff, workerIsGone } from '#modules/alerts/index.ts'
import { openPost } from '#modules/mails/index.ts'
import { readLive, readPublisher } from '#modules/publisher/index.ts'
import { inboxSocket } from './launch.ts'

export interface WatchTools {
  db: Db
  opener: Opener
  config: Config
  installId: string
  socketFolder: string
}

/** Looks whether the worker is there, and if it is not tells staff by the desk's own way out: the worker cannot say so itself. */
export function watchWorker(tools: WatchTools, log: Log): Loop {
  return startLoop('watch', () => lookForWorker(tools, new Date()), { idle: 20_000, restAfter: () => 20_000, log })
}

/** One look. Returns how many mails it tried to send. */
export async function lookForWorker({ db, opener, config, installId, socketFolder }: WatchTools, now: Date): Promise<number> {
  const gone = await workerIsGone(db, now)
  const known = (await openIncidents(db)).some(({ kind }) => kind === 'worker')
  if (gone || known) await noteIncidents(db, ['worker'], new Set(gone ? ['worker'] : []), now)
  // A worker that is there sends what is due itself, and signs it.
  if (!gone) return 0
  const { live } = await readLive(db, { origin: config.origins[0], installId })
  if (live && !config.smtpUrl) return 0
  const publisher = await readPublisher(db)
  const from = publisher.mailFrom ?? `actions@${new URL(config.origins[0] ?? 'http://localhost').hostname}`
  // Not signed: the key for that is the worker's.
  const post = openPost({ practice: !live, origin: deskOrigin(config), mailFrom: from, replyTo: publisher.email ?? from, route: live ? { url: config.smtpUrl! } : { socket: inboxSocket(socketFolder) }, dkim: undefined })
  try {
    return await tellStaff({ db, opener, post, publisher, kinds: ['worker'], deskOrigin: deskOrigin(config) }, now)
  } finally {
    post.close()
  }
}
