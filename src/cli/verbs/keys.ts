import type { KeyChange } from '#platform/key-changes.ts'
import { inTransaction, type Db } from '#platform/db.ts'
import { keyId } from '#platform/sealing/index.ts'
import { recordKeys, type Secrets } from '#platform/secrets.ts'
import { rotations, withRetired, type Rotation } from '#modules/keys/index.ts'
import { audit } from '#modules/staff/index.ts'
import { CliFault } from '../fault.ts'
import { withInstallation } from '../content.ts'
import type { Installation } from '../installation.ts'
import { keepKeys } from '../keeper.ts'
import { readWords } from '../words.ts'

const usage = `clarion keys                                      what there is, and how far rotations are
clarion keys rotate contact|record|index|dkim     a new key; what lies under the old one moves while everything runs
clarion keys destroy contact|record KEY           throws an old private key away, once nothing lies under it
clarion keys switch-dkim                          signs mails with the new key, whether or not its record can be seen
clarion keys forget-dkim                          no longer shows the record of the signing key before`

const kinds = ['contact', 'record', 'index', 'dkim'] as const

/** Shows the keys of an installation by their names, and changes them: never a key itself, neither here nor on a command line. */
export async function keysVerb(words: string[]): Promise<void> {
  const { positionals: [verb, kind, key, ...more] } = readWords(words, {}, usage)
  const change = changeOf(verb, kind, key)
  if (more.length || (verb !== undefined && !change)) throw new CliFault(usage, 2)
  await withInstallation(async (db, installation) => {
    if (change) await make(db, installation, change)
    await show(db, installation.secrets)
  })
}

function changeOf(verb: string | undefined, kind: string | undefined, key: string | undefined): KeyChange | undefined {
  const known = kinds.find((each) => each === kind)
  if (verb === 'rotate' && known && key === undefined) return { do: 'rotate', kind: known }
  if (verb === 'destroy' && (known === 'contact' || known === 'record') && /^[0-9a-f]{8}$/.test(key ?? '')) return { do: 'destroy', kind: known, key: key! }
  if ((verb === 'switch-dkim' || verb === 'forget-dkim') && kind === undefined) return { do: verb }
  return undefined
}

async function make(db: Db, installation: Installation, change: KeyChange): Promise<void> {
  const now = new Date()
  const answer = await keepKeys(installation, change, (fresh) => { installation.secrets = fresh }, now)
  if (answer.outcome !== 'done') throw new CliFault(refusal(answer))
  await inTransaction(db, (tx) => audit(tx, { staffId: null, verb: auditVerb(change), subjectKind: 'settings', subjectIds: [change.do === 'rotate' ? change.kind : change.do === 'destroy' ? change.key : 'dkim'] }, now))
  if (change.do === 'rotate' && change.kind !== 'dkim') console.log(`There is a new ${change.kind} key. The recovery sheet that you have does not carry it: print it anew today, in the desk under Keys, and keep the old one as long as you keep backups from before.\nServices that run on other machines need their files again: secrets/desk.json, then secrets/worker.json, then secrets/site.json.\n`)
}

/** What the audit log calls it, also where the desk asked for it. */
function auditVerb(change: KeyChange): string {
  return change.do === 'rotate' ? 'rotate-key' : change.do === 'destroy' ? 'destroy-key' : change.do
}

function refusal(answer: Awaited<ReturnType<typeof keepKeys>>): string {
  if (answer.outcome !== 'refused') return 'The keys cannot be changed from here.'
  switch (answer.why) {
    case 'left': return `${answer.left} values still lie under this key; they are being moved. Try again when the list says that it is done.`
    case 'in-use': return `A site still seals for this key (last at ${answer.lastUsed}): give it its new secrets/site.json first, and try again a day later.`
    default: return answer.why
  }
}

async function show(db: Db, secrets: Secrets): Promise<void> {
  const all = await rotations(db)
  const { desk, worker } = secrets
  for (const [kind, names] of [['contact', desk.contact.map(keyId)], ['record', recordKeys(desk).map(keyId)], ['index', (await withRetired(db, worker.indexKeys)).map(({ id }) => String(id))]] as const) {
    for (const name of names) console.log(`${kind.padEnd(8)} ${name.padEnd(8)} ${name === names.at(-1) ? 'in use' : 'old'}${kind === 'record' && desk.recordOutside ? ', kept outside of this server' : ''}`)
    for (const each of all.filter((one) => one.kind === kind && one.key === names.at(-1))) console.log(`         ${progress(each)}`)
  }
  console.log(`dkim     ${desk.dkim.selector} in use`)
  if (desk.dkimNext) console.log(`dkim     ${desk.dkimNext.selector} waits for its record: ${desk.dkimNext.selector}._domainkey  TXT  "v=DKIM1; k=rsa; p=${desk.dkimNext.publicKey}"`)
  if (desk.dkimFormer) console.log(`dkim     ${desk.dkimFormer.selector} before: leave its record in the DNS until ${desk.dkimFormer.until.slice(0, 10)}`)
}

function progress({ process, underOld, moved, unreadable, endedAt }: Rotation): string {
  return `${process}: ${moved} of ${underOld} moved${unreadable ? `, ${unreadable} that nobody can open` : ''}${endedAt ? ', done' : ''}`
}
