import { z } from 'zod'
import { sql, type Db } from '#platform/db.ts'

/** What the office's link to a digest shows. */
const digestNumbers = z.object({
  office: z.string(),
  ended: z.string().nullable(),
  messages: z.number(),
  days: z.array(z.object({ action: z.string(), day: z.string(), people: z.number() })),
  texts: z.array(z.object({ action: z.string(), language: z.string(), subject: z.string(), body: z.string(), unchanged: z.number(), changed: z.number() })),
  /** Only of those who asked to have their name shown. */
  names: z.array(z.string()),
})
export type DigestNumbers = z.infer<typeof digestNumbers>

/** The numbers of a digest by the hash of the token in its link; nothing if there is none that has left. */
export async function findDigestNumbers(db: Db, token: Buffer): Promise<DigestNumbers | undefined> {
  const { rows: [row] } = await sql<{ numbers: unknown }>`select digest_numbers(${token}) as numbers`.execute(db)
  return row?.numbers ? digestNumbers.parse(row.numbers) : undefined
}
