import { existsSync, statSync } from 'node:fs'
import { mended } from '#platform/key-changes.ts'
import { readSecrets, readSecretsOf, secretsFile, type ProcessName, type Secrets } from '#platform/secrets.ts'
import type { Installation } from './installation.ts'
import { keepKeys } from './keeper.ts'
import type { Supervised } from './supervise.ts'

const lookEvery = 1000
/** Whoever opens has a new key before whoever seals. */
const inOrder = ['desk', 'worker', 'site'] as const

/** Changes the keys when the desk asks for it, and hands processes their new ones, also where a command has changed the files. */
export function keepProcesses(processes: Record<ProcessName, Supervised>, installation: Installation): { stop(): void } {
  const { dataFolder } = installation.config
  let handing: Promise<void> = Promise.resolve()
  const handOver = (fresh: Secrets) => {
    const before = installation.secrets
    installation.secrets = fresh
    handing = handing.then(async () => {
      for (const name of inOrder) if (JSON.stringify(before[name]) !== JSON.stringify(fresh[name])) await processes[name].rekey(fresh[name])
    })
  }
  processes.desk.keysBy(async (change) => {
    const answer = await keepKeys(installation, change, handOver, new Date())
    await handing
    return answer
  })
  // It sees in the DNS when the new signature can be checked.
  processes.worker.keysBy((change) => (change.do === 'switch-dkim' ? keepKeys(installation, change, handOver, new Date()) : Promise.resolve({ outcome: 'elsewhere' })))
  return watching(inOrder.map((name) => secretsFile(dataFolder, name)), () => handOver(mended(readSecrets(dataFolder))))
}

/** For a process that runs as a service: hands it what its own file says whenever that is exchanged. */
export function keepProcess(supervised: Supervised, name: ProcessName, dataFolder: string): { stop(): void } {
  return watching([secretsFile(dataFolder, name)], () => void supervised.rekey(readSecretsOf(dataFolder, name)))
}

/** Looks once a second whether one of these files is another one, because not every file system says so by itself. */
function watching(files: string[], changed: () => void): { stop(): void } {
  const print = () => files.map((file) => (existsSync(file) ? `${statSync(file).mtimeMs} ${statSync(file).ino}` : '')).join('\n')
  let known = print()
  const timer = setInterval(() => {
    const now = print()
    if (now === known) return
    known = now
    try {
      changed()
    } catch { /* half a set of files: the other half comes within the next second */ known = '' }
  }, lookEvery)
  timer.unref()
  return { stop: () => clearInterval(timer) }
}
