import assert from 'node:assert/strict'
import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { after, test } from 'node:test'
import type { Page } from 'playwright-core'
import { Encrypter, generateX25519Identity, identityToRecipient } from 'age-encryption'
import { recoveryLines } from '#modules/privacy/index.ts'
import { dataKeysOf, newSecrets } from '#platform/secrets.ts'
import { linkIn, mailTo, startClarion, until, type RunningClarion } from '../support/clarion.ts'
import { onOtherServer } from '../support/cluster.ts'
import { clarionCommand, type Answer } from '../support/command.ts'
import { post, sign, write } from '../support/http.ts'
import { visitor } from './browser.ts'
import { administrator, becomeAdministrator, oneTimeCode } from './desk.ts'

const petition = '/actions/no-one-should-vanish'
const letters = '/actions/write-to-your-representative'
const place = mkdtempSync(join(tmpdir(), 'clarion-backups-'))
const file = (name: string) => join(place, name)
const folder = (name: string) => {
  mkdirSync(file(name), { recursive: true, mode: 0o700 })
  return { folder: file(name) }
}

const ours = await startClarion()
const ports = [ours.site, ours.desk, ours.inbox].map((origin) => Number(new URL(origin).port))
after(async () => {
  await ours[Symbol.asyncDispose]()
  rmSync(place, { recursive: true, force: true })
})
let secret = ''
let waiting = ''
let before: Facts | undefined

interface Facts {
  actions: string[]
  counts: number[]
  people: string
  supporter: string
}

/** What a visitor and an administrator see of a Clarion: its actions, their counts, who took part, and one supporter by name. */
async function factsOf({ site, desk }: Pick<RunningClarion, 'site' | 'desk'>, page: Page): Promise<Facts> {
  await page.goto(`${desk}/actions`)
  const actions = (await page.locator('tbody tr').allInnerTexts()).map((row) => row.replace(/\s+/g, ' '))
  await page.goto(`${desk}/participations`)
  const people = (await page.locator('ul.filters').innerText()).replace(/\s+/g, ' ')
  await page.goto(`${desk}/supporters`)
  await page.locator('#email').fill('amara@example.org')
  await page.getByRole('button', { name: 'Find' }).click()
  await page.getByRole('heading', { name: 'A supporter' }).waitFor()
  await page.getByRole('button', { name: 'Open' }).first().click()
  await page.getByText('You have opened locked data.').waitFor()
  const supporter = (await page.locator('main section.card').first().innerText()).replace(/\s+/g, ' ')
  const counts = await Promise.all([petition, letters].map(async (path) => (await (await fetch(`${site}${path}/count.json`)).json() as { count: number }).count))
  return { actions, counts, people, supporter }
}

/** Said in one clear line, with an exit code that is not 0. */
async function refusedInOneLine(asked: Promise<Answer>, why: RegExp): Promise<void> {
  const answer = await asked
  assert.notEqual(answer.code, 0)
  assert.match(answer.said, why)
  assert.equal(answer.said.trim().split('\n').length, 1, answer.said)
  assert.equal(answer.out, '')
}

const identity = await generateX25519Identity()
const recipient = await identityToRecipient(identity)
writeFileSync(file('identity.txt'), `${identity}\n`)
writeFileSync(file('passphrase.txt'), 'seven lanterns in a row\n')
writeFileSync(file('wrong.txt'), 'eight lanterns in a row\n')

