import { sql, type Db, type RawBuilder } from '#platform/db.ts'
import { linkedItems } from '#modules/publishing/index.ts'
import { documents, nameOf, type About } from './indexing.ts'
import { beginning, excerpt, marked, type Piece } from './marks.ts'
import { asked, type Term } from './query.ts'
import type { FilePage } from './said.ts'
import { foundTogether } from './together.ts'

/** What is looked for and where. */
export interface Wanted {
  terms: Term[]
  /** A kind of item, action or record, `place` or `topic`. */
  kind?: string
  /** Ids of places or topics: what is about any of them. */
  subjects?: string[]
  year?: number
  /** Documents in this language only. */
  within?: string
}

/** The reader's language, and the one that is shown where a document is not in it. */
export interface Reader {
  language: string
  fallback: string
}

/** Something that was found, in the language in which it is shown. */
export interface Found {
  about: About
  id: string
  language: string
  kind: string
  /** Of its own page; of a record or contact, of the page that shows it. */
  slug: string
  /** The page on which a record or contact stands. */
  stands?: Stands
  dated: string
  /** The same as exactly as it is known, as EDTF. */
  date: string
  title: Piece[]
  excerpt: Piece[]
  /** The paragraph of the page in which the excerpt stands. */
  anchor?: string
  /** The page of a file in which it stands. */
  file?: FilePage
}

/** Where a record or contact is shown. */
export interface Stands {
  kind: 'place' | 'topic' | 'item' | 'campaign' | 'chronology'
  /** Of the place, topic or item. */
  id: string | null
  /** What texts call the record. */
  handle: string | null
  /** What the item is called. */
  title?: string
}

/** Up to so many are put in order by how much they say of what is looked for; more than that by their titles and days. */
const mostRanked = 400

type Together = Awaited<ReturnType<typeof foundTogether>>

const fits = ({ terms, kind, subjects, year, within }: Wanted, together: Together): RawBuilder<unknown> => sql`${together.length === 0 ? sql`found.words @@ ${asked(terms)}` : sql`(found.words @@ ${asked(terms)}
  or (found.about = 'item' and found.id = any (${[...new Set(together.map(({ id }) => id))]}::uuid[]) and found.id::text || found.language = any (${together.map(({ key }) => key)}::text[])))`}
  ${kind === undefined ? sql`` : sql`and found.kind = ${kind}`}
  ${within === undefined ? sql`` : sql`and found.language = ${within}`}
  ${year === undefined ? sql`` : sql`and found.dated >= make_date(${year}, 1, 1) and found.dated < make_date(${year + 1}, 1, 1)`}
  ${subjects === undefined ? sql`` : sql`and (found.id in ${aboutAny(subjects)} or found.stands_id in ${aboutAny(subjects)})`}`

const aboutAny = (subjects: string[]) => sql`(select item_id from public_item_subjects where subject_id = any (${subjects}::uuid[]) union select item_id from public_subjects where id = any (${subjects}::uuid[]) union select action_id from public_subject_actions where subject_id = any (${subjects}::uuid[])
  union select record_id from public_record_subjects where subject_id = any (${subjects}::uuid[]) union select unnest(${subjects}::uuid[]))`

/** How many documents fit, each counted once in however many languages it does. */
export async function countFound(db: Db, wanted: Wanted): Promise<number> {
  const together = await foundTogether(db, wanted.terms)
  const { rows: [row] } = await sql<{ all: number }>`select count(distinct found.id)::int as all from public_search found where ${fits(wanted, together)}`.execute(db)
  return row!.all
}

/** So many rows that fit are counted for a hint. */
const mostCounted = 1000

/** How many documents fit, for a hint; nothing where there are so many that counting them would take long. */
export async function countFew(db: Db, wanted: Wanted): Promise<number | undefined> {
  const together = await foundTogether(db, wanted.terms)
  const { rows: [row] } = await sql<{ all: number, rows: number }>`select count(distinct few.id)::int as all, count(*)::int as rows from (select found.id from public_search found where ${fits(wanted, together)} limit ${sql.lit(mostCounted)}) few`.execute(db)
  return row!.rows < mostCounted ? row!.all : undefined
}

/** Whether any document fits: at the first one it stops looking. */
export async function isFound(db: Db, wanted: Wanted): Promise<boolean> {
  const together = await foundTogether(db, wanted.terms)
  const { rows: [row] } = await sql<{ found: boolean }>`select exists (select from public_search found where ${fits(wanted, together)}) as found`.execute(db)
  return row!.found
}

