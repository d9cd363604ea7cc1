/**
 * Runs the stories that go through a real mail server: `npm run test:smtp`. Installs Postfix and OpenDKIM where they are missing, and runs them as root: Postfix
 * starts for nobody else. What is started has its own settings, queue and port, and no way off this machine.
 */
import { spawnSync } from 'node:child_process'
import { fileURLToPath } from 'node:url'
import { giveUp, needPackages } from './debian.ts'

if (process.getuid?.() !== 0) giveUp('Postfix starts for root only: run this as root, or in a container.')
needPackages(['postfix', 'opendkim'], ['/usr/sbin/postfix', '/usr/lib/postfix/sbin/master', '/usr/sbin/opendkim'], 'postfix postfix/main_mailer_type select No configuration')
const { status } = spawnSync(process.execPath, [fileURLToPath(new URL('test.ts', import.meta.url)), 'test/smtp/real-mail-server.test.ts', ...process.argv.slice(2)], { stdio: 'inherit' })
process.exitCode = status ?? 1
