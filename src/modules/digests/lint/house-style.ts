import { z } from 'zod'
import { sql, type Db, type Tx } from '#platform/db.ts'
import { rules } from './lint.ts'
import { lintWords } from './words/index.ts'
import type { HouseStyle } from './text.ts'

const term = z.string().trim().min(1).max(100)
const level = z.enum(['error', 'warning', 'note'])

/** What can be chosen. What is not among it is left out, so that an older choice never stands in the way. */
export const houseStyle = z.object({
  spelling: z.enum(['british', 'oxford', 'american']), dates: z.enum(['day-month-year', 'month-day-year']), zeroPadded: z.boolean(), thousands: z.enum([',', '.', ' ', '']),
  labels: z.enum(['tone-first', 'kind-first']), lists: z.enum(['full-stops', 'none']), quotes: z.enum(['double', 'single', 'guillemets']), numerals: z.enum(['western', 'eastern']),
  terms: z.record(term, z.string().trim().max(100)).refine((all) => Object.keys(all).length <= 500), figuresNeedSource: z.array(z.string().max(40)).max(30), newForMonths: z.int().min(1).max(60),
  off: z.array(z.string().max(4)).max(60), levels: z.record(z.string().max(4), level),
}).partial() satisfies z.ZodType<HouseStyle>

/** How the organisation writes in a language; everything is open where it has chosen nothing. */
export async function readHouseStyle(db: Db, language: string): Promise<HouseStyle> {
  const row = await db.selectFrom('house_styles').select('style').where('language', '=', language).executeTakeFirst()
  const read = houseStyle.safeParse(row?.style ?? {})
  return read.success ? read.data : {}
}

export async function changeHouseStyle(tx: Tx, language: string, style: HouseStyle, staffId: string, now: Date): Promise<void> {
  await sql`
    insert into house_styles (language, style, changed_at, staff_id) values (${language}, ${JSON.stringify(style)}::jsonb, ${now}, ${staffId})
    on conflict (language) do update set style = excluded.style, changed_at = excluded.changed_at, staff_id = excluded.staff_id`.execute(tx)
}

/** The numbers of the rules that a house can turn off, in order. */
export const ruleIds: string[] = [...new Set([...rules.map(({ id }) => id), 'L04', 'L05', 'L06', 'L07', 'L48'])].filter((id) => /^L\d\d$/.test(id)).toSorted()

const open = Object.fromEntries(['written', 'meant', 'date', 'inferred', 'happened', 'next', 'name', 'figure', 'figures', 'sources', 'passage', 'words', 'age', 'other', 'label', 'before'].map((name) => [name, '…']))

/** What a rule says, without a text that it says it of. */
export function explainRule(id: string, language: string): string {
  const t = lintWords(language)
  const [key] = [`rule.${id}`, ...['title', 'ambiguous', 'open', 'here', 'count', 'lost', 'nobody', 'old', 'named', 'channel', 'same', 'missing'].map((fault) => `rule.${id}.${fault}`)].filter((each) => t.has(each))
  if (!key || !t.has(key)) throw new Error(`no words for ${id}`)
  return t(key, { ...open, count: 2 })
}
