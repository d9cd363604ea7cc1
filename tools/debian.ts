import { execFileSync, spawnSync } from 'node:child_process'
import { existsSync } from 'node:fs'

/** Says in one line why it cannot go on, and ends. */
export function giveUp(line: string): never {
  console.error(line)
  process.exit(1)
}

/**
 * Sees to it that a Debian package is there, by a program that it brings: installs it as root or by sudo where it is missing.
 * `answer` is what a package would ask (debconf). Where that is not possible the program ends with one line that says what to do.
 */
export function needPackages(packages: string[], programs: string[], answer = ''): void {
  if (programs.every((program) => existsSync(program))) return
  const wanted = packages.join(' ')
  if (spawnSync('apt-get', ['--version'], { stdio: 'ignore' }).status !== 0) giveUp(`${wanted}: missing, and there is no apt-get here. Run this on Debian 12, or in a container of it.`)
  const prefix = process.getuid?.() === 0 ? [] : ['sudo', '-n']
  if (prefix.length && spawnSync('sudo', ['-n', 'true'], { stdio: 'ignore' }).status !== 0) giveUp(`${wanted}: missing. Install it with "sudo apt-get install ${wanted}", or run this as root.`)
  console.log(`Installing ${wanted} …`)
  const [command, ...rest] = [...prefix, 'env', 'DEBIAN_FRONTEND=noninteractive', 'apt-get', '-q', '-y', '--no-install-recommends', 'install', ...packages]
  if (answer) spawnSync(prefix[0] ?? 'debconf-set-selections', prefix.length ? ['-n', 'debconf-set-selections'] : [], { input: answer, stdio: ['pipe', 'ignore', 'inherit'] })
  // The lists may be old or not there: they are fetched only if it does not work without.
  const install = () => spawnSync(command!, rest, { stdio: ['ignore', 'ignore', 'inherit'] }).status === 0
  if (!install()) {
    execFileSync(prefix[0] ?? 'env', [...prefix.slice(1), ...(prefix.length ? ['env'] : []), 'apt-get', '-q', 'update'], { stdio: ['ignore', 'ignore', 'inherit'] })
    if (!install()) giveUp(`${wanted}: apt-get could not install it.`)
  }
  const missing = programs.filter((program) => !existsSync(program))
  if (missing.length) giveUp(`${missing.join(', ')}: not there after installing ${wanted}.`)
}
