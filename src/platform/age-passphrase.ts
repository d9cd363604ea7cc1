import { createCipheriv, createDecipheriv, randomBytes, scrypt } from 'node:crypto'
import { Stanza, type Identity, type Recipient } from 'age-encryption'

/** More rounds than 2^20 take a gigabyte: no file of ours or of the `age` program asks for them. */
const mostLogN = 20
const noNonce = Buffer.alloc(12)

/**
 * A passphrase as one who can open a file (age's scrypt stanza, C2SP age v1), `logN` being the base-2 logarithm of the rounds. Beside the others' work:
 * what the library does for itself takes twice as long, and nobody else is served meanwhile.
 */
export function passphraseRecipient(passphrase: string, logN = 18): Recipient {
  return {
    async wrapFileKey(fileKey) {
      const salt = randomBytes(16)
      const cipher = createCipheriv('chacha20-poly1305', await stretched(passphrase, salt, logN), noNonce, { authTagLength: 16 })
      const body = Buffer.concat([cipher.update(fileKey), cipher.final(), cipher.getAuthTag()])
      return [new Stanza(['scrypt', unpadded(salt), String(logN)], body)]
    },
  }
}

/** The same for opening. Files for somebody else, and files under another passphrase, are not opened; throws on a stanza that is not as it should be. */
export function passphraseIdentity(passphrase: string): Identity {
  return {
    async unwrapFileKey(stanzas) {
      const stanza = stanzas.find(({ args }) => args[0] === 'scrypt')
      if (!stanza) return null
      const [, encoded = '', rounds = ''] = stanza.args
      const salt = Buffer.from(encoded, 'base64')
      const logN = Number(rounds)
      if (stanzas.length !== 1 || stanza.args.length !== 3 || salt.length !== 16 || unpadded(salt) !== encoded || !/^[1-9]\d*$/.test(rounds) || logN > mostLogN || stanza.body.length !== 32) throw new Error('The file is not as age makes them')
      const decipher = createDecipheriv('chacha20-poly1305', await stretched(passphrase, salt, logN), noNonce, { authTagLength: 16 })
      decipher.setAuthTag(stanza.body.subarray(16))
      try {
        return Buffer.concat([decipher.update(stanza.body.subarray(0, 16)), decipher.final()])
      } catch {
        return null
      }
    },
  }
}

function unpadded(bytes: Buffer): string {
  return bytes.toString('base64').replace(/=+$/, '')
}

function stretched(passphrase: string, salt: Buffer, logN: number): Promise<Buffer> {
  const rounds = 2 ** logN
  return new Promise((resolve, reject) => {
    scrypt(passphrase, Buffer.concat([Buffer.from('age-encryption.org/v1/scrypt'), salt]), 32, { N: rounds, r: 8, p: 1, maxmem: 1024 * rounds + 2 ** 20 }, (error, key) => (error ? reject(error) : resolve(key)))
  })
}
