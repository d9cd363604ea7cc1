import type { Config } from '#platform/config.ts'
import type { Db } from '#platform/db.ts'
import type { Log } from '#platform/log.ts'
import { startLoop, type Loop } from '#platform/loop.ts'
import { receiveMail, type Receiving, type ReceivingOptions } from '#platform/mail/receiving.ts'
import type { SealingKey } from '#platform/sealing/index.ts'
import type { Keys } from '#modules/actions/index.ts'
import { looksReturned, type Post } from '#modules/mails/index.ts'
import type { Publisher } from '#modules/publisher/index.ts'
import { addressedTo, keptBytes, mostBytes, passLettersOn, takeIn, workOffReturns, type ReturnWay } from '#modules/returns/index.ts'

/** As many as a mailing of 100,000 brings back in an hour where everything goes wrong. Others are asked to come again. */
const perMinute = 1200

/** Takes in by SMTP what comes back to us. It reads nothing and answers nothing; it seals each mail and keeps it for the worker. */
export function receiveReturns(at: ReceivingOptions['at'], { db, key, way }: { db: Db, key: () => SealingKey, way: ReturnWay }): Promise<Receiving> {
  return receiveMail({
    at, banner: 'mail for return addresses only', most: mostBytes, kept: keptBytes, perMinute, takes: looksReturned,
    onMail: ({ from, ...mail }) => takeIn(db, key(), { ...mail, nullSender: from === '' }, way, new Date()),
  })
}

export interface ReturnLoops {
  db: Db
  /** The worker's, always the newest. */
  keys: Keys
  log: Log
  posts: { open(): Promise<{ post: Post, publisher: Publisher }> }
  config: Pick<Config, 'imapUrl'>
}

/** Reads what came back, passes on what is for supporters, and looks into the mailbox once a minute where there is one. */
export function returnLoops({ db, keys, log, posts, config }: ReturnLoops): Loop[] {
  return [
    startLoop('returns', async () => {
      const read = await workOffReturns({ db, keys, log }, new Date())
      return read + await passLettersOn({ db, opener: keys.opener, log, ...await posts.open() }, new Date())
    }, { idle: 1000, restAfter: (took) => took, log }),
    ...(config.imapUrl ? [startLoop('mailbox', () => fetchReturns(config, { db, key: () => keys.contact }), { idle: 60_000, log })] : []),
  ]
}

/** Fetches from the mailbox of the settings what came back to us, and leaves everything else there. Returns how many there were. */
async function fetchReturns(config: Pick<Config, 'imapUrl'>, { db, key }: { db: Db, key: () => SealingKey }): Promise<number> {
  const { readMailbox } = await import('#platform/mail/mailbox.ts')
  return readMailbox({
    url: config.imapUrl!, kept: keptBytes,
    async onMail({ raw, cut }) {
      const to = addressedTo(raw)
      if (to.length === 0) return 'left'
      await takeIn(db, key(), { to, raw, cut }, 'imap', new Date())
      return 'taken'
    },
  })
}
