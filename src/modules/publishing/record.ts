import { z } from 'zod'
import { isDay } from '#platform/days.ts'
import { chronology, type Chronology } from './chronology.ts'
import { isHappened } from './happened.ts'
import { elsewhere, measure, proceeding, type Elsewhere, type Measure, type Proceeding } from './matter.ts'
import { pictureLacks, pictureShape, type Picture } from './picture.ts'

/** What texts refer to instead of repeating it: one record, the same wherever it stands. */
export const recordKinds = ['figure', 'quote', 'demand', 'notice', 'text', 'measure', 'proceeding', 'elsewhere', 'image', 'chronology'] as const
export type RecordKind = (typeof recordKinds)[number]

export const qualifiers = ['exact', 'at-least', 'more-than', 'about', 'up-to', 'unknown'] as const
export const demandStates = ['made', 'reiterated', 'partly-met', 'met', 'rejected', 'overtaken'] as const
export const addresseeKinds = ['state', 'office', 'court', 'armed-group', 'company', 'international', 'everybody'] as const
export const noticeKinds = ['death', 'injury', 'sexual-violence', 'torture', 'children', 'self-harm', 'detention', 'hate-speech'] as const

const day = z.union([z.literal(''), z.string().refine(isDay)])
const edtf = z.union([z.literal(''), z.string().refine(isHappened)])
const url = z.union([z.literal(''), z.string().max(2000).refine((text) => /^https?:\/\/[^\s/]/i.test(text))])
const line = z.string().max(500).default('')
const inEach = <Shape extends z.ZodRawShape>(shape: Shape) => z.record(z.string().regex(/^[a-z]{2,3}$/), z.object(shape))

const shapes = {
  /** A number: how exact it is, of what, by whom and when. Nobody counted (`null`) is not zero. */
  figure: z.object({ value: z.number().nullable(), qualifier: z.enum(qualifiers).default('exact'), asOf: edtf.default(''), sourceUrl: url.default(''), says: inEach({ unit: line, source: line }) }),
  quote: z.object({ on: edtf.default(''), sourceUrl: url.default(''), says: inEach({ text: z.string().max(5000), speaker: line, role: line, source: line }) }),
  /** What is asked, of whom, and what has come of it. */
  demand: z.object({
    addressees: z.array(z.object({ kind: z.enum(addresseeKinds), officeId: z.string().max(200).optional(), names: z.record(z.string(), z.string().max(300)) })).max(20).default([]),
    firstMade: day.default(''), reiterated: z.array(z.string().refine(isDay)).max(100).default([]), status: z.enum(demandStates).default('made'), statusUrl: url.default(''),
    says: inEach({ text: z.string().max(2000), basis: line, alsoCalled: line, evidence: line }),
  }),
  /** What readers may want to know before they read on, and where there is help. */
  notice: z.object({ about: z.array(z.enum(noticeKinds)).max(8).default([]), strong: z.boolean().default(false), says: inEach({ text: z.string().max(1000), help: z.string().max(1000).default('') }),
    /** Who helps, by country; without one, anywhere. */
    help: z.array(z.object({ country: z.union([z.literal(''), z.string().regex(/^[A-Z]{2}$/)]), name: z.string().min(1).max(300), phone: z.string().max(60).default(''), url: url.default('') })).max(200).default([]) }),
  /** Words that stand on many pages and are written once. */
  text: z.object({ says: inEach({ title: line, text: z.string().max(20_000) }) }),
  measure,
  proceeding,
  elsewhere,
  image: pictureShape,
  chronology,
}

export type Figure = z.infer<typeof shapes.figure>
export type Quote = z.infer<typeof shapes.quote>
export type Demand = z.infer<typeof shapes.demand>
export type Notice = z.infer<typeof shapes.notice>
export type StandingText = z.infer<typeof shapes.text>
export type RecordContent = { kind: 'figure', content: Figure } | { kind: 'quote', content: Quote } | { kind: 'demand', content: Demand } | { kind: 'notice', content: Notice } | { kind: 'text', content: StandingText } | { kind: 'measure', content: Measure } | { kind: 'proceeding', content: Proceeding } | { kind: 'elsewhere', content: Elsewhere } | { kind: 'image', content: Picture } | { kind: 'chronology', content: Chronology }

/** What a record of this kind says; throws where it is nothing of the sort. */
export function readContent(kind: string, content: unknown): RecordContent {
  return { kind, content: shapes[kind as RecordKind].parse(content) } as RecordContent
}

/** The same as an answer: the paths of what is wrong, or of what it lacks to be shown. */
export function checkContent(kind: RecordKind, content: unknown): { content: RecordContent } | { wrong: string[] } {
  const read = shapes[kind].safeParse(content)
  const lacks = kind === 'image' && read.success ? pictureLacks(read.data as Picture) : []
  if (lacks.length > 0) return { wrong: lacks }
  return read.success ? { content: { kind, content: read.data } as RecordContent } : { wrong: read.error.issues.map(({ path }) => path.join('.')) }
}

/** What a record says in a language, or in another one where it has nothing in this one. */
export function saysIn<Said>(says: Record<string, Said>, language: string, fallback: string): { said: Said, language: string } | undefined {
  const chosen = [language, fallback, ...Object.keys(says)].find((each) => says[each] !== undefined)
  return chosen === undefined ? undefined : { said: says[chosen]!, language: chosen }
}
