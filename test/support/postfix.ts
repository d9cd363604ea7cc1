import { execFileSync, spawn, type ChildProcess } from 'node:child_process'
import { chmodSync, chownSync, existsSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { createServer, type Socket } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import PostalMime, { type Email } from 'postal-mime'
import { exitOf, freePorts, until } from './clarion.ts'

/** Why there can be no Postfix of a test's own on this machine; nothing where there can. */
export function noPostfix(): string | undefined {
  if (process.getuid?.() !== 0) return 'Postfix starts for root only'
  return existsSync('/usr/lib/postfix/sbin/master') && existsSync('/usr/sbin/opendkim') ? undefined : 'Postfix and OpenDKIM are not installed: npm run test:smtp does that'
}

/** A mail as it came to rest behind Postfix, with its bytes as they are in the Maildir. */
export type Delivered = Email & { raw: string }

/** A Postfix of a test's own: on loopback, with a queue of its own, OpenDKIM at its door and one Maildir for everybody behind it. Nothing leaves this machine. */
export interface TestPostfix extends AsyncDisposable {
  url: string
  /** Largest mail that it takes, in bytes. */
  sizeLimit: number
  /** What is said to a recipient: an SMTP answer such as "451 4.7.1 Later", or nothing to take the mail. Asked each time. */
  decide: (recipient: string) => string | undefined
  /** All mails that arrived, oldest first. */
  mails(): Promise<Delivered[]>
  /** What it logged. */
  log(): string
}

interface Signature {
  domain: string
  selector: string
  /** Base64 of the public key, as in the DNS. */
  publicKey: string
}

export async function testPostfix(signature: Signature, wantedPort?: number): Promise<TestPostfix> {
  const folder = mkdtempSync(join(tmpdir(), 'clarion-postfix-'))
  chmodSync(folder, 0o755)
  const [freePort, milterPort] = await freePorts(2)
  const port = wantedPort ?? freePort!
  const sizeLimit = 200_000
  const postfix: TestPostfix = {
    url: `smtp://127.0.0.1:${port}`, sizeLimit, decide: () => undefined,
    mails: () => delivered(join(folder, 'mail')), log: () => ['postfix.log', 'opendkim.log'].map((name) => (existsSync(join(folder, name)) ? readFileSync(join(folder, name), 'utf8') : '')).join('\n'),
    async [Symbol.asyncDispose]() {
      for (const child of [master, milter]) await stop(child)
      await policy.stop()
      rmSync(folder, { recursive: true, force: true })
    },
  }
  const policy = await policyServer((recipient) => postfix.decide(recipient))
  const milter = startOpenDkim(folder, milterPort!, signature)
  configure(folder, { port, milterPort: milterPort!, policyPort: policy.port, sizeLimit })
  execFileSync('/usr/sbin/postfix', ['-c', join(folder, 'etc'), 'check'], { stdio: 'ignore' })
  const master = spawn('/usr/lib/postfix/sbin/master', ['-c', join(folder, 'etc'), '-d'], { stdio: 'ignore' })
  await until(() => answers(port), 'Postfix to answer', 20_000)
  return postfix
}

function userOf(name: string): { uid: number, gid: number } {
  const [uid, gid] = new RegExp(`^${name}:[^:]*:(\\d+):(\\d+):`, 'm').exec(readFileSync('/etc/passwd', 'utf8'))!.slice(1).map(Number)
  return { uid: uid!, gid: gid! }
}

function configure(folder: string, { port, milterPort, policyPort, sizeLimit }: { port: number, milterPort: number, policyPort: number, sizeLimit: number }): void {
  const { uid, gid } = userOf('postfix')
  for (const name of ['etc', 'queue', 'data', 'mail']) mkdirSync(join(folder, name))
  for (const name of ['data', 'mail']) chownSync(join(folder, name), uid, gid)
  writeFileSync(join(folder, 'etc', 'main.cf'), Object.entries({
    compatibility_level: '3.6', queue_directory: join(folder, 'queue'), data_directory: join(folder, 'data'), daemon_directory: '/usr/lib/postfix/sbin', command_directory: '/usr/sbin',
    mail_owner: 'postfix', setgid_group: 'postdrop', maillog_file: join(folder, 'postfix.log'), maillog_file_prefixes: folder, multi_instance_enable: 'no',
    inet_interfaces: '127.0.0.1', inet_protocols: 'ipv4', mynetworks: '127.0.0.0/8', myhostname: 'mx.tests.example', mydestination: '', local_recipient_maps: '', alias_maps: '', alias_database: '',
    // Every address is one of ours and ends in one Maildir; what is not, has no way out.
    virtual_mailbox_domains: 'static:all', virtual_mailbox_maps: 'static:all/', virtual_mailbox_base: join(folder, 'mail'), virtual_uid_maps: `static:${uid}`, virtual_gid_maps: `static:${gid}`, virtual_minimum_uid: '50',
    virtual_transport: 'virtual', default_transport: 'error:nothing leaves this machine', relay_transport: 'error:nothing leaves this machine',
    message_size_limit: String(sizeLimit), smtpd_milters: `inet:127.0.0.1:${milterPort}`, milter_default_action: 'tempfail',
    smtpd_relay_restrictions: `check_policy_service inet:127.0.0.1:${policyPort}, permit_mynetworks, reject`,
    // As strict as a server can be about how a mail is written.
    smtpd_forbid_bare_newline: 'yes', smtpd_forbid_bare_newline_exclusions: '', strict_rfc821_envelopes: 'yes', strict_8bitmime: 'yes', smtpd_helo_required: 'yes', smtp_line_length_limit: '998',
  }).map(([name, value]) => `${name} = ${value}\n`).join(''))
  writeFileSync(join(folder, 'etc', 'master.cf'), `
127.0.0.1:${port} inet n - n - - smtpd
cleanup unix n - n - 0 cleanup
qmgr unix n - n 300 1 qmgr
rewrite unix - - n - - trivial-rewrite
bounce unix - - n - 0 bounce
defer unix - - n - 0 bounce
error unix - - n - - error
virtual unix - n n - - virtual
anvil unix - - n - 1 anvil
scache unix - - n - 1 scache
proxymap unix - - n - - proxymap
postlog unix-dgram n - n - 1 postlogd
`)
}

function startOpenDkim(folder: string, port: number, { domain, selector, publicKey }: Signature): ChildProcess {
  const file = (name: string) => join(folder, name)
  writeFileSync(file('keys'), `${selector}._domainkey.${domain} v=DKIM1; k=rsa; p=${publicKey}\n`)
  writeFileSync(file('opendkim.conf'), [
    'Mode v', `Socket inet:${port}@127.0.0.1`, 'Syslog no', 'Background no', `PidFile ${file('opendkim.pid')}`, `TestPublicKeys ${file('keys')}`,
    // Nobody counts as our own: every mail is verified.
    'InternalHosts 192.0.2.1', 'ExternalIgnoreList 127.0.0.1', 'AlwaysAddARHeader yes', 'AuthservID mx.tests.example', 'Canonicalization simple', 'UserID opendkim',
  ].join('\n'))
  return spawn('/usr/sbin/opendkim', ['-f', '-x', file('opendkim.conf')], { stdio: 'ignore' })
}

/** Postfix asks it about every recipient (SMTPD_POLICY_README): lines of name=value, answered by an action. */
async function policyServer(decide: (recipient: string) => string | undefined): Promise<{ port: number, stop(): Promise<void> }> {
  const open = new Set<Socket>()
  const server = createServer((socket) => {
    open.add(socket)
    socket.on('close', () => open.delete(socket))
    let asked = ''
    socket.on('error', () => {})
    socket.on('data', (chunk) => {
      asked += chunk.toString()
      for (let end = asked.indexOf('\n\n'); end >= 0; end = asked.indexOf('\n\n')) {
        const recipient = /^recipient=(.*)$/m.exec(asked.slice(0, end))?.[1] ?? ''
        asked = asked.slice(end + 2)
        socket.write(`action=${decide(recipient) ?? 'DUNNO'}\n\n`)
      }
    })
  })
  server.unref()
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  return {
    port: (server.address() as { port: number }).port,
    async stop() {
      const closed = new Promise<void>((resolve) => server.close(() => resolve()))
      // Postfix keeps its line for the next question.
      for (const socket of open) socket.destroy()
      await closed
    },
  }
}

function answers(port: number): boolean {
  try {
    return execFileSync('bash', ['-c', `exec 3<>/dev/tcp/127.0.0.1/${port} && head -n 1 <&3`], { encoding: 'utf8', stdio: ['ignore', 'pipe', 'ignore'], timeout: 2000 }).startsWith('220')
  } catch {
    return false
  }
}

async function delivered(folder: string): Promise<Delivered[]> {
  const inside = join(folder, 'all', 'new')
  const names = existsSync(inside) ? readdirSync(inside) : []
  const mails = await Promise.all(names.map(async (name) => {
    const raw = readFileSync(join(inside, name), 'latin1')
    return { name, mail: Object.assign(await PostalMime.parse(Buffer.from(raw, 'latin1')), { raw }) }
  }))
  return mails.toSorted((one, other) => one.name.localeCompare(other.name)).map(({ mail }) => mail)
}

async function stop(child: ChildProcess): Promise<void> {
  if (child.exitCode !== null || child.signalCode !== null) return
  const ended = exitOf(child)
  child.kill('SIGTERM')
  await ended
}
