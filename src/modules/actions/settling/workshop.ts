import type { Tx } from '#platform/db.ts'
import type { LinkUse, OwnEntry } from '../intake/entry.ts'
import type { IndexKey, Opener, SealingKey } from '#platform/sealing/index.ts'

/** The keys that settling works with. Only the worker has them. */
export interface Keys {
  opener: Opener
  contact: SealingKey
  record: SealingKey
  indexKeys: IndexKey[]
  linkKey: string
}

/** A participation, by the keys of its row. */
export interface ParticipationRef {
  personId: string
  id: string
}

export interface ConfirmedParticipation extends ParticipationRef {
  actionId: string
  language: string
  areaId: string | null
  country: string | null
  rehearsal: boolean
}

/** What a kind of action adds to the common course of a participation, in the same transaction. */
export interface KindHooks {
  /** These have just been confirmed, by their owners. Some may repeat what the same person did before. */
  confirmed(tx: Tx, participations: ConfirmedParticipation[], now: Date): Promise<void>
  /** These were taken back, by their owners or by whoever owns the mailbox. */
  ended(tx: Tx, participations: ParticipationRef[], now: Date): Promise<void>
  /** Their owners say what came back. */
  answered(tx: Tx, answered: (ParticipationRef & { answers: NonNullable<LinkUse['answers']> })[], now: Date): Promise<void>
}

/** Does what was handed in about people's own data, in the order in which it came. */
export type OwnDataSettling = (tx: Tx, keys: Keys, hooks: KindHooks, entries: OwnEntry[], practice: boolean, now: Date) => Promise<void>
