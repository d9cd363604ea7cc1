import { Log } from '#platform/log.ts'
import type { ProcessName } from '#platform/secrets.ts'
import type { KeyChange } from '#platform/key-changes.ts'
import { giveUpWriting } from './give-up-writing.ts'
import type { AskForKeys, KeyAnswer, Launches, Rekeyable } from './launch.ts'

/** Loads a process's program; each process loads its own only. */
export const programs: { [Name in ProcessName]: () => Promise<(launch: Launches[Name], ask: AskForKeys) => Promise<Rekeyable<Name>>> } = {
  site: async () => (await import('./site.ts')).runSite,
  worker: async () => (await import('./worker.ts')).runWorker,
  desk: async () => (await import('./desk.ts')).runDesk,
  inbox: async () => (await import('./inbox.ts')).runInbox,
}

/** What the supervisor and its processes tell each other. Secrets travel here and nowhere else. */
export type ToChild = { launch: Launches[ProcessName] } | { secrets: Launches[ProcessName]['secrets'] } | { answered: number, answer: KeyAnswer } | { stop: true }
export type FromChild = { loaded: true } | { ready: true } | { failed: string } | { rekeyed: true } | { ask: number, change: KeyChange }

/** A process under the supervisor: waits for what it needs, runs, and stops when it is told to or when the supervisor is gone. */
async function runChild(name: ProcessName): Promise<void> {
  const log = new Log(name)
  // A supervisor that has just ended hears nothing any more.
  const tell = (message: FromChild) => process.connected && process.send!(message, undefined, undefined, () => {})
  let running: Rekeyable<ProcessName> | undefined
  let stopping = false
  const asked = new Map<number, (answer: KeyAnswer) => void>()
  const ask: AskForKeys = (change) => new Promise((resolve) => {
    if (!process.connected) return resolve({ outcome: 'elsewhere' })
    asked.set(asked.size, resolve)
    tell({ ask: asked.size - 1, change })
  })

  async function stop(): Promise<void> {
    if (stopping) return
    stopping = true
    // Whatever hangs must not keep the port.
    setTimeout(() => process.exit(1), 25_000).unref()
    await running?.stop().catch((error: unknown) => log.error('stopping failed', { error }))
    process.exit(0)
  }

  // A terminal sends Ctrl-C to everybody at once; the supervisor decides in which order we go.
  process.on('SIGINT', () => {})
  process.on('SIGTERM', () => void stop())
  process.on('disconnect', () => void stop())
  process.on('unhandledRejection', (error) => log.error('unhandled', { error }))
  const program = await (programs[name] as () => Promise<(launch: Launches[ProcessName], ask: AskForKeys) => Promise<Rekeyable<ProcessName>>>)()
  let started: Promise<void> = Promise.resolve()
  giveUpWriting()
  process.on('message', (message: ToChild) => {
    if ('stop' in message) return void stop()
    if ('answered' in message) return asked.get(message.answered)?.(message.answer)
    if ('secrets' in message) {
      started = started.then(() => running?.rekey(message.secrets)).catch((error: unknown) => log.error('taking new keys failed', { error })).then(() => void tell({ rekeyed: true }))
      return
    }
    started = program(message.launch, ask).then((it) => {
      running = it
      tell({ ready: true })
    }, (error: unknown) => {
      log.error('start failed', { error })
      tell({ failed: error instanceof Error ? error.message : 'failed' })
      process.exit(1)
    })
  })
  tell({ loaded: true })
}

if (/\bchild\.(?:ts|mjs)$/.test(process.argv[1] ?? '')) await runChild(process.argv[2] as ProcessName)
