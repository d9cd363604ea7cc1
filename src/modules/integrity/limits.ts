import { z } from 'zod'
import type { Db, Tx } from '#platform/db.ts'

const many = z.coerce.number().int().min(1).max(60_000)

/** How many sign-ups may come from where within a while before a browser is asked for a little work. */
export const limits = z.object({
  active: z.boolean(),
  /** The while. */
  minutes: z.coerce.number().int().min(1).max(60),
  /** From one network for one action. */
  perNetwork: many,
  /** With one mailbox, however it is spelt. */
  perMailbox: many,
  /** With addresses that differ by numbers only, for one action. */
  perPattern: many,
  /** With addresses of one domain for one action. Beyond it the limit of a network is a quarter. */
  perDomain: many,
  /** So many times a limit is far beyond it: more work, a longer wait. */
  far: z.coerce.number().int().min(2).max(1000),
  /** How long somebody waits whose browser cannot work. */
  waitSeconds: z.coerce.number().int().min(1).max(300),
  /** Whether staff look first at what is far beyond a limit and looks like one hand. */
  hold: z.boolean(),
  /** Whether visitors from this machine and from private networks are counted. */
  localNetworks: z.boolean(),
})
export type Limits = z.infer<typeof limits>

export async function readLimits(db: Db): Promise<Limits> {
  const row = await db.selectFrom('limits').selectAll().executeTakeFirstOrThrow()
  return {
    active: row.active, minutes: row.minutes, perNetwork: row.per_network, perMailbox: row.per_mailbox, perPattern: row.per_pattern, perDomain: row.per_domain,
    far: row.far, waitSeconds: row.wait_seconds, hold: row.hold, localNetworks: row.local_networks,
  }
}

/** Sets all limits. Every site works by them within a second. */
export async function changeLimits(tx: Tx, to: Limits): Promise<void> {
  await tx.updateTable('limits').set({
    active: to.active, minutes: to.minutes, per_network: to.perNetwork, per_mailbox: to.perMailbox, per_pattern: to.perPattern, per_domain: to.perDomain,
    far: to.far, wait_seconds: to.waitSeconds, hold: to.hold, local_networks: to.localNetworks,
  }).execute()
}
