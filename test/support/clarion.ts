import { execFileSync, spawn, type ChildProcess } from 'node:child_process'
import { randomInt } from 'node:crypto'
import { closeSync, existsSync, mkdtempSync, openSync, rmSync } from 'node:fs'
import { createServer } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as wait } from 'node:timers/promises'
import { fileURLToPath } from 'node:url'
import PostalMime, { type Email } from 'postal-mime'
import { databaseSettings, giveUpDatabase, portsFolder, preparedFolder } from './cluster.ts'

const program = fileURLToPath(new URL('../../bin/clarion.js', import.meta.url))

/** Clarion as somebody starts it: all its processes, its own database, its own ports. */
export interface RunningClarion extends AsyncDisposable {
  site: string
  desk: string
  inbox: string
  folder: string
  /** The one-time link to become administrator. */
  signinLink: string
  processId: number
  /** What else it was started with. */
  environment: Record<string, string>
  /** Everything that was printed so far. */
  output(): string
  stop(signal?: NodeJS.Signals): Promise<number | null>
  /** Starts it again on the same folder and ports. */
  again(): Promise<RunningClarion>
}

export interface StartOptions {
  /** Where it keeps its data. Without one it has a folder of its own, in which it was started once before: that saves each story two seconds. */
  folder?: string
  ports?: number[]
  environment?: Record<string, string>
}

/** Ports that nobody listens on: above the last one that browsers refuse (10080), below those that systems give to outgoing lines: one of these would be taken again before we are there. */
export async function freePorts(count: number): Promise<number[]> {
  const ports = new Set<number>()
  while (ports.size < count) {
    const port = randomInt(11_000, 32_000)
    if (isOurs(port) && await isFree(port)) ports.add(port)
  }
  return [...ports]
}

/** Whether this process is the first of a run to want a port: others draw theirs at the same time, and listen a second later. */
function isOurs(port: number): boolean {
  const folder = portsFolder()
  if (!folder) return true
  try {
    closeSync(openSync(join(folder, String(port)), 'wx'))
    return true
  } catch {
    return false
  }
}

function isFree(port: number): Promise<boolean> {
  return new Promise((resolve) => {
    const server = createServer().once('error', () => resolve(false))
    server.listen(port, () => server.close(() => resolve(true)))
  })
}

/** What a program finds on a machine where nothing is set, with the run's own place for what is thrown away. */
export function bareEnvironment(more: Record<string, string> = {}): Record<string, string> {
  return { PATH: process.env.PATH!, HOME: process.env.HOME ?? '/', TMPDIR: tmpdir(), ...more }
}

export async function startClarion(options: StartOptions = {}): Promise<RunningClarion> {
  const folder = options.folder ?? newFolder()
  const ports = options.ports ?? await freePorts(3)
  const environment = { ...await databaseSettings(folder), ...options.environment }
  // An embedded database begins with the sample country; another one has it when somebody asks for it.
  if (environment.DATABASE_URL && !options.environment?.DATABASE_URL && !existsSync(join(folder, 'secrets'))) await loadSample({ ...environment, CLARION_DATA: folder })
  const child = spawn(process.execPath, [program, 'start'], {
    env: bareEnvironment({ CLARION_DATA: folder, PORT: String(ports[0]), DESK_PORT: String(ports[1]), INBOX_PORT: String(ports[2]), ...environment }), stdio: ['ignore', 'pipe', 'pipe'],
  })
  let output = ''
  child.stdout.on('data', (chunk: Buffer) => { output += chunk.toString() })
  child.stderr.on('data', (chunk: Buffer) => { output += chunk.toString() })
  const ended = exitOf(child)
  await until(() => output.includes('Ctrl-C stops everything') || child.exitCode !== null || child.signalCode !== null, 'Clarion to start', 90_000)
  if (!output.includes('Ctrl-C stops everything')) throw new Error(`Clarion did not start:\n${output}`)
  const stop = async (signal: NodeJS.Signals = 'SIGINT') => {
    child.kill(signal)
    return ended
  }
  return {
    site: `http://localhost:${ports[0]}`, desk: `http://localhost:${ports[1]}`, inbox: `http://localhost:${ports[2]}`, folder, processId: child.pid!, environment,
    signinLink: /http\S+\/sign-in\/\S+/.exec(output)?.[0] ?? '', output: () => output, stop,
    again: () => startClarion({ ...options, folder, ports }),
    async [Symbol.asyncDispose]() {
      if (child.exitCode === null && child.signalCode === null) await stop()
      rmSync(folder, { recursive: true, force: true })
      await giveUpDatabase(folder)
    },
  }
}

/** An empty folder, for a Clarion that starts from nothing. */
export function emptyFolder(): string {
  return mkdtempSync(join(tmpdir(), 'clarion-story-'))
}

function newFolder(): string {
  const folder = emptyFolder()
  const prepared = preparedFolder()
  if (prepared) execFileSync('cp', ['-a', `${prepared}/.`, folder])
  return folder
}

async function loadSample(environment: Record<string, string>): Promise<void> {
  const code = await exitOf(spawn(process.execPath, [program, 'demo'], { env: bareEnvironment(environment), stdio: ['ignore', 'ignore', 'inherit'] }))
  if (code !== 0) throw new Error('The sample country could not be loaded')
}

export function exitOf(child: ChildProcess): Promise<number | null> {
  return new Promise((resolve) => child.once('exit', (code) => resolve(code)))
}

/** Waits for something to be so: looks again and again, and gives up in the end with what it waited for. */
export async function until<Value>(look: () => Value | Promise<Value>, what: string, patience = 30_000): Promise<NonNullable<Value>> {
  for (const end = Date.now() + patience; ;) {
    const found = await look()
    if (found) return found
    if (Date.now() > end) throw new Error(`Waited in vain for ${what}`)
    await wait(25)
  }
}

/** Mails that were read already, by their address: they do not change, and tests look again and again. */
const readMails = new Map<string, Promise<Email & { raw: string }>>()

/** All mails in the local inbox, newest first. */
export async function inboxMails({ inbox }: Pick<RunningClarion, 'inbox'>): Promise<(Email & { raw: string })[]> {
  const names = await (await fetch(`${inbox}/mails.json`)).json() as string[]
  return Promise.all(names.map((name) => {
    const address = `${inbox}/mail/${name}/raw`
    const reading = readMails.get(address) ?? readMail(address)
    readMails.set(address, reading)
    return reading
  }))
}

async function readMail(address: string): Promise<Email & { raw: string }> {
  const raw = await (await fetch(address)).text()
  return Object.assign(await PostalMime.parse(raw), { raw })
}

/** The next mail to somebody whose subject has these words. */
export function mailTo(clarion: Pick<RunningClarion, 'inbox'>, address: string, subject: string): Promise<Email & { raw: string }> {
  return until(async () => (await inboxMails(clarion)).find((mail) => mail.to?.some((to) => to.address === address) && mail.subject?.includes(subject)), `a mail to ${address} about “${subject}”`)
}

/** The first address in a mail's text that contains these words. */
export function linkIn(mail: Email, part: string): string {
  const link = mail.text?.match(/https?:\/\/\S+/g)?.find((each) => each.includes(part))
  if (!link) throw new Error(`No link with ${part} in the mail`)
  return link
}
