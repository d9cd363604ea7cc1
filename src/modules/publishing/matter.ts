import { z } from 'zod'
import { isDay } from '#platform/days.ts'
import { isHappened } from './happened.ts'

/** How far a bill or the like has come. */
export const measureStates = ['announced', 'introduced', 'committee', 'first-vote', 'second-vote', 'passed', 'in-force', 'rejected', 'withdrawn', 'lapsed'] as const

/** What is held on another site. */
export const elsewhereKinds = ['action', 'course', 'document'] as const

const day = z.union([z.literal(''), z.string().refine(isDay)])
const edtf = z.union([z.literal(''), z.string().refine(isHappened)])
const address = z.string().max(2000).refine((text) => /^https?:\/\/[^\s/]/i.test(text) || /^\/(?!\/)\S*$/.test(text))
const line = z.string().max(500).default('')
const words = z.record(z.string(), z.string().max(1000))
const inEach = <Shape extends z.ZodRawShape>(shape: Shape) => z.record(z.string().regex(/^[a-z]{2,3}$/), z.object(shape))

/** A bill, decree, treaty or the like: where it stands, by what source, and what is asked about it. */
export const measure = z.object({
  number: z.string().max(100).default(''), status: z.enum(measureStates).default('introduced'), statusOn: day.default(''), sourceUrl: z.union([z.literal(''), address]).default(''),
  says: inEach({ title: z.string().min(1).max(500), body: line, asks: z.string().max(2000).default(''), source: line }),
})

/** What is before a court or another body: who stands there, what has happened, and when it goes on. Dates are the same in every language. */
export const proceeding = z.object({
  number: z.string().max(100).default(''), nextHearing: day.default(''), sourceUrl: z.union([z.literal(''), address]).default(''),
  steps: z.array(z.object({ on: edtf, what: words })).max(100).default([]),
  documents: z.array(z.object({ url: address, names: words })).max(50).default([]),
  says: inEach({ title: z.string().min(1).max(500), body: line, parties: line, source: line }),
})

/** An action, a course or a document on another organisation's site. */
export const elsewhere = z.object({
  what: z.enum(elsewhereKinds).default('document'), url: z.string().max(2000).refine((text) => /^https?:\/\/[^\s/]/i.test(text)), expiresOn: day.default(''), stopped: z.boolean().default(false),
  says: inEach({ title: z.string().min(1).max(500), by: line, about: z.string().max(1000).default('') }),
})

export type Measure = z.infer<typeof measure>
export type Proceeding = z.infer<typeof proceeding>
export type Elsewhere = z.infer<typeof elsewhere>

/** A word in a language, or in another one where it has none in this one. */
export function wordIn(words: Record<string, string>, language: string, fallback: string): { word: string, language: string } | undefined {
  const chosen = [language, fallback, ...Object.keys(words)].find((each) => words[each])
  return chosen === undefined ? undefined : { word: words[chosen]!, language: chosen }
}
