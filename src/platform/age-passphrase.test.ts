import assert from 'node:assert/strict'
import { test } from 'node:test'
import { Decrypter, Encrypter, generateX25519Identity, identityToRecipient } from 'age-encryption'
import { passphraseIdentity, passphraseRecipient } from './age-passphrase.ts'

async function sealed(recipient: Parameters<Encrypter['addRecipient']>[0]): Promise<Uint8Array> {
  const encrypter = new Encrypter()
  encrypter.addRecipient(recipient)
  return encrypter.encrypt('what it says')
}

function opened(file: Uint8Array, passphrase: string): Promise<string> {
  const decrypter = new Decrypter()
  decrypter.addIdentity(passphraseIdentity(passphrase))
  return decrypter.decrypt(file, 'text')
}

test('a file under a passphrase is what the library makes and opens, both ways', async () => {
  const passphrase = 'sept lanternes à la file'
  const file = await sealed(passphraseRecipient(passphrase, 10))
  assert.equal(await opened(file, passphrase), 'what it says')
  const theirs = new Decrypter()
  theirs.addPassphrase(passphrase)
  assert.equal(await theirs.decrypt(file, 'text'), 'what it says')
  const encrypter = new Encrypter()
  encrypter.setPassphrase(passphrase)
  encrypter.setScryptWorkFactor(10)
  assert.equal(await opened(await encrypter.encrypt('from them'), passphrase), 'from them')
})

test('another passphrase, a file for somebody else and one that asks for more than a gigabyte are not opened', async () => {
  const file = await sealed(passphraseRecipient('seven lanterns', 10))
  await assert.rejects(opened(file, 'eight lanterns'), /no identity matched/)
  await assert.rejects(opened(await sealed(await identityToRecipient(await generateX25519Identity())), 'seven lanterns'), /no identity matched/)
  const greedy = Buffer.from(file).toString('latin1').replace(/^(-> scrypt \S+) 10$/m, '$1 30')
  await assert.rejects(opened(Buffer.from(greedy, 'latin1'), 'seven lanterns'), /not as age makes them/)
})
