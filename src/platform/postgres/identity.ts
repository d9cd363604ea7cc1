import { spawnSync } from 'node:child_process'
import { chownSync, lstatSync, readdirSync } from 'node:fs'
import { join } from 'node:path'

/** How to run a PostgreSQL program: PostgreSQL refuses to run as root, and we ask nobody to make an operating-system user. */
export interface Identity {
  /** Goes before the program's own command line. */
  prefix: string[]
  spawn: { uid?: number, gid?: number }
  /** Who must own the database's files, as this process sees user ids. */
  ownerId: number | undefined
  /** Whether the data folder must let it pass: what is in there stays closed. */
  needsPassage?: boolean
}

const nobody = 65534

/**
 * As root, in this order: a user namespace in which root is "nobody" (works in folders that only root can read); "nobody" with
 * leave to pass such folders, for containers that block user namespaces; "nobody" alone, for machines without util-linux.
 * As anyone else: just run it.
 */
export function chooseIdentity(): Identity {
  if (process.getuid?.() !== 0) return { prefix: [], spawn: {}, ownerId: undefined }
  const candidates: Identity[] = [
    { prefix: ['unshare', '--user', `--map-user=${nobody}`, `--map-group=${nobody}`], spawn: {}, ownerId: 0 },
    {
      prefix: ['setpriv', `--reuid=${nobody}`, `--regid=${nobody}`, '--clear-groups', '--inh-caps=+dac_override', '--ambient-caps=+dac_override'],
      spawn: {}, ownerId: nobody,
    },
  ]
  const works = candidates.find(({ prefix: [program, ...rest] }) => spawnSync(program!, [...rest, 'true'], { stdio: 'ignore' }).status === 0)
  return works ?? { prefix: [], spawn: { uid: nobody, gid: nobody }, ownerId: nobody, needsPassage: true }
}

/** Hands a file, or a folder and all that is in it, to the identity that will run on it, where that is not so already. */
export function giveTo(identity: Identity, path: string): void {
  const now = lstatSync(path)
  if (identity.ownerId === undefined || now.uid === identity.ownerId) return
  const inside = now.isDirectory() ? readdirSync(path, { recursive: true, encoding: 'utf8' }) : []
  for (const entry of inside) chownSync(join(path, entry), identity.ownerId, identity.ownerId)
  chownSync(path, identity.ownerId, identity.ownerId)
}