test('prepare: people have taken part, and one of them has not confirmed yet', async () => {
  const { page } = await visitor([ours.desk], { viewport: { width: 1280, height: 900 } })
  secret = (await becomeAdministrator(page, ours)).secret
  const confirm = async (email: string, subject: string) => post(ours.site, new URL(linkIn(await mailTo(ours, email, subject), '/confirm/')).pathname, {})
  await sign(ours.site, petition, { name: 'Amara', email: 'amara@example.org', postcode: 'AR 110', comment: 'My cousin was taken.' })
  await sign(ours.site, petition, { name: 'Noor', email: 'noor@example.org' })
  await write(ours.site, letters, { name: 'Amara', email: 'amara@example.org', postcode: 'AR 110' })
  await confirm('amara@example.org', 'One more step: No one should vanish')
  await confirm('amara@example.org', 'your message is waiting')
  waiting = linkIn(await mailTo(ours, 'noor@example.org', 'One more step'), '/confirm/')
  await mailTo(ours, 'minister@justice.marovia.example', 'register of detention')
  await until(async () => (await (await fetch(`${ours.site}${letters}/count.json`)).json() as { count: number }).count === 1, 'the message to be counted')
  await page.goto(ours.desk)
  await page.getByText('There has never been a backup').waitFor()

  await page.goto(`${ours.desk}/keys`)
  await page.getByRole('button', { name: 'Show the recovery sheet' }).click()
  writeFileSync(file('SHEET.txt'), (await page.locator('pre').first().innerText()).toLowerCase())
  before = await factsOf(ours, page)
  assert.deepEqual(before.counts, [1, 1])
})

test('a backup is made while everything runs: with the keys or without, never readable, never over another file', async () => {
  const made = await clarionCommand(ours, 'backup', file('with-keys.backup'), '--with-keys', '--recipient', recipient)
  assert.deepEqual([made.code, made.said], [0, ''])
  assert.match(made.out, /with the keys: whoever opens it can read everything.*another machine/)
  const plain = await clarionCommand(ours, 'backup', file('plain.backup'), '--passphrase-file', file('passphrase.txt'))
  assert.equal(plain.code, 0, plain.said)
  assert.match(plain.out, /to restore it you need the recovery sheet/)
  for (const name of ['with-keys.backup', 'plain.backup']) {
    assert.doesNotMatch(readFileSync(file(name), 'latin1'), /example\.org|Lamplight|vanish/)
    assert.equal(statSync(file(name)).mode & 0o777, 0o600)
  }
  writeFileSync(file('short.txt'), 'short')
  await Promise.all([
    refusedInOneLine(clarionCommand(ours, 'backup', file('plain.backup'), '--passphrase-file', file('passphrase.txt')), /plain\.backup is there already/),
    refusedInOneLine(clarionCommand(ours, 'backup', file('other.backup'), '--passphrase-file', file('short.txt')), /at least 12 characters/),
    refusedInOneLine(clarionCommand(ours, 'backup', file('other.backup'), '--recipient', 'age1nobody'), /--recipient: this is not the public half of an age key/),
    refusedInOneLine(clarionCommand(ours, 'backup', file('other.backup'), '--passphrase-file', file('nowhere.txt')), /nowhere\.txt cannot be read/),
    refusedInOneLine(clarionCommand(ours, 'backup', file('no-such-folder/x.backup'), '--recipient', recipient), /cannot be written: there is no such folder/),
  ])
  assert.deepEqual(readdirSync(place).filter((name) => name.includes('.part') || name.startsWith('other')), [])
})

