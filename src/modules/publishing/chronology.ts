import { z } from 'zod'
import { happenedOrder, isHappened } from './happened.ts'

/** Kinds of records that an entry of a chronology can show. */
export const chronologyRecords = ['measure', 'proceeding', 'demand', 'figure', 'quote', 'elsewhere'] as const

const address = z.string().max(2000).refine((text) => /^https?:\/\/[^\s/]/i.test(text) || /^\/(?!\/)\S*$/.test(text))

const entry = z.object({
  id: z.string().regex(/^[a-z0-9-]{1,40}$/),
  on: z.string().refine(isHappened),
  /** An item by its id, which stays when its address does not; or a record by its handle. */
  leadsTo: z.union([z.null(), z.object({ item: z.uuid() }), z.object({ kind: z.enum(chronologyRecords), handle: z.string().regex(/^[a-z0-9]+(-[a-z0-9]+)*$/).max(60) })]).default(null),
  sourceUrl: z.union([z.literal(''), address]).default(''),
  says: z.record(z.string().regex(/^[a-z]{2,3}$/), z.object({ text: z.string().min(1).max(1000), source: z.string().max(500).default('') })),
})
  .refine(({ leadsTo, says }) => leadsTo !== null || Object.keys(says).length > 0, { path: ['says'] })
  // What only words say is hearsay without a source.
  .refine(({ leadsTo, sourceUrl, says }) => leadsTo !== null || sourceUrl !== '' || Object.values(says).some(({ source }) => source !== ''), { path: ['sourceUrl'] })

/** What happened in one matter, day by day: each entry leads to an item or a record, or says it with its source. */
export const chronology = z.object({
  entries: z.array(entry).min(1).max(300).refine((all) => new Set(all.map(({ id }) => id)).size === all.length),
  says: z.record(z.string().regex(/^[a-z]{2,3}$/), z.object({ title: z.string().min(1).max(300), about: z.string().max(1000).default('') })),
})
export type Chronology = z.infer<typeof chronology>
export type ChronologyEntry = Chronology['entries'][number]

/** The entries as they happened, the earliest first; of one day, as they were entered. */
export function asItHappened({ entries }: Chronology): ChronologyEntry[] {
  return entries.toSorted((a, b) => happenedOrder(a.on) - happenedOrder(b.on))
}

/** What the entries lead to: ids of items, and records. */
export function endsOf({ entries }: Chronology): { items: string[], records: { kind: string, handle: string }[] } {
  return {
    items: entries.flatMap(({ leadsTo }) => (leadsTo && 'item' in leadsTo ? [leadsTo.item] : [])),
    records: entries.flatMap(({ leadsTo }) => (leadsTo && 'kind' in leadsTo ? [leadsTo] : [])),
  }
}
