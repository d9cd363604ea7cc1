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
  return works ?? { prefix: [], spawn: { uid: nobody, gid: nobody }, ownerId: nobody }
}

/** Hands a folder and all that is in it to the identity that will run on it, where that is not so already. */
export function giveTo(identity: Identity, folder: string): void {
  if (identity.ownerId === undefined || lstatSync(folder).uid === identity.ownerId) return
  for (const entry of readdirSync(folder, { recursive: true, encoding: 'utf8' })) chownSync(join(folder, entry), identity.ownerId, identity.ownerId)
  chownSync(folder, identity.ownerId, identity.ownerId)
}
