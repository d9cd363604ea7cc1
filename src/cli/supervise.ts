import { fork, type ChildProcess } from 'node:child_process'
import type { Log } from '#platform/log.ts'
import type { ProcessName } from '#platform/secrets.ts'
import type { FromChild, ToChild } from '#processes/child.ts'
import type { AskForKeys, Launches } from '#processes/launch.ts'
import { moduleFolder, programFile, root } from './programs.js'

/**
 * What each process may do beyond computing. The public one may read the program and use the network: no key file, no other file,
 * no writing, no starting of programs, no native code (Node's permission model).
 */
export const permissions: Record<ProcessName, string[]> = {
  site: ['--permission', '--allow-net', ...['src', 'node_modules', 'package.json'].map((path) => `--allow-fs-read=${root}${path}`)],
  worker: [], desk: [], inbox: [],
}

/** What the site may do besides until it has loaded its program. */
export function whileLoading(modules: string): string[] {
  return [`--allow-fs-read=${modules}`, `--allow-fs-write=${modules}`]
}

/**
 * Heaps that grow by little: as Node has them the three processes take 780 MB while a crowd signs (`bench/memory.ts`). What is young has little room where
 * speed is not asked for, and more in the site: what a visitor's form needs is gone before it has to be moved out of there. With 32 MB there, 16 in the worker and 50 percent for both, signing is no faster, and all of it takes 454 MB instead of 398. The site's may double:
 * with 50 percent, one in a hundred pages that nobody had asked for before took a quarter longer, and signing took as much memory.
 */
const rooms: Record<ProcessName, string[]> = {
  site: ['--max-semi-space-size=16', '--heap-growing-percent=100'], worker: ['--max-semi-space-size=8', '--heap-growing-percent=30'],
  desk: ['--max-semi-space-size=2', '--heap-growing-percent=20'], inbox: ['--max-semi-space-size=1', '--heap-growing-percent=20'],
}

/** Of each process: helpers of the collector wait for each other where there are more of them than cores to spare, and took a fifth of one. */
const always = ['--disable-warning=ExperimentalWarning', '--disable-warning=SecurityWarning', '--v8-pool-size=1']

/** A process that is kept running: it is started again, after a growing pause, when it ends without being asked to. */
export class Supervised {
  readonly #name: ProcessName
  readonly #log: Log
  #child: ChildProcess | undefined
  #launch: Launches[ProcessName] | undefined
  /** Who changes keys when the process asks for it. */
  #keeper: AskForKeys = () => Promise.resolve({ outcome: 'elsewhere' })
  #stopping = false
  #startedAt = Date.now()
  #pause = 100

  constructor(name: ProcessName, log: Log) {
    this.#name = name
    this.#log = log
  }

  /** Starts the process, which loads its program and waits for its launch. */
  load(): void {
    this.#child ??= this.#fork()
  }

  /** The same, done when the program is loaded; false if it ended before that. */
  loaded(): Promise<boolean> {
    this.load()
    return new Promise((resolve) => {
      this.#child!.on('message', (message: FromChild) => 'loaded' in message && resolve(true))
      this.#child!.once('exit', () => resolve(false))
    })
  }

  /** Hands the process what it needs; done when it is ready. Throws what it said if it cannot start. */
  launch(launch: Launches[ProcessName]): Promise<void> {
    this.#launch = launch
    this.load()
    return this.#handOver()
  }

  /** Hands a running process other keys; one that is started again gets them as well. Done when it has them. */
  async rekey(secrets: Launches[ProcessName]['secrets']): Promise<void> {
    if (!this.#launch) return
    this.#launch = { ...this.#launch, secrets } as Launches[ProcessName]
    const child = this.#child
    if (!child?.connected) return
    await new Promise<void>((resolve) => {
      const heard = (message: FromChild) => { if ('rekeyed' in message) done() }
      const done = () => {
        child.off('message', heard)
        child.off('exit', done)
        resolve()
      }
      child.on('message', heard)
      child.once('exit', done)
      child.send({ secrets } satisfies ToChild)
    })
  }

  keysBy(keeper: AskForKeys): void {
    this.#keeper = keeper
  }

  async stop(): Promise<void> {
    this.#stopping = true
    const child = this.#child
    if (!child || child.exitCode !== null || child.signalCode !== null) return
    const ended = new Promise<void>((resolve) => child.once('exit', () => resolve()))
    if (child.connected) child.send({ stop: true } satisfies ToChild)
    else child.kill('SIGTERM')
    // It ends by itself within that time (`processes/child.ts`) unless it hears nothing any more.
    const killing = setTimeout(() => child.kill('SIGKILL'), 30_000)
    await ended
    clearTimeout(killing)
  }

  #fork(): ChildProcess {
    const modules = moduleFolder(this.#name)
    const child = fork(programFile('child'), [this.#name], {
      stdio: ['ignore', 'inherit', 'inherit', 'ipc'], execArgv: [...always, ...rooms[this.#name], ...permissions[this.#name], ...(this.#name === 'site' && modules ? whileLoading(modules) : [])],
      env: {
        PATH: process.env.PATH, HOME: process.env.HOME, TZ: process.env.TZ, NODE_COMPILE_CACHE: modules, NODE_EXTRA_CA_CERTS: process.env.NODE_EXTRA_CA_CERTS,
        // The C library's own arenas, one for each thread, keep what they once had.
        MALLOC_ARENA_MAX: '2',
      },
    })
    this.#startedAt = Date.now()
    child.once('exit', (code, signal) => this.#ended(code, signal))
    return child
  }

  #handOver(): Promise<void> {
    const child = this.#child!
    return new Promise((resolve, reject) => {
      child.on('message', (message: FromChild) => {
        if ('ready' in message) resolve()
        if ('failed' in message) reject(new Error(message.failed))
        if ('ask' in message) {
          void this.#keeper(message.change)
            .catch((error: unknown) => {
              this.#log.error('changing keys failed', { error })
              return { outcome: 'refused' as const, why: 'failed' }
            })
            .then((answer) => child.connected && child.send({ answered: message.ask, answer } satisfies ToChild))
        }
      })
      child.once('exit', () => reject(new Error(`${this.#name} ended`)))
      // Messages wait in the pipe until the program has been loaded.
      child.send({ launch: this.#launch! } satisfies ToChild, (error) => error && reject(new Error(`${this.#name} ended`)))
    })
  }

  #ended(code: number | null, signal: NodeJS.Signals | null): void {
    if (this.#stopping) return
    this.#log.warn('process ended; starting it again', { job: this.#name, code, signal: signal ?? undefined })
    this.#pause = Date.now() - this.#startedAt > 30_000 ? 100 : Math.min(this.#pause * 2, 10_000)
    setTimeout(() => {
      if (this.#stopping) return
      this.#child = this.#fork()
      if (this.#launch) this.#handOver().catch(() => {})
    }, this.#pause)
  }
}
