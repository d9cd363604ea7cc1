import { z } from 'zod'
import { bulletinFrequencies, frequencies, givenAnswer, readAddress } from '#modules/people/index.ts'

const token = z.string().regex(/^[A-Za-z0-9_-]{22}$/)
const hash = z.string().regex(/^[A-Za-z0-9_-]{43}$/)
const area = z.string().max(200)

/** Words for offices that get others than the first ones. */
const letter = z.object({
  /** Which of the publisher's words they started from; none: the action's own. */
  variant: z.uuid().optional(),
  subject: z.string().trim().min(1).max(200),
  body: z.string().min(1).max(20_000),
  offices: z.array(z.string().max(200)).min(1).max(50),
})

/** A supporter's words to their targets. */
export const writtenMessage = z.object({
  /** The saved words that the page was made from: greeting and closing stay as the supporter saw them. */
  revision: z.uuid(),
  subject: z.string().trim().min(1).max(200),
  body: z.string().min(1).max(20_000),
  /** The offices that the page showed as those to be written to. */
  offices: z.array(z.string().max(200)).max(50),
  variant: z.uuid().optional(),
  /** What other offices get, where the action's rules give them other words. */
  more: z.array(letter).max(20).optional(),
  /** Offices that get a copy of it all, for information. */
  copies: z.array(z.string().max(200)).max(50).optional(),
  /** Facts about the area that stand in greeting and closing, as they were on the page. */
  facts: z.record(z.string().max(60), z.string().max(500)).optional(),
  /** For each of the message's offices who held it on the page; nobody where the message is for whoever holds it when it is sent. */
  holdersOf: z.record(z.string().max(200), z.array(z.string().max(200)).max(20)).optional(),
  /** The same in the order of the offices, from a page of the version before. */
  holders: z.array(z.array(z.string().max(200)).max(20)).max(50).optional(),
  copy: z.boolean(),
  /** Printed under the name in the message, where the action asks for it. */
  postalAddress: z.string().max(500).optional(),
  postcode: z.string().max(20).optional(),
  /** What the page promised: which offices get it in one mail with others, and whether we ask once if they answered. */
  told: z.object({ digest: z.array(z.string().max(200)).max(50), asked: z.boolean() }).optional(),
})
export type WrittenMessage = z.infer<typeof writtenMessage>

/** Somebody takes an action. Sealed as a whole: the public server cannot read it again. */
export const taking = z.object({
  kind: z.literal('taking'),
  id: z.uuid(),
  action: z.uuid(),
  ask: z.uuid().optional(),
  language: z.string().max(20),
  email: z.string().max(254).refine((email) => readAddress(email) === email),
  name: z.string().min(1).max(200),
  country: z.string().regex(/^[A-Z]{2}$/).optional(),
  /** Chosen or found on the page. */
  area: area.optional(),
  /** Found the area, or is to find it where the page did not. */
  postcode: z.string().max(20).optional(),
  source: z.string().regex(/^[a-z0-9-]{1,24}$/).optional(),
  answers: z.array(givenAnswer).max(20),
  comment: z.string().max(1000).optional(),
  message: writtenMessage.optional(),
  /** The form's random key. */
  form: z.string().max(40),
  cookie: token.optional(),
  /** From this browser's last confirmation, if it is not long ago. */
  known: token.optional(),
  rehearsal: hash.optional(),
  at: z.iso.datetime(),
  /** RecordDetails, sealed where they were typed for the place where they will stay; base64. */
  record: z.base64().max(4000).optional(),
  /** Far beyond a limit, and like one hand: staff look first. */
  surge: z.literal(true).optional(),
})
export type Taking = z.infer<typeof taking>

/** Somebody follows a link of a mail and presses the button there, or types the code. */
export const linkUse = z.object({
  kind: z.enum(['confirmation', 'refusal', 'withdrawal', 'unsubscribing', 'one-click-unsubscribing', 'answering']),
  link: hash,
  /** What came back from each office that the mail asks about. */
  answers: z.array(z.object({ office: z.string().max(200), answer: z.enum(['none', 'standard', 'real', 'unsaid']) })).max(50).optional(),
  /** Unsubscribing from a newsletter's topic and from nothing else. */
  topic: z.uuid().optional(),
  /** Hash of a new token that this browser keeps for 30 days. */
  known: hash.optional(),
  at: z.iso.datetime(),
})
export type LinkUse = z.infer<typeof linkUse>