test('restoring says in one line why it will not: a place in use, a newer backup, a wrong passphrase, a damaged file, a mistyped sheet', async () => {
  const withKeys = [file('with-keys.backup'), '--identity', file('identity.txt')]
  await refusedInOneLine(clarionCommand(ours, 'restore', ...withKeys), onOtherServer() ? /There is something in this place already/ : /is running on .*: stop it first/)
  assert.equal(await ours.stop(), 0)
  await refusedInOneLine(clarionCommand(ours, 'restore', ...withKeys), /There is something in this place already/)

  const sheet = readFileSync(file('SHEET.txt'), 'utf8')
  writeFileSync(file('mistyped.txt'), sheet.replace(/^(record-\S+ )(.)/m, (_, start: string, digit: string) => `${start}${digit === '0' ? '1' : '0'}`))
  writeFileSync(file('other-sheet.txt'), recoveryLines(dataKeysOf(newSecrets())).join('\n'))
  writeFileSync(file('cut.backup'), readFileSync(file('with-keys.backup')).subarray(0, 100_000))
  const encrypter = new Encrypter()
  encrypter.addRecipient(recipient)
  writeFileSync(file('newer.backup'), await encrypter.encrypt(frame(JSON.stringify({ clarion: 1, step: 9999, createdAt: '2099-01-01T00:00:00.000Z' }))))
  const plain = [file('plain.backup'), '--passphrase-file', file('passphrase.txt')]
  const refused = (why: RegExp, ...words: string[]) => refusedInOneLine(clarionCommand(folder('refused'), 'restore', ...words), why)
  await Promise.all([
    refused(/another passphrase or key, or the file is damaged/, file('plain.backup'), '--keys', file('SHEET.txt'), '--passphrase-file', file('wrong.txt')),
    refused(/has no keys in it.*--keys/, ...plain),
    refused(/The line "record-\w+" is not as it was printed/, ...plain, '--keys', file('mistyped.txt')),
    refused(/there is no age key in .*passphrase\.txt/, file('with-keys.backup'), '--identity', file('passphrase.txt')),
    refused(/newer than this program \(step 9999/, file('newer.backup'), '--identity', file('identity.txt')),
    // These two are found out on the way: the place stays empty, and takes the right file afterwards.
    refusedInOneLine(clarionCommand(folder('with its keys'), 'restore', file('cut.backup'), '--identity', file('identity.txt')), /damaged or cut short/),
    refusedInOneLine(clarionCommand(folder('without keys and with the recovery sheet'), 'restore', ...plain, '--keys', file('other-sheet.txt')), /the sheet belongs to another installation/),
  ])
})

function frame(text: string): Buffer {
  const length = Buffer.alloc(4)
  length.writeUInt32BE(Buffer.byteLength(text))
  return Buffer.concat([length, Buffer.from(text)])
}

const ways = {
  'with its keys': [file('with-keys.backup'), '--identity', file('identity.txt')],
  'without keys and with the recovery sheet': [file('plain.backup'), '--keys', file('SHEET.txt'), '--passphrase-file', file('passphrase.txt')],
}

test('a backup goes into an empty place, with its keys or with the recovery sheet', async () => {
  const answers = await Promise.all(Object.entries(ways).map(([name, words]) => clarionCommand(folder(name), 'restore', ...words)))
  for (const { code, out, said } of answers) {
    assert.deepEqual([code, said], [0, ''])
    assert.match(out, /^\d+ rows are restored, as of .*Everything is in practice/)
  }
})

for (const name of Object.keys(ways)) {
  test(`restored ${name} it is the same Clarion: actions, counts, people, staff, and links in old mails`, async () => {
    await using theirs = await startClarion({ ...folder(name), ports })
    assert.equal(theirs.signinLink, '', 'there is an administrator already')

    const { page } = await visitor([ours.site, ours.desk])
    await page.goto(`${theirs.desk}/sign-in`)
    await page.locator('#email').fill(administrator.email)
    await page.locator('#password').fill(administrator.password)
    await page.locator('#code').fill(oneTimeCode(secret))
    await page.getByRole('button', { name: 'Sign in', exact: true }).click()
    await page.getByText('Practice. Nothing leaves this machine').waitFor()
    await page.getByRole('heading', { name: 'This is a restored copy' }).waitFor()
    await page.getByRole('button', { name: 'Understood' }).click()
    await page.getByText('Saved.', { exact: true }).waitFor()
    assert.equal(await page.getByRole('heading', { name: 'This is a restored copy' }).count(), 0, 'until somebody has understood it')
    assert.deepEqual(await factsOf(theirs, page), before)

    await page.goto(waiting)
    await page.getByRole('button', { name: 'Confirm my signature' }).click()
    await page.getByRole('heading', { name: 'Thank you' }).waitFor()
    await until(async () => (await (await fetch(`${theirs.site}${petition}/count.json`)).json() as { count: number }).count === 2, 'the signature to be counted')
  })
}
