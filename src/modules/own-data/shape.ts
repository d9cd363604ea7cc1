import type { Frequency } from '#modules/people/index.ts'
import type { MessageLife } from '#modules/messages/index.ts'

/** One answer to a question of consent, in the exact words that were shown. */
export interface SaidConsent {
  statement: string
  purpose: string
  channel: string
  /** Who asked; nothing: the publisher itself. */
  controller: string | null
  about: 'controller' | 'action'
  wording: string | null
  version: number | null
  language: string | null
  answer: string
  way: string
  presentedAt: string
  recordedAt: string
}

/** One participation with all that is known of it. Moments are ISO 8601. */
export interface OwnParticipation {
  id: string
  action: { slug: string, title: string, kind: 'petition' | 'message', public: boolean }
  state: string
  language: string
  country: string | null
  area: string | null
  source: string | null
  takenAt: string
  confirmedAt: string | null
  endedAt: string | null
  name: string | null
  comment: string | null
  postcode: string | null
  /** Which words were signed under. */
  ask: string | null
  /** How the name stands on the action's page, if its owner asked for that. */
  shown: { name: string, state: string } | null
  consents: SaidConsent[]
  messages: (MessageLife & { office: string, reply: string | null })[]
  /** What was written, while the worker can read it. */
  text: { subject: string, body: string }[] | null
  /** Whether phone, postal address, or words that were sent are kept where only the desk opens them. */
  records: { details: boolean, text: boolean }
}

/** A question of consent as it stands now: what holds, how often, and the words in which it would be asked today. */
export interface OwnChoice {
  statement: string
  /** The action that it is about, where it is about one. */
  action: { id: string, title: string } | null
  channel: string
  controller: string | null
  wording: { id: string, text: string } | null
  answer: 'yes' | 'no' | 'withdrawn' | null
  frequency: Frequency
  /** Single topics: those that newsletters are offered about (`never` where they were not chosen), and what was said of others. */
  topics: { topic: string, name: string, frequency: Frequency }[]
  /** Whether it is only about what was chosen by topic: nothing comes under it besides. */
  byTopic: boolean
}

/** Something that was written by the form of a place or topic, with this mailbox's address. */
export interface OwnContactMessage {
  id: string
  /** What the place or topic is called. */
  about: string
  state: 'unread' | 'read' | 'answered'
  at: string
}

/** An update, a newsletter or a bulletin, and what became of it for this person. `leftOut`: why it was not sent to them. */
export interface OwnNews {
  kind: 'update' | 'newsletter' | 'bulletin'
  /** The action or place that it was about, or what a newsletter was called. */
  about: string
  state: string
  leftOut: string | null
  returned: 'bounced' | 'complained' | null
  /** When they left by it. */
  unsubscribedAt: string | null
  at: string
}

/** A bulletin that was asked for: of which place or topic, and whether the mailbox said yes. */
export interface OwnBulletin {
  about: string
  frequency: string
  state: 'waiting' | 'confirmed' | 'refused'
  askedAt: string
  confirmedAt: string | null
}

/** A list that this mailbox was in when it left the house. */
export interface OwnHandedOver {
  kind: string
  to: string | null
  action: string | null
  at: string
}

/** All that the worker knows of somebody: what a capsule holds. */
export interface OwnData {
  version: 1
  writtenAt: string
  email: string
  name: string | null
  /** Whether the mailbox is used under other names too, whose rows are not here. */
  shared: boolean
  language: string
  country: string | null
  area: string | null
  since: string
  confirmedAt: string | null
  pausedUntil: string | null
  erasing: boolean
  /** A change of address that waits for the new mailbox. */
  newAddress: string | null
  participations: OwnParticipation[]
  /** Answers that came with no participation: taken back, or changed here or by staff. */
  consents: SaidConsent[]
  choices: OwnChoice[]
  suppressions: { scope: string, reason: string, at: string }[]
  mails: { kind: string, state: string, at: string }[]
  browsers: number
  requests: { what: string, way: string, askedBy: string, at: string }[]
  /** Since when all of it is kept because the law wants it kept, and until when it was. None in capsules of the version before. */
  holds?: { since: string, until: string | null }[]
  /** What was written to whoever looks after a place or topic; the words lie under the record key. None in capsules of the version before. */
  contactMessages?: OwnContactMessage[]
  /** None of these in capsules of the version before. `cameBack`: what their mailbox said to mails of ours; `letters`: answers for them that are being passed on. */
  news?: OwnNews[]
  bulletins?: OwnBulletin[]
  cameBack?: { kind: string, about: string, at: string }[]
  letters?: { from: string | null, at: string }[]
  /** Lists with this mailbox that left the house: of what, about which action, and to which partner; nobody: to our own staff. None in capsules of the version before. */
  handedOver?: OwnHandedOver[]
}

/** What the desk adds, by participation. */
export interface OwnRecords {
  writtenAt: string
  records: Record<string, { phone?: string, postalAddress?: string, text?: { subject: string, body: string }[] }>
}