const address = z.string().max(254).refine((email) => readAddress(email) === email)

/** Somebody asks for a link to their own data. Whether we know the address nobody learns but the mailbox. */
export const dataRequest = z.object({ kind: z.literal('data-request'), email: address, language: z.string().max(20), at: z.iso.datetime() })

/** What somebody changes on the page of their own data, or asks staff to change. */
export const dataChange = z.discriminatedUnion('what', [
  z.object({ what: z.literal('withdraw'), participation: z.uuid() }),
  /** An answer to a question of consent, in the words that stood there; about one action where the question is. */
  z.object({ what: z.literal('consent'), statement: z.uuid(), action: z.uuid().nullable(), wording: z.uuid().nullable(), answer: z.enum(['yes', 'no']) }),
  z.object({ what: z.literal('no-mail') }),
  z.object({ what: z.literal('name'), name: z.string().min(1).max(200) }),
  z.object({ what: z.literal('address'), email: address, language: z.string().max(20) }),
  /** Phone and postal address of a participation, sealed where they were typed (RecordDetails); nothing: they go. */
  z.object({ what: z.literal('record'), participation: z.uuid(), record: z.base64().max(4000).nullable() }),
  /** In which language and how often; `pausedUntil` null: no pause. */
  z.object({
    what: z.literal('writing'), language: z.string().max(20).optional(), pausedUntil: z.iso.datetime().nullable().optional(),
    preferences: z.array(z.object({ statement: z.uuid(), topic: z.string().max(100), frequency: z.enum(frequencies) })).max(200).optional(),
  }),
  z.object({ what: z.literal('erase') }),
])
export type DataChange = z.infer<typeof dataChange>

/** Somebody with a link to their own data changes something there. */
export const dataUse = z.object({ kind: z.literal('data-change'), link: hash, change: dataChange, at: z.iso.datetime() })

/** The owner of a new mailbox says yes to moving there. */
export const newAddress = z.object({ kind: z.literal('new-address'), link: hash, at: z.iso.datetime() })

/** A reader writes to whoever looks after a place or topic. What they write is sealed where it is typed, for the place where it will stay; base64. */
export const contactMessage = z.object({ kind: z.literal('contact-message'), id: z.uuid(), subject: z.uuid(), email: address, language: z.string().max(20), record: z.base64().max(60_000), at: z.iso.datetime() })
export type ContactEntry = z.infer<typeof contactMessage>

/** Somebody asks for the bulletin of a place or topic, having read the question of that wording. */
export const bulletinRequest = z.object({ kind: z.literal('bulletin-request'), id: z.uuid(), subject: z.uuid(), frequency: z.enum(bulletinFrequencies), statement: z.uuid(), wording: z.uuid(), email: address, language: z.string().max(20), at: z.iso.datetime() })

/** Somebody follows the link of a bulletin and presses a button there: yes or no to the first mail, and from then on how often it comes, under the question of that wording. */
export const bulletinUse = z.object({ kind: z.literal('bulletin-use'), link: hash, what: z.enum(['yes', 'not-me', ...bulletinFrequencies, 'never']), wording: z.uuid().optional(), at: z.iso.datetime() })
export type BulletinEntry = z.infer<typeof bulletinRequest> | z.infer<typeof bulletinUse>

/** What is about what somebody gets or what is known about them, and not about taking an action. */
export type OwnEntry = z.infer<typeof dataRequest> | z.infer<typeof dataUse> | z.infer<typeof newAddress> | BulletinEntry

/** All that the public server can hand in. The worker checks each one again: the server in front is the one that may be broken into. */
export const entry = z.discriminatedUnion('kind', [taking, linkUse, dataRequest, dataUse, newAddress, contactMessage, bulletinRequest, bulletinUse])
export type Entry = z.infer<typeof entry>

/** What only the desk opens: sealed for the record key where it is typed, at the place where it will stay. */
export interface RecordDetails {
  phone?: string
  postalAddress?: string
}
