import { z } from 'zod'

export const actionKinds = ['petition', 'message'] as const
export type ActionKind = (typeof actionKinds)[number]

export const shareChannels = ['copy', 'qr', 'email', 'whatsapp', 'telegram', 'facebook', 'x', 'bluesky', 'mastodon'] as const
export type ShareChannel = (typeof shareChannels)[number]

const line = (longest: number) => z.string().trim().max(longest)
const text = (longest: number) => z.string().max(longest).transform((value) => value.replace(/\r\n?/g, '\n').trim())

const variantParts = {
  subject: line(200).default(''), subjects: z.array(line(200)).max(9).default([]), greeting: line(300).default(''), body: text(20_000).default(''), closing: text(1000).default(''),
}

/** An action's words in one language. What a petition asks stands apart, because signatures freeze it. */
export const actionWords = z.object({
  title: line(200),
  /** One or two sentences under the title: what is happening and what must change. */
  summary: text(600).default(''),
  /** Markdown. */
  story: text(40_000).default(''),
  /** Who can do what is asked. */
  addressee: line(300).default(''),
  button: line(60).default(''),
  imageAlt: line(400).default(''),
  imageCaption: line(400).default(''),
  /** Markdown, on the page after it is done. */
  thanks: text(5000).default(''),
  shareText: text(500).default(''),
  /** What people in some countries should read before they act: country code and Markdown. */
  advice: z.array(z.object({ country: z.string().regex(/^[A-Z]{2}$/), text: text(5000) })).max(60).default([]),
  // Messages only.
  subject: line(200).default(''),
  greeting: line(300).default(''),
  body: text(20_000).default(''),
  closing: text(1000).default(''),
  /** Questions that help people say it in their own words. */
  prompts: z.array(line(200)).max(3).default([]),
  /** More subjects: each supporter starts from one of them all. */
  subjects: z.array(line(200)).max(9).default([]),
  /** What to say to an office that is called. */
  script: text(3000).default(''),
  /** Other words for some targets, by the id of the variant. */
  variants: z.array(z.object({ id: z.uuid(), ...variantParts })).max(20).default([]),
})
export type VariantWords = ActionWords['variants'][number]
export type ActionWords = z.infer<typeof actionWords>

export const goal = z.discriminatedUnion('kind', [
  z.object({ kind: z.literal('none') }),
  z.object({ kind: z.literal('fixed'), value: z.number().int().min(1).max(100_000_000) }),
  z.object({ kind: z.literal('ladder') }),
])
export type Goal = z.infer<typeof goal>

export const asked = z.enum(['no', 'optional', 'required'])

/** What an action does while a body of its targets does not sit (`target-bodies.ts`). */
export const conduct = z.enum(['go-on', 'hold', 'candidates', 'petition', 'pause'])
export type Conduct = z.infer<typeof conduct>

/** What both kinds let staff choose, and what only one of them has. */
export const actionOptions = z.object({
  country: asked.default('no'),
  postcode: asked.default('no'),
  // Petitions.
  goal: goal.default({ kind: 'ladder' }),
  /** The count is hidden below this. */
  showCountFrom: z.number().int().min(0).max(1_000_000).default(0),
  comment: z.boolean().default(false),
  // Messages.
  editing: z.enum(['editable', 'locked']).default('editable'),
  copy: z.boolean().default(true),
  /** Whether the message carries the supporter's postal address. */
  postalAddress: asked.default('no'),
  /** How many characters a message may have: what its offices, or their forms, can take. */
  subjectLimit: z.number().int().min(10).max(200).default(200),
  bodyLimit: z.number().int().min(50).max(20_000).default(20_000),
  /** How many characters the script of a call may have. */
  scriptLimit: z.number().int().min(50).max(3000).default(3000),
  /** No office gets more messages of this action in a day; the others wait for the next. */
  dailyCap: z.number().int().min(1).max(10_000).default(500),
  /** What happens while a body that is written to does not sit. */
  whenRecess: conduct.default('go-on'),
  whenDissolved: conduct.default('hold'),
  /** Whom a message is for: who held the office when it was written, or whoever holds it when it is sent. */
  addressedTo: z.enum(['holder', 'office']).default('holder'),
  /** Messages leave only while the office that they go to is open. */
  officeHours: z.boolean().default(false),
  /** Whether each office gets its messages in one mail a day, unless it has a rule of its own. */
  digest: z.boolean().default(false),
  /** Whether supporters are asked once, two weeks later, if they were answered. */
  askReply: z.boolean().default(true),
})
export type ActionOptions = z.infer<typeof actionOptions>
