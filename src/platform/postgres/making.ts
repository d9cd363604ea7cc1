import { randomBytes } from 'node:crypto'
import { constants, cpSync, existsSync, mkdirSync, readdirSync, renameSync, rmSync, writeFileSync } from 'node:fs'
import { basename, dirname, join } from 'node:path'
import type { Binaries } from './binaries.ts'
import { giveTo, type Identity } from './identity.ts'
import { exit, faultFrom, run } from './program.ts'

export const ownerRole = 'clarion_owner'

export interface Making {
  binaries: Binaries
  identity: Identity
  /** Where the database's files will be. */
  data: string
  log: string
}

/** Makes the folder of a database that nobody has used, in one step for whoever looks: there is all of it, or none. A copy of `prepared`, where that is given and there, takes a fifth of the time; the spare one beside it, which the first to come takes, none. */
export async function makeDatabaseFolder(making: Making, ownerPassword: string, prepared?: string): Promise<void> {
  const fresh = `${making.data}.new-${randomBytes(4).toString('hex')}`
  try {
    if (!prepared || !existsSync(join(prepared, 'PG_VERSION')) || !await copy(making, fresh, ownerPassword, prepared)) await initialise(making, fresh, ownerPassword)
    renameSync(fresh, making.data)
  } finally {
    rmSync(fresh, { recursive: true, force: true })
  }
}

/** Takes away what a first start that was killed had made so far. To be called where the database is there: whoever makes another one beside it comes too late. */
export function removeHalfMade(data: string): void {
  for (const each of readdirSync(dirname(data))) if (each.startsWith(`${basename(data)}.new-`)) rmSync(join(dirname(data), each), { recursive: true, force: true })
}

async function initialise({ binaries, identity, log }: Making, fresh: string, ownerPassword: string): Promise<void> {
  const passwordFile = `${fresh}.password`
  try {
    mkdirSync(fresh, { mode: 0o700 })
    giveTo(identity, fresh)
    writeFileSync(passwordFile, ownerPassword, { mode: 0o600 })
    giveTo(identity, passwordFile)
    const child = run(binaries.initdb, [
      '-D', fresh, '-U', ownerRole, '--auth=scram-sha-256', `--pwfile=${passwordFile}`, '--encoding=UTF8',
      '--locale-provider=builtin', '--locale=C.UTF-8', '--no-instructions', '--no-sync',
    ], binaries, identity, log)
    if (await exit(child) !== 0) throw faultFrom(log, 'The embedded database could not be made.')
  } finally {
    rmSync(passwordFile, { force: true })
  }
}

/** Where one more copy of a prepared database lies, made together with it, for the first start that comes. */
export function spareOf(prepared: string): string {
  return `${prepared}-spare`
}

/** Two thousand files take some file systems three seconds to make, and none to rename: the first start after installing does that, where it is on the same disk. */
function take(prepared: string, fresh: string): void {
  try {
    renameSync(spareOf(prepared), fresh)
  } catch {
    cpSync(prepared, fresh, { recursive: true, mode: constants.COPYFILE_FICLONE })
  }
}

/** The owner's password is set before anybody can sign in. False if the copy is of no use here. */
async function copy({ binaries, identity, log }: Making, fresh: string, ownerPassword: string, prepared: string): Promise<boolean> {
  try {
    take(prepared, fresh)
    giveTo(identity, fresh)
    // Our own base64url: it has no quotes.
    const child = run(binaries.postgres, ['--single', '-D', fresh, '-F', 'postgres'], binaries, identity, log, `alter role ${ownerRole} password '${ownerPassword}'\n`)
    if (await exit(child) === 0) return true
  } catch { /* made from nothing then, which says what is wrong */ }
  rmSync(fresh, { recursive: true, force: true })
  return false
}
