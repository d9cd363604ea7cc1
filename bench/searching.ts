import { randomUUID } from 'node:crypto'
import { openDb, sql, type Db } from '#platform/db.ts'
import { wordsWith } from '#modules/publishing/index.ts'
import { indexSearch } from '#modules/search/index.ts'
import { measuredClarion } from './measured-clarion.ts'
import { measure, type Measure } from './report.ts'

const items = Number(process.env.BENCH_ITEMS ?? 100_000)
const wordsEach = 300
const vocabulary = 30_000
const asked = 200

/** The n-th word of a language that nobody speaks: syllables, at least three. */
function wordAt(n: number): string {
  const [consonants, vowels] = ['bdfgklmnprtvz', 'aeiou']
  let rest = n + 65 * 65
  let word = ''
  while (rest > 0) {
    word += consonants[rest % 13]! + vowels[Math.floor(rest / 13) % 5]!
    rest = Math.floor(rest / 65)
  }
  return word
}

/** A rank as words of a language have it (Zipf): the first ones in almost every text, most of them in a few. */
const ranked = () => Math.floor(vocabulary ** Math.random()) - 1
const text = (words: number) => Array.from({ length: words }, () => wordAt(ranked())).join(' ')

/** Published texts in numbers, each as if somebody had written it. */
async function write(db: Db): Promise<void> {
  for (let from = 0; from < items; from += 1000) {
    const ids = Array.from({ length: Math.min(1000, items - from) }, () => randomUUID())
    const words = ids.map(() => JSON.stringify(wordsWith({ title: text(6), summary: text(20), body: text(wordsEach - 26) })))
    await sql`with given as (select * from unnest(${ids}::uuid[], ${ids.map((_, place) => `bench-${from + place}`)}::text[], ${words}::jsonb[]) as given (id, slug, words)),
      made as (insert into items (id, slug, kind, created_at) select id, slug, 'news', now() from given),
      saved as (insert into item_revisions (id, item_id, language, words, created_at) select id, id, 'en', words, now() from given)
      insert into item_publications (item_id, language, from_at, revision_id, dated, moves, made_at) select id, 'en', now() - interval '1 day', id, date '2026-01-01' - (random() * 3000)::int, true, now() from given`.execute(db)
  }
}

function percentile(values: number[], share: number): number {
  return values.toSorted((one, other) => one - other)[Math.ceil(values.length * share) - 1]!
}

/** Two words that somebody would look for: neither in every text nor in almost none. And the same with one of them mistyped: letters swapped, one left out, one too many, and two slips in one word, by turns. */
const twoWords = () => `${wordAt(50 + Math.floor(Math.random() * 5000))} ${wordAt(50 + Math.floor(Math.random() * 500))}`
const slips: ((word: string) => string)[] = [
  (word) => `${word.slice(0, 2)}${word[3]}${word[2]}${word.slice(4)}`,
  (word) => `${word.slice(0, 3)}${word.slice(4)}`,
  (word) => `${word}q`,
  (word) => `${word.slice(0, 2)}${word[3]}${word[2]}${word.slice(4)}q`,
]
let typed = 0
const mistyped = () => `${slips[typed++ % slips.length]!(wordAt(50 + Math.floor(Math.random() * 5000)))} ${wordAt(50 + Math.floor(Math.random() * 500))}`

/** Texts of 300 words, made ready for searching by the worker's own step; then looked for over HTTP, one question after the other. */
export async function search(): Promise<Measure[]> {
  await using it = await measuredClarion()
  await it.holdAtRest('worker')
  await write(it.db)
  await sql`analyze`.execute(it.db)
  const worker = openDb(it.poolOf('worker'))
  const startedAt = performance.now()
  let indexed = 0
  for (let done = -1; done !== 0;) indexed += done = await indexSearch(worker, 'all')
  const perSecond = indexed / (performance.now() - startedAt) * 1000
  await sql`vacuum analyze`.execute(it.db)
  const time = async (query: () => string) => {
    const times: number[] = []
    for (let place = -5; place < asked; place += 1) {
      const url = `${it.clarion.site}/search?q=${encodeURIComponent(query())}`
      const before = performance.now()
      const answer = await fetch(url)
      await answer.text()
      if (answer.status !== 200) throw new Error(`Searching answered ${answer.status}`)
      if (place >= 0) times.push(performance.now() - before)
    }
    return times
  }
  const two = await time(twoWords)
  const fuzzy = await time(mistyped)
  it.release('worker')
  const said = `${items} items of ${wordsEach} words, ${asked} questions over HTTP`
  return [
    measure('search', percentile(two, 0.95), 'ms', 50, `95th percentile, two words, ${said}; median ${percentile(two, 0.5).toFixed(1)}; at most 50`),
    measure('search-mistyped', percentile(fuzzy, 0.95), 'ms', 100, `the same with one word mistyped; median ${percentile(fuzzy, 0.5).toFixed(1)}; at most 100`),
    measure('search-index', perSecond, 'items/s', 500, 'how fast published items become findable, one worker'),
  ]
}
