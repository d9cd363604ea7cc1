import { Log } from '#platform/log.ts'
import { CliFault } from './fault.ts'
import { asksForHelp } from './words.ts'

/** What `clarion <verb>` does; each verb loads only what it needs. */
const verbs: Record<string, { about: string, run(words: string[]): Promise<void> }> = {
  start: { about: 'everything on this machine, until Ctrl-C', run: startAll },
  ...Object.fromEntries((['site', 'worker', 'desk', 'inbox'] as const).map((name) => [name, { about: `the ${name} alone, as a service`, run: async () => (await import('./verbs/process.ts')).processVerb(name) }])),
  migrate: { about: 'bring the database up to this program', run: async () => (await import('./verbs/migrate.ts')).migrateVerb() },
  demo: { about: 'load the sample country into an empty database', run: async () => (await import('./verbs/migrate.ts')).demoVerb() },
  doctor: { about: 'check what going live needs', run: async () => (await import('./verbs/doctor.ts')).doctorVerb() },
  'signin-link': { about: 'a link that signs a staff member in once', run: async (words) => (await import('./verbs/staff.ts')).signinLinkVerb(words) },
  import: { about: 'office-holders, codes, or a page kept by hand', run: async (words) => (await import('./verbs/import.ts')).importVerb(words) },
  lookup: { about: 'who represents a code', run: async (words) => (await import('./verbs/lookup.ts')).lookupVerb(words) },
  keys: { about: 'what keys there are; a new one; an old one thrown away', run: async (words) => (await import('./verbs/keys.ts')).keysVerb(words) },
  backup: { about: 'everything into one encrypted file', run: async (words) => (await import('./verbs/backup.ts')).backupVerb(words) },
  verify: { about: 'check that the audit log is whole and the counts agree', run: async (words) => (await import('./verbs/verify.ts')).verifyVerb(words) },
  compile: { about: 'load everything once, so that the first start is faster; npm ci does it', run: async () => (await import('./verbs/compile.ts')).compileVerb() },
  restore: { about: 'a backup into an empty place', run: async (words) => (await import('./verbs/restore.ts')).restoreVerb(words) },
}

/** The site begins to load before the rest of what starts it: it is what people wait for. */
async function startAll(): Promise<void> {
  const { Supervised } = await import('./supervise.ts')
  const site = new Supervised('site', new Log('supervisor'))
  site.load()
  await (await import('./start.ts')).start(site)
}

/** Does what was asked for on the command line. A fault of whoever asked is said in a line, with its exit code. */
export async function runVerb(words: string[]): Promise<void> {
  try {
    await run(words)
  } catch (error) {
    const exitCode = error instanceof CliFault ? error.exitCode : 1
    console[exitCode === 0 ? 'log' : 'error'](error instanceof CliFault ? error.message : error)
    process.exit(exitCode)
  }
}

async function run([verb, ...words]: string[]): Promise<void> {
  const known = verb !== undefined && verbs[verb]
  if (!known) {
    const list = `clarion <verb>\n${Object.entries(verbs).map(([name, { about }]) => `  ${name.padEnd(12)} ${about}`).join('\n')}`
    throw verb === undefined || verb === 'help' || asksForHelp([verb]) ? new CliFault(list, 0) : new CliFault(`There is no verb "${verb}".\n${list}`, 2)
  }
  // A verb that takes no words does nothing with some: whoever asks what "migrate" does must not find out by its having been done.
  if (known.run.length === 0 && words.length > 0) throw new CliFault(`clarion ${verb}   ${known.about}`, asksForHelp(words) ? 0 : 2)
  await known.run(words)
}
