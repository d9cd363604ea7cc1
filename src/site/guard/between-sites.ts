import { createCipheriv, createDecipheriv, randomBytes } from 'node:crypto'
import { Channel } from '#platform/channel.ts'
import type { DatabaseAddress } from '#platform/db.ts'
import type { Log } from '#platform/log.ts'
import { startLoop, type Loop } from '#platform/loop.ts'
import type { SiteSecrets } from '#platform/secrets.ts'
import { sharedKey, type Door } from './guard.ts'

/** How long something that one site counted may take to count at the others, in milliseconds. */
const every = 300
/** In one saying: encrypted and in base64 it stays below what the database takes. */
const most = { spots: 600, spent: 60 }
/** So many sayings are kept where a busy database does not take them, the newest ones. */
const mostUnsaid = 50

interface Saying {
  from: string
  day: number
  /** Five bytes each. */
  spots: string
  spent: string[]
}

/**
 * Lets all sites of an installation count as one: each tells the others, by the database and past its disk, at which places it counted
 * and which challenges were used. What is said is encrypted under a key that only sites have. While they cannot hear each other, each counts for itself.
 */
export function countTogether(door: Door, { address, secrets, now, log }: { address: DatabaseAddress, secrets: SiteSecrets, now: () => Date, log: Log }): Loop {
  const key = sharedKey(secrets, 'clarion between sites')
  const me = randomBytes(9).toString('base64url')
  const channel = new Channel(address, { name: 'clarion_sites', process: 'site' }, (text) => {
    const said = unlock(key, text)
    if (!said || said.from === me) return
    door.guard.hear({ day: said.day, spots: unpacked(said.spots) })
    for (const seed of said.spent) door.works.spentElsewhere(seed, now().getTime())
  })
  // What could not be said is said at the next turn: one that was cut off and heard all the same counts twice, which is better than not at all.
  let sayings: string[] = []
  const loop = startLoop('between-sites', async () => {
    await channel.open()
    const { day, spots } = door.guard.takeNews()
    const spent = door.works.takeSpent()
    sayings = sayings.slice(-mostUnsaid)
    for (let at = 0; at * most.spots < spots.length || at * most.spent < spent.length; at++) {
      sayings.push(lock(key, { from: me, day, spots: packed(spots.slice(at * most.spots, (at + 1) * most.spots)), spent: spent.slice(at * most.spent, (at + 1) * most.spent) }))
    }
    const count = sayings.length
    if (count) await channel.say(sayings)
    sayings = []
    return count
  }, { idle: every, restAfter: () => every, log })
  return {
    wake: () => loop.wake(),
    async stop() {
      await loop.stop()
      await channel.close()
    },
  }
}

function packed(spots: number[]): string {
  const bytes = Buffer.alloc(spots.length * 5)
  for (const [place, spot] of spots.entries()) bytes.writeUIntBE(spot, place * 5, 5)
  return bytes.toString('base64')
}

function unpacked(text: string): number[] {
  const bytes = Buffer.from(text, 'base64')
  return Array.from({ length: Math.floor(bytes.length / 5) }, (_, place) => bytes.readUIntBE(place * 5, 5))
}

function lock(key: Buffer, saying: Saying): string {
  const nonce = randomBytes(12)
  const cipher = createCipheriv('aes-256-gcm', key, nonce)
  return Buffer.concat([nonce, cipher.update(JSON.stringify(saying)), cipher.final(), cipher.getAuthTag()]).toString('base64')
}

/** Nothing for what none of ours said: whoever may sign in to the database may say something on its channels. */
function unlock(key: Buffer, text: string): Saying | undefined {
  const bytes = Buffer.from(text, 'base64')
  if (bytes.length < 28) return undefined
  try {
    const decipher = createDecipheriv('aes-256-gcm', key, bytes.subarray(0, 12)).setAuthTag(bytes.subarray(-16))
    return JSON.parse(Buffer.concat([decipher.update(bytes.subarray(12, -16)), decipher.final()]).toString()) as Saying
  } catch {
    return undefined
  }
}
