import { join } from 'node:path'
import { Log } from '#platform/log.ts'
import { receiveMail } from '#platform/mail/receiving.ts'
import { SmtpClient } from '#platform/mail/smtp.ts'
import { createInboxServer } from '#inbox/server.ts'
import { InboxStore } from '#inbox/store.ts'
import { inboxSocket, returnsSocket, type Launches, type Rekeyable } from './launch.ts'

const mostBytes = 20_000_000

/** The local inbox: takes in every mail as long as nobody has gone live, and shows it on this machine. */
export async function runInbox({ config, socketFolder, secrets }: Launches['inbox']): Promise<Rekeyable<'inbox'>> {
  const store = new InboxStore(join(config.dataFolder, 'inbox'), secrets.inboxKey)
  const receiving = await receiveMail({ at: { socket: inboxSocket(socketFolder) }, banner: 'local inbox', most: mostBytes, kept: mostBytes, onMail: ({ from, raw }) => store.add(Buffer.concat([Buffer.from(`Return-Path: <${from}>\r\n`), raw])) })
  const back = new SmtpClient({ socket: returnsSocket(socketFolder) }, { connections: 1, patience: 10_000 })
  const server = createInboxServer(store, config, new Log('inbox'), (envelope, raw) => back.deliver(envelope, raw))
  await server.listen({ port: config.inboxPort, host: '127.0.0.1' })
  return {
    // What it keeps is of this installation alone; its key never changes.
    async rekey() {},
    async stop() {
      await server.close()
      back.close()
      await receiving.stop()
    },
  }
}
