import { join } from 'node:path'
import { Log } from '#platform/log.ts'
import { createInboxServer } from '#inbox/server.ts'
import { receiveMail } from '#inbox/smtp.ts'
import { InboxStore } from '#inbox/store.ts'
import { inboxSocket, type Launches, type Rekeyable } from './launch.ts'

/** The local inbox: takes in every mail as long as nobody has gone live, and shows it on this machine. */
export async function runInbox({ config, socketFolder, secrets }: Launches['inbox']): Promise<Rekeyable<'inbox'>> {
  const store = new InboxStore(join(config.dataFolder, 'inbox'), secrets.inboxKey)
  const receiving = await receiveMail(inboxSocket(socketFolder), (raw) => store.add(raw))
  const server = createInboxServer(store, config, new Log('inbox'))
  await server.listen({ port: config.inboxPort, host: '127.0.0.1' })
  return {
    // What it keeps is of this installation alone; its key never changes.
    async rekey() {},
    async stop() {
      await server.close()
      await receiving.stop()
    },
  }
}
