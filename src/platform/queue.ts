import { fromKysely, PgBoss, type ConstructorOptions } from 'pg-boss'
import { clientSettings, type DatabaseAddress, type Tx } from './db.ts'
import type { Log } from './log.ts'

/** Jobs carry ids, never a name, an address or a text: queues are logged, retried and backed up. Each has a queue, made by a migration. */
export interface Jobs {
  'imports.run': { importId: string }
  'digests.work': { importId: string }
  'people.find': { searchId: string }
  'suppressions.answer': { requestId: string }
  'people.change': { requestId: string }
  'people.erase': { personId: string, staffId: string }
  'participations.ask': { personId: string, participationId: string }
  'participations.ask-many': { participations: { personId: string, id: string }[] }
  'practice.remove': null
  'mails.remind': null
  'privacy.expire': null
  'counts.recount': null
}
export type JobName = keyof Jobs

/** When the jobs that nobody asks for run, as cron expressions in UTC. */
const schedules: Partial<Record<JobName, string>> = { 'mails.remind': '17 * * * *', 'privacy.expire': '41 3 * * *', 'counts.recount': '5 4 * * *' }

export interface Queue {
  /** Promises a job in the transaction of its cause: both are kept, or neither is. */
  enqueue<Name extends JobName>(tx: Tx, name: Name, payload: Jobs[Name]): Promise<void>
  stop(): Promise<void>
}

export type JobHandlers = { [Name in JobName]: (payload: Jobs[Name]) => Promise<void> }

function options(address: DatabaseAddress, more: Partial<ConstructorOptions>): ConstructorOptions {
  return { ...clientSettings(address) as object, schema: 'pgboss', migrate: false, createSchema: false, max: 2, reindex: false, monitorVacuum: false, flowIntervalSeconds: 3600, ...more }
}

async function start(boss: PgBoss, log: Log): Promise<Queue> {
  boss.on('error', (error) => log.warn('queue', { error }))
  await boss.start()
  return {
    async enqueue(tx, name, payload) {
      await boss.send(name, payload, { db: fromKysely(tx) })
    },
    stop: () => boss.stop({ graceful: true, timeout: 20_000 }),
  }
}

/** A queue to put jobs on, for a process that works none off. */
export function openQueue(address: DatabaseAddress, log: Log): Promise<Queue> {
  return start(new PgBoss(options(address, { supervise: false, schedule: false })), log)
}

/** Works off the queue until it is stopped. A job that fails, or whose worker was killed, is tried again three times and then kept for somebody to look at. */
export async function workOffQueue(address: DatabaseAddress, handlers: JobHandlers, log: Log): Promise<Queue> {
  // How often it looks for jobs whose worker is gone (migration 0250).
  const boss = new PgBoss(options(address, { useListenNotify: true, max: 4, superviseIntervalSeconds: 30, monitorIntervalSeconds: 30 }))
  const queue = await start(boss, log)
  for (const name of Object.keys(handlers) as JobName[]) {
    await boss.work<Jobs[JobName]>(name, { pollingIntervalSeconds: 2 }, async (jobs) => {
      for (const job of jobs) {
        try {
          await (handlers[name] as (payload: Jobs[JobName]) => Promise<void>)(job.data)
        } catch (error) {
          log.error('job failed', { job: name, error })
          // The reason is in our log; what the queue keeps must not quote data.
          throw new Error('failed', { cause: name })
        }
      }
    })
  }
  for (const [name, cron] of Object.entries(schedules)) await boss.schedule(name, cron)
  return queue
}
