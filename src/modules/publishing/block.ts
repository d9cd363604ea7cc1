import { z } from 'zod'
import { isHappened } from './happened.ts'

/** What the page of a campaign is made of, in its order. */
export const blockKinds = ['text', 'asks', 'items', 'count', 'standing'] as const
export type BlockKind = (typeof blockKinds)[number]

const id = z.string().regex(/^[a-z0-9-]{1,40}$/)
const title = z.string().max(300).default('')
const slug = z.string().regex(/^[a-z0-9]+(-[a-z0-9]+)*$/).max(80)

export const block = z.discriminatedUnion('kind', [
  z.object({ id, kind: z.literal('text'), title, text: z.string().max(50_000) }),
  /** Actions by their slugs, and those on other sites by their handles: each is shown as it stands. */
  z.object({ id, kind: z.literal('asks'), title, actions: z.array(slug).max(20), elsewhere: z.array(slug).max(20).default([]) }),
  /** Items by their slugs: a report, a course, a case, an event, or what is related. */
  z.object({ id, kind: z.literal('items'), title, items: z.array(slug).max(30) }),
  /** What another organisation counts. Nothing of it may be left out: a number without who, where and when is hearsay. */
  z.object({ id, kind: z.literal('count'), title, value: z.number().min(0), unit: z.string().min(1).max(200), who: z.string().min(1).max(300), sourceUrl: z.string().max(2000).refine((text) => /^https?:\/\/[^\s/]/i.test(text)), asOf: z.string().refine(isHappened) }),
  /** A standing text by its handle: written once, shown on many pages. */
  z.object({ id, kind: z.literal('standing'), title, handle: slug }),
])
export type Block = z.infer<typeof block>

/** What a block refers to, each by kind and handle. Its text may refer to more. */
export function blockReferences(its: Block): { kind: string, handles: string[] }[] {
  switch (its.kind) {
    case 'asks': return [{ kind: 'action', handles: its.actions }, { kind: 'elsewhere', handles: its.elsewhere }]
    case 'items': return [{ kind: 'item', handles: its.items }]
    case 'standing': return [{ kind: 'text', handles: [its.handle] }]
    default: return []
  }
}