/** One page of what fits, the best first: what has it in its title, what says most of it, what is newest. Each document once, in the reader's language if it fits in that. */
export async function findWords(db: Db, wanted: Wanted, { language, fallback }: Reader, { most, after }: { most: number, after: number }): Promise<{ all: number, found: Found[] }> {
  const query = asked(wanted.terms)
  const together = await foundTogether(db, wanted.terms)
  // What only those few need that are shown is asked for them alone: the view then leaves out the tables that have it.
  const inOrder = async (rank: RawBuilder<unknown>) => (await sql<Hit & { all: number }>`
    with hits as materialized (
      select found.about, found.id, substr(min(case found.language when ${language} then '0' when ${fallback} then '1' else '2' end || found.language), 2) as language, max(found.dated) as dated, found.about in ('item', 'action') and bool_or(found.title @@ ${query}) as titled, found.id in (select item_id from public_subjects) as page, ${rank} as rank
      from public_search found where ${fits(wanted, together)} group by found.id, found.about
    ), size as (select count(*)::int as all from hits)
    select hits.about, hits.id, hits.language, hits.dated, hits.page, size.all from hits cross join size
    order by hits.titled desc, hits.titled and hits.page desc, hits.rank desc, hits.dated desc, hits.id
    limit (${most}) offset (${after})`.execute(db)).rows
  const unranked = await inOrder(sql`0`)
  const rows = unranked.length === 0 || unranked[0]!.all > mostRanked ? unranked : await inOrder(sql`max(round(ts_rank(found.words, ${query}, 1)::numeric, 2))`)
  if (rows.length === 0) return { all: after === 0 ? 0 : await countFound(db, wanted), found: [] }
  const [shown, said] = await Promise.all([shownAt(db, rows), documents(db, rows, ({ page }) => page, wanted.terms)])
  const texts = await linkedItems(db, rows.flatMap((row) => {
    const { stands, stands_id: its } = shown.get(nameOf(row)) ?? {}
    return row.about === 'item' ? [row.id] : (stands === 'item' || stands === 'campaign') && its ? [its] : []
  }))
  const standsAt = ({ stands: kind, stands_id: id, handle }: Shown): Stands | undefined => {
    const says = id === null ? undefined : texts.get(id)?.says
    const title = says && (says[language] ?? says[fallback] ?? Object.values(says)[0])?.title
    return kind === null ? undefined : { kind, id, handle, ...(title && { title }) }
  }
  return {
    all: rows[0]!.all,
    found: rows.flatMap((row): Found[] => {
      const [document, place] = [said.get(nameOf(row)), shown.get(nameOf(row))]
      if (!document || !place) return []
      const stands = standsAt(place)
      const part = document.parts.map(({ text, anchor, file }) => ({ excerpt: excerpt(text, wanted.terms, row.language), anchor, file })).toSorted((a, b) => different(b.excerpt) - different(a.excerpt))[0]
      return [{
        about: row.about, id: row.id, language: row.language, kind: place.kind, slug: place.slug, dated: row.dated, date: row.about === 'item' ? texts.get(row.id)?.date ?? row.dated : row.dated, ...(stands && { stands }), title: marked(document.title, wanted.terms, row.language),
        excerpt: part?.excerpt ?? beginning(document.summary || (document.parts[0]?.text ?? '')), ...(part?.excerpt && part.anchor && { anchor: part.anchor }), ...(part?.excerpt && part.file && { file: part.file }),
      }]
    }),
  }
}

interface Hit {
  about: About
  id: string
  language: string
  dated: string
  /** Whether it is the page of a place or topic. */
  page: boolean
}

interface Shown {
  kind: string
  slug: string
  handle: string | null
  stands: Stands['kind'] | null
  stands_id: string | null
}

/** What hits are, and where they are shown, by `nameOf`. What has ceased to be public in between is not among them. */
async function shownAt(db: Db, hits: Hit[]): Promise<Map<string, Shown>> {
  const { rows } = await sql<Shown & Pick<Hit, 'about' | 'id' | 'language'>>`select found.about, found.id, found.language, found.kind, found.slug, found.handle, found.stands, found.stands_id from public_search found where found.id = any (${hits.map(({ id }) => id)}::uuid[])`.execute(db)
  return new Map(rows.map((row) => [nameOf(row), row]))
}

function different(pieces: Piece[] | undefined): number {
  return pieces ? new Set(pieces.filter(({ hit }) => hit).map(({ text }) => text.toLowerCase())).size : 0
}
